"""The parts of the unit's page that say where it leads: what it counts towards, and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from . import bridge, sentences
from .journey import Journey
from .payload import link_address
from .rendering import render, translator

__all__ = ["pieces"]


def pieces(block: Any, journey: Journey, progress: Any) -> dict[str, str]:
    """``counts``: the badges and pathways; ``next``: one next step with its reason, once the unit is complete."""
    entries = _entries(translator(block), journey)
    best = _best(entries, journey) if progress.complete else None
    return {
        "counts": render(block, "unit_counts.html", {"counts": entries}) if entries else "",
        "next": render(block, "unit_next.html", {"best": best}) if best else "",
    }


def _best(entries: list[dict[str, Any]], journey: Journey) -> dict[str, Any] | None:
    """The nearest badge's next step, one with a place to go to before one without; never this unit itself."""
    elsewhere = [entry for entry in entries if entry["next_title"] and not entry["here"]]
    return next((entry for entry in elsewhere if entry["next_url"]), elsewhere[0] if elsewhere else None)


def _entries(i18n: Any, journey: Journey) -> list[dict[str, Any]]:
    if not journey.recorded:
        return []
    return [
        {
            "badge_name": entry.badge_name,
            "earned": entry.earned,
            "sentence": entry.sentence,
            "missing": list(entry.missing),
            "missing_count": ""
            if entry.earned or not entry.missing
            else sentences.still_missing(i18n, len(entry.missing)),
            "pathway_url": link_address(entry.pathway_url),
            "pathway_title": entry.pathway_title,
            "pathway_state": entry.pathway_state,
            "progress": sentences.progress(i18n, entry.done, entry.total) if entry.total else "",
            "next_minutes": sentences.minutes(i18n, entry.next_minutes) if entry.next_minutes else "",
            **_next_step(i18n, entry, journey),
        }
        for entry in bridge.counts_towards(
            journey.learner_id, journey.unit.outcome_key, now=datetime.now(UTC)
        )
    ]


def _next_step(i18n: Any, entry: Any, journey: Journey) -> dict[str, Any]:
    """What to do next, without a link where that is the unit in front of the learner."""
    here = bool(entry.next_title) and entry.next_title == journey.unit.title
    return {
        "here": here,
        "next_title": i18n.gettext("finish this unit") if here else entry.next_title,
        "next_url": "" if here else link_address(entry.next_url),
        "next_reason": entry.next_reason,
    }

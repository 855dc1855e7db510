"""What the unit's form asks while an author works in it: searches, advice, a preview, a draft that survives.

Nothing here changes the block. Every function is for Studio only and bounded: an answer of a search has at most
twenty entries, whatever is asked.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from xblock.exceptions import JsonHandlerError

from . import bridge, catalogue, sentences
from .authoring import author_id, require_author
from .form_values import as_text, as_whole
from .guidance import Guidance, UnitFacts, guide, mastery_sentences
from .handlers import text_of
from .part_summary import PartSummary, summarise
from .parts import CHECK, EVIDENCE, visible
from .rendering import render, translator
from .unit_state import fingerprint

__all__ = [
    "adopt_outcome",
    "arranged",
    "drop_draft",
    "find_outcomes",
    "find_skills",
    "guidance_context",
    "guide_form",
    "keep_draft",
    "open_draft",
    "outcome_card",
    "parts_context",
    "sent_outcome",
    "stored_guidance",
]

log = logging.getLogger(__name__)

MOST_FORM_TEXTS = 200


def find_outcomes(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Outcomes with these words, each with its skill and the badges it feeds."""
    require_author(block)
    text = text_of(block, data, "text", most=200)
    found = catalogue.search_outcomes(text) if bridge.available() else ()
    return {"outcomes": [outcome_card(outcome) for outcome in found]}


def find_skills(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Skills with these words, each with its framework."""
    require_author(block)
    text = text_of(block, data, "text", most=200)
    found = catalogue.search_skills(text) if bridge.available() and text.strip() else ()
    return {"skills": [{"key": one.key, "name": one.name, "hint": one.framework} for one in found]}


def adopt_outcome(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The unit's own outcome, written on this site. The words are the stored ones unless the author sends better."""
    require_author(block)
    _ = translator(block).gettext
    if not bridge.available() or not block.outcome_key:
        raise JsonHandlerError(409, _("There is no outcome to create here."))
    statement = text_of(block, data, "statement", most=500) or str(block.outcome_statement or "")
    made = catalogue.adopt_outcome(
        key=str(block.outcome_key), statement=statement, actor_id=author_id(block), now=datetime.now(UTC)
    )
    return {"outcome": outcome_card(made)}


def outcome_card(outcome: Any) -> dict[str, Any]:
    """An outcome for the form's script."""
    return {
        "key": outcome.key,
        "statement": outcome.statement,
        "skill": outcome.skill_name,
        "badges": list(outcome.badge_names),
    }


def guide_form(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The list of what is missing for the form as it is filled in now, and the preview where it is wanted."""
    require_author(block)
    form = _form(block, data)
    parts = arranged(block, form)
    facts = _facts(block, form)
    guidance = guide(facts, parts, translator(block).gettext)
    outcome = sent_outcome(form)
    answer = {
        "html": render(block, "unit_guidance.html", guidance_context(guidance)),
        "done": guidance.done,
        "needed": guidance.needed,
        "advice": _advice(outcome),
    }
    if data.get("preview") is True:
        answer["preview"] = preview(block, form, parts)
    return answer


def _advice(outcome: dict[str, str]) -> str:
    """What would make a statement measurable that is being written: said at its field, and nowhere a second time."""
    if outcome["mode"] != "new" or not outcome["statement"] or not bridge.available():
        return ""
    return catalogue.statement_advice(outcome["statement"])


def stored_guidance(block: Any, form: dict[str, Any], parts: list[PartSummary]) -> Guidance:
    """What the unit needs as it is stored."""
    return guide(_facts(block, form), parts, translator(block).gettext)


def guidance_context(guidance: Guidance) -> dict[str, Any]:
    """For ``unit_guidance.html``."""
    return {
        "items": [
            {
                "state": item.state,
                "text": item.text,
                "kind": item.target.partition(":")[0],
                "target": item.target,
            }
            for item in guidance.items
        ],
        "minutes": guidance.minutes,
        "done": guidance.done,
        "needed": guidance.needed,
    }


def parts_context(block: Any, parts: list[PartSummary]) -> dict[str, Any]:
    """The list of parts for the form, and when the unit counts as done."""
    return {"parts": parts, "mastery": mastery_sentences(parts, translator(block).gettext)}


def arranged(block: Any, form: dict[str, Any]) -> list[PartSummary]:
    """The unit's parts in the order of the form, with the waivers of the form; parts it does not name come last."""
    waivers = form.get("waivers", block.waivers)
    gettext = translator(block).gettext
    summaries = [summarise(child, waivers, gettext) for child in visible(block)]
    order = form.get("order")
    if isinstance(order, list):
        places = {key: place for place, key in enumerate(order) if isinstance(key, str)}
        summaries.sort(key=lambda part: places.get(part.usage_key, len(places)))
    return summaries


def sent_outcome(form: dict[str, Any]) -> dict[str, str]:
    """The outcome a form names: ``mode`` is ``existing`` or ``new``, every other value a text."""
    sent = form.get("outcome")
    given: dict[str, Any] = sent if isinstance(sent, dict) else {}
    names = ("key", "statement", "skill_key", "skill_name", "new_skill_name")
    return {"mode": "new" if given.get("mode") == "new" else "existing"} | {
        name: as_text(given.get(name)) for name in names
    }


def preview(block: Any, form: dict[str, Any], parts: list[PartSummary]) -> str:
    """The unit as learners would meet it with the values of the form. Nothing in it can be used."""
    outcome = sent_outcome(form)
    statement = outcome["statement"] if outcome["mode"] == "new" else _statement(block, outcome["key"])
    minutes = as_whole(form.get("estimated_minutes"))
    children = {str(child.scope_ids.usage_id): child for child in visible(block)}
    return render(
        block,
        "unit_preview.html",
        {
            "title": as_text(form.get("display_name")),
            "outcome": statement,
            "minutes": sentences.minutes(translator(block), minutes)
            if isinstance(minutes, int) and 0 < minutes < 1000
            else "",
            "steps": [
                {
                    "title": part.title,
                    "label": part.label,
                    "line": part.line,
                    "content": _content(block, children[part.usage_key])
                    if part.usage_key in children
                    else "",
                }
                for part in parts
            ],
        },
    )


def _content(block: Any, child: Any) -> str:
    """The child as learners see it, for a frame that runs no scripts; nothing where it cannot be shown here.

    A text is its markup: its own views would come with Studio's header. Foreign blocks need more of a page than a
    form has. Whatever fails in a child must not take the form with it.
    """
    content = ""
    if child.scope_ids.block_type == "html":
        data = getattr(child, "data", None)
        content = data if isinstance(data, str) else ""
    elif child.scope_ids.block_type in (CHECK, EVIDENCE):
        try:
            content = str(child.render("student_view", {"in_microcred_unit": True}).content)
        except Exception:
            log.info("No preview of %s", child.scope_ids.usage_id, exc_info=True)
    service = block.runtime.service(block, "replace_urls")
    return str(service.replace_urls(content)) if service is not None else content


def _statement(block: Any, key: str) -> str:
    outcome = catalogue.get_outcome(key) if key and bridge.available() else None
    if outcome is not None:
        return str(outcome.statement)
    return str(block.outcome_statement or "") if key == block.outcome_key else ""


def _facts(block: Any, form: dict[str, Any]) -> UnitFacts:
    outcome = sent_outcome(form)
    minutes = as_whole(form.get("estimated_minutes"))
    state, skill, badges = "off", "", ()
    if bridge.available() and outcome["mode"] == "new":
        state = "new" if outcome["statement"] else "none"
        skill = outcome["skill_name"] or outcome["skill_key"] or outcome["new_skill_name"]
    elif bridge.available():
        found = catalogue.get_outcome(outcome["key"])
        state = "known" if found else "unresolved" if outcome["key"] else "none"
        skill, badges = (found.skill_name, tuple(found.badge_names)) if found else ("", ())
    return UnitFacts(
        title=as_text(form.get("display_name")),
        outcome_state=state,
        skill_name=skill,
        badge_names=badges,
        minutes=minutes if isinstance(minutes, int) and minutes > 0 else None,
    )


def keep_draft(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Keeps the form for this author; without a site that keeps badges, or without an author, nothing is kept."""
    require_author(block)
    author = author_id(block)
    if author is None or not bridge.available():
        return {"saved": False}
    base = text_of(block, data, "base", most=64)
    bridge.keep_form_draft(
        author, str(block.scope_ids.usage_id), _form(block, data), base=base, now=datetime.now(UTC)
    )
    return {"saved": True}


def drop_draft(block: Any) -> dict[str, Any]:
    """Forgets the unsaved form."""
    require_author(block)
    author = author_id(block)
    if author is not None and bridge.available():
        bridge.drop_form_draft(author, str(block.scope_ids.usage_id))
    return {"dropped": True}


def open_draft(block: Any) -> dict[str, Any] | None:
    """This author's unsaved form: its values, when it was kept, and whether the unit was saved since."""
    author = author_id(block)
    if author is None or not bridge.available():
        return None
    draft = bridge.read_form_draft(author, str(block.scope_ids.usage_id), now=datetime.now(UTC))
    if draft is None:
        return None
    return {
        "form": dict(draft.values),
        "saved_at": draft.saved_at.isoformat(),
        "stale": draft.base != fingerprint(block),
    }


def _form(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The part of a form that a draft keeps; anything of another shape is refused."""
    _ = translator(block).gettext
    form = data.get("form")
    if not isinstance(form, dict) or len(form) > MOST_FORM_TEXTS:
        raise JsonHandlerError(400, _("The form could not be read. Reload the page and try again."))
    return form

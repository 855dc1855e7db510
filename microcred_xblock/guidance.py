"""What a unit still needs, as a list an author can work off; every entry leads to the field or part it is about.

Nothing here stops anybody from saving: ``validation`` does that for what cannot be stored. This says what would
keep learners from finishing, from taking part, or from earning a badge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .effort import clearly_exceeds
from .part_summary import PartSummary

__all__ = ["Guidance", "Item", "UnitFacts", "guide", "mastery_sentences"]

Gettext = Callable[[str], str]
DONE, TODO, TIP = "done", "todo", "tip"


@dataclass(frozen=True)
class UnitFacts:
    """What the guide needs to know of a unit's own form.

    ``outcome_state`` is ``known``, ``new`` (being written here), ``unresolved`` (its key is unknown on this
    site), ``none``, or ``off`` on a site without badges.
    """

    title: str
    outcome_state: str
    skill_name: str
    badge_names: tuple[str, ...]
    minutes: int | None


@dataclass(frozen=True)
class Item:
    """One line of the list. ``target`` is ``field:<name>`` or ``part:<usage key>``."""

    state: str
    text: str
    target: str


@dataclass(frozen=True)
class Guidance:
    """The list, and how much content there is in minutes."""

    items: tuple[Item, ...]
    minutes: int

    @property
    def needed(self) -> int:
        """How many things must be done."""
        return sum(item.state != TIP for item in self.items)

    @property
    def done(self) -> int:
        """How many of them are."""
        return sum(item.state == DONE for item in self.items)


def guide(facts: UnitFacts, parts: Sequence[PartSummary], _: Gettext) -> Guidance:
    """What is there and what is missing, in the order of the form."""
    estimate = sum(part.minutes for part in parts)
    items = [
        _item(bool(facts.title), _("It has a title."), _("Give the unit a title."), "field:display_name"),
        *_outcome_items(facts, _),
        *_minutes_items(facts, estimate, _),
        _item(
            bool(parts),
            _("It has parts."),
            _("Add the first part, or start from a template."),
            "field:parts",
        ),
    ]
    if parts:
        proof = any(part.kind in ("check", "evidence") for part in parts)
        items.append(
            _item(
                proof or any(part.kind == "other" for part in parts),
                _("Something in it shows whether learners can do it."),
                _("Nothing here shows whether learners can do it: add a quick check or evidence."),
                "field:parts",
            )
        )
    items += [item for part in parts for item in _part_items(part, _)]
    return Guidance(tuple(items), max(1, round(estimate)) if parts else 0)


def mastery_sentences(parts: Sequence[PartSummary], _: Gettext) -> tuple[str, ...]:
    """When the unit counts as done, in words: the parts decide, so the sentences follow them."""
    said = []
    checks = sum(part.kind == "check" for part in parts)
    if checks == 1:
        said.append(_("The quick check is answered correctly."))
    elif checks:
        said.append(_("All {count} quick checks are answered correctly.").format(count=checks))
    said += [f"“{part.title}”: {part.rule}." for part in parts if part.kind == "evidence"]
    seen = sum(part.kind in ("text", "video") for part in parts)
    if seen:
        said.append(_("Texts and videos are worked through."))
    if any(part.kind == "other" for part in parts):
        said.append(_("Other blocks are complete as the platform counts it."))
    return tuple(said)


def _item(done: bool, said: str, missing: str, target: str) -> Item:
    return Item(DONE if done else TODO, said if done else missing, target)


def _outcome_items(facts: UnitFacts, _: Gettext) -> list[Item]:
    if facts.outcome_state == "off":
        return []
    target = "field:outcome_key"
    if facts.outcome_state == "none":
        return [
            Item(TODO, _("Choose or write the one outcome this unit proves. No badge without it."), target)
        ]
    if facts.outcome_state == "unresolved":
        return [Item(TODO, _("This site does not know the outcome of this unit yet. Connect it."), target)]
    items = [Item(DONE, _("It proves one outcome."), target)]
    if not facts.skill_name:
        items.append(Item(TIP, _("The outcome belongs to no skill yet: employers search by skills."), target))
    if facts.outcome_state == "known" and not facts.badge_names:
        items.append(
            Item(TIP, _("No badge counts this outcome yet. The registrar can add it to one."), target)
        )
    return items


def _minutes_items(facts: UnitFacts, estimate: float, _: Gettext) -> list[Item]:
    target = "field:estimated_minutes"
    if facts.minutes is None:
        return [Item(TODO, _("Say how long it takes: 1 to 30 minutes."), target)]
    if clearly_exceeds(estimate, facts.minutes):
        message = _(
            "The content takes about {estimate} minutes, and you say {minutes}. Shorten it, or say more."
        )
        return [Item(TODO, message.format(estimate=round(estimate), minutes=facts.minutes), target)]
    return [Item(DONE, _("The minutes are plausible."), target)]


def _part_items(part: PartSummary, _: Gettext) -> list[Item]:
    target = f"part:{part.usage_key}"
    items = [Item(TODO, f"{part.title}: {problem}", target) for problem in part.problems]
    if part.needs_transcript and not part.waived:
        items.append(
            Item(
                TODO,
                _("{title}: no transcript. Add one, or say below why it needs none.").format(
                    title=part.title
                ),
                target,
            )
        )
    if not items:
        items.append(Item(DONE, _("{title}: ready.").format(title=part.title), target))
    return items + [Item(TIP, f"{part.title}: {tip}", target) for tip in part.advice]

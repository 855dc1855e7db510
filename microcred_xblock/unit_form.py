"""Studio's form for a micro-unit: one place to set it up, that says what is missing and loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from web_fragments.fragment import Fragment

from . import bridge, catalogue, unit_desk
from .authoring import author_id, can_create_children, create_child, require_author
from .form_values import as_number, as_text, as_whole, refusal
from .guidance import Guidance
from .handlers import json_response, text_of
from .insights_link import insights_url
from .part_summary import PartSummary
from .parts import Unit, course_key_of, visible
from .questions import plain_text
from .rendering import add_resources, as_data, render, translator
from .starters import BARE, StarterPart, find_starter, starters
from .unit_state import FIELDS, changes, fingerprint, merged
from .validation import Problem, unit_problems

__all__ = ["FIELDS", "advice", "form_fragment", "save_form"]

MOST_REASON = 300
#: Stands for an outcome that has no key yet.
NEW = "(new)"


def form_fragment(block: Any) -> Fragment:
    """The form with the block's values, its parts, what it still needs, and this author's unsaved draft."""
    keeps_badges = bridge.available()
    form = _stored_form(block)
    parts = unit_desk.arranged(block, form)
    guidance = unit_desk.stored_guidance(block, form, parts)
    _ = translator(block).gettext
    outcome = catalogue.get_outcome(block.outcome_key) if keeps_badges else None
    fragment = Fragment(
        render(
            block,
            "unit_form.html",
            {
                "values": {name: getattr(block, name) for name in FIELDS}
                | {"display_name": _own_title(block)},
                "keeps_badges": keeps_badges,
                "outcome": outcome,
                "outcome_data": as_data(unit_desk.outcome_card(outcome)) if outcome else "",
                "unresolved": None if outcome or not keeps_badges else _unresolved(block),
                "starters": () if block.children else starters(_),
                "specs": [
                    {"category": spec.category, "label": spec.label}
                    for spec in block.get_nested_blocks_spec()
                ],
                "locator": str(block.scope_ids.usage_id),
                "base": fingerprint(block),
                "draft": as_data(unit_desk.open_draft(block)),
                "outline_url": bridge.outline_address(course_key_of(block)) if keeps_badges else "",
                "insights_url": insights_url(block),
                "guide_url": bridge.guide_address() if keeps_badges else "",
                "texts": as_data(_texts(_)),
                **_guidance_and_parts(block, guidance, parts),
            },
        )
    )
    add_resources(
        block,
        fragment,
        styles=("microcred", "studio", "unit_form"),
        scripts=("page", "studio", "chooser", "unit_form_outcome", "unit_form_preview", "unit_form"),
    )
    fragment.initialize_js("MicrocredUnitForm")
    return fragment


def _guidance_and_parts(block: Any, guidance: Guidance, parts: list[PartSummary]) -> dict[str, Any]:
    return {**unit_desk.guidance_context(guidance), **unit_desk.parts_context(block, parts)}


def _stored_form(block: Any) -> dict[str, Any]:
    """The block's values in the shape the form sends them."""
    return {
        "display_name": _own_title(block),
        "outcome": {"mode": "existing", "key": block.outcome_key},
        "estimated_minutes": block.estimated_minutes,
        "waivers": block.waivers,
    }


def _own_title(block: Any) -> Any:
    """The title, or nothing where the unit still has the one it was born with: learners need to tell units apart."""
    return "" if block.display_name == type(block).display_name.default else block.display_name


def _unresolved(block: Any) -> dict[str, Any] | None:
    """An outcome this site does not know, with those that say the same here; None when the unit names none."""
    if not block.outcome_key:
        return None
    statement = plain_text(block.outcome_statement)
    matches = catalogue.outcomes_worded(statement) if statement else ()
    return {
        "key": str(block.outcome_key),
        "statement": statement,
        "matches": [
            {"data": as_data(unit_desk.outcome_card(match)), "statement": match.statement, "key": match.key}
            for match in matches
        ],
    }


def _texts(_: Any) -> dict[str, str]:
    return {
        "feeds": _("Counts towards: {badges}"),
        "feedsNone": _("No badge counts this outcome yet. The registrar can add it to one."),
        "skill": _("Skill: {skill}"),
        "noSkill": _("Not aligned to a skill yet."),
        "writeNew": _("Write a new outcome: “{text}”"),
        "newSkill": _("New skill: “{text}”"),
        "found": _("{count} found. Use the arrow keys."),
        "foundNone": _("Nothing has these words."),
        "searchFailed": _("The search could not be reached. Try again in a moment."),
        "kept": _("What you typed is kept for you. Learners see nothing of it until you save and publish."),
        "notKept": _("What you typed could not be kept. Save before you leave."),
        "restored": _("Here is what you typed on {when} and did not save. Save it, or discard it."),
        "stale": _(
            "On {when} you typed something and did not save it. The unit was saved since, by you or somebody else."
        ),
        "leave": _("You have not saved your changes. Leave them?"),
        "moved": _("{title} is now part {place} of {total}."),
        "theirs": _("There now: {text}"),
        "mine": _("Yours, which replaces it: {text}"),
        "nothing": _("(nothing)"),
        "partFailed": _("The part could not be added. Reload the page and try again."),
        "half": _(
            "The unit is saved, but not every part could be created. Add the missing ones on its page."
        ),
        "adopted": _("The outcome is in the catalogue of this site now."),
        "ready": _("{done} of {needed} ready"),
    }


def advice(block: Any, data: dict[str, Any]) -> dict[str, str]:
    """Advice on a statement that is being written; none on a site without badges."""
    require_author(block)
    statement = text_of(block, data, "statement", most=500)
    return {
        "advice": catalogue.statement_advice(statement) if statement.strip() and bridge.available() else ""
    }


def save_form(block: Any, data: dict[str, Any]) -> Any:
    """Sets the fields once every one of them is right; refuses with messages otherwise and sets none.

    ``{display_name, outcome: {mode: "existing", key} or {mode: "new", statement, skill_key,
    new_skill_name}, estimated_minutes, layout, weight, starter, skeleton: [category, ...], order: [usage
    key, ...], waivers: {film: reason}, base, original, overwrite}``. A new outcome is made last: a form refused for
    another field must not leave one behind. A form that was opened upon an older state is answered 409 with what
    somebody changed since; with ``overwrite`` what its author changed goes in, and what only others changed stays.
    """
    require_author(block)
    _ = translator(block).gettext
    outcome = unit_desk.sent_outcome(data)
    is_new = outcome["mode"] == "new"
    values = _sent_values(data, outcome)
    base = data.get("base")
    if base and base != fingerprint(block):
        sent = data.get("original")
        original = _sent_values(sent, unit_desk.sent_outcome(sent)) if isinstance(sent, dict) else values
        if data.get("overwrite") is not True:
            return _conflict(block, original, values)
        values = merged(block, original, values)
        is_new = is_new and values["outcome_key"] == NEW
    waivers = _sent_waivers(block, data.get("waivers"))
    problems = unit_problems(values, _, need_outcome=bridge.available())
    problems += (
        _new_outcome_problems(outcome, _)
        if is_new
        else _known_outcome_problems(block, values["outcome_key"], _)
    )
    problems += [
        Problem("parts", _("Say in a few words why the video needs no transcript."))
        for reason in waivers.values()
        if isinstance(reason, str) and len(reason) > MOST_REASON
    ][:1]
    if problems:
        return refusal(block, problems)
    if is_new:
        try:
            values["outcome_key"] = _create_outcome(block, outcome)
        except bridge.RefusalError as error:
            return refusal(block, [Problem("outcome_statement", str(error))])
    _write(block, values, waivers, data.get("order"))
    return {"result": "success", **_create_parts(block, data)}


def _sent_values(form: dict[str, Any], outcome: dict[str, str]) -> dict[str, Any]:
    """The unit's fields as a form says them; unreadable ones stay as they are, for ``unit_problems`` to name."""
    return {
        "display_name": as_text(form.get("display_name")),
        "outcome_key": NEW if outcome["mode"] == "new" else outcome["key"],
        "estimated_minutes": as_whole(form.get("estimated_minutes")),
        "layout": as_text(form.get("layout")),
        "weight": as_number(form.get("weight")),
    }


def _known_outcome_problems(block: Any, key: str, _: Any) -> list[Problem]:
    """An unknown outcome is refused, except the one the unit came with: an import must stay editable."""
    if (
        not key
        or not bridge.available()
        or key == block.outcome_key
        or catalogue.get_outcome(key) is not None
    ):
        return []
    return [Problem("outcome_key", _("This outcome is not in the catalogue any more. Choose another one."))]


def _new_outcome_problems(outcome: dict[str, str], _: Any) -> list[Problem]:
    if not bridge.available():
        return [
            Problem("outcome_statement", _("Badges are not set up on this site: leave the outcome empty."))
        ]
    if not outcome["statement"]:
        return [Problem("outcome_statement", _("Write what learners can do after this unit."))]
    return []


def _create_outcome(block: Any, outcome: dict[str, str]) -> str:
    created = catalogue.create_outcome(
        statement=outcome["statement"],
        skill_key=outcome["skill_key"],
        new_skill_name=outcome["new_skill_name"],
        actor_id=author_id(block),
        now=datetime.now(UTC),
    )
    return str(created.key)


def _conflict(block: Any, original: dict[str, Any], mine: dict[str, Any]) -> Any:
    """Somebody saved the unit after this form was opened: say what differs and let the author choose."""
    _ = translator(block).gettext
    return json_response(
        {
            "conflict": True,
            "error": _("Somebody saved this unit after you opened it. Nothing of yours is saved yet."),
            "changes": changes(block, original, mine),
            "base": fingerprint(block),
        },
        409,
    )


def _sent_waivers(block: Any, sent: object) -> dict[str, str]:
    """Reasons by film, of videos that stand in the unit; what the unit has when the form sends none."""
    if not isinstance(sent, dict):
        return dict(block.waivers) if isinstance(block.waivers, dict) else {}
    known = {part.waiver_key for part in unit_desk.arranged(block, {}) if part.kind == "video"}
    return {key: as_text(reason) for key, reason in sent.items() if key in known and as_text(reason)}


def _write(block: Any, values: dict[str, Any], waivers: dict[str, str], order: object) -> None:
    now = datetime.now(UTC)
    outcome = catalogue.get_outcome(values["outcome_key"]) if bridge.available() else None
    for name in FIELDS:
        setattr(block, name, values[name])
    if outcome is not None:
        block.outcome_statement = outcome.statement
    before = block.waivers if isinstance(block.waivers, dict) else {}
    if waivers != before:
        block.waivers = waivers
    if isinstance(order, list):
        _arrange(block, order)
    if not bridge.available():
        return
    for part in unit_desk.arranged(block, {}):
        reason = waivers.get(part.waiver_key)
        if part.kind == "video" and reason and before.get(part.waiver_key) != reason:
            bridge.waive_transcript(part.usage_key, reason, actor_id=author_id(block), now=now)
    bridge.register_unit(_as_unit(block), now=now)
    unit_desk.drop_draft(block)


def _as_unit(block: Any) -> Unit:
    minutes = block.estimated_minutes
    return Unit(
        usage_key=str(block.scope_ids.usage_id),
        course_key=course_key_of(block),
        outcome_key=str(block.outcome_key or ""),
        title=str(block.display_name or ""),
        minutes=minutes if isinstance(minutes, int) else 0,
        parts=(),
    )


def _arrange(block: Any, order: list[Any]) -> None:
    """The children in the order of the form. What was added meanwhile stays, behind; nothing is removed here."""
    places = {key: place for place, key in enumerate(order) if isinstance(key, str)}
    arranged = sorted(block.children, key=lambda key: places.get(str(key), len(places)))
    if arranged != list(block.children):
        block.children = arranged


def _create_parts(block: Any, data: dict[str, Any]) -> dict[str, list[Any]]:
    """The first children of an empty unit, from a template or bare.

    ``created`` are there; ``to_create`` are those this runtime cannot create, which the form then asks of Studio's
    own address.
    """
    wanted = [] if visible(block) else _wanted_parts(block, data)
    if not can_create_children(block):
        return {
            "created": [],
            "to_create": [{"category": part.category, "fields": part.fields} for part in wanted],
        }
    return {"created": [create_child(block, part.category, part.fields) for part in wanted], "to_create": []}


def _wanted_parts(block: Any, data: dict[str, Any]) -> list[StarterPart]:
    starter = find_starter(as_text(data.get("starter")), translator(block).gettext)
    if starter is not None:
        return list(starter.parts)
    skeleton = data.get("skeleton")
    return [StarterPart(name, {}) for name in BARE if isinstance(skeleton, list) and name in skeleton]

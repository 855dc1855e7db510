"""Studio's form for a micro-unit: its outcome first, then how long, how shown, how weighted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from web_fragments.fragment import Fragment

from . import bridge
from .authoring import author_id, can_create_children, create_child, require_author
from .form_values import as_number, as_text, as_whole, refusal
from .handlers import text_of
from .parts import CHECK, EVIDENCE
from .rendering import add_resources, as_data, render, translator
from .validation import Problem, unit_problems

__all__ = ["FIELDS", "advice", "form_fragment", "save_form"]

FIELDS = ("display_name", "outcome_key", "estimated_minutes", "layout", "weight")
SKELETON = ("html", CHECK, EVIDENCE)


def form_fragment(block: Any) -> Fragment:
    """The form with the block's values and the catalogue to pick an outcome from."""
    keeps_badges = bridge.available()
    outcomes = bridge.list_outcomes() if keeps_badges else ()
    _ = translator(block).gettext
    fragment = Fragment(
        render(
            block,
            "unit_form.html",
            {
                "values": {name: getattr(block, name) for name in FIELDS},
                "keeps_badges": keeps_badges,
                "outcomes": [
                    {
                        "key": outcome.key,
                        "statement": outcome.statement,
                        "skill_name": outcome.skill_name,
                        "badges": as_data(list(outcome.badge_names)),
                        "selected": outcome.key == block.outcome_key,
                    }
                    for outcome in outcomes
                ],
                "skills": bridge.list_skills() if keeps_badges else (),
                "offers_skeleton": not block.children,
                "locator": str(block.scope_ids.usage_id),
                "problems": block.own_problems() if block.outcome_key else [],
                "texts": as_data(
                    {
                        "feeds": _("Counts towards: {badges}"),
                        "feedsNone": _("No badge counts this outcome yet. The registrar can add it to one."),
                        "skill": _("Skill: {skill}"),
                        "noSkill": _("Not aligned to a skill yet."),
                    }
                ),
            },
        )
    )
    add_resources(block, fragment, styles=("studio",), scripts=("page", "studio"))
    fragment.initialize_js("MicrocredUnitForm")
    return fragment


def advice(block: Any, data: dict[str, Any]) -> dict[str, str]:
    """Advice on a statement that is being written; none on a site without badges."""
    require_author(block)
    statement = text_of(block, data, "statement", most=500)
    return {"advice": bridge.statement_advice(statement) if statement.strip() and bridge.available() else ""}


def save_form(block: Any, data: dict[str, Any]) -> Any:
    """Sets the fields once every one of them is right; refuses with messages otherwise and sets none.

    ``{display_name, outcome: {mode: "existing", key} or {mode: "new", statement, skill_key,
    new_skill_name}, estimated_minutes, layout, weight, skeleton: [category, ...]}``. A new outcome is made
    last: a form refused for another field must not leave one behind.
    """
    require_author(block)
    _ = translator(block).gettext
    sent = data.get("outcome")
    outcome: dict[str, Any] = sent if isinstance(sent, dict) else {}
    is_new = outcome.get("mode") == "new"
    values = {
        "display_name": as_text(data.get("display_name")),
        "outcome_key": as_text(outcome.get("key")) if not is_new else "new",
        "estimated_minutes": as_whole(data.get("estimated_minutes")),
        "layout": as_text(data.get("layout")),
        "weight": as_number(data.get("weight")),
    }
    problems = unit_problems(values, _, need_outcome=bridge.available())
    if is_new:
        problems += _new_outcome_problems(outcome, _)
    elif values["outcome_key"] and bridge.available() and bridge.get_outcome(values["outcome_key"]) is None:
        problems.append(
            Problem("outcome_key", _("This outcome is not in the catalogue any more. Choose another one."))
        )
    if problems:
        return refusal(block, problems)
    if is_new:
        try:
            values["outcome_key"] = _create_outcome(block, outcome)
        except bridge.RefusalError as error:
            return refusal(block, [Problem("outcome_statement", str(error))])
    for name in FIELDS:
        setattr(block, name, values[name])
    return {"result": "success", **_create_skeleton(block, data.get("skeleton"))}


def _new_outcome_problems(outcome: dict[str, Any], _: Any) -> list[Problem]:
    if not bridge.available():
        return [
            Problem("outcome_statement", _("Badges are not set up on this site: leave the outcome empty."))
        ]
    if not as_text(outcome.get("statement")):
        return [Problem("outcome_statement", _("Write what learners can do after this unit."))]
    return []


def _create_outcome(block: Any, outcome: dict[str, Any]) -> str:
    created = bridge.create_outcome(
        statement=as_text(outcome.get("statement")),
        skill_key=as_text(outcome.get("skill_key")),
        new_skill_name=as_text(outcome.get("new_skill_name")),
        actor_id=author_id(block),
        now=datetime.now(UTC),
    )
    return str(created.key)


def _create_skeleton(block: Any, wanted: object) -> dict[str, list[str]]:
    """The first children of an empty unit, for Studios where a container has no add button.

    ``created`` are there; ``to_create`` are categories this runtime cannot create, which the form then asks
    of Studio's own address.
    """
    categories = [
        name for name in SKELETON if isinstance(wanted, list) and name in wanted and not block.children
    ]
    if not can_create_children(block):
        return {"created": [], "to_create": categories}
    return {"created": [create_child(block, category) for category in categories], "to_create": []}

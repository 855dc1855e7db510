"""The readiness list: what a definition still needs before it may be published, and how to mend it.

The items follow what the TrustEd Microcredential framework asks of metadata (required and recommended); the
framework certifies nothing here, and this software claims nothing in its name. What can be judged by behaviour
is: the proof type by how learners were assessed, the criteria by the sentence the engine enforces, the reach by
the rule itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from microcred_app import rules

from .assurance import Assurance, assurance_of
from .criteria import criteria_text
from .data import BadgeDefinition
from .likeness import near_duplicates
from .names import names_for
from .publication import definition_problems
from .reach import ReachPreview, judge_reach

__all__ = ["RECOMMENDED", "REQUIRED", "ReadinessItem", "readiness_of"]

REQUIRED = "required"
RECOMMENDED = "recommended"
MAX_SENTENCE_WORDS = 120
MAX_REVIEW_YEARS = 5
MIN_DESCRIPTION = 40


@dataclass(frozen=True)
class ReadinessItem:
    """One line of the list. ``how_to_mend`` is empty when it is satisfied; ``field`` says where to mend it."""

    code: str
    label: str
    satisfied: bool
    level: str
    how_to_mend: str
    field: str


def readiness_of(
    definition: BadgeDefinition, *, now: datetime, preview: ReachPreview | None = None
) -> tuple[ReadinessItem, ...]:
    """Every item, required ones first, satisfied or not; writes nothing."""
    problems = definition_problems(definition, now=now)
    items = [*_form(problems), *_answerable(definition, now)]
    if "requirement" not in problems:
        node = rules.parse_requirement(definition.requirement)
        items += [
            _criteria(definition, node),
            _proof(definition, assurance_of(node)),
            _reach(definition, node, now, preview),
            _stronger_claim(definition, assurance_of(node)),
        ]
    items += [*_described(definition), _no_double(definition)]
    return tuple(sorted(items, key=lambda item: item.level != REQUIRED))


def _item(code: str, label: str, mend: str, *, field: str = "", level: str = REQUIRED) -> ReadinessItem:
    """An item that is satisfied when there is nothing to mend."""
    return ReadinessItem(code, label, not mend, level, mend, field or code)


def _form(problems: dict[str, str]) -> list[ReadinessItem]:
    """What is checked again at publication, field by field; the rest of the form as one line."""
    named = {
        "name": _("Name"),
        "description": _("Description"),
        "image_alt": _("Text alternative of the picture"),
        "image": _("Picture"),
        "language": _("Language"),
        "issuer": _("Issuing organisation"),
        "requirement": _("Requirement"),
    }
    items = [_item(field, label, problems.get(field, "")) for field, label in named.items()]
    others = {field: text for field, text in problems.items() if field not in named}
    return items + [_item("form", _("All other fields"), text, field=field) for field, text in others.items()]


def _answerable(definition: BadgeDefinition, now: datetime) -> list[ReadinessItem]:
    """Somebody answers for the badge, says what it is for, and looks at it again."""
    governance = definition.governance
    return [
        _item(
            "owner", _("Owner"), "" if governance.owner.strip() else _("Name the office that answers for it.")
        ),
        _item(
            "steward",
            _("Steward"),
            "" if governance.steward.strip() else _("Name who keeps its contents up to date."),
        ),
        _item(
            "purpose",
            _("Purpose"),
            "" if governance.purpose.strip() else _("Say what holding it is good for, and for whom."),
        ),
        _item("review_due", _("Date of the next review"), _review_problem(definition, now)),
    ]


def _review_problem(definition: BadgeDefinition, now: datetime) -> str:
    due = definition.governance.review_due
    if due is None:
        return _("Say when it is looked at again.")
    if due <= now.date():
        return _("This date has passed. Look at the badge, then set the next date.")
    if due > now.date() + timedelta(days=366 * MAX_REVIEW_YEARS):
        return _("Choose a date within {years} years.").format(years=MAX_REVIEW_YEARS)
    return ""


def _criteria(definition: BadgeDefinition, node: rules.Node) -> ReadinessItem:
    names = names_for([node])
    nameless = [
        key
        for kind, key in sorted(rules.mentions(node))
        if (kind == "outcome" and key not in names.outcomes) or (kind == "badge" and key not in names.badges)
    ]
    with override(definition.language):
        words = len(criteria_text(node, names).split())
    mend = ""
    if nameless:
        mend = _("The criteria would show bare keys: {keys}.").format(keys=", ".join(nameless[:10]))
    elif words > MAX_SENTENCE_WORDS:
        mend = _("The sentence has {words} words. Group parts into badges of their own.").format(words=words)
    return _item("criteria", _("Criteria that read well"), mend, field="requirement")


def _proof(definition: BadgeDefinition, assurance: Assurance) -> ReadinessItem:
    mend = ""
    claimed = definition.terms.proof_type
    if not assurance.backs(claimed):
        mend = _("It claims “{claimed}”, but what was seen backs “{backed}” only. {reasons}").format(
            claimed=claimed, backed=assurance.proof_type, reasons=" ".join(assurance.weak_parts[:5])
        )
    return _item("proof_type", _("Proof type backed by assessment"), mend.strip())


def _stronger_claim(definition: BadgeDefinition, assurance: Assurance) -> ReadinessItem:
    mend = ""
    if assurance.backs(definition.terms.proof_type) and assurance.proof_type != definition.terms.proof_type:
        mend = _("It could claim “{backed}”: that is how learners were assessed.").format(
            backed=assurance.proof_type
        )
    return _item("claim", _("Claims what it can"), mend, field="proof_type", level=RECOMMENDED)


def _reach(
    definition: BadgeDefinition, node: rules.Node, now: datetime, preview: ReachPreview | None
) -> ReadinessItem:
    mend = {
        "everybody": _("Everybody would be awarded at once. Change the rule, or confirm that this is meant."),
        "nobody": _("Nobody could earn it: it needs what cannot be had. Change the rule, or confirm."),
    }.get(judge_reach(definition, node, today=now.date(), preview=preview), "")
    return _item("reach", _("Awards some, not everybody and not nobody"), mend, field="requirement")


def _described(definition: BadgeDefinition) -> list[ReadinessItem]:
    """What makes it easier to find, compare and trust."""
    terms = definition.terms
    entries = [
        ("skills", _("Aligned skills"), bool(definition.skill_keys), _("Choose the skills it stands for.")),
        ("minutes", _("Learning time"), definition.minutes > 0, _("Say how many minutes it takes.")),
        ("level", _("Level"), bool(terms.level.strip()), _("State a level, such as EQF 4.")),
        (
            "long_description",
            _("A description that tells something"),
            len(definition.description.strip()) >= MIN_DESCRIPTION,
            _("Say in a sentence or two what the holder can do."),
        ),
    ]
    return [
        _item(
            code,
            label,
            "" if fine else mend,
            field="description" if code == "long_description" else code,
            level=RECOMMENDED,
        )
        for code, label, fine, mend in entries
    ]


def _no_double(definition: BadgeDefinition) -> ReadinessItem:
    doubles = near_duplicates(definition)
    mend = ""
    if doubles:
        mend = _("Nearly the same exists: {names}. Use it, or tell them apart by name or skills.").format(
            names=", ".join(f"{badge.name} ({badge.key})" for badge in doubles[:5])
        )
    return _item("no_double", _("No near double"), mend, field="name", level=RECOMMENDED)

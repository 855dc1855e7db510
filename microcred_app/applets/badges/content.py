"""A definition as plain JSON values: what drafts keep, what bundles spell, what is compared field by field.

One table of fields serves all of them, so a field cannot be saved by one and forgotten by another. Reading
checks shape and size only: a draft may be incomplete, but it is never garbage and never larger than
:data:`MAX_CONTENT` bytes. Whether it can be published is asked elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from microcred_app import rules

from .data import BadgeDefinition, PublishedBadge
from .errors import DraftRefused
from .images import get_picture
from .terms import Governance, Terms

__all__ = [
    "CONTENT_FIELDS",
    "FieldChange",
    "changes_between",
    "content_of",
    "definition_of",
    "read_content",
    "read_moment",
]

MAX_CONTENT = 200_000
MAX_LIST = 200
MAX_LINE = 1_000
MAX_WHOLE = 10**12


@dataclass(frozen=True)
class FieldChange:
    """One field that differs, with its value before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class _Field:
    read: Callable[[Any], Any]
    default: Any


def read_content(raw: Mapping[str, Any]) -> dict[str, Any]:
    """*raw* with every field in its plain form and defaults filled in; raises :class:`DraftRefused` by field.

    Dates are ISO texts, credits a decimal text, ``image`` is the digest of a kept picture or empty. The
    requirement may be any JSON value: people save before they are done.
    """
    problems = {
        str(name)[:100]: _("There is no such field. Known are: {fields}.").format(
            fields=", ".join(CONTENT_FIELDS)
        )
        for name in raw
        if name not in CONTENT_FIELDS
    }
    content: dict[str, Any] = {}
    for name, field in CONTENT_FIELDS.items():
        try:
            content[name] = field.read(raw[name]) if name in raw else field.default
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise DraftRefused(problems)
    return content


def content_of(badge: PublishedBadge) -> dict[str, Any]:
    """What a published version says, as content; a new draft begins with it."""
    terms, governance = badge.terms, badge.governance
    return {
        "kind": badge.kind,
        "issuer": badge.issuer.slug,
        "name": badge.name,
        "description": badge.description,
        "achievement_type": badge.achievement_type,
        "image": badge.image_sha256,
        "image_alt": badge.image_alt,
        "requirement": rules.to_json(badge.requirement),
        "skills": sorted(badge.skill_keys),
        "criteria_intro": badge.criteria_intro,
        "language": badge.language,
        "minutes": badge.minutes,
        "credits": None if terms.credits is None else _plain(terms.credits),
        "credit_unit": terms.credit_unit,
        "level": terms.level,
        "expires_on": _iso(terms.expires_on),
        "expires_after": terms.expires_after,
        "cap": terms.cap,
        "holders_policy": terms.holders_policy,
        "holders_deadline": _iso(terms.holders_deadline),
        "accepts": list(terms.accepts),
        "proof_type": terms.proof_type,
        "document_days": terms.document_days,
        "effective_at": None,
        "owner": governance.owner,
        "steward": governance.steward,
        "purpose": governance.purpose,
        "review_due": _iso(governance.review_due),
    }


def definition_of(key: str, content: Mapping[str, Any], picture: bytes = b"") -> BadgeDefinition:
    """The definition that content in its plain form spells; *picture* where it is not stored yet."""
    kept = get_picture(content["image"]) if content["image"] else None
    return BadgeDefinition(
        key=key,
        kind=content["kind"],
        issuer_slug=content["issuer"],
        name=content["name"],
        description=content["description"],
        achievement_type=content["achievement_type"],
        image=kept.content if kept else picture,
        image_alt=content["image_alt"],
        requirement=content["requirement"],
        skill_keys=tuple(content["skills"]),
        criteria_intro=content["criteria_intro"],
        language=content["language"],
        minutes=content["minutes"],
        terms=Terms(
            credits=None if content["credits"] is None else Decimal(content["credits"]),
            credit_unit=content["credit_unit"],
            level=content["level"],
            expires_on=_date(content["expires_on"]),
            expires_after=content["expires_after"],
            cap=content["cap"],
            holders_policy=content["holders_policy"],
            holders_deadline=_date(content["holders_deadline"]),
            accepts=tuple(content["accepts"]),
            proof_type=content["proof_type"],
            document_days=content["document_days"],
        ),
        governance=Governance(
            owner=content["owner"],
            steward=content["steward"],
            purpose=content["purpose"],
            review_due=_date(content["review_due"]),
        ),
        effective_at=datetime.fromisoformat(content["effective_at"]) if content["effective_at"] else None,
    )


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the table."""
    names = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("Write a text here."))
    return value.replace("\x00", "")


def _read_line(value: Any) -> str:
    text = _read_text(value)
    if len(text) > MAX_LINE:
        raise ValueError(_("Keep this below {limit} characters.").format(limit=MAX_LINE))
    return text


def _read_digest(value: Any) -> str:
    text = _read_line(value)
    if text and get_picture(text) is None:
        raise ValueError(_("This picture was not uploaded. Choose it again."))
    return text


def _read_list(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MAX_LIST:
        raise ValueError(_("Write a list of up to {limit} texts here.").format(limit=MAX_LIST))
    return [_read_line(entry) for entry in value]


def _read_keys(value: Any) -> list[str]:
    return sorted(set(_read_list(value)))


def _read_whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_WHOLE:
        raise ValueError(_("Write a whole number here."))
    return value


def _read_number(value: Any) -> str:
    """A decimal text without needless zeros: 5.00 and 5 are the same credits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 20:
        raise ValueError(_("Write a number here."))
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(_("Write a number here.")) from None
    if not found.is_finite() or abs(found) > MAX_WHOLE or (found and abs(found) < Decimal("1e-9")):
        raise ValueError(_("Write a number here."))
    return _plain(found)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_date(value: Any) -> str:
    try:
        return date.fromisoformat(_read_line(value)).isoformat()
    except ValueError:
        raise ValueError(_("Write a date as in 2027-09-30.")) from None


def read_moment(value: Any) -> str:
    """A moment, in UTC; a date alone is its beginning."""
    try:
        found = datetime.fromisoformat(_read_line(value).replace("Z", "+00:00"))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise ValueError(_("Write a date, or a time as in 2027-09-30T08:00:00+00:00.")) from None


def _read_tree(value: Any) -> Any:
    """JSON values of bounded size; the same tree whichever way its members were ordered when it was sent."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError(_("The requirement is no plain JSON.")) from None
    if len(text) > MAX_CONTENT:
        raise ValueError(_("Keep this below {limit} characters.").format(limit=MAX_CONTENT))
    return json.loads(text)


def _read_long_text(value: Any) -> str:
    text = _read_text(value)
    if len(text) > MAX_CONTENT // 10:
        raise ValueError(_("Keep this below {limit} characters.").format(limit=MAX_CONTENT // 10))
    return text


def _optional(read: Callable[[Any], Any]) -> _Field:
    return _Field(lambda value: None if value is None or value == "" else read(value), None)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


_LINE = _Field(_read_line, "")
_TEXT = _Field(_read_long_text, "")

#: Every field of a badge's definition, in the order in which people read them.
CONTENT_FIELDS: dict[str, _Field] = {
    "kind": _Field(_read_line, "micro"),
    "issuer": _LINE,
    "name": _LINE,
    "description": _TEXT,
    "achievement_type": _Field(_read_line, "Badge"),
    "image": _Field(_read_digest, ""),
    "image_alt": _LINE,
    "requirement": _Field(_read_tree, None),
    "skills": _Field(_read_keys, []),
    "criteria_intro": _TEXT,
    "language": _Field(_read_line, "en"),
    "minutes": _Field(_read_whole, 0),
    "credits": _optional(_read_number),
    "credit_unit": _LINE,
    "level": _LINE,
    "expires_on": _optional(_read_date),
    "expires_after": _LINE,
    "cap": _optional(_read_whole),
    "holders_policy": _Field(_read_line, "keep"),
    "holders_deadline": _optional(_read_date),
    "accepts": _Field(_read_list, []),
    "proof_type": _Field(_read_line, "recognition"),
    "document_days": _optional(_read_whole),
    "effective_at": _optional(read_moment),
    "owner": _LINE,
    "steward": _LINE,
    "purpose": _TEXT,
    "review_due": _optional(_read_date),
}

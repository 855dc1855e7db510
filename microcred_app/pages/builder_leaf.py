"""The form of one leaf: what is typed there, as the JSON values of a leaf and back.

Reading never loses anything: whatever was typed is shown again beside what is wrong with it. A leaf goes into the
tree only when it has good form, so what the builder adds is always a requirement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcred_app import rules
from microcred_app.rules.outline import Tree, kind_of

__all__ = ["PICKED_KINDS", "leaves_of", "panel_values", "period_parts", "period_text"]

#: Kinds whose things are picked from a catalogue, several at a time.
PICKED_KINDS = ("badge", "outcome", "credits")
PREFIX = "leaf-"
_FIELDS = (
    "key",
    "minimum_score",
    "minimum_level",
    "minimum_version",
    "or_equivalent",
    "minimum",
    "credits",
    "role",
    "state",
    "cohort",
    "issuer",
    "within",
    "within_unit",
    "from",
    "until",
    "query",
)
_NEEDED: dict[str, dict[str, Promise]] = {
    "grade": {"key": gettext_lazy("Course"), "minimum": gettext_lazy("Grade, in per cent")},
    "block": {"key": gettext_lazy("Usage key of the part")},
    "credits": {"credits": gettext_lazy("Credits")},
    "signoff": {"key": gettext_lazy("What is signed off"), "role": gettext_lazy("Role of the person")},
    "standing": {"key": gettext_lazy("Course"), "state": gettext_lazy("How the learner stands in it")},
    "external": {
        "key": gettext_lazy("Address of the badge"),
        "issuer": gettext_lazy("Address of its issuer"),
    },
}
_PERIOD = re.compile(r"P(\d{1,5})([YMD])")


def panel_values(source: QueryDict | Tree) -> dict[str, Any]:
    """The fields of the form: from what was posted, or from a leaf that is opened for a change."""
    if isinstance(source, QueryDict):
        values: dict[str, Any] = {name: source.get(PREFIX + name, "").strip()[:2_100] for name in _FIELDS}
        return values | {"chosen": [key[:300] for key in source.getlist(PREFIX + "chosen")[:200]]}
    kind = kind_of(source)
    dates = source[kind]
    inner: Tree = dates if kind == "time" and isinstance(dates, Mapping) else source
    number, unit = period_parts(str(source.get("within", "")))
    values = {name: str(inner.get(name, "")) for name in _FIELDS}
    values |= {"within": number, "within_unit": unit, "query": "", "chosen": []}
    if kind in ("badge", "outcome"):
        values["chosen"] = [str(source[kind])]
    elif kind == "credits":
        values["chosen"] = [str(key) for key in source.get("skills", [])]
    elif kind != "time":
        values["key"] = str(source[kind])
    for name in ("minimum_score", "minimum"):
        if name in source:
            values[name] = _percent(source[name])
    values["or_equivalent"] = "1" if source.get("or_equivalent") is True else ""
    return values


def leaves_of(kind: str, values: Mapping[str, Any]) -> tuple[list[Tree], tuple[str, ...]]:
    """The leaves that the form spells, and what is wrong with them; one leaf for each thing that was picked."""
    keys: list[Any] = list(values.get("chosen", []))
    if kind in PICKED_KINDS and not keys:
        return [], (_("Choose at least one from the list. Search by a word of its name."),)
    empty = [label for name, label in _NEEDED.get(kind, {}).items() if not values.get(name)]
    if empty:
        return [], tuple(_("Fill in “{field}”.").format(field=label) for label in empty)
    if kind == "time" and not values.get("from") and not values.get("until"):
        return [], (_("Give a beginning, an end, or both."),)
    things = keys if kind in ("badge", "outcome") else [None]
    forms = [_form(kind, thing, values) for thing in things]
    problems: dict[str, None] = {}
    for form in forms:
        try:
            rules.parse_requirement(form)
        except rules.RequirementError as error:
            problems[error.say_problem(_)] = None
    return forms, tuple(problems)


def period_parts(text: str) -> tuple[str, str]:
    """A period as number and unit; one of several units stays as it is written."""
    found = _PERIOD.fullmatch(text)
    return (found[1], found[2]) if found else (text, "Y")


def period_text(number: str, unit: str) -> str:
    """The period that was typed: a number with its unit, or the notation itself."""
    number = number.strip()
    if re.fullmatch(r"\d{1,5}", number) and unit in ("Y", "M", "D"):
        return f"P{number}{unit}"
    return number.upper()


def _form(kind: str, thing: Any, values: Mapping[str, Any]) -> Tree:
    """One leaf; empty fields are left out, and what cannot be read stays as it was typed."""
    typed = {name: str(values.get(name, "")) for name in _FIELDS}
    dates = {name: typed[name] for name in ("from", "until") if typed[name]}
    if kind == "time":
        return {"time": dates}
    form: dict[str, Any] = {kind: typed["key"] if thing is None else thing}
    if kind == "badge":
        form |= _given("minimum_version", _whole(typed["minimum_version"]))
        form |= {"or_equivalent": True} if typed["or_equivalent"] else {}
    elif kind == "outcome":
        form |= _given("minimum_score", _share(typed["minimum_score"]))
        form |= _given("minimum_level", typed["minimum_level"])
    elif kind == "grade":
        form["minimum"] = _share(typed["minimum"])
    elif kind == "credits":
        form = {"credits": _amount(typed["credits"]), "skills": list(values.get("chosen", []))}
    elif kind == "signoff":
        form["role"] = typed["role"]
    elif kind == "standing":
        form["state"] = typed["state"]
        form |= {"cohort": typed["cohort"]} if typed["state"] == "cohort" else {}
    elif kind == "external":
        form["issuer"] = typed["issuer"]
    return form | _given("within", period_text(typed["within"], typed["within_unit"])) | dates


def _given(name: str, value: Any) -> dict[str, Any]:
    return {} if value == "" else {name: value}


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else text


def _amount(text: str) -> int | float | str:
    plain = text.replace(",", ".")
    if re.fullmatch(r"\d{1,9}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"\d{1,9}\.\d{1,9}", plain) else text


def _share(text: str) -> float | str:
    """A percentage as a share, without the noise of binary fractions."""
    plain = text.replace(",", ".").removesuffix("%").strip()
    try:
        return float(Decimal(plain) / 100) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", plain) else text
    except InvalidOperation:
        return text


def _percent(share: Any) -> str:
    if isinstance(share, bool) or not isinstance(share, int | float):
        return str(share)
    return f"{(Decimal(repr(share)) * 100).normalize():f}"

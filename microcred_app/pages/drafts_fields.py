"""The fields of a badge draft: one table for the form, for what was posted, and for telling two versions apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.terms import CREDIT_UNITS, HOLDERS_POLICIES, PROOF_TYPES
from microcred_app.ob3.vocabulary import ACHIEVEMENT_TYPES

from .builder_leaf import period_parts, period_text

__all__ = ["SECTIONS", "Field", "content_of_post", "fields_of", "label_of", "say_value"]

_LANGUAGES = ("en", "ar", "de", "es", "fr", "he", "it", "ja", "nl", "pl", "pt-BR", "tr", "uk", "zh")


@dataclass(frozen=True)
class _Spec:
    name: str
    label: Promise
    control: str = "text"
    hint: Promise | str = ""


#: Sections of the form in their order; the requirement and the picture have controls of their own.
SECTIONS: dict[str, tuple[_Spec, ...]] = {
    "what": (
        _Spec("name", _("Name")),
        _Spec(
            "description",
            _("Description"),
            "textarea",
            _("What can a person do who holds it? A sentence or two."),
        ),
        _Spec("kind", _("Kind"), "select"),
        _Spec("issuer", _("Issuing organisation"), "select"),
        _Spec("achievement_type", _("Type of achievement"), "select"),
        _Spec("language", _("Language of its texts"), "text", _("A code such as en, de or pt-BR.")),
        _Spec("level", _("Level"), "text", _("Such as EQF 4. May stay empty.")),
        _Spec("minutes", _("Learning time in minutes"), "number"),
        _Spec(
            "image_alt",
            _("Text alternative of the picture"),
            "text",
            _("Empty: written for you with the generated picture."),
        ),
    ),
    "rule": (
        _Spec(
            "criteria_intro",
            _("Words before the rule"),
            "textarea",
            _("How it is assessed, in your words. The rule itself is written for you."),
        ),
    ),
    "terms": (
        _Spec("expires_after", _("Valid for"), "period", _("Empty: it does not expire.")),
        _Spec("expires_on", _("Or valid until this day"), "date"),
        _Spec(
            "document_days",
            _("Credentials are valid for so many days at a time"),
            "number",
            _(
                "7 to 365. They are renewed by themselves while the badge is held, and the badge can then be "
                "suspended. Empty: a credential is valid for as long as the badge."
            ),
        ),
        _Spec("cap", _("Most awards"), "number", _("Empty: no limit.")),
        _Spec("credits", _("Credits"), "text", _("A number with a dot, such as 2.5. May stay empty.")),
        _Spec("credit_unit", _("Unit of the credits"), "select"),
        _Spec("proof_type", _("It rests on"), "select"),
        _Spec(
            "accepts",
            _("Badges accepted in its place"),
            "lines",
            _("One key on each line; key@2 accepts version 2 only."),
        ),
        _Spec("holders_policy", _("Who holds an older version"), "select"),
        _Spec("holders_deadline", _("Shown again by"), "date"),
        _Spec("effective_at", _("Takes effect on"), "moment", _("UTC. Empty: when it is published.")),
    ),
    "governance": (
        _Spec("owner", _("Owner"), "text", _("The office that answers for it.")),
        _Spec("steward", _("Steward"), "text", _("Who keeps its contents up to date.")),
        _Spec("purpose", _("Purpose"), "textarea", _("What is holding it good for, and for whom?")),
        _Spec("review_due", _("Looked at again by"), "date"),
    ),
}
_OTHER_LABELS = {"requirement": _("Requirement"), "skills": _("Skills"), "image": _("Picture")}
_CHOICES: dict[str, dict[str, Promise]] = {
    "kind": {"micro": _("Micro: one skill"), "macro": _("Macro: a stack of others")},
    "proof_type": {
        "recognition": _("Taking part (recognition)"),
        "knowledge": _("Tests of knowledge"),
        "application": _("Judged work (application)"),
    },
    "holders_policy": {
        "keep": _("keeps it as it is"),
        "redemonstrate": _("has to show it again by a date"),
        "upgrade": _("receives the new version; the old one stays valid"),
        "replace": _("receives the new version; the old one is revoked"),
    },
}
_SPECS = {spec.name: spec for specs in SECTIONS.values() for spec in specs}


@dataclass(frozen=True)
class Field:
    """One field as it is drawn. ``options`` are pairs of value and words; ``unit`` goes with a period."""

    name: str
    label: str
    control: str
    hint: str
    value: str
    options: tuple[tuple[str, str], ...]
    unit: str
    problem: str

    @property
    def described_by(self) -> str:
        """The elements that describe it, for a screen reader."""
        ids = [f"hint-{self.name}"] if self.hint else []
        return " ".join([*ids, f"problem-{self.name}"] if self.problem else ids)


def fields_of(
    section: str,
    content: Mapping[str, Any],
    problems: Mapping[str, str],
    issuers: Iterable[badges.IssuerInfo],
) -> tuple[Field, ...]:
    """The fields of a section with their values. What could not be read is shown as it was typed."""
    return tuple(
        _field(spec, content.get(spec.name), problems.get(spec.name, ""), issuers)
        for spec in SECTIONS[section]
    )


def content_of_post(post: QueryDict) -> dict[str, Any]:
    """What was typed, in the shapes of a draft's content. What is no number stays a text, and is refused there."""
    content = {name: _typed(spec, post) for name, spec in _SPECS.items() if name in post}
    content["skills"] = [key[:300] for key in post.getlist("skills")]
    return content


def label_of(name: str) -> str:
    """What a field is called on the page."""
    if name in _SPECS:
        return str(_SPECS[name].label)
    return str(_OTHER_LABELS[name]) if name in _OTHER_LABELS else name


def say_value(name: str, value: Any) -> str:
    """The value of a field in words, to be compared with another one."""
    if value is None or value in ("", []):
        return gettext("nothing")
    if name == "requirement":
        return _say_requirement(value)
    if name == "image":
        return gettext("an uploaded picture ({digest}…)").format(digest=str(value)[:10])
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    words = _CHOICES.get(name, {})
    return str(words[str(value)]) if str(value) in words else str(value)


def _say_requirement(value: Any) -> str:
    try:
        node = rules.parse_requirement(value)
    except rules.RequirementError:
        return gettext("a rule that is not complete yet")
    return badges.criteria_text(node, badges.names_for([node]))


def _field(spec: _Spec, value: Any, problem: str, issuers: Iterable[badges.IssuerInfo]) -> Field:
    text = (
        "" if value is None else "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    )
    unit = ""
    control = spec.control
    if control == "period":
        text, unit = period_parts(text)
    elif control == "moment":
        text = text.removesuffix("+00:00").removesuffix(":00")
    if control in ("date", "moment") and problem:
        control = "text"  # a date field would hide what cannot be read
    return Field(
        spec.name,
        str(spec.label),
        control,
        str(spec.hint),
        text,
        _options(spec.name, text, issuers),
        unit,
        problem,
    )


def _options(name: str, value: str, issuers: Iterable[badges.IssuerInfo]) -> tuple[tuple[str, str], ...]:
    """What can be chosen; a value that is none of it stays choosable, so that it is not changed unseen."""
    if name == "issuer":
        pairs = [(issuer.slug, issuer.name) for issuer in issuers]
    elif name == "achievement_type":
        pairs = [(kind, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)) for kind in sorted(ACHIEVEMENT_TYPES)]
    elif name == "credit_unit":
        pairs = [("", gettext("no credits")), *((unit, unit) for unit in CREDIT_UNITS)]
    elif name in _CHOICES:
        order = {"proof_type": PROOF_TYPES, "holders_policy": HOLDERS_POLICIES}.get(
            name, tuple(_CHOICES[name])
        )
        pairs = [(key, str(_CHOICES[name][key])) for key in order]
    else:
        return ()
    return tuple(pairs) if value in dict(pairs) else ((value, value or gettext("choose")), *pairs)


def _typed(spec: _Spec, post: QueryDict) -> Any:
    text = post.get(spec.name, "").replace("\r\n", "\n")
    if spec.control == "number":
        plain = text.strip()
        empty = 0 if spec.name == "minutes" else None
        return int(plain) if re.fullmatch(r"-?\d{1,12}", plain) else plain or empty
    if spec.control == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.control == "period":
        return period_text(text, post.get(f"{spec.name}-unit", ""))
    if spec.name == "credits":
        return text.strip().replace(",", ".")
    return text if spec.control == "textarea" else text.strip()

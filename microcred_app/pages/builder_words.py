"""How the builder and the map call the parts of a requirement, in the reader's language."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from microcred_app import rules

__all__ = ["GROUP_CHOICES", "LEAF_CHOICES", "group_words", "kind_word", "outline_words"]

#: Leaves in the order in which people look for them.
LEAF_CHOICES: tuple[tuple[str, Promise], ...] = (
    ("badge", gettext_lazy("Badge")),
    ("outcome", gettext_lazy("Outcome")),
    ("grade", gettext_lazy("Course grade")),
    ("block", gettext_lazy("Completed part")),
    ("credits", gettext_lazy("Credits")),
    ("standing", gettext_lazy("Course passed, certificate or cohort")),
    ("signoff", gettext_lazy("Sign-off")),
    ("external", gettext_lazy("Badge of another issuer")),
    ("time", gettext_lazy("Dates")),
)
GROUP_CHOICES: tuple[tuple[str, Promise], ...] = (
    ("all", gettext_lazy("All of these")),
    ("any", gettext_lazy("Any one of these")),
    ("at_least", gettext_lazy("At least this many of these")),
    ("points", gettext_lazy("At least this many points from these")),
)


def kind_word(kind: str) -> str:
    """The kind of a leaf in a word."""
    return str(dict(LEAF_CHOICES).get(kind, kind))


def group_words(node: rules.Node) -> str:
    """What a group asks of its members."""
    match node:
        case rules.AllOf():
            return _("All of these")
        case rules.AnyOf():
            return _("Any one of these")
        case rules.AtLeast(count, members):
            return _at_least(count, len(members))
        case rules.Points(minimum, _members, _weights):
            return _points(str(minimum.normalize() if minimum % 1 else int(minimum)))
    return _("Not this")


def outline_words(kind: str, amount: object, size: int) -> str:
    """The same for a group under construction, whatever stands where its number should."""
    if kind == "at_least":
        whole = isinstance(amount, int) and not isinstance(amount, bool)
        return (
            _at_least(int(str(amount)), size) if whole and len(str(amount)) < 10 else _("At least … of these")
        )
    if kind == "points":
        return _points(str(amount)[:10])
    return _("Not this") if kind == "not" else str(dict(GROUP_CHOICES)[kind])


def _at_least(count: int, size: int) -> str:
    return ngettext("At least {count} of this {size}", "At least {count} of these {size}", size).format(
        count=number_format(count, use_l10n=True), size=number_format(size, use_l10n=True)
    )


def _points(amount: str) -> str:
    return _("At least {amount} points from these").format(amount=amount)

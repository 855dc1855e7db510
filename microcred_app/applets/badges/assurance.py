"""What an award of a badge rests on, whatever its definition claims.

Three proof types: *application* (a person judged the work), *knowledge* (a check was passed), *recognition*
(taking part). A requirement is as strong as the weakest way to meet it: where one of several parts suffices,
the least assessed one counts. Outcomes are judged by how learners in fact attained them; as long as nobody
did, nothing is known and only recognition can be claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from microcred_app import rules

from ..attainments.assessment import assessments_of
from .current import current_definitions
from .models import BadgeVersion
from .terms import PROOF_TYPES

__all__ = ["Assurance", "assurance_of"]

_STRENGTH = {"recognition": 0, "knowledge": 1, "application": 2}
_BY_STRENGTH = {strength: name for name, strength in _STRENGTH.items()}
#: What other leaves stand for: a grade is assessed somewhere, a sign-off is a person's judgement.
_OTHER_LEAVES = {"grade": "knowledge", "signoff": "application", "standing": "knowledge"}


@dataclass(frozen=True)
class Assurance:
    """The strongest type that can be claimed, and why not more: one sentence for each weak part."""

    proof_type: str
    weak_parts: tuple[str, ...]

    def backs(self, claimed: str) -> bool:
        """Whether the claim is not stronger than what was seen."""
        return claimed in PROOF_TYPES and _STRENGTH[claimed] <= _STRENGTH[self.proof_type]


def assurance_of(node: rules.Node) -> Assurance:
    """How strong *node* is."""
    form = rules.to_json(node)
    leaves = list(_leaves(form))
    strengths, weak = _outcome_strengths({leaf["outcome"] for leaf in leaves if "outcome" in leaf})
    badges = {leaf["badge"] for leaf in leaves if "badge" in leaf}
    strengths |= {("badge", key): _STRENGTH[kind] for key, kind in _badge_types(badges).items()}
    return Assurance(_BY_STRENGTH[_strength(form, strengths)], weak)


def _outcome_strengths(keys: set[str]) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    strengths, weak = {}, []
    for key, seen in sorted(assessments_of(keys).items()):
        strengths["outcome", key] = 2 if seen.judged else 1 if seen.tested else 0
        if not seen.attainments:
            weak.append(
                _("Nobody attained “{key}” yet, so nothing shows how it is assessed.").format(key=key)
            )
        elif not seen.tested:
            weak.append(_("“{key}” is attained without a check or a reviewer.").format(key=key))
        elif not seen.judged:
            weak.append(_("“{key}” is tested, but no reviewer judges work.").format(key=key))
    return strengths, tuple(weak)


def _badge_types(keys: set[str]) -> dict[str, str]:
    current = current_definitions().by_key
    found = {key: current[key].terms.proof_type for key in keys if key in current}
    lost = keys - found.keys()
    if lost:
        rows = BadgeVersion.objects.filter(badge__key__in=lost).order_by("number")
        found |= dict(rows.values_list("badge__key", "proof_type"))
    return found


def _strength(form: Mapping[str, Any], strengths: Mapping[tuple[str, str], int]) -> int:
    for name in ("outcome", "badge"):
        if name in form:
            return strengths.get((name, form[name]), 0)
    members = sorted(_strength(member, strengths) for member in _members(form))
    if "all" in form:
        return members[-1]
    if "at_least" in form:
        return members[form["at_least"] - 1]
    if members and "not" not in form:
        return members[0]
    return max((_STRENGTH[kind] for name, kind in _OTHER_LEAVES.items() if name in form), default=0)


def _members(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The members of a group as JSON; a leaf has none."""
    for name in ("all", "any", "of"):
        if isinstance(form.get(name), list):
            return list(form[name])
    return []


def _leaves(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    members = _members(form)
    if not members:
        yield form
    for member in members:
        yield from _leaves(member)

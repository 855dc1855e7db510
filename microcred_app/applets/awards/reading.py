"""Read the ledger: one award, a learner's awards, and what stands beside an award."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from .data import AwardInfo
from .listing import award_infos
from .models import Award
from .suspension import with_suspension

__all__ = [
    "AwardError",
    "AwardNotFound",
    "awards_built_on",
    "awards_of",
    "get_award",
    "list_awards",
    "other_versions",
    "renewal_of",
]


class AwardError(MicrocredError):
    """Base of what this applet refuses."""


class AwardNotFound(AwardError):
    """No award has this id."""

    code = "award_not_found"
    http_status = 404


def get_award(award_id: str, *, issuer_slugs: Iterable[str] | None = None) -> AwardInfo:
    """One award, of these organisations if some are named; raises :class:`AwardNotFound`."""
    try:
        row = _rows().filter(_of_issuers(issuer_slugs)).get(pk=award_id)
    except (Award.DoesNotExist, ValidationError, ValueError) as error:
        raise AwardNotFound(_("There is no such award.")) from error
    return award_infos([row])[0]


def list_awards(
    *,
    learner_id: int | None = None,
    badge_key: str = "",
    learner_ids: Iterable[int] | None = None,
    issuer_slugs: Iterable[str] | None = None,
    limit: int = 200,
) -> tuple[AwardInfo, ...]:
    """Awards, newest first; of these organisations only if some are named."""
    condition = _of_issuers(issuer_slugs)
    if learner_id is not None:
        condition &= Q(learner_id=learner_id)
    if learner_ids is not None:
        condition &= Q(learner_id__in=list(learner_ids))
    if badge_key:
        condition &= Q(version__badge__key=badge_key)
    return tuple(award_infos(list(_rows().filter(condition).order_by("-awarded_at", "-pk")[:limit])))


def awards_of(learner_id: int) -> tuple[AwardInfo, ...]:
    """Everything the learner was ever awarded, oldest first; of one moment, parts before their stacks."""
    rows = _rows().filter(learner_id=learner_id)
    return tuple(award_infos(list(rows.order_by("awarded_at", "-version__badge__kind", "pk"))))


def other_versions(award: AwardInfo) -> tuple[AwardInfo, ...]:
    """Standing awards of the same badge that this one was given for, or that were given for it."""
    mine = list_awards(learner_id=award.learner_id, badge_key=award.badge.key)
    linked = {award.id}
    while True:
        before = len(linked)
        for one in mine:
            earlier = one.because.get("upgraded_from", {}).get("award")
            if earlier and (one.id in linked or earlier in linked):
                linked |= {one.id, earlier}
        if len(linked) == before:
            break
    return tuple(one for one in mine if one.id in linked - {award.id} and one.reversed_at is None)


def renewal_of(award: AwardInfo) -> AwardInfo | None:
    """The newest standing award by which this one was renewed; what is signed for it now is that one's."""
    later = [
        one
        for one in list_awards(learner_id=award.learner_id, badge_key=award.badge.key)
        if one.badge.version_id == award.badge.version_id
        and one.reversed_at is None
        and one.awarded_at > award.awarded_at
    ]
    return max(later, key=lambda one: one.awarded_at, default=None)


def awards_built_on(award: AwardInfo) -> tuple[AwardInfo, ...]:
    """Standing awards of the same learner that name this award as one of their parts."""
    return tuple(
        other
        for other in list_awards(learner_id=award.learner_id)
        if other.reversed_at is None
        and any(leaf.get("award") == award.id for leaf in other.because.get("met", []))
    )


def _of_issuers(issuer_slugs: Iterable[str] | None) -> Q:
    return Q() if issuer_slugs is None else Q(version__badge__issuer__slug__in=list(issuer_slugs))


def _rows() -> QuerySet[Award]:
    return with_suspension(Award.objects.select_related("reversal"))

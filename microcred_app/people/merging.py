"""Two accounts of one person become one: what the first earned is the second's from then on, and nothing twice.

Facts, awards, credentials, progress, answers and evidence move. What both accounts have stays where it was and is named
in the preview. Wallet connections, consents, offices and unfinished uploads do not move: permission was given by one
account, and the other gives its own.

Nothing is signed anew: a credential says to whom it was made out when it was signed, and goes on verifying. The first
account is not closed by this; whoever wants that retires it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.applets.accounts import api as accounts
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.personal_rows import AtMerge, PersonalRows, plain_rows
from microcred_app.errors import MicrocredError

from .register import declarations

__all__ = ["Merge", "MergeRefused", "merge_accounts", "plan_merge"]

MAX_REASON = 2_000


class MergeRefused(MicrocredError):
    """These two accounts cannot be merged, for the reason in the text."""

    code = "merge_refused"
    http_status = 409


@dataclass(frozen=True)
class Merge:
    """What a merge does, or did: badges and tables with the number of rows that move, and that stay."""

    badges: tuple[str, ...]
    doubled: tuple[str, ...]
    moves: dict[str, int]
    stays: dict[str, int]


def plan_merge(source_id: int, target_id: int) -> Merge:
    """What :func:`merge_accounts` would do now; changes nothing. Raises :class:`MergeRefused`."""
    _check(source_id, target_id)
    moving, staying = awards.plan_awards(source_id, target_id)
    shown, kept, facts, left = attainments.plan_facts(source_id, target_id)
    moves = {"Award": len(moving), "Attainment": len(shown), "ReportedFact": len(facts)}
    stays = {"Award": len(staying), "Attainment": len(kept), "ReportedFact": len(left)}
    for one in _movable():
        total, conflicts = one.rows_of(source_id).count(), len(_conflicts(one, source_id, target_id))
        moves[one.model.__name__], stays[one.model.__name__] = total - conflicts, conflicts
    return Merge(
        badges=tuple(row.version.badge.key for row in moving),
        doubled=tuple(row.version.badge.key for row in staying),
        moves={name: count for name, count in moves.items() if count},
        stays={name: count for name, count in stays.items() if count},
    )


def merge_accounts(
    source_id: int, target_id: int, *, reason: str, now: datetime, actor_id: int | None = None
) -> Merge:
    """Do it, all of it or nothing. What the target owes to what moved is evaluated right after the commit."""
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        raise MergeRefused(
            _("Give a reason of at most {limit} characters. It is kept in the audit log.").format(
                limit=MAX_REASON
            )
        )
    with transaction.atomic():
        people = get_user_model().objects.filter(pk__in=(source_id, target_id)).order_by("pk")
        list(people.select_for_update().values_list("pk", flat=True))
        done = plan_merge(source_id, target_id)
        for one in _movable():
            conflicts = _conflicts(one, source_id, target_id)
            rows = one.rows_of(source_id).exclude(pk__in=conflicts)
            ids = list(rows.values_list("pk", flat=True))
            for begin in range(0, len(ids), 500):
                plain_rows(one.model).filter(pk__in=ids[begin : begin + 500]).update(
                    **{one.person: target_id}
                )
        moved = awards.move_awards(source_id, target_id, now=now)
        issuance.move_credentials(moved, target_id)
        attainments.move_facts(source_id, target_id, now=now)
        evidence.count_room_anew(source_id, target_id)
        accounts.note_merged(source_id, target_id, now=now)
        audit.record(
            "account.merged",
            object_type="account",
            object_id=str(target_id),
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"from": source_id, "moved": done.moves, "stayed": done.stays},
        )
    return done


def _check(source_id: int, target_id: int) -> None:
    if source_id == target_id:
        raise MergeRefused(_("Name two different accounts."))
    found = set(get_user_model().objects.filter(pk__in=(source_id, target_id)).values_list("pk", flat=True))
    for account_id in (source_id, target_id):
        if account_id not in found:
            raise MergeRefused(_("There is no account {number}.").format(number=account_id))
    for account_id in accounts.retired_among((source_id, target_id)):
        raise MergeRefused(
            _("Account {number} was retired: what it had is gone or has no person any more.").format(
                number=account_id
            )
        )


def _movable() -> tuple[PersonalRows, ...]:
    return tuple(one for one in declarations() if one.at_merge is AtMerge.MOVE)


def _conflicts(one: PersonalRows, source_id: int, target_id: int) -> list[object]:
    """Rows of the source that the target has its own of."""
    if not one.unique:
        return []
    taken = set(one.rows_of(target_id).values_list(*one.unique))
    return [pk for pk, *key in one.rows_of(source_id).values_list("pk", *one.unique) if tuple(key) in taken]

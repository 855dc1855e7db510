"""Sign-offs: a person answers with their name that somebody did what a rule asks for.

What can be signed off is what published rules ask for, a thing and a role. The fact counts in every rule that asks
for it, so whoever signs must hold the office (``signoffs.give``) at every organisation whose rule does: nobody moves
another organisation's badges. Where a rule names an office as the role (registrar, steward, reviewer, auditor), the
person must hold that office there, or be its registrar. Nobody signs off for themselves.

Every sign-off, and every one taken back, stands in the audit log of each organisation concerned, with its reason; those
of a list (:mod:`.signoff_lists`) stand there together, with the list's reason and the digest of its file.
Awards that were made because of it stand until a registrar revokes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from . import rules
from .applets.attainments import api as attainments
from .applets.attainments.recorded import RecordedFact, find_recorded, page_recorded
from .applets.attainments.reported import report_fact, take_back
from .applets.audit import api as audit
from .applets.badges import api as badges
from .applets.keyset import Slice
from .applets.offices import api as offices
from .errors import MicrocredError
from .ob3.text import clean_text

__all__ = [
    "SignOffNotFound",
    "SignOffRefused",
    "SignOffTask",
    "find_learner",
    "give_sign_off",
    "page_sign_offs",
    "require_task",
    "sign_off_tasks",
    "take_back_sign_off",
    "tidy_reason",
]

MAX_REASON = 2_000
OLDEST = timedelta(days=3660)
#: Pressing the button twice is one sign-off.
TWICE = timedelta(minutes=1)


class SignOffRefused(MicrocredError):
    """This cannot be signed off as asked; ``problems`` maps fields to what is wrong."""

    code = "sign_off_refused"

    def __init__(self, field: str, problem: str) -> None:
        self.problems = {field: problem}
        super().__init__(problem)


class SignOffNotFound(MicrocredError):
    """No standing sign-off has this id, or it is not for this person to see."""

    code = "sign_off_not_found"
    http_status = 404


@dataclass(frozen=True)
class SignOffTask:
    """Something that published rules ask to be signed off in a role, and the badges that do."""

    key: str
    role: str
    badge_names: tuple[str, ...]
    issuer_slugs: frozenset[str]


def sign_off_tasks(actor_id: int) -> tuple[SignOffTask, ...]:
    """What this person may sign off, by thing and role."""
    held = _Offices(actor_id)
    return tuple(task for task in _tasks() if held.may(task))


def require_task(actor_id: int, key: str, role: str) -> SignOffTask:
    """The thing, where this person may sign it off; raises :class:`SignOffRefused` and ``NotAllowed``."""
    task = next((task for task in _tasks() if (task.key, task.role) == (key, role)), None)
    if task is None:
        raise SignOffRefused("key", _("No published rule asks for this sign-off in this role."))
    _Offices(actor_id).require(task)
    return task


def find_learner(text: str) -> int:
    """The open account with this user name or e-mail address; raises :class:`SignOffRefused`."""
    text = text.replace("\x00", "").strip()[:254]
    if not text:
        raise SignOffRefused("learner", _("Write the learner’s user name or e-mail address."))
    accounts = get_user_model().objects.filter(is_active=True)
    found = list(accounts.filter(username=text).values_list("pk", flat=True)[:2])
    found = found or list(accounts.filter(email__iexact=text).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise SignOffRefused(
            "learner", _("There is not exactly one open account with this user name or e-mail address.")
        )
    return int(found[0])


@transaction.atomic
def give_sign_off(
    actor_id: int,
    learner_id: int,
    key: str,
    role: str,
    *,
    reason: str,
    now: datetime,
    seen_on: date | None = None,
) -> RecordedFact:
    """Sign off for a learner; what it earns them follows the commit.

    *seen_on* is the day on which it was seen, if not now. Raises :class:`SignOffRefused` with the field that is
    wrong, and :class:`~.permissions.api.NotAllowed`.
    """
    task = require_task(actor_id, key, role)
    if not get_user_model().objects.filter(pk=learner_id, is_active=True).exists():
        raise SignOffRefused("learner", _("There is no open account of this learner."))
    if learner_id == actor_id:
        raise SignOffRefused("learner", _("Somebody else has to sign off for you."))
    reason = tidy_reason(reason)
    at = _moment(seen_on, now)
    standing = page_recorded("signoff", {(key, role)}, learner_id=learner_id, limit=20).items
    for fact in standing:
        if fact.recorded_by == actor_id and now - fact.recorded_at < TWICE and fact.reason == reason:
            return fact
    info = report_fact(
        learner_id, "signoff", key, role=role, at=at, now=now, actor_id=actor_id, reason=reason
    )
    _record("signoff.given", info.id, task.issuer_slugs, learner_id, key, role, actor_id, reason, now)
    return _found(info.id)


@transaction.atomic
def take_back_sign_off(actor_id: int, sign_off_id: str, *, reason: str, now: datetime) -> RecordedFact:
    """Take a sign-off back, for whoever might have given it. Rules that forbid it are looked at again."""
    fact = _found(sign_off_id)
    task = next((task for task in _tasks() if (task.key, task.role) == (fact.key, fact.role)), None)
    if task is not None:
        _Offices(actor_id).require(task)
    elif (
        fact.recorded_by != actor_id
        and not permissions.scope_of(actor_id, permissions.Action.SIGN_OFF).everywhere
    ):
        raise SignOffNotFound(_("There is no such sign-off."))
    reason = tidy_reason(reason)
    take_back(fact.id, actor_id=actor_id, reason=reason, now=now)
    attainments.mark_due(fact.learner_id, "signoff", fact.key, now=now)
    slugs = task.issuer_slugs if task else frozenset({""})
    _record("signoff.taken_back", fact.id, slugs, fact.learner_id, fact.key, fact.role, actor_id, reason, now)
    return fact


def page_sign_offs(
    actor_id: int,
    *,
    key: str = "",
    learner_id: int | None = None,
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[RecordedFact]:
    """Standing sign-offs that this person could have given, newest first; raises NotAllowed without the office."""
    permissions.require_somewhere(actor_id, permissions.Action.SIGN_OFF)
    things = {(task.key, task.role) for task in sign_off_tasks(actor_id) if not key or task.key == key}
    return page_recorded("signoff", things, learner_id=learner_id, after=after, limit=limit)


class _Offices:
    """What one person may sign off, with their offices read once."""

    def __init__(self, actor_id: int) -> None:
        self._actor_id = actor_id
        self._scope = permissions.scope_of(actor_id, permissions.Action.SIGN_OFF)
        self._roles = {(held.issuer_slug, held.role.value) for held in offices.roles_of(actor_id)}

    def may(self, task: SignOffTask) -> bool:
        return all(self._may_at(slug, task.role) for slug in task.issuer_slugs)

    def require(self, task: SignOffTask) -> None:
        for slug in sorted(task.issuer_slugs):
            permissions.require(self._actor_id, permissions.Action.SIGN_OFF, slug)
        if not self.may(task):
            raise permissions.NotAllowed(
                _("The rule asks for somebody who is {role} of the organisation. You are not.").format(
                    role=permissions.role_title(permissions.Role(task.role))
                )
            )

    def _may_at(self, slug: str, role: str) -> bool:
        if not self._scope.covers(slug):
            return False
        named = role not in set(permissions.Role)
        held = {(slug, role), (slug, permissions.Role.REGISTRAR.value)} & self._roles
        return self._scope.everywhere or named or bool(held)


def _tasks() -> tuple[SignOffTask, ...]:
    asking: dict[tuple[str, str], list[badges.PublishedBadge]] = {}
    for badge in badges.list_badges():
        for part in rules.walk(badge.requirement):
            if isinstance(part, rules.SignOffLeaf):
                asking.setdefault((part.key, part.role), []).append(badge)
    return tuple(
        SignOffTask(
            key,
            role,
            tuple(dict.fromkeys(badge.name for badge in found)),
            frozenset(badge.issuer.slug for badge in found),
        )
        for (key, role), found in sorted(asking.items())
    )


def _found(fact_id: str) -> RecordedFact:
    fact = find_recorded("signoff", fact_id)
    if fact is None:
        raise SignOffNotFound(_("There is no such sign-off."))
    return fact


def _moment(seen_on: date | None, now: datetime) -> datetime:
    """The moment of a day: its noon, because the day is one of the person's own time zone."""
    today = now.astimezone(UTC).date()
    if seen_on is None or seen_on == today:
        return now
    if seen_on > today or today - seen_on > OLDEST:
        raise SignOffRefused("seen_on", _("Give a day that is not in the future, and at most ten years ago."))
    return datetime.combine(seen_on, time(12), UTC)


def tidy_reason(reason: str) -> str:
    """The reason as it is kept; raises :class:`SignOffRefused` without one."""
    reason = clean_text(reason).strip()
    if not reason or len(reason) > MAX_REASON:
        raise SignOffRefused(
            "reason", _("Say in at most {limit} characters what you saw.").format(limit=MAX_REASON)
        )
    return reason


def _record(
    action: str,
    fact_id: str,
    issuer_slugs: Iterable[str],
    learner_id: int,
    key: str,
    role: str,
    actor_id: int,
    reason: str,
    now: datetime,
) -> None:
    for slug in sorted(issuer_slugs):
        audit.record(
            action,
            object_type="signoff",
            object_id=fact_id,
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"learner": learner_id, "key": key, "role": role},
            issuer_slug=slug,
        )

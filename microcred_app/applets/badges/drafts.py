"""Drafts: written, reviewed, approved and published without anybody overwriting anybody unseen.

A draft has a revision number. Whoever saves, submits, approves or publishes says which revision they saw; if
another person was faster, :class:`EditConflict` tells what that person changed, field by field, and nothing is
stored. The comparison and the write are one statement in the database, so two saves at the same instant cannot
both win. Editing what was submitted or approved takes it back to *draft*: an approval holds for the text that
was approved and no other.

Every step asks whether its actor may take it, for the organisation that the draft belongs to and for the one that it
would belong to (raises :class:`~microcred_app.permissions.api.NotAllowed`).

With ``MICROCRED["TWO_PERSON_APPROVAL"]`` the approver is neither the last editor nor the submitter; without
it, a draft may be published from any open state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3.text import clean_text
from microcred_app.permissions import api as permissions

from .content import FieldChange, changes_between, content_of, read_content
from .current import current_definitions
from .errors import BadgeError, DraftNotFound, DraftRefused, SecondPersonNeeded, TransitionRefused
from .keys import key_problem
from .models import Badge, BadgeDraft, BadgeVersion, DraftComment, DraftRevision
from .trace import organisation_in, record_about
from .version_reader import read_versions

__all__ = [
    "Draft",
    "DraftNote",
    "EditConflict",
    "approve_draft",
    "comment_on_draft",
    "comments_of_draft",
    "discard_draft",
    "get_draft",
    "list_drafts",
    "open_draft",
    "save_draft",
    "send_back_draft",
    "submit_draft",
]

MAX_COMMENT = 5_000
OPEN_STATES = (BadgeDraft.DRAFT, BadgeDraft.IN_REVIEW, BadgeDraft.APPROVED)


@dataclass(frozen=True)
class Draft:
    """A draft as it stands. ``content`` is in the plain form of :mod:`.content`."""

    key: str
    state: str
    revision: int
    content: Mapping[str, Any]
    edited_at: datetime
    edited_by: int | None
    submitted_by: int | None
    approved_by: int | None

    @property
    def is_open(self) -> bool:
        """Whether it can still become a version."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class DraftNote:
    """A comment on one revision of a draft."""

    revision: int
    written_at: datetime
    written_by: int | None
    text: str


class EditConflict(BadgeError):
    """Somebody else saved since the revision that was seen.

    ``theirs`` is what they changed, ``mine`` what this save would have changed, both against the revision that
    was seen; ``clashing`` names the fields that both changed to something different.
    """

    code = "edit_conflict"
    http_status = 409

    def __init__(
        self, current: Draft, theirs: tuple[FieldChange, ...], mine: tuple[FieldChange, ...] = ()
    ) -> None:
        self.current = current
        self.theirs = theirs
        self.mine = mine
        after = {change.field: change.after for change in theirs}
        self.clashing = tuple(
            change.field for change in mine if change.field in after and after[change.field] != change.after
        )
        fields = ", ".join(change.field for change in theirs) or _("its state")
        super().__init__(
            _(
                "Somebody else changed this draft meanwhile: {fields}. Look at revision {revision} and save again."
            ).format(fields=fields, revision=current.revision)
        )


def get_draft(key: str) -> Draft:
    """The draft of a badge, open or not; raises :class:`DraftNotFound`."""
    return _draft(_row(key))


def list_drafts() -> tuple[Draft, ...]:
    """Every open draft, those that wait for somebody first."""
    order = {BadgeDraft.IN_REVIEW: 0, BadgeDraft.APPROVED: 1, BadgeDraft.DRAFT: 2}
    rows = BadgeDraft.objects.filter(state__in=OPEN_STATES).order_by("key")
    return tuple(sorted(map(_draft, rows), key=lambda draft: order[draft.state]))


@transaction.atomic
def open_draft(
    key: str, content: Mapping[str, Any] | None = None, *, actor_id: int | None, now: datetime
) -> Draft:
    """Begin a draft, of a new badge or of a badge's next version; one that is open already is returned as it is.

    It starts with what is in force, overlaid by *content*. Raises :class:`DraftRefused`.
    """
    problem = key_problem(key)
    if problem:
        raise DraftRefused({"key": problem})
    row = BadgeDraft.objects.filter(key=key).first()
    if row is not None and row.state in OPEN_STATES:
        _require(actor_id, permissions.Action.EDIT_DRAFTS, row.content)
        return _draft(row)
    published = _published_content(key)
    start = read_content({**published, **(content or {})})
    _require(actor_id, permissions.Action.EDIT_DRAFTS, start, *([published] if published else []))
    if row is None:
        try:
            with transaction.atomic():
                row = BadgeDraft.objects.create(
                    key=key, content=start, opened_at=now, edited_at=now, edited_by_id=actor_id
                )
        except IntegrityError:  # somebody opened it in this very moment
            return get_draft(key)
        _keep_revision(row, actor_id, now)
    else:
        values = {"content": start, "opened_at": now, "published": None, **_NO_APPROVAL}
        _move(row, row.revision, BadgeDraft.DRAFT, actor_id=actor_id, now=now, **values)
    record_about("badge_draft.opened", row, actor_id=actor_id, now=now)
    return get_draft(key)


@transaction.atomic
def save_draft(
    key: str, content: Mapping[str, Any], *, revision: int, actor_id: int | None, now: datetime
) -> Draft:
    """Store the fields given in *content* over those of *revision*; the same content again changes nothing.

    Raises :class:`EditConflict`, :class:`DraftRefused` or :class:`TransitionRefused`.
    """
    row = _open_row(key)
    seen = _content_at(row, revision)
    wanted = read_content({**seen, **content})
    _require(actor_id, permissions.Action.EDIT_DRAFTS, row.content, wanted)
    mine = changes_between(seen, wanted)
    if row.revision != revision:
        raise _conflict(row, revision, mine)
    if not mine:
        return _draft(row)
    _move(
        row, revision, BadgeDraft.DRAFT, actor_id=actor_id, now=now, mine=mine, content=wanted, **_NO_APPROVAL
    )
    details = {"revision": revision + 1, "fields": [change.field for change in mine]}
    record_about("badge_draft.saved", row, actor_id=actor_id, now=now, details=details)
    return get_draft(key)


@transaction.atomic
def submit_draft(key: str, *, revision: int, actor_id: int | None, now: datetime) -> Draft:
    """Ask for review: draft → in review."""
    row = _open_row(key, BadgeDraft.DRAFT)
    _require(actor_id, permissions.Action.SUBMIT_DRAFTS, row.content)
    _step(row, revision, BadgeDraft.IN_REVIEW, submitted_at=now, submitted_by_id=actor_id)
    record_about("badge_draft.submitted", row, actor_id=actor_id, now=now, details={"revision": revision})
    return get_draft(key)


@transaction.atomic
def approve_draft(key: str, *, revision: int, actor_id: int | None, now: datetime) -> Draft:
    """Approve what was submitted: in review → approved. Raises :class:`SecondPersonNeeded`."""
    row = _open_row(key, BadgeDraft.IN_REVIEW)
    _require(actor_id, permissions.Action.APPROVE_DRAFTS, row.content)
    involved = {row.edited_by_id, row.submitted_by_id}
    if settings().two_person_approval and (actor_id is None or actor_id in involved):
        raise SecondPersonNeeded(
            _("Somebody else has to approve this: you wrote or submitted it. Ask a colleague.")
        )
    _step(row, revision, BadgeDraft.APPROVED, approved_at=now, approved_by_id=actor_id)
    record_about("badge_draft.approved", row, actor_id=actor_id, now=now, details={"revision": revision})
    return get_draft(key)


@transaction.atomic
def send_back_draft(key: str, *, revision: int, comment: str, actor_id: int | None, now: datetime) -> Draft:
    """Return it to its author with a comment: in review or approved → draft."""
    row = _open_row(key, BadgeDraft.IN_REVIEW, BadgeDraft.APPROVED)
    _require(actor_id, permissions.Action.APPROVE_DRAFTS, row.content)
    text = _comment_text(comment)
    _step(row, revision, BadgeDraft.DRAFT, **_NO_APPROVAL)
    _write_comment(row, text, actor_id, now)
    record_about(
        "badge_draft.sent_back", row, actor_id=actor_id, now=now, reason=text, details={"revision": revision}
    )
    return get_draft(key)


@transaction.atomic
def discard_draft(key: str, *, revision: int, actor_id: int | None, now: datetime) -> Draft:
    """Give the draft up. Its revisions and comments stay; opening it again begins anew."""
    row = _open_row(key)
    _require(actor_id, permissions.Action.EDIT_DRAFTS, row.content)
    _step(row, revision, BadgeDraft.DISCARDED, **_NO_APPROVAL)
    record_about("badge_draft.discarded", row, actor_id=actor_id, now=now, details={"revision": revision})
    return get_draft(key)


@transaction.atomic
def comment_on_draft(key: str, text: str, *, actor_id: int | None, now: datetime) -> DraftNote:
    """Say something about the draft as it stands."""
    row = _row(key)
    _require(actor_id, permissions.Action.VIEW_DEFINITIONS, row.content)
    return _write_comment(row, _comment_text(text), actor_id, now)


def comments_of_draft(key: str) -> tuple[DraftNote, ...]:
    """What was said, oldest first."""
    rows = DraftComment.objects.filter(draft__key=key).order_by("written_at", "pk")
    return tuple(DraftNote(row.revision, row.written_at, row.written_by_id, row.text) for row in rows)


def settle_draft(key: str, *, revision: int, version: BadgeVersion) -> None:
    """Say that this revision became *version*. Called in the transaction that publishes."""
    _step(_open_row(key), revision, BadgeDraft.PUBLISHED, published=version)


_NO_APPROVAL: dict[str, Any] = {
    "submitted_at": None,
    "submitted_by": None,
    "approved_at": None,
    "approved_by": None,
}


def _step(row: BadgeDraft, revision: int, state: str, **values: Any) -> None:
    """Change the state of exactly the revision and state that were seen; the revision stays the same."""
    found = BadgeDraft.objects.filter(pk=row.pk, revision=revision, state=row.state)
    if not found.update(state=state, **values):
        raise _conflict(row, revision, ())


def _move(
    row: BadgeDraft,
    revision: int,
    state: str,
    *,
    actor_id: int | None,
    now: datetime,
    mine: tuple[FieldChange, ...] = (),
    **values: Any,
) -> None:
    """Write a new revision over exactly the one that was seen."""
    found = BadgeDraft.objects.filter(pk=row.pk, revision=revision, state=row.state)
    changed = {"revision": revision + 1, "edited_at": now, "edited_by_id": actor_id, **values}
    if not found.update(state=state, **changed):
        raise _conflict(row, revision, mine)
    row.refresh_from_db()
    _keep_revision(row, actor_id, now)


def _keep_revision(row: BadgeDraft, actor_id: int | None, now: datetime) -> None:
    DraftRevision.objects.create(
        draft=row, number=row.revision, content=row.content, edited_at=now, edited_by_id=actor_id
    )


def _content_at(row: BadgeDraft, revision: int) -> dict[str, Any]:
    found = DraftRevision.objects.filter(draft=row, number=revision).first()
    if found is None:
        raise DraftRefused(
            {"revision": _("There is no revision {number}. Load the draft again.").format(number=revision)}
        )
    return read_content(found.content)


def _conflict(row: BadgeDraft, revision: int, mine: tuple[FieldChange, ...]) -> EditConflict:
    row.refresh_from_db()
    return EditConflict(_draft(row), changes_between(_content_at(row, revision), row.content), mine)


def _row(key: str) -> BadgeDraft:
    row = BadgeDraft.objects.filter(key=key).first()
    if row is None:
        raise DraftNotFound(_("There is no draft of a badge “{key}”.").format(key=key))
    return row


def _open_row(key: str, *states: str) -> BadgeDraft:
    row = _row(key)
    if row.state not in (states or OPEN_STATES):
        raise TransitionRefused(
            _("The draft “{key}” is “{state}”; this step needs: {needed}.").format(
                key=key, state=row.state, needed=", ".join(states or OPEN_STATES)
            )
        )
    return row


def _published_content(key: str) -> dict[str, Any]:
    badge = current_definitions().by_key.get(key)
    if badge is None and Badge.objects.filter(key=key).exists():
        badge = read_versions(BadgeVersion.objects.filter(badge__key=key).order_by("number"))[-1]
    return content_of(badge) if badge else {}


def _comment_text(text: str) -> str:
    text = clean_text(text).strip()
    if not text or len(text) > MAX_COMMENT:
        raise DraftRefused(
            {"comment": _("Write a comment of up to {limit} characters.").format(limit=MAX_COMMENT)}
        )
    return text


def _write_comment(row: BadgeDraft, text: str, actor_id: int | None, now: datetime) -> DraftNote:
    DraftComment.objects.create(
        draft=row, revision=row.revision, written_at=now, written_by_id=actor_id, text=text
    )
    return DraftNote(row.revision, now, actor_id, text)


def _require(actor_id: int | None, action: permissions.Action, *contents: Mapping[str, Any]) -> None:
    """For each organisation that these contents name; for some organisation where one names none yet."""
    for slug in sorted(set(map(organisation_in, contents))):
        if slug:
            permissions.require(actor_id, action, slug)
        else:
            permissions.require_somewhere(actor_id, action)


def _draft(row: BadgeDraft) -> Draft:
    return Draft(
        key=row.key,
        state=row.state,
        revision=row.revision,
        content=row.content,
        edited_at=row.edited_at,
        edited_by=row.edited_by_id,
        submitted_by=row.submitted_by_id,
        approved_by=row.approved_by_id,
    )

"""The steps of a draft's life as buttons: each asks the offices first, then the badges room, and stores all or nothing.

What was typed is saved before a step that is the writer's own (submit, publish, where one person suffices). A step
that judges somebody's text (approve, send back) refuses while something typed is not saved, because what would be
judged is not what is seen.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from microcred_app.applets.badges import api as badges
from microcred_app.permissions import api as permissions

from .drafts_desk import Desk

__all__ = ["STEPS", "take_step"]


def take_step(name: str, desk: Desk, person: int, post: QueryDict) -> str:
    """Take the step; the sentence that tells it was taken. Raises what the rooms raise, and then nothing is stored."""
    with transaction.atomic():
        return STEPS[name](desk, person, post)


def _require(desk: Desk, person: int, action: permissions.Action) -> None:
    """Asked for the organisation the draft belongs to, and for the one it would belong to."""
    for slug in {str(desk.draft.content.get("issuer", "")), str(desk.usable.get("issuer", ""))}:
        permissions.require(person, action, slug)


def _store(desk: Desk, person: int) -> badges.Draft:
    """Save what was typed, if anything was."""
    if desk.problems:
        raise badges.DraftRefused(desk.problems)
    _require(desk, person, permissions.Action.EDIT_DRAFTS)
    return badges.save_draft(
        desk.draft.key, desk.usable, revision=desk.revision, actor_id=person, now=desk.now
    )


def _saved_only(desk: Desk) -> int:
    """The revision that is judged; refuses when the page shows something else."""
    if desk.rights.edit and desk.changed and desk.revision == desk.draft.revision:
        raise badges.TransitionRefused(
            _("You changed something that is not saved. Save it, or load the page again, and then decide.")
        )
    return desk.revision


def _save(desk: Desk, person: int, post: QueryDict) -> str:
    before = desk.draft.revision
    draft = _store(desk, person)
    return _("Saved.") if draft.revision != before else _("Nothing had changed.")


def _submit(desk: Desk, person: int, post: QueryDict) -> str:
    _require(desk, person, permissions.Action.SUBMIT_DRAFTS)
    draft = _store(desk, person) if desk.changed else desk.draft
    revision = draft.revision if desk.changed else desk.revision
    badges.submit_draft(desk.draft.key, revision=revision, actor_id=person, now=desk.now)
    return _("Submitted for review.")


def _approve(desk: Desk, person: int, post: QueryDict) -> str:
    _require(desk, person, permissions.Action.APPROVE_DRAFTS)
    badges.approve_draft(desk.draft.key, revision=_saved_only(desk), actor_id=person, now=desk.now)
    return _("Approved. It can be published now.")


def _send_back(desk: Desk, person: int, post: QueryDict) -> str:
    _require(desk, person, permissions.Action.APPROVE_DRAFTS)
    badges.send_back_draft(
        desk.draft.key,
        revision=_saved_only(desk),
        comment=post.get("comment", ""),
        actor_id=person,
        now=desk.now,
    )
    return _("Sent back with your comment.")


def _publish(desk: Desk, person: int, post: QueryDict) -> str:
    """What awards everybody or nobody, or does something to holders, is published only with a second, explicit yes."""
    _require(desk, person, permissions.Action.PUBLISH)
    confirmed = post.get("confirm") == "yes"
    revision = _store(desk, person).revision if desk.changed else desk.revision
    doubts = list(desk.findings) if desk.asks_twice else []
    if desk.holders and desk.definition.terms.holders_policy != "keep":
        doubts.append(desk.say_holders)
    try:
        published = badges.publish_draft(
            desk.draft.key, revision=revision, actor_id=person, now=desk.now, confirm_reach=confirmed
        )
    except badges.ConfirmationNeeded as error:
        raise badges.ConfirmationNeeded(" ".join([str(error), *doubts])) from error
    if doubts and not confirmed:
        raise badges.ConfirmationNeeded(" ".join(doubts))
    if published.effective_at > desk.now:
        return _("Published as version {number}. It takes effect on its date.").format(
            number=published.number
        )
    return _("Published as version {number}.").format(number=published.number)


def _discard(desk: Desk, person: int, post: QueryDict) -> str:
    _require(desk, person, permissions.Action.EDIT_DRAFTS)
    badges.discard_draft(desk.draft.key, revision=desk.revision, actor_id=person, now=desk.now)
    return _("The draft was discarded. What is published stays as it is.")


STEPS: dict[str, Callable[[Desk, int, QueryDict], str]] = {
    "save": _save,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "publish": _publish,
    "discard": _discard,
}

"""Decides who is at the block and whether their click may become a learner's record.

The platform lets more people reach a handler than may learn here: signed-in people who never enrolled,
and staff *viewing as* a learner, whom the user service reports under the learner's own id. The question is
therefore asked in every handler that writes, and asked of the app, which knows enrolments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import crum
from django.utils.crypto import salted_hmac
from xblock.exceptions import JsonHandlerError

from . import bridge
from .parts import course_key_of
from .rendering import translator

__all__ = ["Visitor", "reader_mark", "require_learner", "visitor_of"]


@dataclass(frozen=True)
class Visitor:
    """Whoever is looking at the block.

    ``user_id`` is the platform's integer id or None; ``recorded`` says whether the app keeps their work
    (a real learner on a site with badges) or only the block does (an author's preview, a site without).
    """

    user_id: int | None
    signed_in: bool
    staff: bool
    preview: bool
    masquerading: bool
    recorded: bool

    @property
    def writes(self) -> bool:
        """Whether anything may be stored for them at all."""
        return self.signed_in and not self.masquerading


def visitor_of(block: Any) -> Visitor:
    """The visitor, from the user service where there is one."""
    service = block.runtime.service(block, "user")
    user = service.get_current_user() if service is not None else None
    attributes = getattr(user, "opt_attrs", None) or {}
    preview = bool(getattr(block.runtime, "is_author_mode", False))
    user_id = attributes.get("edx-platform.user_id")
    user_id = user_id if isinstance(user_id, int) and not isinstance(user_id, bool) else None
    # A runtime without a user service (a workbench) still says who is there through the block's scope.
    known = bool(attributes.get("edx-platform.is_authenticated", user_id or block.scope_ids.user_id))
    return Visitor(
        user_id=user_id,
        signed_in=known or preview,
        staff=bool(attributes.get("edx-platform.user_is_staff")) or preview,
        preview=preview,
        masquerading=user_id is not None and acting_user_id(user_id) != user_id,
        recorded=bridge.available() and not preview and known and user_id is not None,
    )


def reader_mark(block: Any) -> str:
    """Names the person a page is made for, without saying who that is; empty for nobody.

    Copies of drafts on a shared computer and requests of a page that was left open are told apart by it.
    """
    user_id = visitor_of(block).user_id
    if user_id is None:
        return ""
    return salted_hmac("microcred.reader", str(user_id)).hexdigest()[:20]


def acting_user_id(user_id: int) -> int:
    """Whoever really sent the request, which differs from *user_id* while staff view as a learner."""
    actor = crum.get_current_user()
    actor_id = getattr(getattr(actor, "real_user", None) or actor, "id", None)
    return actor_id if isinstance(actor_id, int) else user_id


def require_learner(block: Any) -> Visitor:
    """The visitor, once it is certain that what they do is theirs to record; else 403 with a sentence."""
    visitor = visitor_of(block)
    _ = translator(block).gettext
    if not visitor.signed_in:
        raise JsonHandlerError(
            403, _("Sign in to do this unit. Your answers are kept only when you are signed in.")
        )
    if visitor.masquerading:
        raise JsonHandlerError(
            403,
            _(
                "You are viewing the course as another learner. Nothing is recorded for them; go back to yourself."
            ),
        )
    if visitor.recorded and visitor.user_id is not None:
        try:
            bridge.check_may_act(
                visitor.user_id, course_key_of(block), acting_user_id=acting_user_id(visitor.user_id)
            )
        except bridge.RefusalError as refusal:
            raise JsonHandlerError(refusal.http_status, str(refusal)) from refusal
    return visitor

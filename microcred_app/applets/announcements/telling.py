"""What the platform is told about one award, in the classes of its own packages.

Each package may be absent: a host that is no Open edX, Studio. Then there is nothing to tell there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from microcred_app.conf import settings
from microcred_app.notices import APP_NAME, NOTICE_TYPE
from microcred_app.tracking import TrackedEvent, emit

__all__ = ["AwardTold", "tell"]

_BREAKS_MARKUP = re.compile(r"[<>&{}\x00-\x1f]")


@dataclass(frozen=True)
class AwardTold:
    """An award as it is told. ``course_key`` is empty where no course stands behind it."""

    award_id: str
    revoked: bool
    at: datetime
    learner_id: int
    username: str
    email: str
    name: str
    active: bool
    badge_key: str
    badge_kind: str
    version: int
    badge_name: str
    description: str
    organisation: str
    course_key: str
    notify: bool


def tell(award: AwardTold) -> None:
    """Tell it everywhere; raises what the first place raises that does not take it."""
    _send_event(award)
    emit(
        TrackedEvent.REVOKED if award.revoked else TrackedEvent.EARNED,
        {
            "award": award.award_id,
            "badge": award.badge_key,
            "kind": award.badge_kind,
            "version": award.version,
            "name": award.badge_name,
            "uri": _address(award),
            "organisation": award.organisation,
            "at": award.at.isoformat(),
        },
        user_id=award.learner_id,
        course_key=award.course_key,
    )
    if award.notify and not award.revoked:
        _request_notification(award)


def _address(award: AwardTold) -> str:
    """Where the public reads what the badge is about."""
    return f"{settings().public_base_url}/microcred/achievements/{award.badge_key}/v{award.version}"


def _send_event(award: AwardTold) -> None:
    try:
        from openedx_events.learning import data, signals
    except ImportError:
        return
    address = _address(award)
    signal = signals.BADGE_REVOKED if award.revoked else signals.BADGE_AWARDED
    pii = data.UserPersonalData(username=award.username, email=award.email, name=award.name)
    signal.send_event(
        time=award.at,
        badge=data.BadgeData(
            uuid=award.award_id,
            user=data.UserData(id=award.learner_id, is_active=award.active, pii=pii),
            template=data.BadgeTemplateData(
                uuid=str(uuid5(NAMESPACE_URL, address)),
                origin="microcred",
                name=award.badge_name,
                description=award.description,
                image_url=f"{address}/image",
            ),
        ),
    )


def _request_notification(award: AwardTold) -> None:
    """Ask the platform to notify; it takes notifications of courses only, and applies its own preferences."""
    if not award.course_key:
        return
    try:
        from opaque_keys.edx.keys import CourseKey
        from openedx_events.learning import data, signals
    except ImportError:
        return
    # Older platforms put the words into their page as they are.
    words: dict[str, Any] = {"badge": _BREAKS_MARKUP.sub(" ", award.badge_name).strip()}
    signals.USER_NOTIFICATION_REQUESTED.send_event(
        time=award.at,
        notification_data=data.UserNotificationData(
            user_ids=[award.learner_id],
            notification_type=NOTICE_TYPE,
            content_url=f"{settings().public_base_url}/microcred/my/",
            app_name=APP_NAME,
            course_key=CourseKey.from_string(award.course_key),
            context=words,
        ),
    )

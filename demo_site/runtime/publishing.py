"""What becomes of the events blocks publish: a grade row, a completion row, or a line in the tracking log."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from completion.models import BlockCompletion
from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
from opaque_keys.edx.keys import UsageKey
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock

from demo_site.courses.models import Grade
from demo_site.runtime import course_grades

if TYPE_CHECKING:
    from demo_site.runtime.runtime import Viewer

__all__ = ["publish_event", "record_completion", "record_grade"]

log = logging.getLogger("demo_site.tracking")


def publish_event(block: XBlock, event_type: str, event_data: dict[str, Any], *, viewer: Viewer) -> None:
    """Record an event for the viewer. Masqueraded and anonymous events leave no trace on any learner."""
    user_id = viewer.user_id
    if user_id is None or viewer.masquerading:
        return
    usage_key = block.scope_ids.usage_id
    if event_type == "grade":
        record_grade(
            user_id,
            usage_key,
            _weighted(block, event_data),
            _possible(block, event_data),
            only_if_higher=bool(event_data.get("only_if_higher")),
        )
        if XBlockCompletionMode.get_mode(block) == XBlockCompletionMode.COMPLETABLE and not getattr(
            block, "has_custom_completion", False
        ):
            record_completion(viewer.user, usage_key, 0.0 if event_data.get("score_deleted") else 1.0)
    elif event_type == "completion":
        record_completion(viewer.user, usage_key, float(event_data["completion"]))
    else:
        log.info("%s %s user=%s %s", event_type, usage_key, user_id, json.dumps(event_data, default=str))


def record_grade(
    user_id: int, usage_key: UsageKey, earned: float, possible: float, *, only_if_higher: bool = False
) -> None:
    """The learner has these points in the block; with *only_if_higher* a better result stays."""
    if (
        only_if_higher
        and Grade.objects.filter(user_id=user_id, usage_key=str(usage_key), earned__gte=earned).exists()
    ):
        return
    Grade.objects.update_or_create(
        user_id=user_id,
        usage_key=str(usage_key),
        defaults={"course_key": str(usage_key.course_key), "earned": earned, "possible": possible},
    )
    course_grades.tell_course_grade(user_id, usage_key.course_key)


def record_completion(user: Any, usage_key: UsageKey, value: float) -> None:
    """Write edx-completion's own row, if completion is switched on."""
    if ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled():
        BlockCompletion.objects.submit_completion(user=user, block_key=usage_key, completion=value)


def _weighted(block: XBlock, event_data: dict[str, Any]) -> float:
    """Earned points are scaled by the block's weight, as the platform does."""
    value, maximum = float(event_data.get("value") or 0), float(event_data.get("max_value") or 0)
    weight = getattr(block, "weight", None)
    return value if weight is None or not maximum else value * float(weight) / maximum


def _possible(block: XBlock, event_data: dict[str, Any]) -> float:
    maximum = float(event_data.get("max_value") or 0)
    weight = getattr(block, "weight", None)
    return maximum if weight is None or not maximum else float(weight)

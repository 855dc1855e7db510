"""What somebody is told who comes back to a unit they did not finish: what is done, what is left, one way to go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from . import sentences
from .progress import minutes_left

__all__ = ["AFTER", "welcome_back"]

#: Whoever was away for less knows where they were.
AFTER = timedelta(days=2)


def welcome_back(
    i18n: Any,
    *,
    steps: list[dict[str, Any]],
    place: int,
    progress: Any,
    minutes: int,
    last_seen: datetime | None,
    now: datetime,
) -> dict[str, Any] | None:
    """The strip for a learner who was away for a while; None for everybody else.

    The one button leads to the step they left, if it is still to do, else to the first one that is.
    """
    if last_seen is None or now - last_seen < AFTER or progress.complete or progress.total == 0:
        return None
    left = [step for step in steps if step["state"] in ("todo", "returned")]
    if not left:
        return None
    target = steps[place] if steps[place] in left else left[0]
    return {
        "headline": sentences.away(i18n, (now - last_seen).days),
        "done": [step["title"] for step in steps if step["state"] == "done"],
        "left": [step["title"] for step in left],
        "minutes": sentences.minutes_left(i18n, minutes_left(minutes, progress.done, progress.total)),
        "target": target["usage_key"],
        "button": i18n.gettext("Go on with “{step}”").format(step=target["title"]),
    }

"""Times in credentials are UTC, whole seconds, ``2026-03-01T09:00:00Z``: the one form no reader rewrites.

Receivers that normalise ``+00:00`` to ``Z`` or drop microseconds change signed text and so break the
signature. VCDM 2.0 section 4.9 demands a time zone.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

from microcred_app.ob3.errors import DocumentError

__all__ = ["format_time", "parse_time"]

_DATE_TIME_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_LONGEST = len("2026-03-01T09:00:00.123456789+00:00")


def format_time(field: str, moment: datetime) -> str:
    """Return *moment* in UTC; fractions of a second are cut off. A time without zone is refused."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise DocumentError(field, "give a time with its time zone.")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_time(field: str, text: object) -> datetime:
    """Return the moment of an XML Schema dateTimeStamp, or raise `DocumentError` naming *field*."""
    try:
        # What is longer than any time must not be kept.
        moment = _moment(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    except (ValueError, OverflowError) as error:
        raise DocumentError(field, "is not a date that exists.") from error
    if moment is None:
        raise DocumentError(field, "must be a date and time with time zone, like 2026-03-01T09:00:00Z.")
    return moment


@lru_cache(maxsize=1_024)  # several checks read the same time, and the credentials of a batch share theirs
def _moment(text: str) -> datetime | None:
    match = _DATE_TIME_STAMP.fullmatch(text)
    if match is None:
        return None
    if fraction := match[1]:
        text = text.replace(fraction, fraction[:7], 1)
    moment = datetime.fromisoformat(text)
    return moment if match[2] == "Z" else moment.astimezone(UTC)

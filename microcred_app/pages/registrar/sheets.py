"""Lists as CSV files: written while they are read, and harmless when a spreadsheet opens them.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@`` or a control character for a formula, and a
formula that somebody hid in a name can send the whole sheet elsewhere. Such a cell begins with an apostrophe here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from django.http import StreamingHttpResponse

__all__ = ["cell", "stream_sheet"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file that gives back what is written to it, so that the csv module can write into a stream."""

    def write(self, value: str) -> str:
        return value


def cell(value: object) -> str:
    """The value as text that no spreadsheet calculates."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def stream_sheet(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download that begins at once and needs no memory for its length; UTF-8 with the mark that Excel needs."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([cell(name) for name in header])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])

"""Cells that no spreadsheet calculates.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@`` or a control character for a formula, and a
formula that somebody hid in a name can send the whole sheet elsewhere. Such a cell begins with an apostrophe here,
which :func:`uncell` takes off again when the sheet comes back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

__all__ = ["cell", "is_formula", "uncell"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might calculate the text."""
    return text.startswith(_FORMULA) or text.lstrip(" ").startswith(_FORMULA)


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
    return f"'{text}" if is_formula(text) else text


def uncell(text: str) -> str:
    """The text that :func:`cell` made harmless, as it was."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text

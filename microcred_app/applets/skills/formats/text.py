"""Bytes of a file become text, or a sentence that says what to do.

Read are UTF-8, with or without byte order mark, and UTF-16 with one (what spreadsheets call "Unicode text").
Anything else is refused and never guessed: a guessed encoding turns ``é`` into ``Ã©`` in every credential that is
issued from then on, and nobody notices in time.
"""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

__all__ = ["MAX_BYTES", "TextRefused", "decode"]

MAX_BYTES = 32 * 1024 * 1024


class TextRefused(ValueError):
    """The bytes are not text that can be read; ``place`` says where."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


def decode(content: bytes) -> str:
    """The text of a file; raises :class:`TextRefused`."""
    if len(content) > MAX_BYTES:
        raise TextRefused(
            "",
            _("The file has {size} bytes; at most {limit} are read. Split it.").format(
                size=len(content), limit=MAX_BYTES
            ),
        )
    if not content.strip():
        raise TextRefused("", _("The file is empty."))
    text = _decoded(content)
    nul = text.find("\x00")
    if nul >= 0:
        raise TextRefused(
            _line(text.count("\n", 0, nul) + 1),
            _("There is a NUL character. The file is damaged, or UTF-16 without a mark: save it as UTF-8."),
        )
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise TextRefused("", _("The file begins as UTF-16 and is not. Save it as UTF-8.")) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextRefused(
            _line(content.count(b"\n", 0, error.start) + 1),
            _(
                "This is not UTF-8. The file was probably saved in an older encoding such as Latin-1: save it "
                "again as “CSV UTF-8” (or as JSON in UTF-8)."
            ),
        ) from error


def _line(number: int) -> str:
    return _("line {number}").format(number=number)

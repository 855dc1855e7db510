"""What other computers say, made safe to store and to show as one line of text."""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["clean_line"]

_TAGS = re.compile(r"<[^>]{0,500}>")


def clean_line(value: object, *, limit: int = 300, secrets: tuple[str, ...] = ()) -> str:
    """*value* as one line without markup, control or direction-changing characters, cut to *limit*.

    Hosts echo what they were sent, so every one of *secrets* is replaced before anything is stored.
    """
    if not isinstance(value, str):
        return ""
    text = value[: limit * 20]
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    text = _TAGS.sub(" ", html.unescape(text))
    text = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"

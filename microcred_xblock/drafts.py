"""Keeps a draft from being overwritten unseen: two windows, two devices, a copy that waited for a connection.

A page names the draft it last knew by a mark, a digest of its content. Where the stored draft has another mark and
other content, somebody wrote in between: nothing is overwritten, the page is shown both and its owner chooses. Marks
need no place to be stored, and sending the same draft twice (a lost answer, a double tap) is no conflict.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .handlers import json_response
from .rendering import translator

__all__ = ["draft_mark", "is_overtaken", "overtaken", "saved"]

MOST_SHOWN = 500


def draft_mark(draft: Any) -> str:
    """A short digest of the draft; the same for the same content, and for nothing at all, however that is spelled."""
    empty = draft is None or draft in ("", [], {}) or (isinstance(draft, dict) and not any(draft.values()))
    if empty:
        return "empty"
    text = json.dumps(draft, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_overtaken(stored: Any, incoming: Any, known: Any) -> bool:
    """Whether *stored* was written by another window since the page knew *known* (its mark).

    A page that names no mark takes part in no comparison: what it sends is stored, as ever.
    """
    if not isinstance(known, str) or not known:
        return False
    mark = draft_mark(stored)
    return mark not in (known, draft_mark(incoming), "empty")


def saved(draft: Any, known: Any) -> dict[str, Any]:
    """The answer to a draft that was stored, with its mark for a page that takes part in the comparison."""
    return {"saved": True, "mark": draft_mark(draft)} if isinstance(known, str) else {"saved": True}


def overtaken(block: Any, stored: Any, *, answer: dict[str, Any], shown: str) -> Any:
    """The 409 that lets a page show what another window wrote, and take it or write over it knowingly.

    *answer* is the stored draft in the form in which the page sends one, *shown* its words for a person.
    """
    message = translator(block).gettext(
        "You wrote something else here in another window or on another device. Nothing was overwritten. "
        "Which one do you want to keep?"
    )
    body = {
        "error": message,
        "code": "draft_overtaken",
        "draft": answer,
        "shown": shown[:MOST_SHOWN],
        "mark": draft_mark(stored),
    }
    return json_response(body, 409)

"""The one exception of reading and marking answers."""

from __future__ import annotations

__all__ = ["AnswerError"]


class AnswerError(ValueError):
    """An answer that cannot be marked. ``code`` says why; no attempt is used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

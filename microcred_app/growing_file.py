"""A file that only goes forward, sent while it is written: archives of any length without holding them in memory."""

from __future__ import annotations

import io

__all__ = ["GrowingFile"]


class GrowingFile(io.RawIOBase):
    """What is written is taken away piece by piece; nothing of it can be changed or read again."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: object) -> int:
        """Keep *data* until it is taken."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        self._place += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How many bytes were written, taken or not."""
        return self._place

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found

"""The files a learner handed in and that are still kept, for the copy that they may take with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .models import EvidenceFile
from .storage import open_file

__all__ = ["KeptFile", "own_files", "read_own_file"]

PIECE = 1_000_000


@dataclass(frozen=True)
class KeptFile:
    """One file; ``place`` is a path that no two of one person share and that cannot lead out of a folder."""

    place: str
    size: int
    stored_as: str


def own_files(learner_id: int) -> tuple[KeptFile, ...]:
    """Files whose bytes were not removed, oldest first."""
    rows = EvidenceFile.objects.filter(submission__learner_id=learner_id, removed_at=None)
    return tuple(
        KeptFile(f"{row.pk}-{_safe(row.name)}", row.size, row.stored_as)
        for row in rows.order_by("added_at", "pk")
    )


def read_own_file(file: KeptFile) -> Iterator[bytes]:
    """Its bytes; none where the storage has lost them, so that one lost file does not keep the rest back."""
    try:
        with open_file(file.stored_as) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except FileNotFoundError:
        return


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])[-80:].lstrip(".") or "file"

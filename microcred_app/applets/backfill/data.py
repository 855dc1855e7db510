"""Values that leave the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["BatchInfo", "Preview", "PreviewInfo"]


@dataclass(frozen=True)
class BatchInfo:
    """A back-fill with its progress. ``rate`` is learners per second of work, ``seconds_left`` an estimate.

    ``kind`` is ``grant``, or what a version does about holders of older ones: ``upgrade`` or ``withdraw``, and then
    ``taken`` counts the awards that were taken back. ``sequel_at``: when the older credentials are revoked.
    """

    id: str
    badge_key: str
    badge_name: str
    version: int
    state: str
    started_by: int | None
    started_at: datetime
    finished_at: datetime | None
    hold_until: datetime
    total: int
    done: int
    granted: int
    failed: int
    rate: float | None
    seconds_left: int | None
    undo_reason: str
    issuer_slug: str = ""
    kind: str = "grant"
    taken: int = 0
    sequel_at: datetime | None = None

    @property
    def percent(self) -> int:
        """Whole per cent of the learners that were looked at."""
        return 100 if not self.total else min(100, self.done * 100 // self.total)


@dataclass(frozen=True)
class Preview:
    """What a rule would do now, by learner id. Nothing was written to find it out.

    ``gains`` would be awarded, ``keeps`` hold the badge and meet the rule, ``no_longer`` hold the badge and do
    not meet the rule (they keep what they have; a version never takes back), ``taken_back`` meet the rule but
    a registrar reversed their award of this version. ``pushes`` is the number of deliveries to wallets.
    ``stacks`` counts awards of other badges that would follow, by badge. ``room`` is how many more the badge's cap
    lets through, None without one.
    """

    gains: tuple[int, ...]
    keeps: tuple[int, ...]
    no_longer: tuple[int, ...]
    taken_back: tuple[int, ...]
    pushes: int
    stacks: tuple[tuple[str, int], ...]
    looked_at: int
    room: int | None = None

    @property
    def credentials(self) -> int:
        """Credentials that would be signed."""
        return len(self.gains) + sum(count for _key, count in self.stacks)


@dataclass(frozen=True)
class PreviewInfo:
    """A preview that is ``running``, ``done`` or ``outdated``; ``preview`` is the answer once it is done.

    ``at`` is the moment for which it is computed. ``total`` is unknown until somebody has counted whom the rule
    concerns, ``done`` how many of them were looked at.
    """

    id: str
    badge_key: str
    state: str
    at: datetime
    total: int | None
    done: int
    preview: Preview | None = None

    @property
    def percent(self) -> int:
        """Whole per cent of the learners that were looked at."""
        if self.preview is not None:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

"""The score of a unit: the mean of its checks and evidence; a unit of content alone scores 1."""

from __future__ import annotations

from .data import UnitSpec
from .models import PartResult

__all__ = ["score_of"]


def score_of(unit: UnitSpec, results: dict[str, PartResult]) -> float | None:
    """From 0 to 1, an open part counting 0; nothing before the first scored part is done."""
    scored = [part.usage_key for part in unit.parts if part.kind in ("check", "evidence")]
    if not scored:
        return 1.0 if unit.parts and all(part.usage_key in results for part in unit.parts) else None
    if not any(key in results for key in scored):
        return None
    return sum(results[key].score if key in results else 0.0 for key in scored) / len(scored)

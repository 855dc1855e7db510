"""A rubric as it travels: criteria, levels with points, a pass line. Read leniently, judged strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .errors import ReviewIncomplete

__all__ = ["Criterion", "Level", "Rubric", "read_rubric"]


@dataclass(frozen=True)
class Level:
    """One step of a criterion."""

    id: str
    name: str
    points: float
    description: str


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at."""

    id: str
    name: str
    description: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Rubric:
    """What a submission is judged by; without criteria the verdict stands on its own."""

    criteria: tuple[Criterion, ...]
    pass_points: float

    @property
    def maximum(self) -> float:
        """The most points that can be given."""
        return sum(
            max((level.points for level in criterion.levels), default=0.0) for criterion in self.criteria
        )

    def points(self, levels: Mapping[str, str]) -> float:
        """Points of a judgement that gives one level to each criterion; raises :class:`ReviewIncomplete`."""
        total = 0.0
        for criterion in self.criteria:
            chosen = next((level for level in criterion.levels if level.id == levels.get(criterion.id)), None)
            if chosen is None:
                raise ReviewIncomplete(
                    _("Choose a level for “{criterion}”.").format(criterion=criterion.name)
                )
            total += chosen.points
        return total


def read_rubric(data: Any) -> Rubric:
    """A rubric from a block's field; whatever is malformed is left out, as the block warned its author."""
    if not isinstance(data, Mapping):
        return Rubric((), 0.0)
    criteria = []
    for position, item in enumerate(_maps(data.get("criteria"))):
        levels = tuple(
            Level(
                str(level.get("id") or f"l{number}"),
                str(level.get("name") or ""),
                _number(level.get("points")),
                str(level.get("description") or ""),
            )
            for number, level in enumerate(_maps(item.get("levels")))
        )
        if levels:
            criteria.append(
                Criterion(
                    str(item.get("id") or f"c{position}"),
                    str(item.get("name") or ""),
                    str(item.get("description") or ""),
                    levels,
                )
            )
    return Rubric(tuple(criteria), _number(data.get("pass_points")))


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0

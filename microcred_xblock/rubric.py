"""Reads an authored rubric into criteria and levels that can be shown, however badly it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from .questions import plain_text, read_number

__all__ = ["Criterion", "Level", "Rubric", "read_rubric", "rubric_as_dict"]


@dataclass(frozen=True)
class Level:
    """One step of a criterion and what it is worth."""

    id: str
    name: str
    points: float
    description: str


@dataclass(frozen=True)
class Criterion:
    """One thing a reviewer looks at."""

    id: str
    name: str
    description: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> float:
        """The points of the best level."""
        return max((level.points for level in self.levels), default=0)


@dataclass(frozen=True)
class Rubric:
    """What the work is judged by; empty when the author wrote none."""

    criteria: tuple[Criterion, ...] = ()
    pass_points: float = 0

    @property
    def most(self) -> float:
        """The points of flawless work."""
        return sum(criterion.most for criterion in self.criteria)


def _entries(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _points(value: object) -> float:
    number = read_number(value)
    if number is None or number < 0:
        return 0
    return int(number) if number == number.to_integral_value(rounding="ROUND_FLOOR") else float(number)


def _read_level(place: int, entry: Mapping[str, Any]) -> Level:
    return Level(
        id=plain_text(entry.get("id")) or f"l{place}",
        name=plain_text(entry.get("name")),
        points=_points(entry.get("points")),
        description=plain_text(entry.get("description")),
    )


def read_rubric(value: object) -> Rubric:
    """The rubric *value* spells, without ever raising; nameless criteria and levels are left out."""
    if not isinstance(value, Mapping):
        return Rubric()
    criteria = []
    for place, entry in enumerate(_entries(value.get("criteria")), start=1):
        levels = [_read_level(n, level) for n, level in enumerate(_entries(entry.get("levels")), start=1)]
        criterion = Criterion(
            id=plain_text(entry.get("id")) or f"c{place}",
            name=plain_text(entry.get("name")),
            description=plain_text(entry.get("description")),
            levels=tuple(level for level in levels if level.name),
        )
        if criterion.name:
            criteria.append(criterion)
    pass_points = read_number(value.get("pass_points")) or Decimal(0)
    return Rubric(criteria=tuple(criteria), pass_points=_points(float(pass_points)))


def rubric_as_dict(rubric: Rubric) -> dict[str, Any]:
    """The rubric in the shape fields and the app keep: ``{criteria: [...], pass_points}``."""
    if not rubric.criteria:
        return {}
    kept = asdict(rubric)
    return {
        "criteria": [{**entry, "levels": list(entry["levels"])} for entry in kept["criteria"]],
        "pass_points": rubric.pass_points,
    }

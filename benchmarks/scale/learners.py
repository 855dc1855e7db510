"""Learners for events to come, spread over the whole table and each used twice at most."""

from __future__ import annotations

from itertools import count
from math import gcd

from .population import EACH, Place, Scene, missing_outcome

__all__ = ["Learners"]

_STRIDE = 7_919


class Learners:
    """Hands out learners whose ten attainments are there; nobody earns the same badge twice."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._used: set[Place] = set()

    def places(self, wanted: int, attainments: int) -> list[Place]:
        """So many events of learners among the first *attainments*."""
        there = attainments // EACH
        # Without a common factor with the number of learners, each is visited once before any comes again.
        stride = next(number for number in count(_STRIDE) if gcd(number, there) == 1)
        found: list[Place] = []
        for number in range(2 * there):
            if len(found) == wanted:
                return found
            place = missing_outcome(self.scene, number * stride % there, 1 + number // there)
            if place not in self._used:
                self._used.add(place)
                found.append(place)
        if len(found) < wanted:
            raise SystemExit(f"{attainments} attainments are too few for {wanted} more events.")
        return found

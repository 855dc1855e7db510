"""The order in which one learner sees things: the same at every visit, another one for the next learner.

Each thing is placed by a digest of learner, block and thing. So an option that is added later leaves the others
in their order, and nothing about the order depends on which option is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeVar

__all__ = ["shuffle", "unsorted"]

Thing = TypeVar("Thing")


def shuffle(
    things: Sequence[Thing],
    seed: str,
    name: Callable[[Thing], str],
    fixed: Callable[[Thing], bool] = lambda thing: False,
) -> list[Thing]:
    """*things* in the order of *seed*; those that are *fixed* keep their places."""

    def place(thing: Thing) -> str:
        return sha256(f"{seed}\n{name(thing)}".encode("utf-8", "replace")).hexdigest()

    moving = iter(sorted((thing for thing in things if not fixed(thing)), key=place))
    return [thing if fixed(thing) else next(moving) for thing in things]


def unsorted(things: Sequence[Thing], seed: str, name: Callable[[Thing], str]) -> list[Thing]:
    """*things* shuffled, and never as they came: a question about order must not begin answered."""
    mixed = shuffle(things, seed, name)
    return [*mixed[1:], mixed[0]] if len(mixed) > 1 and mixed == list(things) else mixed

"""Places in a status list, in an order that tells nothing to whoever does not know the list's seed.

Neighbours in a list must tell nothing about each other (herd privacy), so places are given out in a random order.
Drawing until a free one is found costs a statement for each draw and half of every list; a keyed permutation costs
neither: the number of a place (first, second, third of the list) is encrypted with the list's seed. Two numbers
never give one place, so a run of numbers can be given to a process that uses it when it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from microcred_app.ob3.status_list import StatusList

__all__ = ["LENGTH", "Place", "index_of"]

LENGTH = len(StatusList.new())
_ROUNDS = 8
_LOW_BITS = (LENGTH.bit_length() - 1 + 1) // 2
_LOW = (1 << _LOW_BITS) - 1
_HIGH = (LENGTH >> _LOW_BITS) - 1


@dataclass(frozen=True)
class Place:
    """A place that nobody else has, and its list as it was published when the place was taken."""

    list_id: UUID
    index: int
    published: bytes


def index_of(seed: bytes, number: int) -> int:
    """The index at which the place with this number (from 0) stands: a permutation of all indices for each seed.

    A Feistel network of eight rounds over keyed BLAKE2b; *number* must be below :data:`LENGTH`, a power of two.
    """
    if not 0 <= number < LENGTH:
        raise ValueError(f"A list has {LENGTH} places; there is no place number {number}.")
    high, low = number >> _LOW_BITS, number & _LOW
    for turn in range(0, _ROUNDS, 2):
        high ^= _mix(seed, turn, low) & _HIGH
        low ^= _mix(seed, turn + 1, high) & _LOW
    return high << _LOW_BITS | low


def _mix(seed: bytes, turn: int, half: int) -> int:
    digest = blake2b(half.to_bytes(2, "big"), digest_size=2, key=seed, salt=bytes([turn]))
    return int.from_bytes(digest.digest(), "big")

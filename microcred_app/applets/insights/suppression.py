"""Which counts may be shown, so that nobody in a small group can be told apart. Pure.

A count below *k* is hidden. So is any other count that would let somebody work the hidden one out: by taking it from
a total, or from a count of a group that contains it. A hidden count is shown in one way only, so that a reader cannot
tell what was small from what was hidden beside it. Zero and all are shown: they are no small group.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

__all__ = ["guard_column", "guard_nested", "guard_partition", "is_small"]


def is_small(count: int, k: int) -> bool:
    """Whether a group of this size has to stay unknown."""
    return 0 < count < k


def guard_partition(counts: Sequence[int], k: int) -> tuple[int | None, ...]:
    """*counts* of groups that make up a known whole, None where one is hidden.

    One hidden count could be taken from the whole; several that are fewer than *k* together, or that must be one each,
    would be told by their sum. Then the smallest shown one is hidden too, and when none is left, zeros are as well.
    """
    hidden = {place for place, count in enumerate(counts) if is_small(count, k)}
    while hidden and _tells(hidden, counts, k):
        shown = [place for place, count in enumerate(counts) if count and place not in hidden]
        if not shown:
            return (None,) * len(counts)
        hidden.add(min(shown, key=lambda place: (counts[place], place)))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _tells(hidden: Collection[int], counts: Sequence[int], k: int) -> bool:
    """Whether the sum of the hidden counts, which everybody can work out, says too much about one of them."""
    together = sum(counts[place] for place in hidden)
    return len(hidden) == 1 or together < k or together <= len(hidden)


def guard_nested(counts: Sequence[int], k: int) -> tuple[int | None, ...]:
    """*counts* of groups that lie in one another or may, most wanted first; None where one is hidden.

    A count is shown when it is neither small nor less than *k* away from another shown one: whoever knows two groups,
    one in the other, knows the size of what is between them.
    """
    shown: list[int] = [0]
    found: list[int | None] = []
    for count in counts:
        fits = all(not is_small(abs(count - other), k) for other in shown)
        found.append(count if fits else None)
        if fits:
            shown.append(count)
    return tuple(found)


def guard_column(
    counts: Sequence[int], shown: Sequence[bool], k: int, *, total_shown: bool
) -> tuple[int | None, ...]:
    """A column of rows that add up to a total: what *shown* allows, and never one hidden count under a shown total."""
    hidden = {place for place, allowed in enumerate(shown) if not allowed}
    while total_shown and hidden and (len(hidden) == 1 or sum(counts[place] for place in hidden) < k):
        rest = [place for place in range(len(counts)) if place not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda place: (not counts[place], counts[place], place)))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))

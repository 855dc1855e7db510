"""Badges that need one another in a circle could never be earned; this finds the circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["find_cycle"]


def find_cycle(needs: Mapping[str, Iterable[str]], start: str) -> tuple[str, ...]:
    """The first circle that can be reached from *start*, named in full (``a, b, a``); empty when there is none.

    *needs* maps a badge to the badges its requirement mentions. Works without recursion, so a long chain of
    badges cannot exhaust the stack.
    """
    path: list[str] = [start]
    on_path = {start}
    done: set[str] = set()
    stack = [iter(sorted(needs.get(start, ())))]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            finished = path.pop()
            on_path.discard(finished)
            done.add(finished)
        elif following in on_path:
            return (*path[path.index(following) :], following)
        elif following not in done:
            path.append(following)
            on_path.add(following)
            stack.append(iter(sorted(needs.get(following, ()))))
    return ()

"""Whom a rule can concern: learners of whom something is known that the rule asks about."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from microcred_app import rules

from ..attainments.models import Attainment, ReportedFact
from ..awards.models import Award

__all__ = ["concerned", "concerned_between", "in_chunks", "pack_ids", "unpack_ids"]


def concerned(
    node: rules.Node, relations: rules.Relations, *, badge_key: str = "", limit: int | None = None
) -> list[int]:
    """Ids of learners with any record that *node* may count, and of all who hold *badge_key*; ascending.

    With a *limit* any so many of them, for whoever only asks whether there are more.

    Somebody of whom nothing is known can meet only a rule that asks for nothing (:func:`rules.lint` warns of
    those), and is left out.
    """
    found: set[int] = set()
    for rows in _rows(_asked(node, relations), badge_key):
        ids = rows.order_by().values_list("learner_id", flat=True).distinct()
        found.update(ids.iterator(chunk_size=10_000) if limit is None else ids[:limit])
        if limit is not None and len(found) >= limit:
            break
    return sorted(found)[:limit]


def concerned_between(
    node: rules.Node, relations: rules.Relations, lower: int, upper: int, limit: int
) -> list[int]:
    """The first *limit* of those ids above *lower* and up to *upper*, ascending."""
    found: set[int] = set()
    for rows in _rows(_asked(node, relations), ""):
        ids = rows.filter(learner_id__gt=lower, learner_id__lte=upper)
        found.update(ids.order_by("learner_id").values_list("learner_id", flat=True).distinct()[:limit])
    return sorted(found)[:limit]


def pack_ids(learner_ids: Sequence[int]) -> bytes:
    """Ids as bytes, eight each, the same on every machine; see :func:`unpack_ids`."""
    return struct.pack(f"<{len(learner_ids)}q", *learner_ids)


def unpack_ids(packed: bytes) -> list[int]:
    """The ids that :func:`pack_ids` wrote."""
    return list(struct.unpack(f"<{len(packed) // 8}q", packed))


def in_chunks(learner_ids: list[int], size: int) -> Iterator[list[int]]:
    """The ids, *size* at a time."""
    rest = iter(learner_ids)
    while chunk := list(islice(rest, size)):
        yield chunk


def _asked(node: rules.Node, relations: rules.Relations) -> set[rules.Mention]:
    leaves = (part for part in rules.walk(node) if isinstance(part, rules.FactLeaf))
    return {mention for leaf in leaves for mention in relations.sources(leaf)}


def _rows(asked: set[rules.Mention], badge_key: str) -> Iterator[QuerySet[Any]]:
    """Rows with a ``learner_id`` from every table that holds something asked about."""
    by_kind: dict[str, set[str]] = {}
    for kind, key in asked:
        by_kind.setdefault(kind, set()).add(key)
    if badge_key:
        by_kind.setdefault("badge", set()).add(badge_key)
    for kind, keys in sorted(by_kind.items()):
        if kind == "outcome":
            yield Attainment.objects.filter(outcome__key__in=keys)
        elif kind == "badge":
            yield Award.objects.filter(version__badge__key__in=keys)
        else:
            yield ReportedFact.objects.filter(kind=kind, key__in=keys)

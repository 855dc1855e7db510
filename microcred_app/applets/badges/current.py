"""The badges that can be earned now, kept in the process.

An event asks which badges mention what just changed. The answer changes when somebody publishes, which is
rare, while events come in thousands, therefore the whole set is kept with its inverted index, and one tiny
question per event (the stamp of definitions) tells whether it still holds. A version that was read once is
never read again, so taking up a publication among 5,000 badges costs one query, not 5,000 parsed rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db.models import F, QuerySet

from microcred_app import rules

from ..skills.api import outcome_statements
from ..skills.stamp import read_stamp
from .data import PublishedBadge
from .models import BadgeVersion
from .relations import mentions_through, relations_between
from .version_reader import read_versions

__all__ = [
    "CurrentBadges",
    "current_definitions",
    "holding_definitions",
    "past_names",
    "seen_stamp",
    "waiting_first",
]


@dataclass(frozen=True)
class CurrentBadges:
    """Every badge that can be earned, as of one stamp."""

    stamp: str = ""
    by_key: Mapping[str, PublishedBadge] = field(default_factory=dict)
    by_version: Mapping[int, PublishedBadge] = field(default_factory=dict)
    mentioned_by: Mapping[tuple[str, str], tuple[PublishedBadge, ...]] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    relations: rules.Relations = field(default_factory=rules.Relations)
    past_names: Mapping[str, str] = field(default_factory=dict)

    def mentioning(self, mentioned: Iterable[tuple[str, str]]) -> tuple[PublishedBadge, ...]:
        """Badges whose requirement mentions any of these, each once, in the order of their publication."""
        found = {badge.version_id: badge for pair in mentioned for badge in self.mentioned_by.get(pair, ())}
        return tuple(found[pk] for pk in sorted(found))


_kept = CurrentBadges()
#: The stamp that this thread saw last: another thread may look at an older state of the database at the same time.
_seen: ContextVar[str] = ContextVar("microcred_seen_stamp", default="")
_held: ContextVar[CurrentBadges | None] = ContextVar("microcred_held_definitions", default=None)


def current_definitions(stamp: str | None = None) -> CurrentBadges:
    """What this transaction sees as current: one small query when nothing was published meanwhile.

    None at all for whoever has read the *stamp* together with something else.
    """
    global _kept
    held = _held.get()
    if stamp is None and held is not None:
        return held
    stamp = read_stamp() if stamp is None else stamp
    _seen.set(stamp)
    if stamp == _kept.stamp:
        return _kept
    found = _read(stamp)
    _kept = found
    return found


@contextmanager
def holding_definitions() -> Iterator[None]:
    """One page asks many questions about badges: inside, they are all answered from one look at the definitions.

    For reading only. What grants or publishes must see what others publish meanwhile.
    """
    token = _held.set(current_definitions())
    try:
        yield
    finally:
        _held.reset(token)


def seen_stamp() -> str:
    """The stamp that this thread saw last: for work on what was just found by it."""
    return _seen.get() or _kept.stamp


def _read(stamp: str) -> CurrentBadges:
    current = read_versions(BadgeVersion.objects.filter(current_of__isnull=False).order_by("pk"))
    relations = relations_between(current)
    index: dict[tuple[str, str], list[PublishedBadge]] = {}
    for badge in current:
        for pair in mentions_through(badge.requirement, relations):
            index.setdefault(pair, []).append(badge)
    return CurrentBadges(
        stamp=stamp,
        by_key=MappingProxyType({badge.key: badge for badge in current}),
        by_version=MappingProxyType({badge.version_id: badge for badge in current}),
        mentioned_by=MappingProxyType({pair: tuple(found) for pair, found in index.items()}),
        statements=MappingProxyType(outcome_statements(key for kind, key in index if kind == "outcome")),
        relations=relations,
        past_names=MappingProxyType(
            past_names({key for kind, key in index if kind == "badge"} - {badge.key for badge in current})
        ),
    )


def past_names(keys: Collection[str]) -> dict[str, str]:
    """Names of badges that cannot be earned now, from their last version: rules and ledgers still mention them."""
    if not keys:
        return {}
    rows = waiting_first(BadgeVersion.objects.filter(badge__key__in=keys))
    return dict(rows.values_list("badge__key", "name"))


def waiting_first(rows: QuerySet[BadgeVersion]) -> QuerySet[BadgeVersion]:
    """Versions in an order in which the last of each badge is the last one that was in force, if any was."""
    return rows.order_by(F("scheduled__pk").desc(nulls_last=True), "number")

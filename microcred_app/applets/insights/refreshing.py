"""Counts what changed, and nothing else; counting everything from nothing gives the same numbers.

A subject is counted anew when its mark (:mod:`.marks`) is another one than that of the figures that are kept. The mark
is read before the facts are: what is committed in between is counted now or next time, and never missed. Two at once
write the same numbers twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from microcred_app.conf import settings

from .counting import Way, cells_of
from .facts import BadgeWays, add_units, attained, followers, holders
from .figures import LARGE
from .funnel import progress_of
from .marks import Asked, Marks, digest_of, read_marks
from .models import InsightFigure
from .recent import Touched, last_look, note_look, read_ends, touched_since
from .steps import steps_to_keep, tally_steps
from .subjects import Subject, World, read_world, subjects_of

__all__ = ["Refreshed", "refresh_due", "refresh_figures", "refresh_recent"]

#: Counts that are made in another way are other counts: raised when the code here changes what they mean.
EDITION = 2
TOUCHED = 500
#: Subjects whose marks are read together.
TOGETHER = 200
WRITTEN_TOGETHER = 100


@dataclass(frozen=True)
class Refreshed:
    """How many subjects there are, how many of them were counted, and how many figures were dropped."""

    subjects: int
    counted: int
    dropped: int


def refresh_figures(now: datetime, *, from_nothing: bool = False) -> Refreshed:
    """Bring all figures up to what is committed, by comparing everything. ``from_nothing`` counts also what did not
    change."""
    ends = read_ends(now)
    kept = _kept()
    if from_nothing:
        kept = dict.fromkeys(kept, "")
    marks = read_marks()
    world = read_world()
    subjects = subjects_of(world)
    changed = _count_changed(subjects, marks, kept, world, now)
    same = [subject for subject in subjects if (subject.kind, subject.key) not in changed]
    for kind in {subject.kind for subject in same}:
        keys = [subject.key for subject in same if subject.kind == kind]
        for place in range(0, len(keys), TOUCHED):
            rows = InsightFigure.objects.filter(kind=kind, key__in=keys[place : place + TOUCHED])
            rows.filter(counted_at__lt=now).update(counted_at=now)
    dropped = _drop_others(subjects, kept)
    note_look(ends, now, compared=True)
    return Refreshed(len(subjects), len(subjects) - len(same), dropped)


def refresh_recent(now: datetime) -> Refreshed:
    """Bring those figures up to what is committed behind which something is new (:mod:`.recent`), or that are about
    something new; once a day all of them."""
    look = last_look()
    if look is None or not look.is_good_for(now):
        return refresh_figures(now)
    ends = read_ends(now)
    touched = touched_since(look.since)
    world = read_world()
    kept = _kept()
    subjects = subjects_of(world)
    concerned = [subject for subject in subjects if _is_concerned(subject, touched, kept)]
    counted = 0
    for place in range(0, len(concerned), TOGETHER):
        some = concerned[place : place + TOGETHER]
        marks = read_marks(_asked(some))
        counted += len(_count_changed(some, marks, kept, world, now))
    dropped = _drop_others(subjects, kept)
    note_look(ends, now, compared=False)
    return Refreshed(len(subjects), counted, dropped)


def _kept() -> dict[tuple[str, str], str]:
    rows = InsightFigure.objects.exclude(kind=InsightFigure.LOOK).values_list("kind", "key", "mark")
    return {(kind, key): mark for kind, key, mark in rows.iterator()}


def _count_changed(
    subjects: Iterable[Subject],
    marks: Marks,
    kept: Mapping[tuple[str, str], str],
    world: World,
    now: datetime,
) -> set[tuple[str, str]]:
    """Count those subjects behind which another mark stands than the kept one; kinds and keys of these."""
    changed: set[tuple[str, str]] = set()
    rows: list[InsightFigure] = []
    ways = BadgeWays()
    for subject in subjects:
        mark = _mark(subject, marks)
        if kept.get((subject.kind, subject.key)) == mark:
            continue
        rows.append(_row(subject, mark, _figures(subject, world, ways), now))
        changed.add((subject.kind, subject.key))
        if len(rows) >= WRITTEN_TOGETHER:
            _store(rows)
            rows = []
    _store(rows)
    return changed


def _drop_others(subjects: Iterable[Subject], kept: Mapping[tuple[str, str], str]) -> int:
    gone = kept.keys() - {(subject.kind, subject.key) for subject in subjects}
    for kind, key in gone:
        InsightFigure.objects.filter(kind=kind, key=key).delete()
    return len(gone)


def _is_concerned(subject: Subject, touched: Touched, kept: Mapping[tuple[str, str], str]) -> bool:
    return (
        (subject.kind, subject.key) not in kept
        or not touched.units.isdisjoint(unit.key for unit in subject.units)
        or not touched.badges.isdisjoint(subject.badges)
        or subject.pathway in touched.pathways
    )


def _asked(subjects: Iterable[Subject]) -> Asked:
    found = tuple(subjects)
    return Asked(
        units=frozenset(unit.key for subject in found for unit in subject.units),
        outcomes=frozenset(key for subject in found for key in subject.outcomes),
        badges=frozenset(key for subject in found for key in subject.badges),
        pathways=frozenset(subject.pathway for subject in found if subject.pathway),
    )


def _mark(subject: Subject, marks: Marks) -> str:
    return digest_of(
        EDITION,
        sorted(asdict(subject).items(), key=lambda pair: pair[0]),
        [marks.units.get(unit.key) for unit in subject.units],
        [marks.outcomes.get(key) for key in subject.outcomes],
        [marks.badges.get(key) for key in subject.badges],
        marks.pathways.get(subject.pathway),
    )


def _row(subject: Subject, mark: str, figures: dict[str, Any], now: datetime) -> InsightFigure:
    return InsightFigure(
        kind=subject.kind,
        key=subject.key,
        course_key=subject.course_key,
        issuer_slug=subject.issuer_slug,
        title=subject.title[:255],
        started=sum(cell[0] for cell in figures.get("cells", {}).values()),
        mark=mark,
        figures=figures,
        counted_at=now,
    )


def _store(rows: list[InsightFigure]) -> None:
    """Write many in one statement, each in the place of the one before it; two writers at once end with one of both."""
    names_target = connection.features.supports_update_conflicts_with_target
    InsightFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "key"] if names_target else None,
        update_fields=["course_key", "issuer_slug", "title", "started", "mark", "figures", "counted_at"],
    )


def _figures(subject: Subject, world: World, ways: BadgeWays) -> dict[str, Any]:
    if subject.kind == InsightFigure.SKILL:
        return _of_skill(subject)
    if subject.kind == InsightFigure.PROFILE:
        return _of_profile(subject, world)
    return _of_way(subject, ways)


def _of_way(subject: Subject, ways: BadgeWays) -> dict[str, Any]:
    """The way of a unit, a badge or a pathway."""
    way = Way()
    completed = add_units(way, [unit.key for unit in subject.units], subject.checks)
    more: dict[str, Any] = {"checks": bool(subject.checks), "evidence": subject.asks_evidence}
    if subject.kind == InsightFigure.UNIT:
        return _of_unit(subject, way, completed, ways) | more
    of_badge = ways.of(subject.badges[0])
    way.earned, way.claimed, way.shared = of_badge.earned, of_badge.claimed, of_badge.shared
    if subject.kind == InsightFigure.PATHWAY:
        began = followers(subject.pathway)
        way.started = began
        way.checked, way.evidenced = set(way.checked) & began.keys(), set(way.evidenced) & began.keys()
        way.earned = {who: at for who, at in way.earned.items() if who in began}
        way.claimed, way.shared = set(way.claimed) & began.keys(), set(way.shared) & began.keys()
    else:
        more |= {"assessed": subject.assessed, "minutes": subject.minutes, "alike": list(subject.alike)}
    cells, times = cells_of(way)
    return {"cells": cells, "times": times} | more


def _of_unit(subject: Subject, way: Way, completed: dict[int, datetime], ways: BadgeWays) -> dict[str, Any]:
    """A unit is earned by completing it; badges that ask for its outcome come after that."""
    held: dict[int, datetime] = {}
    claimed: set[int] = set()
    shared: set[int] = set()
    for key in subject.badges:
        of_badge = ways.of(key)
        held.update(of_badge.earned)
        claimed.update(of_badge.claimed)
        shared.update(of_badge.shared)
    did = completed.keys()
    way.earned = {who: held[who] for who in did & held.keys()}
    way.claimed, way.shared = claimed & way.earned.keys(), shared & way.earned.keys()
    cells, _ = cells_of(way)
    _, times = cells_of(Way(started=way.started, earned=completed))
    done = Counter(f"{way.started[who]:%Y-%m}" for who in did if who in way.started)
    figures: dict[str, Any] = {"cells": cells, "times": times, "completed": dict(sorted(done.items()))}
    if len(way.started) >= LARGE:  # a page of fewer counts them itself
        progress = progress_of(subject.course_key, subject.key)
        figures["steps"] = steps_to_keep(
            tally_steps(progress, len(way.started), settings().insights_min_group)
        )
    return figures


def _of_skill(subject: Subject) -> dict[str, Any]:
    """Who showed the skill, by course; who holds a badge of it; and how long it took from beginning a unit for it."""
    way = Way()
    add_units(way, [unit.key for unit in subject.units], ())
    by_course: dict[str, set[int]] = {}
    first: dict[int, datetime] = {}
    for learner, course, at in attained(subject.outcomes):
        by_course.setdefault(course, set()).add(learner)
        first[learner] = min(first.get(learner, at), at)
    began: Counter[str] = Counter()
    for unit in {unit.course_key for unit in subject.units}:
        of_course = Way()
        add_units(of_course, [one.key for one in subject.units if one.course_key == unit], ())
        began[unit] = len(of_course.started.keys() | by_course.get(unit, set()))
    badge_holders: set[int] = set().union(*map(holders, subject.badges))
    way.earned = first
    cells, times = cells_of(way)
    courses = sorted({*began, *by_course})
    return {
        "cells": cells,
        "times": times,
        "courses": {key: [began[key], len(by_course.get(key, ()))] for key in courses},
        "holders": len(badge_holders | first.keys()),
        "units": len(subject.units),
        "badges": len(subject.badges),
    }


def _of_profile(subject: Subject, world: World) -> dict[str, Any]:
    """How many of the profile's skills learners have: by number of skills, how many learners; and by skill."""
    have: Counter[int] = Counter()
    by_skill: dict[str, int] = {}
    for skill in subject.skills:
        who: set[int] = set().union(*map(holders, sorted(world.skill_badges.get(skill, ()))))
        who.update(learner for learner, _c, _at in attained(sorted(world.skill_outcomes.get(skill, ()))))
        by_skill[skill] = len(who)
        have.update(who)
    ready = Counter(have.values())
    return {
        "skills": by_skill,
        "ready": {str(number): ready.get(number, 0) for number in range(1, len(subject.skills) + 1)},
    }


def refresh_due(now: datetime, *, every: timedelta) -> Refreshed | None:
    """Count what is new unless somebody did so less than *every* ago; None then."""
    look = last_look()
    if look is not None and now - every < look.at <= now:
        return None
    return refresh_recent(now)

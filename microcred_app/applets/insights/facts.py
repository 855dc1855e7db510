"""Who did what, read from the rooms below for counting: learners by unit, outcome, badge and pathway."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet

from ..attainments.models import Attainment, PartResult, UnitProgress
from ..awards.models import Award
from ..delivery.models import Delivery
from ..evidence.models import Submission
from ..issuance.models import Credential
from ..offers.models import Offer
from ..pathways.models import Following
from .counting import Way
from .funnel import started as started_only

__all__ = ["BadgeWays", "add_badge", "add_units", "attained", "followers", "holders", "unit_rows"]

#: Keys in one question: databases limit how many a statement may name.
CHUNK = 400
REMEMBERED = 16


def unit_rows() -> dict[str, tuple[str, str, str, list[dict[str, str]]]]:
    """Every unit that somebody began: course, outcome, title and parts as the learner has them who began last.

    The last moment of each unit is read from the end of its part of the index, not from all of its rows.
    """
    table = UnitProgress._meta.db_table
    # Names come from the model. There is no other way to say "the last of each group" that begins with the groups.
    rows = UnitProgress.objects.raw(
        f"SELECT row_.* FROM {table} row_ JOIN (SELECT unit_usage_key, MAX(started_at) AS started_at FROM {table}"  # noqa: S608
        " GROUP BY unit_usage_key) last_"
        " ON row_.unit_usage_key = last_.unit_usage_key AND row_.started_at = last_.started_at ORDER BY row_.id"
    )
    return {
        row.unit_usage_key: (row.course_key, row.outcome_key, row.title, row.parts) for row in rows.iterator()
    }


def add_units(way: Way, units: Collection[str], checks: Collection[str]) -> dict[int, datetime]:
    """Add to *way* who started these units, did a check of them and handed in evidence; answers who completed one."""
    checked, evidenced = set(way.checked), set(way.evidenced)
    completed: dict[int, datetime] = {}
    for keys in _chunks(units):
        progress = started_only(UnitProgress.objects.filter(unit_usage_key__in=keys)).order_by()
        rows = progress.values_list("learner_id", "started_at", "completed_at")
        for learner, at, done in rows.iterator(chunk_size=5_000):
            if learner not in way.started or at < way.started[learner]:
                way.started[learner] = at
            if done is not None and (learner not in completed or done < completed[learner]):
                completed[learner] = done
        handed_in = Submission.objects.filter(unit_usage_key__in=keys).exclude(state=Submission.DRAFT)
        evidenced.update(_ids(handed_in, "learner_id"))
    for keys in _chunks(checks):
        results = PartResult.objects.filter(part_usage_key__in=keys, progress__unit_usage_key__in=list(units))
        checked.update(_ids(results, "progress__learner_id"))
    way.checked, way.evidenced = checked, evidenced
    return completed


def add_badge(way: Way, badge_key: str) -> None:
    """Add who holds the badge now, put it into a wallet, and shows it to whoever has its link."""
    standing = Award.objects.filter(version__badge__key=badge_key, reversal__isnull=True).order_by()
    way.earned = dict(standing.values_list("learner_id").annotate(at=Min("awarded_at")))
    of_badge = {"credential__award__version__badge__key": badge_key}
    pushed = Delivery.objects.filter(state=Delivery.State.DELIVERED, **of_badge)
    fetched = Offer.objects.filter(redeemed_at__isnull=False, award__version__badge__key=badge_key)
    shared = Credential.objects.filter(shared_at__isnull=False, award__version__badge__key=badge_key)
    claimed = {*_ids(pushed, "credential__learner_id"), *_ids(fetched, "learner_id")}
    way.claimed = claimed & way.earned.keys()
    way.shared = set(_ids(shared, "learner_id")) & way.earned.keys()


class BadgeWays:
    """Who holds badges, put them into wallets and shows them, remembered for those that were asked for last: a badge is
    asked for by each unit that leads to it, one after the other."""

    def __init__(self) -> None:
        self._known: dict[str, Way] = {}

    def of(self, badge_key: str) -> Way:
        """As :func:`add_badge` reads it. Not to be changed."""
        way = self._known.get(badge_key)
        if way is None:
            way = Way()
            add_badge(way, badge_key)
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[badge_key] = way
        return way


def holders(badge_key: str) -> set[int]:
    """Who holds the badge now."""
    return set(_ids(Award.objects.filter(version__badge__key=badge_key, reversal__isnull=True), "learner_id"))


def attained(outcome_keys: Collection[str]) -> Iterator[tuple[int, str, datetime]]:
    """Learner, course and moment of every attainment of these outcomes that counts."""
    for keys in _chunks(outcome_keys):
        rows = Attainment.objects.filter(outcome__key__in=keys, counts=True, corrections__isnull=True)
        yield from rows.order_by().values_list("learner_id", "course_key", "attained_at").iterator()


def followers(pathway_key: str) -> dict[int, datetime]:
    """Who has set out on the pathway, and when; those who left did so too."""
    rows = Following.objects.filter(pathway__key=pathway_key)
    return dict(rows.values_list("learner_id", "followed_at"))


def _ids(rows: QuerySet[Any], name: str) -> Iterator[int]:
    return rows.order_by().values_list(name, flat=True).distinct().iterator()


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for place in range(0, len(ordered), CHUNK):
        yield ordered[place : place + CHUNK]

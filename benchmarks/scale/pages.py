"""The console's pages, and what a learner and a verifier see, asked for by the test client on the full tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

from benchmarks.road.statements import counted
from benchmarks.road.stopwatch import Stopwatch, fair_seconds

from .population import Scene

__all__ = ["PageTime", "measure_pages"]

COURSE = "course-v1:Microcred+BIKE101+2026"
UNIT = "block-v1:Microcred+BIKE101+2026+type@microcred_unit+block@measured"


@dataclass(frozen=True)
class PageTime:
    """One page: server time without waiting for other programs and by the clock (ms, median), and its reads."""

    name: str
    milliseconds: float
    by_clock: float
    reads: int


def measure_pages(scene: Scene, rounds: int) -> Iterator[PageTime]:
    """Each page *rounds* times, after once to warm up. A page that is not the page ends the measurement."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils import timezone

    from microcred_app.applets.offices import api as offices

    people = get_user_model().objects
    head, _made = people.get_or_create(
        username="scale-head", defaults={"is_superuser": True, "is_staff": True, "email": "h@example.org"}
    )
    officer, new = people.get_or_create(username="scale-officer", defaults={"email": "o@example.org"})
    if new:
        offices.give_role(officer.pk, "school", "registrar", actor_id=None, now=timezone.now())
        offices.give_role(officer.pk, "school", "auditor", actor_id=None, now=timezone.now())
    learner = people.get(pk=scene.first_learner + 4)
    author = people.filter(username="author").first()
    day = timezone.now().date().isoformat()
    long_ago = quote((timezone.now() - timedelta(days=200)).isoformat())
    for name, person, address in (
        ("overview", head, "registrar/"),
        ("overview of one organisation", officer, "registrar/"),
        ("badges", head, "registrar/badges/"),
        ("a badge", head, "registrar/badges/b7"),
        ("badges by words", head, "registrar/badges/?q=b49"),
        ("badges whose review is due", head, "registrar/badges/?state=overdue"),
        ("awards", head, "registrar/awards/"),
        ("awards of one organisation", officer, "registrar/awards/"),
        ("awards of one badge", officer, "registrar/awards/?badge=b7"),
        ("awards that were revoked", officer, "registrar/awards/?state=revoked"),
        ("awards since a day", officer, f"registrar/awards/?since={day}"),
        ("awards in an older version", officer, "registrar/awards/?state=older"),
        ("awards, the last numbered page", officer, "registrar/awards/?page=1000"),
        ("awards, going on from there", officer, f"registrar/awards/?after={long_ago}~{uuid4()}"),
        ("learner by name", officer, "registrar/awards/?q=amina+diallo"),
        ("learner by user name", officer, "registrar/awards/?q=learner1234"),
        ("learner by address", officer, "registrar/awards/?q=learner1234%40example.org"),
        ("jobs", officer, "registrar/jobs/"),
        ("audit", head, "registrar/audit/"),
        ("audit of one organisation", officer, "registrar/audit/"),
        ("audit by action", officer, "registrar/audit/?action=award.reversed"),
        ("skills", officer, "registrar/skills/"),
        ("deliveries", officer, "registrar/deliveries/"),
        ("recalls", officer, "registrar/recalls/"),
        ("insights of a course", author, f"insights/?course={COURSE.replace('+', '%2B')}"),
        (
            "insights of a unit",
            author,
            f"insights/unit/?course={COURSE.replace('+', '%2B')}&unit={UNIT.replace('+', '%2B')}",
        ),
        ("a learner's badges", learner, "my/"),
    ):
        if person is None:
            continue
        client = Client(headers={"accept": "text/html"})
        client.force_login(person)
        yield _measure(client, name, f"/microcred/{address}", rounds)


def _measure(client: object, name: str, address: str, rounds: int) -> PageTime:
    fair, clock, reads = [], [], 0
    for number in range(rounds + 1):
        watch = Stopwatch()
        with counted() as statements:
            answer = client.get(address, follow=True)  # type: ignore[attr-defined]
            assert b"".join(answer) if answer.streaming else answer.content
        spent = watch.read()
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}.")
        if number:
            fair.append(fair_seconds(spent, [], processors=1) * 1_000)
            clock.append(spent.clock * 1_000)
            reads = statements.reads
    return PageTime(name, statistics.median(fair), statistics.median(clock), reads)

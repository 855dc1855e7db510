"""``python -m benchmarks.issuing``: what one credential of a back-fill costs, part by part.

Awards of one badge with evidence are prepared (composed, signed, verified) and stored in chunks, on the demo site's
SQLite file. Wall-clock and CPU time per credential, medians of the chunks.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from benchmarks.site import measured_site

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.issuing", description=__doc__)
    parser.add_argument("--chunks", type=int, default=7)
    parser.add_argument("--size", type=int, default=500, help="awards per chunk")
    options = parser.parse_args(arguments)
    with measured_site():
        _measure(options.chunks, options.size)
    return 0


def _measure(chunks: int, size: int) -> None:
    from django.utils import timezone

    from microcred_app.applets.issuance import api as issuance

    times: dict[str, list[tuple[float, float]]] = {}
    for number in range(chunks + 1):
        planned, now = _planned(number, size), timezone.now()
        prepare = partial(issuance.prepare_credentials, planned, now=now)
        prepared = _timed(times, "compose, sign, verify", prepare)
        _timed(times, "write award, credential, outbox", partial(_store, planned, prepared, now))
    total = 0.0
    for name, found in times.items():
        walls, processor = zip(*found[1:], strict=True)  # the first chunk makes keys and compiles
        total += statistics.median(walls)
        print(
            f"  {name:34} {statistics.median(walls) / size * 1e6:7.0f} µs wall  "
            f"{statistics.median(processor) / size * 1e6:7.0f} µs CPU  per credential"
        )
    print(f"  {'together':34} {size / total:7.0f} per second in one process (chunks of {size})")


def _store(planned: list[Any], prepared: Any, now: datetime) -> None:
    from django.db import transaction

    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.issuance import api as issuance

    with transaction.atomic():
        Award.objects.bulk_create(_award_rows(planned))
        issuance.store_credentials(prepared, now=now)


def _timed(times: dict[str, list[tuple[float, float]]], name: str, work: Callable[[], Any]) -> Any:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    times.setdefault(name, []).append((time.perf_counter() - wall, time.process_time() - processor))
    return result


def _planned(number: int, size: int) -> list[Any]:
    """Awards that are due, with the facts behind them, as an evaluation hands them over."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from microcred_app.applets.attainments.data import AttainmentFact
    from microcred_app.applets.awards.api import AwardInfo
    from microcred_app.applets.badges import api as badges
    from microcred_app.rules import mentions

    model = get_user_model()
    names = [f"bench{number}-{count}" for count in range(size)]
    model.objects.bulk_create(
        [
            model(username=name, email=f"{name}@example.org", first_name="Ada", last_name=name)
            for name in names
        ]
    )
    learners = model.objects.filter(username__in=names).values_list("pk", flat=True)
    badge = next(badge for badge in badges.list_badges() if badge.kind == "micro")
    outcome = next(key for kind, key in mentions(badge.requirement) if kind == "outcome")
    now = timezone.now()
    planned = []
    for learner in learners:
        fact = AttainmentFact(
            id=str(uuid4()),
            learner_id=learner,
            outcome_key=outcome,
            outcome_statement="Mend a puncture",
            score=1.0,
            attained_at=now,
            course_key="course-v1:Demo+BIKE+1",
            source_usage_key="block-v1:Demo+BIKE+1+type@microcred_unit+block@x",
            source_title="Punctures",
            minutes=5,
            evidence=(
                {
                    "task_title": "A photo",
                    "kind": "Photo",
                    "reviewed": True,
                    "sha256": uuid4().hex + uuid4().hex,
                },
            ),
            by_reviewer=True,
        )
        because = {"version": badge.number, "met": [{"outcome": outcome, "attainments": [fact.id]}]}
        planned.append(AwardInfo(str(uuid4()), learner, badge, now, because, None, "", (fact,)))
    return planned


def _award_rows(planned: list[Any]) -> list[Any]:
    from microcred_app.applets.awards.models import Award

    return [
        Award(
            id=award.id,
            learner_id=award.learner_id,
            version_id=award.badge.version_id,
            awarded_at=award.awarded_at,
            because=award.because,
            idempotency_key=uuid4().hex,
        )
        for award in planned
    ]


if __name__ == "__main__":
    sys.exit(main())

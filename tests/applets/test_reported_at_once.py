"""Grades that are reported at the same moment: each is kept, and the newest counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments import reported
from microcred_app.applets.attainments.models import DueEvaluation, ReportedFact
from tests.fixtures.catalogue import NOW, make_user

COURSE = "course-v1:a+b+c"


def report(learner: int, number: float, minutes: int) -> attainments.FactInfo:
    at = NOW + timedelta(minutes=minutes)
    return attainments.report_fact(learner, "grade", COURSE, number=number, at=at, now=at, source="gradebook")


def standing(learner: int) -> list[float | None]:
    rows = ReportedFact.objects.filter(learner_id=learner, correction__isnull=True)
    return list(rows.values_list("number", flat=True))


def test_two_grades_at_once_are_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look for the grade that stands before either has written: one of them has to look again."""
    learner = make_user()
    report(learner, 0.1, 0)
    both_have_looked, real, looks = Barrier(2), reported._standing_grade, []

    def look(*args: Any) -> Any:
        found = real(*args)
        looks.append(1)
        if len(looks) <= 2:
            both_have_looked.wait(timeout=30)
        return found

    monkeypatch.setattr(reported, "_standing_grade", look)

    def one(grade: tuple[float, int]) -> None:
        try:
            report(learner, *grade)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, [(0.5, 10), (0.7, 20)]))
    assert len(looks) == 3
    assert standing(learner) == [0.7], "the newest counts, whoever was written first"
    assert DueEvaluation.objects.filter(learner_id=learner).count() <= ReportedFact.objects.count()
    corrected = ReportedFact.objects.exclude(corrects=None).values_list("corrects", flat=True)
    assert len(set(corrected)) == len(corrected), "no grade is corrected by two others"


def test_whoever_loses_every_time_is_told_to_report_again(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = make_user()
    first = report(learner, 0.1, 0)
    report(learner, 0.2, 1)
    stale = ReportedFact.objects.get(pk=first.id)
    monkeypatch.setattr(reported, "_standing_grade", lambda *_args: stale)
    before = DueEvaluation.objects.count()
    with pytest.raises(attainments.FactRefused, match="Report it again"):
        report(learner, 0.9, 2)
    assert standing(learner) == [0.2]
    assert DueEvaluation.objects.count() == before, "what was not kept is not evaluated"


@pytest.mark.parametrize("fact_id", ["", "no id", "00000000-0000-4000-8000-000000000000"])
def test_an_id_that_is_none_is_not_found(fact_id: str) -> None:
    with pytest.raises(reported.FactNotFound):
        attainments.get_fact(fact_id)

"""Insights for the team of a course: its units, and one unit step by step. Tables, and the same as CSV; no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.insights import api as insights

from .insights_words import advice_sentences, difficulty_words, discrimination_words
from .registrar.sheets import stream_sheet
from .shell import person_id, signed_in_page

__all__ = ["insights_urls"]

HIDDEN = "hidden"


@require_safe
@never_cache
@signed_in_page
def course(request: HttpRequest) -> HttpResponse:
    """The units of one course; the first of the reader's courses when none is named."""
    person = person_id(request)
    courses = insights.courses_with_insights(person)
    key = request.GET.get("course", "") or (courses[0][0] if courses else "")
    found = insights.course_insights(person, key)
    if key not in dict(courses):
        courses = (*courses, (key, found.course_title))
    context = {
        "section": "insights",
        "courses": courses,
        "found": found,
        "units": [(line, _unit_address(key, line.usage_key)) for line in found.units],
        "csv": f"{reverse('microcred_app:insights-course-csv')}?{urlencode({'course': key})}",
    }
    return render(request, "microcred_app/insights/course.html", context)


@require_safe
@never_cache
@signed_in_page
def course_sheet(request: HttpRequest) -> HttpResponseBase:
    """The units of one course as a table."""
    found = insights.course_insights(person_id(request), request.GET.get("course", ""))
    rows = (
        (line.title, line.usage_key, *_numbers(line.started)[:1], *_numbers(line.completed))
        for line in found.units
    )
    header = ("unit", "usage key", "started", "completed", "share completed")
    return stream_sheet("insights", header, rows)


@require_safe
@never_cache
@signed_in_page
def unit(request: HttpRequest) -> HttpResponse:
    """One unit: its funnel, its steps, groups of starters, its checks and its evidence."""
    key = request.GET.get("course", "")
    found = insights.unit_insights(person_id(request), key, request.GET.get("unit", ""))
    query = urlencode({"course": key, "unit": found.usage_key})
    context = {
        "section": "insights",
        "found": found,
        "checks": [
            (
                check,
                difficulty_words(check),
                discrimination_words(check, found.group),
                advice_sentences(check),
            )
            for check in found.checks
        ],
        "back": f"{reverse('microcred_app:insights')}?{urlencode({'course': key})}",
        "csv": f"{reverse('microcred_app:insights-unit-csv')}?{query}",
    }
    return render(request, "microcred_app/insights/unit.html", context)


@require_safe
@never_cache
@signed_in_page
def unit_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same figures, one line for each: section, what it is about, the figure, learners, share, value."""
    found = insights.unit_insights(
        person_id(request), request.GET.get("course", ""), request.GET.get("unit", "")
    )
    header = ("section", "about", "figure", "detail", "learners", "share", "value")
    return stream_sheet("insights-unit", header, _lines(found))


def _lines(found: insights.UnitInsights) -> Iterator[tuple[object, ...]]:
    funnel = found.funnel
    for name, count in (
        ("started", funnel.started),
        ("completed", funnel.completed),
        ("earned a badge", funnel.earned),
    ):
        yield ("unit", found.title, name, "", *_numbers(count), None)
    for stage in found.further:
        if stage.asked:
            yield ("unit", found.title, stage.stage, "", *_numbers(stage.count), None)
    for step in funnel.steps:
        for name, count in (("opened", step.opened), ("done", step.done), ("left here", step.left)):
            yield ("step", step.title, name, step.kind, *_numbers(count), None)
        yield ("step", step.title, "median seconds", step.kind, None, None, _value(step.seconds.median))
        yield ("step", step.title, "9 of 10 within seconds", step.kind, None, None, _value(step.seconds.p90))
    for group in found.cohorts:
        months = f"{group.first:%Y-%m} to {group.last:%Y-%m}"
        for name, count in (
            ("started", group.started),
            ("completed", group.completed),
            ("earned a badge", group.earned),
        ):
            yield ("started in", months, name, "", *_numbers(count), None)
    for check in found.checks:
        yield from _check_lines(check)
    for task in found.tasks:
        yield from _task_lines(task)


def _check_lines(check: insights.CheckInsight) -> Iterator[tuple[object, ...]]:
    for name, count in (
        ("answered", check.answered),
        ("right at first try", check.right_first),
        ("passed in the end", check.passed),
        ("took a hint", check.hinted),
        ("one attempt", check.attempts[0]),
        ("two attempts", check.attempts[1]),
        ("three attempts or more", check.attempts[2]),
    ):
        yield ("check", check.title, name, check.check_type, *_numbers(count), None)
    yield ("check", check.title, "difficulty", check.check_type, None, None, _value(check.difficulty))
    yield ("check", check.title, "discrimination", check.check_type, None, None, _value(check.discrimination))
    for table in check.tables:
        for line in table.lines:
            label = _other(line) if line.other else line.label
            right = {True: "right", False: "wrong", None: ""}[line.right]
            about = f"{table.label}: {label}" if table.label else label
            yield ("first answer", check.title, about, right, *_numbers(line.given), None)


def _task_lines(task: insights.TaskInsight) -> Iterator[tuple[object, ...]]:
    for name, count in (
        ("waiting", task.waiting),
        ("judged", task.judged),
        ("passed at first judgement", task.passed_first),
    ):
        yield ("evidence", task.title, name, "", *_numbers(count), None)
    for name, time in (
        ("median hours", task.turnaround.median),
        ("9 of 10 within hours", task.turnaround.p90),
    ):
        hours = round(time.total_seconds() / 3600, 2) if time is not None else None
        yield ("evidence", task.title, name, "", None, None, _value(hours))
    for criterion in task.criteria:
        for level, count in criterion.levels:
            yield ("criterion", task.title, criterion.name, level, *_numbers(count), None)


def _other(line: insights.AnswerLine) -> str:
    return {True: "other right answers", False: "other wrong answers", None: "other answers"}[line.right]


def _numbers(count: insights.Count) -> tuple[object, object]:
    """A count for a sheet; what is hidden says so, in a word that no formula takes for a number."""
    share = round(count.share, 4) if count.share is not None else None
    if count.hidden:
        return HIDDEN, HIDDEN
    return (HIDDEN if count.number is None else count.number), share


def _value(value: float | None) -> object:
    return HIDDEN if value is None else value


def _unit_address(course_key: str, usage_key: str) -> str:
    query = urlencode({"course": course_key, "unit": usage_key})
    return f"{reverse('microcred_app:insights-unit')}?{query}"


insights_urls = [
    path("insights/", course, name="insights"),
    path("insights/units.csv", course_sheet, name="insights-course-csv"),
    path("insights/unit/", unit, name="insights-unit"),
    path("insights/unit.csv", unit_sheet, name="insights-unit-csv"),
]

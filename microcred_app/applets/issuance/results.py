"""What reviewers found, as results of a credential: criteria with their levels, the level reached, and the points.

The rubric goes in as it was when the work was handed in, so that a level means what it meant then. A criterion's
address is made of the achievement's and of the rubric's own digest: learners who were judged by the same rubric share
it, an edited rubric has another. The reviewer is not named.

Open Badges 3.0 appendix B: ResultDescription, RubricCriterionLevel, Result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from microcred_app.ob3.achievements import ResultDescription, RubricLevel
from microcred_app.ob3.documents import Result
from microcred_app.ob3.text import clean_line, clean_text

from ..evidence.api import Rubric, read_rubric

__all__ = ["Found", "ResultLine", "found_in", "result_to_json", "results_of"]

#: More than a person can read; what is beyond is left out of the credential.
MOST_CRITERIA = 30
MOST_LEVELS = 12


class Judged(Protocol):
    """An attainment with the judgements behind it."""

    @property
    def results(self) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True)
class Found:
    """Results, and the descriptions without which nobody could read them."""

    descriptions: tuple[ResultDescription, ...] = ()
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class ResultLine:
    """One result of a credential for people: ``value`` is a level's name or a number of points."""

    name: str
    value: str
    best: str
    description: str = ""


def found_in(facts: Iterable[Judged], achievement_id: str) -> Found:
    """The results of these attainments, in the language in force."""
    descriptions: dict[str, ResultDescription] = {}
    results: list[Result] = []
    for judgement in (entry for fact in facts for entry in fact.results):
        for description, result in _results(judgement, achievement_id):
            if description.id not in descriptions:
                descriptions[description.id] = description
                results.append(result)
    return Found(tuple(descriptions.values()), tuple(results))


def result_to_json(result: Result) -> dict[str, Any]:
    """The result as the builder of documents writes it."""
    members = {
        "type": ["Result"],
        "resultDescription": result.result_description,
        "achievedLevel": result.achieved_level,
        "value": result.value,
    }
    return {name: value for name, value in members.items() if value}


def results_of(document: bytes) -> tuple[ResultLine, ...]:
    """The results that a credential states."""
    subject = json.loads(document)["credentialSubject"]
    described = {entry["id"]: entry for entry in subject["achievement"].get("resultDescription", [])}
    lines = []
    for result in subject.get("result", []):
        entry = described.get(result["resultDescription"], {})
        levels = entry.get("rubricCriterionLevel", [])
        reached = next((level for level in levels if level["id"] == result.get("achievedLevel")), None)
        lines.append(
            ResultLine(
                name=entry.get("name", ""),
                value=reached["name"] if reached else result.get("value", ""),
                best=levels[-1]["name"] if levels else entry.get("valueMax", ""),
                description=reached.get("description", "") if reached else "",
            )
        )
    return tuple(lines)


def _results(judgement: Mapping[str, Any], achievement_id: str) -> Iterator[tuple[ResultDescription, Result]]:
    rubric = read_rubric(judgement.get("rubric"))
    identity = json.dumps(
        [judgement.get("part_usage_key"), judgement.get("rubric")], sort_keys=True, ensure_ascii=False
    )
    base = f"{achievement_id}#rubric-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
    yield from _criteria(rubric, judgement.get("levels") or {}, base)
    points = judgement.get("points")
    if points is not None and rubric.maximum > 0:
        task = clean_line(str(judgement.get("task_title") or ""))
        yield (
            ResultDescription(
                id=f"{base}-points",
                name=_("Points for “{task}”").format(task=task) if task else _("Points"),
                result_type="RubricScore",
                required_value=f"{rubric.pass_points:g}",
                value_min="0",
                value_max=f"{rubric.maximum:g}",
            ),
            Result(result_description=f"{base}-points", value=f"{points:g}"),
        )


def _criteria(
    rubric: Rubric, chosen: Mapping[str, str], base: str
) -> Iterator[tuple[ResultDescription, Result]]:
    for number, criterion in enumerate(rubric.criteria[:MOST_CRITERIA], start=1):
        address = f"{base}-{number}"
        by_points = sorted(criterion.levels[:MOST_LEVELS], key=lambda level: level.points)
        levels = {
            level.id: RubricLevel(
                id=f"{address}-{place}",
                name=clean_line(level.name) or _("Level {number}").format(number=place),
                description=clean_text(level.description),
                level=str(place),
                points=f"{level.points:g}",
            )
            for place, level in enumerate(by_points, start=1)
        }
        reached = levels.get(chosen.get(criterion.id, ""))
        if reached is not None:
            yield (
                ResultDescription(
                    id=address,
                    name=clean_line(criterion.name) or _("Criterion {number}").format(number=number),
                    result_type="RubricCriterionLevel",
                    levels=tuple(levels.values()),
                ),
                Result(result_description=address, achieved_level=reached.id),
            )

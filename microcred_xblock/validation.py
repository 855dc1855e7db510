"""Says what is wrong with authored values, in words an author can act on, field by field.

One set of rules, asked twice: when Studio saves a form (nothing is saved while there is an error), and by
``validate()`` for blocks that came from elsewhere (an import, a paste, a hand-written file).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .check_validation import check_problems
from .evidence_task import (
    KINDS,
    LATE_WORK,
    MOST_ATTEMPTS,
    MOST_DAYS,
    MOST_FILES,
    MOST_MEGABYTES,
    NEEDS,
    RECORDINGS,
    REVIEW_MODES,
)
from .problem import Gettext, Problem, is_whole
from .questions import plain_text, read_number
from .rubric import read_rubric

__all__ = ["Problem", "check_problems", "evidence_problems", "unit_problems"]

LAYOUTS = ("steps", "page")
MOST_MINUTES = 30


def unit_problems(values: Mapping[str, Any], _: Gettext, *, need_outcome: bool = True) -> list[Problem]:
    """Problems of a unit's own fields."""
    problems = []
    if not plain_text(values.get("display_name")):
        problems.append(Problem("display_name", _("Give the unit a title.")))
    if need_outcome and not plain_text(values.get("outcome_key")):
        problems.append(
            Problem(
                "outcome_key",
                _("Choose the one outcome this unit proves, or write a new one. No badge without it."),
            )
        )
    if not is_whole(values.get("estimated_minutes"), 1, MOST_MINUTES):
        problems.append(
            Problem("estimated_minutes", _("Say how long it takes: a whole number of minutes, 1 to 30."))
        )
    if values.get("layout") not in LAYOUTS:
        problems.append(Problem("layout", _("Choose one step at a time, or everything on one page.")))
    weight = read_number(values.get("weight"))
    if weight is None or weight < 0 or weight > 1000:
        problems.append(Problem("weight", _("The weight in the gradebook is a number from 0 to 1000.")))
    return problems


def evidence_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    """Problems of an evidence block."""
    problems = []
    if not plain_text(values.get("instructions")):
        problems.append(Problem("instructions", _("Say what to hand in.")))
    accept = values.get("accept")
    if not isinstance(accept, list) or not all(kind in tuple(KINDS) for kind in accept):
        problems.append(
            Problem("accept", _("The accepted kinds of file cannot be read. Choose them again and save."))
        )
    elif not accept and values.get("allow_text") is False and values.get("allow_link") is False:
        problems.append(Problem("accept", _("Accept at least one of: files, a text, a link.")))
    if not is_whole(values.get("max_files"), 1, MOST_FILES):
        problems.append(Problem("max_files", _("The number of files is a whole number from 1 to 20.")))
    megabytes = read_number(values.get("max_megabytes"))
    if megabytes is None or not 0 < megabytes <= MOST_MEGABYTES:
        problems.append(
            Problem("max_megabytes", _("The size is a number of megabytes, more than 0 and at most 500."))
        )
    if values.get("review_mode") not in REVIEW_MODES:
        problems.append(Problem("review_mode", _("Choose who accepts the work.")))
    return problems + _rule_problems(values, _) + _rubric_problems(values, _)


def _rule_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    """Problems of what may be recorded, and of when and how often may be handed in. What is not said is right."""
    problems = []
    record, accept = values.get("record", []), values.get("accept")
    if not isinstance(record, list) or not all(kind in RECORDINGS for kind in record):
        problems.append(
            Problem("record", _("What can be recorded cannot be read. Choose it again and save."))
        )
    elif isinstance(accept, list) and any(kind not in accept for kind in record):
        problems.append(Problem("record", _("Accept sound or video files if learners can record them.")))
    if values.get("needs", "any") not in NEEDS:
        problems.append(Problem("needs", _("Choose whether one form is enough.")))
    if not is_whole(values.get("attempts_allowed", 0), 0, MOST_ATTEMPTS):
        problems.append(
            Problem("attempts_allowed", _("Attempts are a whole number from 0 (no limit) to 100."))
        )
    if not is_whole(values.get("resubmit_days", 0), 0, MOST_DAYS):
        problems.append(Problem("resubmit_days", _("Give a whole number of days from 0 (no limit) to 365.")))
    if values.get("late_work", "mark") not in LATE_WORK:
        problems.append(Problem("late_work", _("Choose what happens to late work.")))
    if not is_whole(values.get("second_marker_percent", 0), 0, 100):
        problems.append(Problem("second_marker_percent", _("Give a whole number of percent from 0 to 100.")))
    return problems


def _rubric_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    raw = values.get("rubric")
    if not isinstance(raw, Mapping):
        return [Problem("rubric", _("The rubric cannot be read. Write it again here and save."))]
    rubric = read_rubric(raw)
    written = raw.get("criteria") or []
    if not rubric.criteria and not written:
        if values.get("review_mode") == "auto":
            return []
        return [
            Problem(
                "rubric", _("Reviewed work needs a rubric: learners see it first, reviewers judge by it.")
            )
        ]
    if not isinstance(written, list) or len(rubric.criteria) != len(written):
        return [Problem("rubric", _("Every criterion needs a name."))]
    levels_written = [entry.get("levels") for entry in written]
    if any(
        not isinstance(levels, list) or len(levels) != len(criterion.levels)
        for levels, criterion in zip(levels_written, rubric.criteria, strict=True)
    ):
        return [Problem("rubric", _("Every level needs a name."))]
    if any(len(criterion.levels) < 2 for criterion in rubric.criteria):
        return [Problem("rubric", _("Give every criterion at least two levels."))]
    if not 0 < rubric.pass_points <= rubric.most:
        message = _("The pass line must be above 0 and at most {most}, the points of flawless work.")
        return [Problem("pass_points", message.format(most=rubric.most))]
    return []

"""Says what is wrong with authored values, in words an author can act on, field by field.

One set of rules, asked twice: when Studio saves a form (nothing is saved while there is an error), and by
``validate()`` for blocks that came from elsewhere (an import, a paste, a hand-written file).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
from .questions import CHECK_TYPES, picture_address, plain_text, read_number, read_options
from .rubric import read_rubric

__all__ = ["Problem", "check_problems", "evidence_problems", "unit_problems"]

Gettext = Callable[[str], str]
LAYOUTS = ("steps", "page")
MOST_MINUTES = 30


@dataclass(frozen=True)
class Problem:
    """One thing to mend; ``field`` is the field it is shown at."""

    field: str
    message: str


def is_whole(value: object, least: int, most: int) -> bool:
    """Whether *value* is a whole number between *least* and *most*."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


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


def check_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    """Problems of a quick check."""
    problems = []
    check_type = values.get("check_type")
    if not plain_text(values.get("prompt")):
        problems.append(Problem("prompt", _("Write the question.")))
    if check_type not in CHECK_TYPES:
        problems.append(Problem("check_type", _("Choose one of the four types of question.")))
    elif check_type in ("single", "multiple"):
        problems += _option_problems(values, check_type, _)
    elif check_type == "number":
        problems += _number_problems(values, _)
    else:
        problems += _text_problems(values, _)
    if not is_whole(values.get("attempts_allowed"), 0, 100):
        problems.append(
            Problem("attempts_allowed", _("Attempts are a whole number from 0 (no limit) to 100."))
        )
    return problems + _picture_problems(values, _)


def _picture_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    address = values.get("image_url")
    if address and not picture_address(address):
        return [Problem("image_url", _("Use a web address (https://…) or a course file (/static/…)."))]
    if address and not plain_text(values.get("image_alt")):
        return [Problem("image_alt", _("Describe the picture for people who cannot see it."))]
    return []


def _option_problems(values: Mapping[str, Any], check_type: str, _: Gettext) -> list[Problem]:
    raw = values.get("options")
    if not isinstance(raw, list) or not all(isinstance(entry, Mapping) for entry in raw):
        return [Problem("options", _("The options cannot be read. Write them again here and save."))]
    options = read_options(raw)
    if len(options) != len(raw):
        return [
            Problem(
                "options", _("Every option needs a text, and there can be at most 40. Remove empty ones.")
            )
        ]
    if len(options) < 2:
        return [Problem("options", _("Give at least two options."))]
    texts = [option.text.casefold() for option in options]
    if len(set(texts)) != len(texts):
        return [Problem("options", _("Two options have the same text."))]
    right = sum(option.correct for option in options)
    if right == 0:
        return [Problem("options", _("Mark the correct answer."))]
    if check_type == "single" and right > 1:
        return [
            Problem("options", _("A single choice has one correct answer. Use multiple choice for several."))
        ]
    return []


def _number_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = []
    if read_number(values.get("number_answer")) is None:
        problems.append(Problem("number_answer", _("Give the correct number.")))
    tolerance = read_number(values.get("number_tolerance"))
    if tolerance is None or tolerance < 0:
        problems.append(Problem("number_tolerance", _("How far off may an answer be? 0 or more.")))
    return problems


def _text_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    raw = values.get("text_answers")
    if not isinstance(raw, list) or not all(isinstance(entry, str) for entry in raw):
        return [
            Problem("text_answers", _("The accepted answers cannot be read. Write them again here and save."))
        ]
    if not any(entry.strip() for entry in raw):
        return [Problem("text_answers", _("Give at least one accepted answer."))]
    return []


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

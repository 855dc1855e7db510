"""Says what is wrong with a quick check's authored values, in words an author can act on, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .answer_patterns import MOST_PATTERN, PatternError, compile_pattern
from .problem import Gettext, Problem, is_whole
from .question_parts import (
    GAP_MARK,
    MOST_GAPS,
    picture_address,
    plain_text,
    plain_texts,
    read_gaps,
    read_number,
    read_options,
    read_pairs,
    read_worth,
)
from .questions import CHECK_TYPES, MOST_AVERAGED, MOST_PATTERNS, POLICIES
from .text_matching import IGNORABLE, fold_for, normalise_text

__all__ = ["check_problems"]

MOST_TEXT = 20_000
#: What an author writes for learners to read; no page is made for more.
_LONG_TEXTS = ("prompt", "feedback_correct", "feedback_incorrect", "gap_text", "image_alt", "display_name")


def check_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    """Problems of a quick check."""
    problems = []
    check_type = values.get("check_type")
    if not plain_text(values.get("prompt")):
        problems.append(Problem("prompt", _("Write the question.")))
    if not isinstance(check_type, str) or check_type not in CHECK_TYPES:
        problems.append(Problem("check_type", _("Choose one of the types of question.")))
    else:
        problems += _TYPES[check_type](values, _)
    problems += _attempt_problems(values, _) + _help_problems(values, _) + _picture_problems(values, _)
    for name in _LONG_TEXTS:
        if len(plain_text(values.get(name))) > MOST_TEXT:
            problems.append(Problem(name, _("This text is far too long for a quick check. Shorten it.")))
    return problems


def _attempt_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = []
    if not is_whole(values.get("attempts_allowed"), 0, 100):
        problems.append(
            Problem("attempts_allowed", _("Attempts are a whole number from 0 (no limit) to 100."))
        )
    if not is_whole(values.get("mastery", 100), 1, 100):
        problems.append(Problem("mastery", _("What is needed to pass is a whole number from 1 to 100 %.")))
    if values.get("attempt_policy", "best") not in POLICIES:
        problems.append(Problem("attempt_policy", _("Choose which attempt counts.")))
    elif values.get("attempt_policy") == "average":
        over = values.get("average_over", 3)
        if not is_whole(over, 2, MOST_AVERAGED):
            problems.append(
                Problem("average_over", _("The mean is taken over a whole number of attempts, 2 to 20."))
            )
        elif is_whole(values.get("attempts_allowed"), 1, 100) and values["attempts_allowed"] < over:
            problems.append(
                Problem("attempts_allowed", _("Allow at least as many attempts as the mean is taken over."))
            )
    if values.get("purpose", "graded") not in ("graded", "practice"):
        problems.append(Problem("purpose", _("Choose whether this question counts or is for practice.")))
    if values.get("reveal", "course") not in ("course", "never"):
        problems.append(Problem("reveal", _("Choose when the right answer is shown.")))
    return problems


def _help_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = []
    for name, most in (("hints", 10), ("try_feedback", 20)):
        written = values.get(name, [])
        if not isinstance(written, list) or not all(isinstance(entry, str) for entry in written):
            problems.append(Problem(name, _("These texts cannot be read. Write them again here and save.")))
        elif len(written) > most:
            problems.append(Problem(name, _("At most {most} of these, please.").format(most=most)))
    if not is_whole(values.get("hint_cost", 0), 0, 100):
        problems.append(Problem("hint_cost", _("A hint costs a whole number of percent, 0 to 100.")))
    return problems


def _picture_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    address = values.get("image_url")
    if address and not picture_address(address):
        return [Problem("image_url", _("Use a web address (https://…) or a course file (/static/…)."))]
    if address and not plain_text(values.get("image_alt")):
        return [Problem("image_alt", _("Describe the picture for people who cannot see it."))]
    return []


def _option_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    """What every type with options asks of them."""
    raw = values.get("options")
    if not isinstance(raw, list) or not all(isinstance(entry, Mapping) for entry in raw):
        return [Problem("options", _("The options cannot be read. Write them again here and save."))]
    for entry in raw:
        address = entry.get("image_url")
        if address and not picture_address(address):
            return [Problem("options", _("The picture of an option needs a web address or a course file."))]
        if address and not plain_text(entry.get("image_alt")):
            return [
                Problem("options", _("Describe the picture of every option for people who cannot see it."))
            ]
    options = read_options(raw)
    if len(options) != len(raw):
        return [
            Problem(
                "options", _("Every option needs a text, and there can be at most 40. Remove empty ones.")
            )
        ]
    texts = [option.name.casefold() for option in options]
    if len(set(texts)) != len(texts):
        return [Problem("options", _("Two options have the same text."))]
    return []


def _choice_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = _option_problems(values, _)
    if problems and problems[0].message != _("Two options have the same text."):
        return problems
    options = read_options(values.get("options"))
    if len(options) < 2:
        return [Problem("options", _("Give at least two options."))]
    if problems:
        return problems
    right = sum(option.correct for option in options)
    if right == 0:
        return [Problem("options", _("Mark the correct answer."))]
    if values.get("check_type") == "single" and right > 1:
        return [
            Problem("options", _("A single choice has one correct answer. Use multiple choice for several."))
        ]
    return []


def _order_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = _option_problems(values, _)
    if not problems and len(read_options(values.get("options"))) < 2:
        return [Problem("options", _("Give at least two things to put in order."))]
    return problems


def _attest_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    return _option_problems(values, _) if values.get("options") else []


def _number_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    problems = []
    if read_number(values.get("number_answer")) is None:
        problems.append(Problem("number_answer", _("Give the correct number.")))
    tolerance = read_number(values.get("number_tolerance"))
    if tolerance is None or tolerance < 0:
        problems.append(Problem("number_tolerance", _("How far off may an answer be? 0 or more.")))
    if values.get("number_tolerance_kind", "absolute") not in ("absolute", "percent"):
        problems.append(
            Problem("number_tolerance_kind", _("Say whether the tolerance is a number or a percentage."))
        )
    units = values.get("number_units", [])
    if not isinstance(units, list) or not all(isinstance(entry, Mapping) for entry in units):
        problems.append(
            Problem("number_units", _("The units cannot be read. Write them again here and save."))
        )
    elif not all(plain_text(entry.get("name")) for entry in units):
        problems.append(Problem("number_units", _("Every unit needs a name. Remove empty ones.")))
    elif any(read_worth(entry.get("worth", "1")) is None for entry in units):
        problems.append(
            Problem("number_units", _("Say how much a unit is worth as a number above 0, or like 1/36."))
        )
    elif not plain_text(values.get("number_unit")) and (units or values.get("number_unit_required")):
        problems.append(Problem("number_unit", _("Name the unit of the correct number first.")))
    return problems


def _text_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    raw = values.get("text_answers")
    if not isinstance(raw, list) or not all(isinstance(entry, str) for entry in raw):
        return [
            Problem("text_answers", _("The accepted answers cannot be read. Write them again here and save."))
        ]
    patterns = values.get("text_patterns", [])
    problems = _pattern_problems(values, patterns, _) + _ignore_problems(values, _)
    if not any(entry.strip() for entry in raw) and not (isinstance(patterns, list) and plain_texts(patterns)):
        return [*problems, Problem("text_answers", _("Give at least one accepted answer."))]
    return problems


def _ignore_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    ignores = values.get("text_ignores", ["case"])
    if not isinstance(ignores, list) or not all(isinstance(n, str) and n in IGNORABLE for n in ignores):
        return [Problem("text_ignores", _("Choose again what does not matter, and save."))]
    return []


def _pattern_problems(values: Mapping[str, Any], patterns: object, _: Gettext) -> list[Problem]:
    if not isinstance(patterns, list) or not all(isinstance(entry, str) for entry in patterns):
        return [Problem("text_patterns", _("The patterns cannot be read. Write them again here and save."))]
    if len(patterns) > MOST_PATTERNS:
        return [Problem("text_patterns", _("At most {most} patterns, please.").format(most=MOST_PATTERNS))]
    ignores = values.get("text_ignores", ["case"])
    ignores = ignores if isinstance(ignores, list) else []
    for line, pattern in enumerate(patterns, start=1):
        try:
            compile_pattern(pattern.strip(), fold_for("case" in ignores, "accents" in ignores))
        except PatternError as error:
            message = _("Pattern {line}, sign {at}: {why}")
            why = pattern_sentence(error.code, _)
            return [Problem("text_patterns", message.format(line=line, at=error.at, why=why))]
    return []


def pattern_sentence(code: str, _: Gettext) -> str:
    """Why a pattern cannot be used, and what to do."""
    sentences = {
        "too_long": _("a pattern has at most {most} signs.").format(most=MOST_PATTERN),
        "too_large": _("this repeats too much. Use smaller numbers, or * instead of them."),
        "too_deep": _("there are too many brackets inside each other."),
        "unopened": _("this closing bracket has no opening one. Write \\) for the sign itself."),
        "unclosed": _("this bracket is not closed."),
        "nothing_to_repeat": _("there is nothing before this to repeat. Write a \\ before the sign itself."),
        "repeated_twice": _("this is repeated twice. Use one of ? * + or {2,4}."),
        "bad_braces": _("write {3} or {2,5} with numbers up to 40. Write \\{ for the sign itself."),
        "bad_range": _("a range goes from the smaller to the larger sign, as in a-z."),
        "not_in_brackets": _("this letter is compared as two. Write it outside of [ ], with | in between."),
        "anchor": _("^ and $ are not needed: a pattern always matches the whole answer."),
    }
    return sentences.get(code) or _(
        "this is not supported. There are . [abc] \\d \\w \\s ( | ) ? * + {2,4}, and \\ before a sign."
    )


def _match_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    raw = values.get("pairs")
    extra = values.get("extra_matches", [])
    if not isinstance(raw, list) or not all(isinstance(entry, Mapping) for entry in raw):
        return [Problem("pairs", _("The pairs cannot be read. Write them again here and save."))]
    if not isinstance(extra, list) or not all(isinstance(entry, str) for entry in extra):
        return [Problem("extra_matches", _("These choices cannot be read. Write them again here and save."))]
    pairs = read_pairs(raw)
    if len(pairs) != len(raw):
        return [Problem("pairs", _("Both sides of every pair need a text. Remove empty ones."))]
    if len(pairs) < 2:
        return [Problem("pairs", _("Give at least two pairs."))]
    if len({pair.text.casefold() for pair in pairs}) != len(pairs):
        return [Problem("pairs", _("Two pairs begin with the same text."))]
    matches = {pair.match for pair in pairs}
    if len({*matches, *plain_texts(extra)}) < 2:
        return [Problem("pairs", _("There is only one thing to choose. Write a second match."))]
    if matches & set(plain_texts(extra)):
        return [Problem("extra_matches", _("A choice that fits nothing must not be the match of a pair."))]
    return []


def _gap_problems(values: Mapping[str, Any], _: Gettext) -> list[Problem]:
    text, raw = plain_text(values.get("gap_text")), values.get("gaps")
    if not isinstance(raw, list) or not all(_is_gap(entry) for entry in raw):
        return [Problem("gaps", _("The gaps cannot be read. Write them again here and save."))]
    marks = GAP_MARK.findall(text)
    if not marks:
        return [Problem("gap_text", _("Write the text and put at least one gap into it, as [[g1]]."))]
    if len(set(marks)) != len(marks):
        return [
            Problem("gap_text", _("A gap stands twice in the text. Give the second one a name of its own."))
        ]
    if len(raw) > MOST_GAPS or len(marks) > MOST_GAPS:
        return [Problem("gap_text", _("At most {most} gaps, please.").format(most=MOST_GAPS))]
    return _gap_row_problems(text, raw, marks, _) or _ignore_problems(values, _)


def _is_gap(entry: object) -> bool:
    return isinstance(entry, Mapping) and all(
        isinstance(entry.get(name, []), list) for name in ("answers", "choices")
    )


def _gap_row_problems(text: str, raw: list[Mapping[str, Any]], marks: list[str], _: Gettext) -> list[Problem]:
    gaps = {gap.id: gap for gap in read_gaps(raw, text)}
    for name in marks:
        if name not in gaps:
            return [Problem("gaps", _("The gap {name} needs a right answer.").format(name=name))]
        choices = gaps[name].choices
        if choices and len({normalise_text(choice) for choice in choices}) < max(2, len(choices)):
            message = _("The gap {name} needs at least two different choices.")
            return [Problem("gaps", message.format(name=name))]
    for entry in raw:
        if plain_text(entry.get("id")) not in marks:
            message = _("The gap {name} is not in the text. Put [[{name}]] where it belongs, or remove it.")
            return [Problem("gaps", message.format(name=plain_text(entry.get("id"))))]
    return []


_TYPES = {
    "single": _choice_problems,
    "multiple": _choice_problems,
    "number": _number_problems,
    "text": _text_problems,
    "order": _order_problems,
    "match": _match_problems,
    "gaps": _gap_problems,
    "attest": _attest_problems,
}

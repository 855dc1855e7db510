"""Marks an answer: the same answer to the same question always gets the same mark, and nothing else happens.

An answer that cannot be read raises ``AnswerError`` *before* it costs an attempt: typing "about three" into
a number field is a slip, not a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from .answer_errors import AnswerError
from .answers import MAX_ANSWER_CHARACTERS, read_answer
from .number_answers import is_near, parse_number, read_measured
from .question_parts import token_of
from .questions import Question
from .text_matching import is_accepted, normalise_text

__all__ = [
    "MAX_ANSWER_CHARACTERS",
    "AnswerError",
    "Mark",
    "mark",
    "normalise_text",
    "parse_number",
    "read_answer",
]


@dataclass(frozen=True)
class Mark:
    """The judgement of one answer.

    ``score`` is from 0 to 1 and ``passed`` says whether it reaches the mastery the question asks. ``parts`` says of
    each gap or pair whether it is right. ``given`` is the answer as statistics keep it: ids of options where there
    are any (in their order, for an order), normalised text otherwise, by part.
    """

    passed: bool
    score: float
    chosen: tuple[str, ...] = ()
    parts: tuple[tuple[str, bool], ...] = ()
    given: tuple[tuple[str, str], ...] = ()


def mark(question: Question, answer: Any) -> Mark:
    """The mark of *answer*. Without partial credit everything must be right. Raises ``AnswerError``."""
    if not question.answerable:
        raise AnswerError("not_ready")
    readable: Any = read_answer(question, answer)
    if question.check_type in ("single", "multiple"):
        return _mark_choice(question, [readable] if isinstance(readable, str) else readable)
    if question.check_type == "order":
        return _mark_order(question, readable)
    if question.check_type == "match":
        return _mark_match(question, readable)
    if question.check_type == "gaps":
        return _mark_gaps(question, readable)
    if question.check_type == "attest":
        return Mark(True, 1.0, tuple(readable), given=tuple(("", identifier) for identifier in readable))
    return _mark_typed(question, readable)


def _judged(question: Question, right: float, whole: bool, **more: Any) -> Mark:
    """The mark of an answer of which the share *right* is right."""
    score = right if question.partial_credit else float(whole)
    score = max(0.0, min(1.0, score))
    return Mark(passed=score >= question.mastery - 1e-9, score=score, **more)


def _mark_choice(question: Question, chosen: list[str]) -> Mark:
    """Partial credit: what was rightly ticked less what was wrongly ticked, of what is right."""
    right = {option.id for option in question.options if option.correct}
    given = tuple(("", identifier) for identifier in chosen)
    if question.check_type == "single":
        found = float(chosen[0] in right)
        return _judged(question, found, bool(found), chosen=tuple(chosen), given=given)
    ticked = set(chosen)
    share = (len(ticked & right) - len(ticked - right)) / len(right)
    return _judged(question, share, ticked == right, chosen=tuple(chosen), given=given)


def _mark_order(question: Question, tokens: list[str]) -> Mark:
    """Partial credit: how many things can stay where they are while the others are put right.

    One thing at the wrong end costs one step and not the whole answer; the reverse order is worth nothing.
    """
    places = {option.token: place for place, option in enumerate(question.options)}
    ids = {option.token: option.id for option in question.options}
    order = [places[token] for token in tokens]
    tails: list[int] = []
    for place in order:
        where = bisect_left(tails, place)
        tails[where : where + 1] = [place]
    share = (len(tails) - 1) / (len(order) - 1)
    given = tuple((str(number), ids[token]) for number, token in enumerate(tokens, start=1))
    return _judged(question, share, order == sorted(order), chosen=tuple(tokens), given=given)


def _mark_match(question: Question, given: Mapping[str, str]) -> Mark:
    texts = {token_of(text): text for text in question.matches}
    parts = tuple((pair.id, given[pair.id] == token_of(pair.match)) for pair in question.pairs)
    kept = tuple((pair.id, texts[given[pair.id]]) for pair in question.pairs)
    return _mark_parts(question, parts, kept)


def _mark_gaps(question: Question, given: Mapping[str, str]) -> Mark:
    parts, kept = [], []
    for gap in question.gaps:
        if gap.choices:
            parts.append((gap.id, given[gap.id] == token_of(gap.answers[0])))
            texts = {token_of(text): text for text in gap.choices}
            kept.append((gap.id, texts[given[gap.id]]))
        else:
            right = is_accepted(given[gap.id], gap.answers, ignores=question.text_ignores)
            parts.append((gap.id, right))
            kept.append((gap.id, normalise_text(given[gap.id], question.text_ignores)))
    return _mark_parts(question, tuple(parts), tuple(kept))


def _mark_parts(
    question: Question, parts: tuple[tuple[str, bool], ...], given: tuple[tuple[str, str], ...]
) -> Mark:
    right = sum(found for _, found in parts)
    return _judged(question, right / len(parts), right == len(parts), parts=parts, given=given)


def _mark_typed(question: Question, typed: str) -> Mark:
    if question.check_type == "number":
        number = read_measured(typed, question.measures, unit_required=question.unit_required)
        answer = cast("Any", question.number_answer)
        right = is_near(number, answer, question.number_tolerance, percent=question.number_percent)
        # Enough digits to tell answers apart, and no fraction of a thousand digits.
        given = f"{float(number):.10g}"
    else:
        right = is_accepted(typed, question.text_answers, question.text_patterns, question.text_ignores)
        given = normalise_text(typed, question.text_ignores)
    return _judged(question, float(right), right, given=(("", given),))

"""Reads what a learner sent into the one shape its question takes; anything else is refused before it is marked.

The shapes, by type of check:

========== ==========================================================================
single     the id of an option
multiple   a list of ids of options
number     text
text       text
order      a list of the tokens of all options, in the learner's order
match      a mapping: id of a line → token of what was chosen for it
gaps       a mapping: id of a gap → text, or the token of a choice
attest     a list of ids of statements
========== ==========================================================================
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .answer_errors import AnswerError
from .question_parts import token_of
from .questions import Question

__all__ = ["MAX_ANSWER_CHARACTERS", "Answer", "is_keepable", "read_answer"]

MAX_ANSWER_CHARACTERS = 2000
MOST_GAP_CHARACTERS = 200
MOST_ENTRIES = 100
MOST_ID_CHARACTERS = 500

Answer = str | list[str] | dict[str, str]


def read_answer(question: Question, answer: Any) -> Answer:
    """The answer in the shape its question takes, or ``AnswerError``; bad shapes have code ``malformed``."""
    if question.check_type in ("multiple", "attest", "order"):
        return _listed(question, answer)
    if question.check_type in ("match", "gaps"):
        return _mapped(question, answer)
    if question.check_type == "number" and isinstance(answer, (int, float)) and not isinstance(answer, bool):
        answer = str(answer)
    if not isinstance(answer, str) or len(answer) > MAX_ANSWER_CHARACTERS:
        raise AnswerError("malformed")
    if not answer.strip():
        raise AnswerError("empty")
    if question.check_type == "single":
        _require_known([answer], {option.id for option in question.options})
    return answer


def is_keepable(question: Question, draft: Any) -> bool:
    """Whether *draft* has the shape of this check's answers and a bounded size. Its content is judged on marking."""
    if question.check_type in ("multiple", "attest", "order"):
        return (
            isinstance(draft, list)
            and len(draft) <= MOST_ENTRIES
            and all(isinstance(entry, str) and len(entry) <= MOST_ID_CHARACTERS for entry in draft)
        )
    if question.check_type in ("match", "gaps"):
        return (
            isinstance(draft, dict)
            and len(draft) <= MOST_ENTRIES
            and all(isinstance(value, str) and len(value) <= MOST_GAP_CHARACTERS for value in draft.values())
            and all(len(name) <= MOST_GAP_CHARACTERS for name in draft)
        )
    return isinstance(draft, str) and len(draft) <= MAX_ANSWER_CHARACTERS


def _listed(question: Question, answer: Any) -> list[str]:
    if (
        not isinstance(answer, list)
        or len(answer) > MOST_ENTRIES
        or not all(isinstance(entry, str) for entry in answer)
    ):
        raise AnswerError("malformed")
    if question.check_type == "order":
        tokens = {option.token for option in question.options}
        _require_known(answer, tokens)
        if len(answer) != len(tokens) or set(answer) != tokens:
            raise AnswerError("malformed")
        return list(answer)
    chosen = sorted(set(answer))
    known = question.statements if question.check_type == "attest" else question.options
    _require_known(chosen, {option.id for option in known})
    if question.check_type == "attest" and len(chosen) < len(known):
        raise AnswerError("not_attested")
    if not chosen:
        raise AnswerError("empty")
    return chosen


def _mapped(question: Question, answer: Any) -> dict[str, str]:
    if not isinstance(answer, Mapping) or not all(isinstance(value, str) for value in answer.values()):
        raise AnswerError("malformed")
    if question.check_type == "match":
        wanted = {pair.id: question.matches for pair in question.pairs}
    else:
        wanted = {gap.id: gap.choices for gap in question.gaps}
    _require_known(list(answer), set(wanted))
    given = {name: str(answer.get(name, "")).strip() for name in wanted}
    if not any(given.values()):
        raise AnswerError("empty")
    if not all(given.values()):
        raise AnswerError("incomplete")
    for name, choices in wanted.items():
        if choices:
            _require_known([given[name]], {token_of(choice) for choice in choices})
        elif len(given[name]) > MOST_GAP_CHARACTERS:
            raise AnswerError("malformed")
    return given


def _require_known(given: list[str], known: Collection[str]) -> None:
    if not set(given) <= set(known):
        raise AnswerError("unknown_option")

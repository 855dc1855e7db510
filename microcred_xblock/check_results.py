"""What a learner is told about an attempt, and nothing beyond it."""

from __future__ import annotations

from typing import Any

from .check_sitting import Sitting
from .question_parts import token_of
from .questions import Question
from .rendering import translator
from .text_matching import is_accepted

__all__ = ["answer_words", "key_lines", "result"]


def result(sitting: Sitting) -> dict[str, Any]:
    """The result of the last attempt as the template and mobile apps need it.

    Which of several ticked options were right is told only with the answer: with attempts left it would be the key.
    The author's feedback for a chosen option is always shown, that is what it was written for. Of gaps and pairs it
    is told which ones are right.
    """
    _ = translator(sitting.block).gettext
    question, last = sitting.question, sitting.block.last
    if not sitting.told.correctness:
        return {
            "told": False,
            "headline": _("Your answer is recorded."),
            "overall": _("Whether it is right is not shown now: your course decides when."),
            "rows": _rows(question, last.get("answer"), marks=False),
            "typed": _typed(question, last),
        }
    passed = bool(last.get("passed"))
    right = float(last.get("score", 0.0)) >= 1.0 - 1e-9
    if question.check_type == "attest":
        headline = _("You have confirmed this.")
    elif right or (passed and not question.partial_credit):
        headline = _("That is right.")
    else:
        headline = _("Good enough, with some mistakes.") if passed else _("Not quite.")
    return {
        "told": True,
        "passed": passed,
        "headline": headline,
        "score": _score_line(sitting, float(last.get("score", 0.0))),
        "overall": _overall(question, passed, int(last.get("attempt", 1) or 1)),
        "typed": _typed(question, last),
        "rows": _rows(question, last.get("answer"), marks=True),
        "key": key_lines(question) if sitting.told.answer and not right else [],
        "exhausted": sitting.closed and not sitting.counted.passed and sitting.counted.left == 0,
        "over": sitting.told.over and not sitting.counted.passed,
    }


def key_lines(question: Question) -> list[str]:
    """The right answer in words, line by line."""
    if question.check_type in ("single", "multiple"):
        return [option.name for option in question.options if option.correct]
    if question.check_type == "order":
        return [f"{number}. {option.name}" for number, option in enumerate(question.options, start=1)]
    if question.check_type == "match":
        return [f"{pair.text}: {pair.match}" for pair in question.pairs]
    if question.check_type == "gaps":
        return [f"{number}. {gap.answers[0]}" for number, gap in enumerate(question.gaps, start=1)]
    if question.check_type == "number" and question.number_answer is not None:
        percent = " %" if question.number_percent else ""
        tolerance = f" ± {question.number_tolerance}{percent}" if question.number_tolerance else ""
        return [f"{question.number_answer} {question.number_unit}".strip() + tolerance]
    return list(question.text_answers)


def answer_words(question: Question, answer: Any) -> str:
    """An answer or a draft as a person reads it: the texts of what is chosen, or what is typed."""
    if question.check_type in ("single", "multiple", "attest"):
        texts = {option.id: option.name for option in question.statements}
        return ", ".join(texts.get(str(entry), "") for entry in _entries(answer))
    if question.check_type == "order":
        names = {option.token: option.name for option in question.options}
        return ", ".join(names.get(str(entry), "") for entry in _entries(answer))
    if question.check_type in ("match", "gaps"):
        rows = _rows(question, answer, marks=False)
        return ", ".join(f"{row['label']}: {row['given']}" if row["label"] else row["given"] for row in rows)
    return str(answer or "")


def _entries(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def _overall(question: Question, passed: bool, attempt: int) -> str:
    """The author's words for this attempt: those of the n-th wrong one, else the general ones."""
    if passed:
        return question.feedback_correct
    if question.try_feedback:
        place = min(attempt, len(question.try_feedback)) - 1
        return question.try_feedback[place]
    return question.feedback_incorrect


def _typed(question: Question, last: dict[str, Any]) -> str:
    return str(last.get("answer", "")) if question.check_type in ("number", "text") else ""


def _rows(question: Question, answer: Any, *, marks: bool) -> list[dict[str, Any]]:
    """One row for each part of the answer that has something said about it."""
    if question.check_type in ("single", "multiple", "attest"):
        chosen = answer if isinstance(answer, list) else [answer]
        found = [option for option in question.statements if option.id in chosen and option.name]
        return [
            {"label": option.name, "given": "", "right": None, "feedback": option.feedback if marks else ""}
            for option in found
        ]
    given = answer if isinstance(answer, dict) else {}
    if question.check_type == "match":
        texts = {token_of(text): text for text in question.matches}
        parts = [
            (pair.text, texts.get(str(given.get(pair.id, "")), ""), pair.match, pair.feedback)
            for pair in question.pairs
        ]
        return [_row(label, text, text == match, feedback, marks) for label, text, match, feedback in parts]
    if question.check_type == "gaps":
        return _gap_rows(question, given, marks)
    return []


def _gap_rows(question: Question, given: dict[str, Any], marks: bool) -> list[dict[str, Any]]:
    rows = []
    for number, gap in enumerate(question.gaps, start=1):
        text = str(given.get(gap.id, ""))
        if gap.choices:
            text = {token_of(choice): choice for choice in gap.choices}.get(text, "")
            right = text == gap.answers[0]
        else:
            right = is_accepted(text, gap.answers, ignores=question.text_ignores)
        rows.append({**_row("", text, right, gap.feedback, marks), "number": number})
    return rows


def _row(label: str, given: str, right: bool, feedback: str, marks: bool) -> dict[str, Any]:
    return {
        "label": label,
        "given": given,
        "right": right if marks else None,
        "feedback": feedback if marks and not right else "",
    }


def _score_line(sitting: Sitting, score: float) -> str:
    """Points in words, where a mark is more than right or wrong."""
    question, i18n = sitting.question, translator(sitting.block)
    if question.check_type == "attest" or question.practice:
        return ""
    lines = []
    if question.partial_credit:
        text = i18n.gettext("This attempt: {score} %. {needed} % is needed.")
        lines.append(text.format(score=percent(score), needed=percent(question.mastery)))
    if question.attempt_policy == "average":
        text = i18n.ngettext(
            "Mean of the last {over} attempt: {score} %. {needed} % is needed.",
            "Mean of the last {over} attempts: {score} %. {needed} % is needed.",
            question.average_over,
        )
        values = (percent(sitting.counted.score), percent(question.mastery))
        lines.append(text.format(over=question.average_over, score=values[0], needed=values[1]))
    if question.attempt_policy == "latest" and sitting.counted.may_improve:
        lines.append(i18n.gettext("You may try again. Your latest attempt counts, also when it is lower."))
    elif sitting.counted.may_improve:
        lines.append(i18n.gettext("You have passed, and may try again for a better score."))
    if question.hint_cost and sitting.block.hints_used:
        text = i18n.ngettext(
            "{count} hint used: {cost} % off your score.",
            "{count} hints used: {cost} % off your score.",
            sitting.block.hints_used,
        )
        cost = min(100, sitting.block.hints_used * question.hint_cost)
        lines.append(text.format(count=sitting.block.hints_used, cost=cost))
    return " ".join(lines)


def percent(share: float) -> str:
    """A share as a whole percentage; nearly all is not all."""
    whole = round(share * 100)
    return str(99 if whole == 100 and share < 1 - 1e-9 else whole)

"""What a check asks, in the terms in which answers are recorded: for figures about answers, never for learners."""

from __future__ import annotations

from typing import Any

from .question_parts import plain_text
from .questions import Question
from .text_matching import normalise_text

__all__ = ["question_words"]


def question_words(question: Question) -> dict[str, Any]:
    """The wording's digest, the prompt, the names of parts, and each possible answer's name and whether it is right.

    Answers are by part and by the value that ``marking.Mark.given`` has for them. It holds the key.
    """
    parts: dict[str, str] = {}
    answers: dict[str, dict[str, tuple[str, bool | None]]] = {}
    if question.check_type in ("single", "multiple"):
        answers[""] = {one.id: (one.name, one.correct) for one in question.options}
    elif question.check_type == "order":
        answers[""] = {one.id: (one.name, None) for one in question.options}
    elif question.check_type == "attest":
        answers[""] = {one.id: (one.name or question.prompt, None) for one in question.statements}
    elif question.check_type == "match":
        for pair in question.pairs:
            parts[pair.id] = pair.text
            answers[pair.id] = {text: (text, text == pair.match) for text in question.matches}
    elif question.check_type == "gaps":
        for gap in question.gaps:
            parts[gap.id] = gap.id
            if gap.choices:
                answers[gap.id] = {text: (text, text == gap.answers[0]) for text in gap.choices}
            else:
                accepted = [normalise_text(text, question.text_ignores) for text in gap.answers]
                answers[gap.id] = {text: (text, True) for text in accepted}
    return {
        "wording": question.digest,
        "prompt": plain_text(question.prompt),
        "parts": parts,
        "answers": answers,
    }

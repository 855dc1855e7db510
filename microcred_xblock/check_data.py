"""The question as data, for mobile apps that draw it themselves."""

from __future__ import annotations

from typing import Any

from . import check_page
from .check_inputs import arranged, arranged_matches
from .check_results import result
from .check_sitting import Sitting
from .question_parts import GAP_MARK, Option, token_of
from .questions import Question

__all__ = ["user_state", "view_data"]


def view_data(question: Question, display_name: str) -> dict[str, Any]:
    """The question without answers, feedback or anything about a learner: it is cached for everybody.

    Where the author's order or ids would give the answer away, things are named by what they say and sorted by that.
    """
    data: dict[str, Any] = {
        "display_name": display_name,
        "check_type": question.check_type,
        "prompt": question.prompt,
        "image_url": question.image_url,
        "image_alt": question.image_alt,
        "options": [_option(option, option.id) for option in question.options],
        "number_unit": question.number_unit,
        "attempts_allowed": question.attempts_allowed,
        "hints": len(question.hints),
        "practice": question.practice,
    }
    if question.check_type == "order":
        options = sorted(question.options, key=lambda option: option.token)
        data["options"] = [_option(option, option.token) for option in options]
    elif question.check_type == "attest":
        data["options"] = [_option(option, option.id) for option in question.statements]
    elif question.check_type == "match":
        data["lines"] = [{"id": pair.id, "text": pair.text} for pair in question.pairs]
        data["choices"] = _choices(question.matches)
    elif question.check_type == "gaps":
        known = {gap.id for gap in question.gaps}
        text = GAP_MARK.sub(lambda found: found[0] if found[1] in known else "", question.gap_text)
        data["gap_text"] = text
        data["gaps"] = [{"id": gap.id, "choices": _choices(gap.choices)} for gap in question.gaps]
    return data


def user_state(sitting: Sitting) -> dict[str, Any]:
    """Where one learner stands: their order, draft, attempts, hints and result, as far as they may know it."""
    block, question = sitting.block, sitting.question
    data = {name: value for name, value in check_page.state(sitting).items() if not name.endswith("_html")}
    if question.check_type in ("single", "multiple", "order"):
        by_token = question.check_type == "order"
        data["arrangement"] = [
            option.token if by_token else option.id for option in arranged(question, sitting.seed)
        ]
    elif question.check_type == "match":
        data["arrangement"] = [token_of(text) for text in arranged_matches(question, sitting.seed)]
    return {
        **data,
        "draft": block.draft if not sitting.closed else None,
        "answer": block.last.get("answer") if block.last else None,
        "hints": list(sitting.hints),
        "result": result(sitting) if block.last else None,
    }


def _option(option: Option, name: str) -> dict[str, Any]:
    data = {"id": name, "text": option.text}
    if option.image_url:
        data |= {"image_url": option.image_url, "image_alt": option.image_alt}
    return data


def _choices(texts: tuple[str, ...]) -> list[dict[str, str]]:
    found = [{"id": token_of(text), "text": text} for text in texts]
    return sorted(found, key=lambda choice: choice["id"])

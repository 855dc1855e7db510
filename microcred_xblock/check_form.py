"""Studio's form for a quick check: what it shows, and what it answers while it is being written."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from web_fragments.fragment import Fragment

from . import sentences
from .answers import Answer
from .authoring import require_author
from .check_fields import AUTHORED
from .check_form_values import read_form
from .check_page import question_html
from .check_sitting import Sitting
from .check_validation import check_problems
from .form_values import refusal
from .guards import Visitor
from .marking import AnswerError, mark
from .question_parts import plain_texts, read_options, read_pairs
from .questions import read_question
from .rendering import add_resources, as_data, html_id, render, translator

__all__ = ["FIELDS", "form_fragment", "look", "save_form"]

#: What the form writes. ``hint`` is read of older checks and goes on as the first of ``hints``.
FIELDS = tuple(name for name in AUTHORED if name != "hint")
MOST_TRIAL = 2_000


class Untouched:
    """A check as it is before anybody has touched it: the block, with nobody's state."""

    draft = None
    last: ClassVar[dict[str, Any]] = {}
    scores: ClassVar[list[float]] = []
    attempts_used = 0
    hints_used = 0
    passed = False
    answer_seen = False

    def __init__(self, block: Any) -> None:
        self._block = block

    def __getattr__(self, name: str) -> Any:
        return getattr(self._block, name)


def form_fragment(block: Any) -> Fragment:
    """The form with the block's values; unreadable ones come up empty, with the problem named above."""
    values = block.authored()
    question = block.question
    fragment = Fragment(
        render(
            block,
            "check_form.html",
            {
                "values": {**values, "number_answer": _shown(values["number_answer"])},
                "question": question,
                "types": _types(block),
                "ignorable": _ignorable(block, question.text_ignores),
                "rows": as_data(_rows(values)),
                "texts": as_data(_texts(block)),
                "number_tolerance": _shown(values["number_tolerance"]),
                "text_answers": "\n".join(plain_texts(values["text_answers"])),
                "text_patterns": "\n".join(plain_texts(values["text_patterns"])),
                "extra_matches": "\n".join(plain_texts(values["extra_matches"])),
                "try_feedback": "\n".join(plain_texts(values["try_feedback"])),
                "problems": block.own_problems() if values["prompt"] or values["options"] else [],
            },
        )
    )
    add_resources(
        block,
        fragment,
        styles=("studio", "check_form", "microcred", "check"),
        scripts=("page", "studio", "check_form"),
    )
    fragment.initialize_js("MicrocredCheckForm")
    return fragment


def save_form(block: Any, data: dict[str, Any]) -> Any:
    """Sets the fields once every one of them is right; refuses with messages otherwise and sets none."""
    require_author(block)
    values = read_form(data)
    problems = check_problems(values, translator(block).gettext)
    if problems:
        return refusal(block, problems)
    for name in FIELDS:
        setattr(block, name, values[name])
    block.hint = ""
    return {"result": "success"}


def look(block: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What a form that is being written amounts to: ``errors`` by field, ``preview``, and ``trial``, the verdict on
    the text in ``trial_answer``. Nothing is kept."""
    require_author(block)
    values = read_form(data)
    errors: dict[str, str] = {}
    for problem in check_problems(values, translator(block).gettext):
        errors.setdefault(problem.field, problem.message)
    question = read_question(values)
    visitor = Visitor(
        user_id=None, signed_in=True, staff=True, preview=True, masquerading=False, recorded=False
    )
    html = question_html(Sitting(Untouched(block), visitor, question)) if question.prompt else ""
    # The form stands on the same page under the block's own id.
    html = html.replace(html_id(block), f"{html_id(block)}-preview")
    html = _with_pictures(block, html)
    return {"errors": errors, "preview": html, "trial": _trial(block, question, data.get("trial_answer"))}


def _with_pictures(block: Any, html: str) -> str:
    """Course files at their addresses, where this Studio says them; else their descriptions stand for them."""
    service = block.runtime.service(block, "replace_urls")
    if service is not None:
        return str(service.replace_urls(html))
    return re.sub(r' src="/static/[^"]*"', "", html)


def _trial(block: Any, question: Any, answer: Answer | Any) -> str:
    """How a text somebody tries would be marked; empty where there is nothing to try."""
    i18n = translator(block)
    if question.check_type not in ("text", "number") or not isinstance(answer, str) or not answer.strip():
        return ""
    try:
        marked = mark(question, answer[:MOST_TRIAL])
    except AnswerError as error:
        return sentences.answer_problem(i18n, error.code, question.check_type)
    if marked.passed:
        return str(i18n.gettext("This answer would be right."))
    return str(i18n.gettext("This answer would be wrong."))


def _types(block: Any) -> list[dict[str, str]]:
    """The types of check with a line each that says when to take it."""
    _ = translator(block).gettext
    return [
        {"value": value, "label": label, "help": text}
        for value, label, text in (
            ("single", _("One correct answer"), _("Learners choose one option.")),
            ("multiple", _("Several correct answers"), _("Learners tick all that are right.")),
            ("number", _("A number"), _("With tolerance and units.")),
            ("text", _("A word or short text"), _("With other spellings and patterns.")),
            ("order", _("Put in order"), _("Learners move things up and down.")),
            ("match", _("Match"), _("Learners choose what belongs to each line.")),
            ("gaps", _("Fill the gaps"), _("Words to type or choose in a text.")),
            ("attest", _("Confirm"), _("Learners give their own word; nothing is tested.")),
        )
    ]


def _ignorable(block: Any, chosen: tuple[str, ...]) -> list[dict[str, Any]]:
    _ = translator(block).gettext
    names = {
        "case": _("Capital or small letters"),
        "accents": _("Accents (é is e)"),
        "punctuation": _("Full stops, commas and other punctuation"),
    }
    return [{"value": name, "label": label, "chosen": name in chosen} for name, label in names.items()]


def _rows(values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the form's lists."""
    units = values["number_units"] if isinstance(values["number_units"], list) else []
    gaps = values["gaps"] if isinstance(values["gaps"], list) else []
    question = read_question(values)
    return {
        "options": [
            {
                "id": option.id,
                "text": option.text,
                "correct": option.correct,
                "feedback": option.feedback,
                "image_url": option.image_url,
                "image_alt": option.image_alt,
                "fixed": option.fixed,
            }
            for option in read_options(values["options"])
        ],
        "pairs": [
            {"id": pair.id, "text": pair.text, "match": pair.match, "feedback": pair.feedback}
            for pair in read_pairs(values["pairs"])
        ],
        "gaps": [
            {
                "id": str(entry.get("id") or ""),
                "answers": "\n".join(plain_texts(entry.get("answers"))),
                "choices": "\n".join(plain_texts(entry.get("choices"))),
                "feedback": str(entry.get("feedback") or ""),
            }
            for entry in gaps
            if isinstance(entry, dict)
        ],
        "units": [
            {"name": str(entry.get("name") or ""), "worth": str(entry.get("worth") or "1")}
            for entry in units
            if isinstance(entry, dict)
        ],
        "hints": [{"text": hint} for hint in question.hints],
    }


def _texts(block: Any) -> dict[str, str]:
    _ = translator(block).gettext
    return {
        "right": _("Right answer"),
        "noPreview": _("Write the question to see how learners will meet it."),
        "noTrial": _("Type an answer to see how it would be marked."),
    }


def _shown(number: Any) -> str:
    return "" if number is None else str(number).removesuffix(".0")

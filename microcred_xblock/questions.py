"""Reads a quick check's authored values into a question that can be asked, however badly they were written.

``read_question`` never raises: what cannot be used is left out, and ``Question.answerable`` says whether
enough remains to ask it. ``check_validation.check_problems`` tells the author what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from .number_answers import Measure
from .question_parts import (
    Gap,
    Option,
    Pair,
    picture_address,
    plain_text,
    plain_texts,
    read_gaps,
    read_measures,
    read_number,
    read_options,
    read_pairs,
)
from .text_matching import IGNORABLE

__all__ = [
    "ATTESTED",
    "CHECK_TYPES",
    "POLICIES",
    "Option",
    "Question",
    "picture_address",
    "plain_text",
    "read_number",
    "read_options",
    "read_question",
]

CHECK_TYPES = ("single", "multiple", "number", "text", "order", "match", "gaps", "attest")
CHOICES = ("single", "multiple")
POLICIES = ("best", "latest", "average")
MOST_PATTERNS = 10
MOST_AVERAGED = 20
#: The id of the one statement of a self-attestation whose author wrote no statements apart from the question.
ATTESTED = "yes"


@dataclass(frozen=True)
class Question:
    """A question as it can be asked and marked. It holds the answers: never serialise it for a browser."""

    check_type: str
    prompt: str
    options: tuple[Option, ...] = ()
    number_answer: Decimal | None = None
    number_tolerance: Decimal = Decimal(0)
    number_percent: bool = False
    number_unit: str = ""
    measures: tuple[Measure, ...] = ()
    unit_required: bool = False
    text_answers: tuple[str, ...] = ()
    text_patterns: tuple[str, ...] = ()
    text_ignores: tuple[str, ...] = ("case",)
    pairs: tuple[Pair, ...] = ()
    extra_matches: tuple[str, ...] = ()
    gap_text: str = ""
    gaps: tuple[Gap, ...] = ()
    feedback_correct: str = ""
    feedback_incorrect: str = ""
    try_feedback: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    hint_cost: int = 0
    image_url: str = ""
    image_alt: str = ""
    attempts_allowed: int = 0
    partial_credit: bool = False
    mastery: float = 1.0
    attempt_policy: str = "best"
    average_over: int = 1
    practice: bool = False
    shuffle: bool = False
    answer_hidden: bool = False
    matches: tuple[str, ...] = field(default=())

    @property
    def hint(self) -> str:
        """The first hint."""
        return self.hints[0] if self.hints else ""

    @property
    def statements(self) -> tuple[Option, ...]:
        """What a self-attestation asks to confirm: its options, or the question itself."""
        return self.options or (Option(ATTESTED, "", True, ""),)

    @property
    def answerable(self) -> bool:
        """Whether a learner could pass: a question and at least one right answer."""
        if not self.prompt:
            return False
        enough = {
            "single": any(option.correct for option in self.options),
            "multiple": any(option.correct for option in self.options),
            "number": self.number_answer is not None,
            "text": bool(self.text_answers or self.text_patterns),
            "order": len(self.options) > 1,
            "match": bool(self.pairs),
            "gaps": bool(self.gaps),
            "attest": True,
        }
        return enough[self.check_type]

    @property
    def digest(self) -> str:
        """Names this wording of the question with its key: answers to another wording are another statistic."""
        fields = (self.check_type, self.prompt, self.options, self.number_answer, self.number_tolerance)
        more = (
            self.text_answers,
            self.text_patterns,
            self.pairs,
            self.extra_matches,
            self.gap_text,
            self.gaps,
        )
        return sha256(json.dumps([*fields, *more], default=str).encode()).hexdigest()[:16]


def read_question(values: Mapping[str, Any]) -> Question:
    """The question *values* (a check's fields by name) spell, without ever raising."""
    check_type = values.get("check_type")
    check_type = check_type if isinstance(check_type, str) and check_type in CHECK_TYPES else "single"
    unit = plain_text(values.get("number_unit"))
    tolerance = read_number(values.get("number_tolerance"))
    gap_text = plain_text(values.get("gap_text"))
    pairs = read_pairs(values.get("pairs"))
    extra = plain_texts(values.get("extra_matches"))[:40]
    ignores = values.get("text_ignores", ["case"])
    return Question(
        check_type=check_type,
        prompt=plain_text(values.get("prompt")),
        options=_options(check_type, values.get("options")),
        number_answer=read_number(values.get("number_answer")),
        number_tolerance=abs(tolerance) if tolerance is not None else Decimal(0),
        number_percent=values.get("number_tolerance_kind") == "percent",
        number_unit=unit,
        measures=read_measures(values.get("number_units"), unit),
        unit_required=values.get("number_unit_required") is True,
        text_answers=plain_texts(values.get("text_answers")),
        text_patterns=plain_texts(values.get("text_patterns"))[:MOST_PATTERNS],
        text_ignores=tuple(name for name in IGNORABLE if isinstance(ignores, list) and name in ignores),
        pairs=pairs,
        extra_matches=extra,
        matches=tuple(dict.fromkeys((*(pair.match for pair in pairs), *extra))),
        gap_text=gap_text,
        gaps=read_gaps(values.get("gaps"), gap_text),
        **_judging(values),
        **_help(values),
    )


def _options(check_type: str, value: object) -> tuple[Option, ...]:
    """The options; two that read the same cannot be put in order."""
    options = read_options(value)
    if check_type == "order":
        return tuple({option.token: option for option in options}.values())
    return options


def _judging(values: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of a mark: attempts, mastery, which attempts count."""
    practice = values.get("purpose") == "practice"
    policy = values.get("attempt_policy")
    policy = policy if isinstance(policy, str) and policy in POLICIES else "best"
    averaged = _whole(values.get("average_over"), 1, MOST_AVERAGED, 3)
    return {
        "attempts_allowed": 0 if practice else _whole(values.get("attempts_allowed"), 1, None, 0),
        "partial_credit": values.get("partial_credit") is True,
        "mastery": _whole(values.get("mastery"), 1, 100, 100) / 100,
        "attempt_policy": policy,
        "average_over": averaged if policy == "average" else 1,
        "practice": practice,
        "shuffle": values.get("shuffle") is True,
        "answer_hidden": values.get("reveal") == "never",
    }


def _help(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner is told around the question."""
    hints = plain_texts(values.get("hints"))
    # Checks written before there were several hints have one in a field of its own.
    single = plain_text(values.get("hint"))
    return {
        "feedback_correct": plain_text(values.get("feedback_correct")),
        "feedback_incorrect": plain_text(values.get("feedback_incorrect")),
        "try_feedback": plain_texts(values.get("try_feedback"))[:20],
        "hints": (hints or ((single,) if single else ()))[:10],
        "hint_cost": _whole(values.get("hint_cost"), 0, 100, 0),
        "image_url": picture_address(values.get("image_url")),
        "image_alt": plain_text(values.get("image_alt")),
    }


def _whole(value: object, least: int, most: int | None, otherwise: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        return otherwise
    return value if most is None or value <= most else otherwise

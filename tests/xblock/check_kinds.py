"""One check of every type, with an answer that is right and one that is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from microcred_xblock.question_parts import token_of

from .courses import OPTIONS, element

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """A check's type-specific fields; ``secrets`` must not be on an open page."""

    check_type: str
    right: Any
    wrong: Any
    fields: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    def olx(self, **more: Any) -> str:
        """The check in OLX."""
        values = {
            "display_name": "Q",
            "check_type": self.check_type,
            "prompt": "Which?",
            **self.fields,
            **more,
        }
        return element("microcred_check", **values)


STEPS = [
    {"id": f"o{n}", "text": text, "correct": False, "feedback": ""}
    for n, text in enumerate(("First thing", "Second thing", "Third thing"), 1)
]
IN_ORDER = [token_of(step["text"], "") for step in STEPS]
PAIRS = [
    {"id": "p1", "text": "Dry", "match": "Oil", "feedback": "SECRET dry"},
    {"id": "p2", "text": "Dirty", "match": "Clean", "feedback": "SECRET dirty"},
]
GAPS = [
    {"id": "g1", "answers": ["SECRET-press"], "choices": [], "feedback": "SECRET press"},
    {"id": "g2", "answers": ["roughen"], "choices": ["wet", "heat"], "feedback": "SECRET rough"},
]

KINDS = (
    Kind("single", "a", "b", {"options": OPTIONS}, ("moulded", "correct")),
    Kind(
        "multiple",
        ["a", "b"],
        ["a", "c"],
        {"options": [{**one, "correct": one["id"] in "ab"} for one in OPTIONS]},
        ("moulded", "correct"),
    ),
    Kind("number", "31415.9", "7", {"number_answer": "31415.9"}, ("31415",)),
    Kind(
        "text",
        "SECRET-rim",
        "hub",
        {"text_answers": ["SECRET-rim"], "text_patterns": ["SECRET-x+"]},
        ("SECRET",),
    ),
    Kind("order", IN_ORDER, IN_ORDER[::-1], {"options": STEPS}, ("o1", "o2", "o3")),
    Kind(
        "match",
        {"p1": token_of("Oil"), "p2": token_of("Clean")},
        {"p1": token_of("Clean"), "p2": token_of("Oil")},
        {"pairs": PAIRS, "extra_matches": ["Paint"]},
        ("SECRET",),
    ),
    Kind(
        "gaps",
        {"g1": "secret-press", "g2": token_of("roughen")},
        {"g1": "glue", "g2": token_of("wet")},
        {"gap_text": "First [[g2]], then [[g1]].", "gaps": GAPS},
        ("SECRET",),
    ),
    Kind(
        "attest",
        ["s1"],
        [],
        {"options": [{"id": "s1", "text": "I did it", "feedback": "SECRET"}]},
        ("SECRET",),
    ),
)


def kind_of(check_type: str) -> Kind:
    """The one of that type."""
    return next(kind for kind in KINDS if kind.check_type == check_type)

"""Small courses in OLX that the tests open."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

OPTIONS = [
    {"id": "a", "text": "On the sidewall", "correct": True, "feedback": "Yes, moulded into the rubber."},
    {"id": "b", "text": "On the rim", "correct": False, "feedback": "That is the rim's own size."},
    {"id": "c", "text": "On the hub", "correct": False, "feedback": ""},
]
RUBRIC = {
    "criteria": [
        {
            "id": "c1",
            "name": "Patch",
            "description": "Is it tight?",
            "levels": [
                {"id": "l1", "name": "Leaks", "points": 0, "description": ""},
                {"id": "l2", "name": "Tight", "points": 2, "description": "No bubbles"},
            ],
        }
    ],
    "pass_points": 2,
}


def element(tag: str, inside: str = "", **fields: object) -> str:
    """One OLX element; lists and dicts become JSON attributes as the platform writes them."""
    attributes = ""
    for name, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value, indent=2)
        attributes += f" {name}={quoteattr(text, {chr(10): '&#10;'})}"
    return f"<{tag}{attributes}>{inside}</{tag}>"


def check(**fields: object) -> str:
    defaults: dict[str, object] = {
        "display_name": "Where is it?",
        "check_type": "single",
        "prompt": "Where is the size of a tyre written?",
        "options": OPTIONS,
    }
    return element("microcred_check", **{**defaults, **fields})


def evidence(**fields: object) -> str:
    defaults: dict[str, object] = {
        "display_name": "Your patch",
        "instructions": "Hand in a photo.",
        "rubric": RUBRIC,
    }
    return element("microcred_evidence", **{**defaults, **fields})


def unit(*parts: str, **fields: object) -> str:
    defaults: dict[str, object] = {
        "display_name": "Read a tyre",
        "outcome_key": "read-tyre",
        "estimated_minutes": 6,
    }
    return element("microcred_unit", "".join(parts), **{**defaults, **fields})

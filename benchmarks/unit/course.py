"""A unit with twelve children in the demo course: five texts, six quick checks, one task for evidence."""

from __future__ import annotations

from typing import Any

__all__ = ["CHECKS", "OUTCOME", "add_unit"]

#: The outcome of a unit of the demo course, so that the page says what it counts towards.
OUTCOME = "bike.chain"
TEXTS, CHECKS = 5, 6


def add_unit() -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Make and publish the unit; its key, the keys of its texts, and those of its checks."""
    from demo_site.courses import authoring
    from tests.fixtures.course_walk import block

    page = block("vertical", "chain-page")
    unit = authoring.add_block(
        page.course_key,
        "microcred_unit",
        page,
        fields={"display_name": "A unit to measure", "outcome_key": OUTCOME, "estimated_minutes": 10},
    )
    texts = tuple(
        authoring.add_block(
            page.course_key,
            "html",
            unit,
            fields={"display_name": f"Text {number}", "data": "<p>Words to read.</p>" * 20},
        )
        for number in range(TEXTS)
    )
    options = [{"id": letter, "text": f"Option {letter}", "correct": letter == "a"} for letter in "abcd"]
    checks = tuple(
        authoring.add_block(
            page.course_key,
            "microcred_check",
            unit,
            fields={"display_name": f"Check {number}", "prompt": "Which one?", "options": options},
        )
        for number in range(CHECKS)
    )
    authoring.add_block(
        page.course_key,
        "microcred_evidence",
        unit,
        fields={"display_name": "Your work", "instructions": "Show it."},
    )
    authoring.publish(page)
    return unit, texts, checks

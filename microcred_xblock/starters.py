"""Templates of a unit: which parts it begins with, and content that shows how each is meant.

The content is a beginning to write over, in the author's language; it names what to replace in square brackets,
so that nobody publishes it by mistake without seeing it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .parts import CHECK, EVIDENCE

__all__ = ["BARE", "Starter", "StarterPart", "find_starter", "starters"]

Gettext = Callable[[str], str]
#: Parts by themselves, for authors who want no example.
BARE = ("html", CHECK, EVIDENCE)


@dataclass(frozen=True)
class StarterPart:
    """One block to create: its type and what its fields say at first."""

    category: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Starter:
    """A template: what it is for, and its parts in order."""

    key: str
    name: str
    purpose: str
    minutes: int
    parts: tuple[StarterPart, ...]


def starters(_: Gettext) -> tuple[Starter, ...]:
    """The templates, in the order they are offered."""
    return (
        Starter(
            "knowledge",
            _("Knowledge check"),
            _("A short text, then two questions about it."),
            5,
            (
                _text(
                    _("Read this"),
                    _("[Write the one thing learners must know, in about 150 words.]"),
                    _("[Show one example from their own work.]"),
                ),
                _choice(
                    _("Check: the main point"),
                    _("[Ask about the main point of the text.]"),
                    [
                        (_("[The right answer]"), True, _("[Why it is right]")),
                        (_("[What people often believe]"), False, _("[Why it is wrong]")),
                        (_("[Another plausible answer]"), False, _("[Why it is wrong]")),
                    ],
                    _,
                ),
                _choice(
                    _("Check: a case"),
                    _("[Describe a situation. What would you do?]"),
                    [
                        (_("[The right thing to do]"), True, _("[What follows from it]")),
                        (_("[A common mistake]"), False, _("[What follows from it]")),
                    ],
                    _,
                ),
            ),
        ),
        Starter(
            "show",
            _("Show your work"),
            _("Learners do it, hand in proof, and a reviewer judges it by a rubric."),
            10,
            (
                _text(
                    _("What good work looks like"),
                    _("[Describe the task and show one finished example.]"),
                    _("[Say what to watch out for.]"),
                ),
                StarterPart(
                    EVIDENCE,
                    {
                        "display_name": _("Show your work"),
                        "instructions": _(
                            "[Say what to make and what to hand in: a photo, a file or a description. Show no faces "
                            "and no addresses.]"
                        ),
                        "accept": ["image", "pdf", "text"],
                        "allow_text": True,
                        "allow_link": True,
                        "review_mode": "staff",
                        "rubric": _rubric(_),
                    },
                ),
            ),
        ),
        Starter(
            "watch",
            _("Watch and answer"),
            _("A video with a transcript, what matters in it, and a question."),
            6,
            (
                StarterPart("video", {"display_name": _("Watch this")}),
                _text(
                    _("What to remember"),
                    _("[Write the three points of the video for people who read instead of watching.]"),
                ),
                _choice(
                    _("Check: what did you see?"),
                    _("[Ask about something that was shown, not only said.]"),
                    [
                        (_("[The right answer]"), True, _("[Where the video shows it]")),
                        (_("[A plausible wrong answer]"), False, _("[Where to look again]")),
                    ],
                    _,
                ),
            ),
        ),
        Starter(
            "reflection",
            _("Reflection"),
            _("Learners connect it to their own work in a few sentences; handing in is enough."),
            5,
            (
                _text(
                    _("Think of your own work"),
                    _("[Recall what was learnt, in two sentences.]"),
                    _("[Ask one question that only they can answer.]"),
                ),
                StarterPart(
                    EVIDENCE,
                    {
                        "display_name": _("Your reflection"),
                        "instructions": _(
                            "[What will you do differently, when, and how will you notice that it helped? Write three "
                            "to five sentences, or hand in a sketch or a link.]"
                        ),
                        "accept": ["image", "text"],
                        "allow_text": True,
                        "allow_link": True,
                        "review_mode": "auto",
                        "rubric": {},
                    },
                ),
            ),
        ),
    )


def find_starter(key: str, _: Gettext) -> Starter | None:
    """The template of that key, or None."""
    return next((starter for starter in starters(_) if starter.key == key), None)


def _text(title: str, *paragraphs: str) -> StarterPart:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return StarterPart("html", {"display_name": title, "data": body})


def _choice(title: str, prompt: str, options: list[tuple[str, bool, str]], _: Gettext) -> StarterPart:
    return StarterPart(
        CHECK,
        {
            "display_name": title,
            "check_type": "single",
            "prompt": prompt,
            "options": [
                {"id": f"o{place}", "text": text, "correct": correct, "feedback": feedback}
                for place, (text, correct, feedback) in enumerate(options, start=1)
            ],
            "hint": _("[One sentence that helps without giving it away]"),
        },
    )


def _rubric(_: Gettext) -> dict[str, Any]:
    criteria = (
        (
            _("Done completely"),
            (
                _("[Something essential is missing]"),
                _("[All steps are there]"),
                _("[All steps, and checked]"),
            ),
        ),
        (
            _("Done well"),
            (_("[It would not work]"), _("[It works]"), _("[It works and will last]")),
        ),
    )
    names = (_("Not yet"), _("Good"), _("Very good"))
    return {
        "criteria": [
            {
                "id": f"c{place}",
                "name": name,
                "description": "",
                "levels": [
                    {"id": f"l{points + 1}", "name": names[points], "points": points, "description": looks}
                    for points, looks in enumerate(levels)
                ],
            }
            for place, (name, levels) in enumerate(criteria, start=1)
        ],
        "pass_points": 2,
    }

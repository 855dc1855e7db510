"""About how many minutes a unit's parts take, so that an author is told when the promise is not kept."""

from __future__ import annotations

from .page_text import TextFacts

__all__ = [
    "CHECK_MINUTES",
    "EVIDENCE_MINUTES",
    "OTHER_MINUTES",
    "VIDEO_MINUTES",
    "clearly_exceeds",
    "reading_minutes",
]

#: Careful reading on a screen, in words and (for scripts without spaces) characters per minute.
WORDS_PER_MINUTE = 180
CHARACTERS_PER_MINUTE = 350
PICTURE_MINUTES = 0.15
#: Reading a question, thinking, answering, reading the feedback.
CHECK_MINUTES = 0.75
#: Reading the task and handing in; the work itself happens elsewhere and is not promised.
EVIDENCE_MINUTES = 2.0
#: A video that does not say how long it is.
VIDEO_MINUTES = 3.0
OTHER_MINUTES = 1.5


def reading_minutes(facts: TextFacts) -> float:
    """Minutes to read a text and look at its pictures."""
    return (
        facts.words / WORDS_PER_MINUTE
        + facts.unspaced / CHARACTERS_PER_MINUTE
        + facts.images * PICTURE_MINUTES
    )


def clearly_exceeds(estimate: float, stated: int) -> bool:
    """Whether the content needs half as long again and at least two minutes more than is said.

    An estimate is rough: an author who says 5 where it says 6 is not bothered.
    """
    return estimate >= stated * 1.5 and estimate - stated >= 2

"""Compares what a learner typed with what an author accepts: differences that carry no meaning are taken out first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cache

from .answer_patterns import PatternError, compile_pattern

__all__ = ["IGNORABLE", "fold_for", "is_accepted", "normalise_text"]

#: What an author may say does not matter. White space, quotation marks and dashes never do.
IGNORABLE = ("case", "accents", "punctuation")

# Keyboards and word processors choose these on their own.
_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)


@cache
def fold_for(case: bool, accents: bool) -> Callable[[str], str]:
    """What is done to each letter when *case* and *accents* do not matter."""

    def fold(text: str) -> str:
        # Unicode 3.13 D145: decompose before folding, or a precomposed and a combined letter fold differently.
        spread = unicodedata.normalize("NFD", text)
        if case:
            # Folding once more after decomposing: some letters fold to ones that decompose again.
            spread = unicodedata.normalize("NFD", spread.casefold()).casefold()
        if accents:
            kept = (sign for sign in unicodedata.normalize("NFD", spread) if not unicodedata.combining(sign))
            spread = "".join(kept)
        return unicodedata.normalize("NFC", spread)

    return fold


def normalise_text(text: str, ignores: Collection[str] = ("case",)) -> str:
    """Text as it is compared: one spelling per character (NFC), single spaces, no edges, plain quotes and dashes.

    *ignores* names what else is taken out, of ``IGNORABLE``. A text that is nothing but punctuation keeps it.
    """
    folded = fold_for("case" in ignores, "accents" in ignores)(text.translate(_SAME)).translate(_SAME)
    if "punctuation" in ignores:
        bare = "".join(" " if unicodedata.category(sign)[0] == "P" else sign for sign in folded)
        folded = bare if bare.strip() else folded
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def is_accepted(
    typed: str, answers: Iterable[str], patterns: Iterable[str] = (), ignores: Collection[str] = ("case",)
) -> bool:
    """Whether *typed* is one of *answers* or matches one of *patterns*. Unusable patterns match nothing."""
    wanted = normalise_text(typed, ignores)
    if any(normalise_text(answer, ignores) == wanted for answer in answers):
        return True
    fold = fold_for("case" in ignores, "accents" in ignores)
    for pattern in patterns:
        try:
            if compile_pattern(pattern.translate(_SAME), fold).matches(wanted):
                return True
        except PatternError:
            continue
    return False

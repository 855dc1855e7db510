"""Names that a reader would take for one another: letters of other scripts, digits for letters, a letter more or less.

A signature says which key signed, never that the name beside it is deserved. Whoever wants to pass for a well-known
issuer writes its name with a Cyrillic letter, a zero, or one letter too many. This tells nothing about right or wrong,
as two schools may well have nearly the same name; it is a reason to look at the identifier.

Unicode Technical Standard 39, section 4 ("skeletons"), for the letters that matter in names.
"""

import unicodedata
from collections.abc import Iterable

__all__ = ["looks_like", "nearest"]

MAX_NAME = 200
_LETTERS = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһԁԛԝьвнктмпг", "aeopcyxijshdqwbbhktmnr", strict=True)),
        **dict(zip("αβεικνορτυχηωγ", "abeikvoptuxnwy", strict=True)),
        **dict(zip("ıɩɑɡⅼꞌʼ", "iiagl''", strict=True)),
        **dict(zip("0134578@$|!", "olesatbasll", strict=True)),
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def looks_like(name: str, known: str) -> bool:
    """Whether *name* would be read as *known*. Equal names look alike, too."""
    one, other = _skeleton(name), _skeleton(known)
    if not one or not other:
        return False
    allowed = 0 if len(other) < 6 else 1 if len(other) < 14 else 2
    return one == other or _within(one, other, allowed)


def nearest(name: str, known: Iterable[str]) -> str:
    """The first of the *known* names that *name* would be read as; empty when there is none."""
    return next((one for one in known if looks_like(name, one)), "")


def _skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name[:MAX_NAME])).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    text = "".join(letter for letter in bare if letter.isalnum())
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text.replace("i", "l")


def _within(one: str, other: str, allowed: int) -> bool:
    """Whether at most *allowed* letters were added, left out or changed."""
    if abs(len(one) - len(other)) > allowed:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, wanted in enumerate(other, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted)),
            )
        if min(row) > allowed:
            return False
    return row[-1] <= allowed

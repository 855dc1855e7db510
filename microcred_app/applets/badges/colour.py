"""Colours that can be read: what an organisation may choose, and tones of it with a known lightness.

Contrast is the ratio of WCAG 2.2 (success criteria 1.4.3 and 1.4.11). Tones are made in OKLCH, where equal
lightness looks equally light in every hue, so that one set of tones keeps its contrast for any organisation.
"""

from __future__ import annotations

import math
import re

from django.utils.translation import gettext as _

__all__ = ["colour_problem", "contrast", "hue_of", "tone"]

TEXT_CONTRAST = 4.5
WHITE = "#ffffff"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def colour_problem(colour: str) -> str:
    """What is wrong with an organisation's colour; empty when white text on it can be read."""
    if not _COLOUR.fullmatch(colour):
        return _("Write the colour as # and six small hexadecimal digits, such as #1f5f8b.")
    found = contrast(colour, WHITE)
    if found >= TEXT_CONTRAST:
        return ""
    return _(
        "White text on {colour} would be hard to read (contrast {found}, needed {needed}). "
        "The nearest colour that works is {better}."
    ).format(colour=colour, found=f"{found:.1f}", needed=TEXT_CONTRAST, better=_darkened(colour))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (equal) to 21 (black and white)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def hue_of(colour: str) -> tuple[float, float]:
    """The hue of a colour in degrees, and its chroma (0 for a grey)."""
    _lightness, chroma, hue = _to_oklch(colour)
    return hue, chroma


def tone(lightness: float, chroma: float, hue: float) -> str:
    """The colour of this lightness (0 to 1) and hue, with as much of the chroma as a screen can show."""
    red, green, blue = _from_oklch(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in (red, green, blue)):
        chroma = max(0.0, chroma - 0.005)
        red, green, blue = _from_oklch(lightness, chroma, hue)
    return "#" + "".join(f"{_encode(part):02x}" for part in (red, green, blue))


def _darkened(colour: str) -> str:
    lightness, chroma, hue = _to_oklch(colour)
    while contrast(found := tone(lightness, chroma, hue), WHITE) < TEXT_CONTRAST:
        lightness -= 0.01
    return found


def _channels(colour: str) -> tuple[float, float, float]:
    """The linear light of red, green and blue."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def _encode(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    part = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(part * 255)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _from_oklch(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )

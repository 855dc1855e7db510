"""A badge without a picture gets one that is its own: the same inputs always make the same bytes.

Shape and pattern follow from the badge's key, the tones from the organisation's colour, the letters from the
name, the ring from the level. Everything that carries meaning keeps its contrast for every colour: letters at
least 4.5, edges and ring at least 3 (WCAG 2.2, 1.4.3 and 1.4.11), on light and on dark pages, because the dark
rim stands against a light page and the light line around it against a dark one.

The picture is plain SVG: paths, circles and one text. The name itself does not go in, only letters of it, so
nothing a registrar types can become markup. SVG carries credentials (:mod:`microcred_app.ob3.baking`), so
nothing has to be rendered on the server.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from .colour import hue_of, tone

__all__ = ["Palette", "alt_text", "draw_badge", "drawn_from", "inputs_of", "letters_of", "palette"]

DEFAULT_COLOUR = "#1f5f8b"
MAX_LEVEL = 8
_MIDDLE = 200
_ACCENTS = (35.0, -40.0, 80.0, 150.0, -110.0)
_NUMBER = re.compile(r"\d+")
_INPUTS = re.compile(rb'^<svg [^>]{0,200}data-inputs="([0-9a-f]{16})"')


@dataclass(frozen=True)
class Palette:
    """The tones of one picture, as hexadecimal colours."""

    paper: str
    rim: str
    field: str
    field_shade: str
    accent: str


def palette(colour: str, variant: int = 0) -> Palette:
    """The tones for an organisation's colour; *variant* chooses the accent. Greys stay grey."""
    hue, chroma = hue_of(colour or DEFAULT_COLOUR)
    strength = min(1.0, chroma / 0.06)
    return Palette(
        paper=tone(0.985, 0.008 * strength, hue),
        rim=tone(0.30, 0.085 * strength, hue),
        field=tone(0.47, 0.115 * strength, hue),
        field_shade=tone(0.41, 0.105 * strength, hue),
        accent=tone(0.87, 0.13 * strength, hue + _ACCENTS[variant % len(_ACCENTS)]),
    )


def draw_badge(*, key: str, name: str, kind: str, colour: str = "", level: str = "") -> bytes:
    """The picture of a badge that has none, as SVG."""
    digest = hashlib.sha256(key.encode()).digest()
    tones = palette(colour, digest[2])
    macro = kind == "macro"
    outline = (_STACKS if macro else _SHAPES)[digest[0] % len(_STACKS if macro else _SHAPES)]
    pattern = _PATTERNS[digest[1] % len(_PATTERNS)]
    mark = inputs_of(key=key, name=name, kind=kind, colour=colour, level=level)
    radius, middle = (168.0, 178.0) if macro else (188.0, 200.0)
    edge = _outline(outline, radius, middle)
    inner = _outline(outline, radius * 0.84, middle)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" data-inputs="{mark}">',
        f'<defs><clipPath id="c{mark}"><path d="{inner}"/></clipPath></defs>',
        _ribbon(tones) if macro else "",
        f'<path d="{edge}" fill="{tones.rim}" stroke="{tones.paper}" stroke-width="8" stroke-linejoin="round"/>',
        f'<path d="{inner}" fill="{tones.field}"/>',
        f'<g clip-path="url(#c{mark})" fill="{tones.field_shade}" stroke="none">{pattern(middle)}</g>',
        f'<path d="{inner}" fill="none" stroke="{tones.accent}" stroke-width="{5 if macro else 4}"/>',
        _medallion(tones, middle, macro=macro),
        _level_ring(level, tones, middle),
        _letters(letters_of(name), tones, middle),
        "</svg>",
    ]
    return "".join(parts).encode()


def inputs_of(*, key: str, name: str, kind: str, colour: str = "", level: str = "") -> str:
    """A short digest of what the picture is drawn from: a later artist need not redraw what did not change."""
    inputs = "\n".join((key, letters_of(name), kind, colour or DEFAULT_COLOUR, str(_steps(level))))
    return hashlib.sha256(inputs.encode()).hexdigest()[:16]


def drawn_from(picture: bytes) -> str:
    """The digest of inputs that a generated picture carries; empty for any other picture."""
    found = _INPUTS.match(picture)
    return found[1].decode() if found else ""


def alt_text(*, name: str, issuer: str, kind: str, language: str) -> str:
    """What a generated picture shows, in the badge's language, for people who do not see it."""
    with override(language):
        if kind == "macro":
            text = _("A seal with a ribbon and the letters {letters}, in the colours of {issuer}.")
        else:
            text = _("An emblem with the letters {letters}, in the colours of {issuer}.")
        return text.format(letters=letters_of(name) or "★", issuer=issuer)[:500]


def letters_of(name: str) -> str:
    """One or two letters that stand for the name; one where a script has no capitals; none without letters."""
    words = ["".join(_first_letters(word)) for word in re.split(r"[\s\-–—/&,.:()]+", name)]
    words = [word for word in words if word]
    if not words:
        return ""
    if not words[0][0].upper().isupper() and not words[0][0].isdigit():
        return unicodedata.normalize("NFC", words[0][:1])
    weighty = [word for word in words if word[0].isupper() or word[0].isdigit() or word[3:]] or words
    chosen = weighty[0][0] + (weighty[1][0] if len(weighty) > 1 else weighty[0][1:2])
    return chosen.upper()[:3]


def _first_letters(word: str) -> list[str]:
    letters = unicodedata.normalize("NFC", word[:100])
    return [letter for letter in letters if letter.isalpha() or letter.isdigit()][:4]


def _steps(level: str) -> int:
    """The first number in the words of a level, such as 4 of “EQF 4”; 0 without one."""
    found = _NUMBER.search(level)
    return min(MAX_LEVEL, int(found[0][:3])) if found else 0


Outline = Callable[[float], float]


def _polygon(corners: int) -> Outline:
    def radius(angle: float) -> float:
        step = 2 * math.pi / corners
        straight = math.cos(math.pi / corners) / math.cos(angle % step - step / 2)
        return 0.9 * straight + 0.1 * math.cos(math.pi / corners) + 0.02

    return radius


def _squircle(angle: float) -> float:
    return 0.9 * float((abs(math.cos(angle)) ** 5 + abs(math.sin(angle)) ** 5) ** -0.2)


def _lobes(count: int, depth: float) -> Outline:
    return lambda angle: 1 - depth + depth * abs(math.cos(count * angle / 2))


def _teeth(count: int, depth: float) -> Outline:
    def radius(angle: float) -> float:
        place = (angle * count / (2 * math.pi)) % 1
        return 1 - depth * abs(2 * place - 1)

    return radius


#: Micro badges are plain shapes, macro badges are seals.
_SHAPES: tuple[Outline, ...] = (lambda _angle: 0.97, _polygon(6), _squircle, _polygon(8), _lobes(8, 0.1))
_STACKS: tuple[Outline, ...] = (_lobes(20, 0.08), _teeth(24, 0.09), _lobes(14, 0.1), _teeth(16, 0.1))


def _outline(shape: Outline, radius: float, middle: float) -> str:
    points = []
    for step in range(192):
        angle = 2 * math.pi * step / 192
        length = radius * shape(angle)
        points.append(f"{_MIDDLE + length * math.sin(angle):.1f} {middle - length * math.cos(angle):.1f}")
    return f"M{'L'.join(points)}Z"


def _ribbon(tones: Palette) -> str:
    """Two tails below the seal."""
    left = "M128 270L92 388L136 366L164 396L196 290Z"
    right = "M272 270L308 388L264 366L236 396L204 290Z"
    return "".join(
        f'<path d="{tail}" fill="{tones.field}" stroke="{tones.paper}" stroke-width="8" stroke-linejoin="round"/>'
        f'<path d="{tail}" fill="none" stroke="{tones.rim}" stroke-width="5" stroke-linejoin="round"/>'
        for tail in (left, right)
    )


def _medallion(tones: Palette, middle: float, *, macro: bool) -> str:
    radius = 88 if macro else 96
    plate = f'<circle cx="200" cy="{middle:g}" r="{radius}" fill="{tones.rim}"/>'
    if not macro:
        return plate
    line = f'fill="none" stroke="{tones.paper}" stroke-width="3"'
    return plate + f'<circle cx="200" cy="{middle:g}" r="{radius - 8}" {line}/>'


def _level_ring(level: str, tones: Palette, middle: float) -> str:
    """One mark for each step of the level, centred at the top of the plate."""
    steps = _steps(level)
    marks = []
    for step in range(steps):
        angle = math.radians((step - (steps - 1) / 2) * 24)
        x, y = 200 + 115 * math.sin(angle), middle - 115 * math.cos(angle)
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10"/>')
    if not marks:
        return ""
    return f'<g fill="{tones.accent}" stroke="{tones.rim}" stroke-width="4">{"".join(marks)}</g>'


def _letters(letters: str, tones: Palette, middle: float) -> str:
    if not letters:
        points = []
        for step in range(10):
            length = 58 if step % 2 == 0 else 25
            angle = math.pi * step / 5
            points.append(f"{200 + length * math.sin(angle):.1f} {middle - length * math.cos(angle):.1f}")
        return f'<path d="M{"L".join(points)}Z" fill="{tones.paper}"/>'
    ems = sum(1.0 if letter in "WMÆŒЩШЖЮ" else 0.72 for letter in letters)
    size = min(116, round(134 / ems))
    return (
        f'<text x="200" y="{middle + size * 0.355:.1f}" text-anchor="middle" font-size="{size}" font-weight="700" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Arial, sans-serif" '
        f'fill="{tones.paper}">{letters}</text>'
    )


def _dots(_middle: float) -> str:
    return "".join(
        f'<circle cx="{x + (14 if row % 2 else 0)}" cy="{20 + 24 * row}" r="6"/>'
        for row in range(16)
        for x in range(10, 400, 28)
    )


def _stripes(_middle: float) -> str:
    return "".join(f'<path d="M{x} 0h22L{x - 378} 400h-22Z"/>' for x in range(0, 800, 48))


def _rays(middle: float) -> str:
    rays = []
    for step in range(0, 48, 2):
        ends = (2 * math.pi * (step + side) / 48 for side in (0, 1))
        corners = " ".join(
            f"L{200 + 260 * math.sin(angle):.1f} {middle - 260 * math.cos(angle):.1f}" for angle in ends
        )
        rays.append(f'<path d="M200 {middle:g}{corners}Z"/>')
    return "".join(rays)


def _rings(middle: float) -> str:
    return "".join(
        f'<path fill-rule="evenodd" d="{_disc(radius, middle)}{_disc(radius - 11, middle)}"/>'
        for radius in range(110, 230, 22)
    )


def _disc(radius: float, middle: float) -> str:
    across = 2 * radius
    return (
        f"M{200 - radius:g} {middle:g}a{radius:g} {radius:g} 0 1 0 {across:g} 0"
        f"a{radius:g} {radius:g} 0 1 0 -{across:g} 0Z"
    )


def _chevrons(_middle: float) -> str:
    return "".join(
        f'<path d="M{x} {y}l25 -20l25 20v14l-25 -20l-25 20Z"/>'
        for y in range(0, 440, 34)
        for x in range(0, 400, 50)
    )


def _triangles(_middle: float) -> str:
    return "".join(
        f'<path d="M{x + (20 if row % 2 else 0)} {36 * row + 36}l20 -36l20 36Z"/>'
        for row in range(12)
        for x in range(-20, 400, 40)
    )


_PATTERNS: tuple[Callable[[float], str], ...] = (_dots, _stripes, _rays, _rings, _chevrons, _triangles)

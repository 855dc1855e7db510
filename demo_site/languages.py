"""The language menu offers a language when the project has a catalogue for it, and English always.

A menu entry that changes nothing is worse than none: people conclude that the product is not translated.
"""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO

__all__ = ["offered"]

_PLACES = ("translations", "microcred_app/locale", "demo_site/locale")


def offered(repository: Path) -> list[tuple[str, str]]:
    """(code, name in that language) pairs, sorted by code, English first."""
    found = {"en"}
    for place in _PLACES:
        for catalogue in (repository / place).glob("*/LC_MESSAGES/*.po"):
            code = catalogue.parent.parent.name.lower().replace("_", "-")
            if code in LANG_INFO:
                found.add(code)
    codes = sorted(found, key=lambda code: (code != "en", code))
    return [(code, _own_name(code)) for code in codes]


def _own_name(code: str) -> str:
    name: str = LANG_INFO[code]["name_local"]
    return name[:1].upper() + name[1:]

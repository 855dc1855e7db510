"""Text that leaves here signs the same everywhere: no control characters, no HTML entities, NFC.

Python and JavaScript canonicalise control characters differently, and a widely used wallet decodes HTML
entities in the whole body before it reads the JSON: either one turns an honest credential into a forged one
in the reader's eyes. So texts are cleaned before they are signed, never after.

Emoji (with their joiners, selectors and tags), accents and every script stay. Of the invisible direction
marks, the *overrides* and *embeddings* (U+202A–U+202E) go: they make "gnp.exe" read "exe.png" and nobody needs
them for prose. *Isolates* (U+2066–U+2069), which Unicode recommends for mixing scripts, stay when they are
paired; an unpaired one would turn the text around it on the reader's page, so it goes. The single marks LRM,
RLM and ALM stay: Hebrew and Arabic sentences need them and they move nothing but themselves.

Markup is not removed: turning course HTML into plain text is the caller's work.
"""

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

__all__ = ["clean_line", "clean_text", "clean_url"]

_PASSES = 8
_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls other than tab and newline
    "\u202a-\u202e"  # direction embeddings and overrides
    "\ufeff\ufdd0-\ufdef\ufffe\uffff"  # byte order mark, noncharacters
    "\ud800-\udfff]"  # halves of surrogate pairs: cannot be written as UTF-8
)
_ISOLATES = re.compile("[\u2066-\u2069]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_ENTITY_WITHOUT_SEMICOLON = re.compile(r"&([A-Za-z])([A-Za-z0-9]*)(?![A-Za-z0-9;])")
_NESTED_AMPERSAND = re.compile(r"&(?:amp;|#0*38;|#[xX]0*26;)+")


def clean_text(value: str) -> str:
    """Return *value* without anything that breaks a signature or misleads a reader; cleaning twice changes nothing.

    Entities are decoded until none is left (``&amp;lt;`` becomes ``<``). Inside a web address an ampersand
    that only looks like an entity (``?a=1&copy=2``) keeps its meaning: one letter is percent-encoded, which
    RFC 3986 calls the same address. Line ends become ``\\n``; the ends are trimmed.
    """
    for _ in range(_PASSES):
        cleaned = _clean_once(value)
        if cleaned == value:
            return cleaned
        value = cleaned
    # Entities nested this deep are an attack on the decoder: without "&" there are none.
    return _clean_once(_clean_once(value).replace("&", ""))


def clean_line(value: str) -> str:
    """Return `clean_text` of *value* on one line: names are shown in headings, lists and file names."""
    return " ".join(clean_text(value).split())


def clean_url(value: str) -> str:
    """Return *value* as an ASCII address that no entity decoder changes, naming the same resource.

    Only form is mended (spaces at the ends, international letters, look-alike entities); whether the
    address may be used at all is decided by the field that takes it.
    """
    value = _shield_address(clean_text(_shield_address(value)))
    if value.isascii():
        return value
    try:
        parts = urlsplit(value)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return value
    safe = "/:@!$&'()*+,;=~%?"
    return urlunsplit((parts.scheme, host, *(quote(part, safe=safe) for part in parts[2:])))


def _clean_once(value: str) -> str:
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", _NEWLINES.sub("\n", value)))
    text = _NESTED_AMPERSAND.sub("&", text)
    text = _ADDRESS.sub(lambda match: _shield_address(match[0]), text)
    return _drop_unpaired_isolates(html.unescape(text)).strip()


def _shield_address(address: str) -> str:
    return _ENTITY_WITHOUT_SEMICOLON.sub(_shield_ampersand, address)


def _shield_ampersand(match: re.Match[str]) -> str:
    if html.unescape(match[0]) == match[0]:
        return match[0]
    return f"&%{ord(match[1]):02X}{match[2]}"


def _drop_unpaired_isolates(text: str) -> str:
    opened: list[int] = []
    unpaired: set[int] = set()
    for match in _ISOLATES.finditer(text):
        if match[0] != "\u2069":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            unpaired.add(match.start())
    unpaired.update(opened)
    if not unpaired:
        return text
    return "".join(char for index, char in enumerate(text) if index not in unpaired)

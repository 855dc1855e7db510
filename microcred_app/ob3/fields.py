"""Single values of a document, each either in the form receivers accept or refused with the field's name.

The published schemas let many of these pass (a UUID as id, an address without scheme, ``en_US``); wallets and
the canonicalisation do not.
"""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.text import clean_line, clean_text, clean_url

__all__ = [
    "optional_address",
    "optional_line",
    "optional_text",
    "require_address",
    "require_language",
    "require_line",
    "require_term",
    "require_text",
]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\U0010ffff<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_EXTENSION = re.compile(r"ext:[A-Za-z0-9_.-]+")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_LONGEST_ADDRESS = 4_000
_LONGEST_DATA = 700_000


def require_line(field: str, value: str) -> str:
    """Return *value* cleaned, on one line; empty is refused."""
    line = clean_line(_a_string(field, value))
    if not _is_visible(line):
        raise DocumentError(field, "must not be empty.")
    return line


def require_text(field: str, value: str) -> str:
    """Return *value* cleaned; empty is refused."""
    text = clean_text(_a_string(field, value))
    if not _is_visible(text):
        raise DocumentError(field, "must not be empty.")
    return text


def optional_line(field: str, value: str) -> str:
    """Return *value* cleaned, on one line, possibly empty."""
    return clean_line(_a_string(field, value))


def optional_text(field: str, value: str) -> str:
    """Return *value* cleaned, possibly empty."""
    return clean_text(_a_string(field, value))


def require_address(field: str, value: str, schemes: Collection[str] = ()) -> str:
    """Return *value* as an absolute ASCII address, of one of *schemes* when given."""
    address = clean_url(_a_string(field, value))
    if not _ADDRESS.fullmatch(address):
        raise DocumentError(
            field, f"“{address[:80]}” is not an absolute address (https:…, urn:uuid:…, did:…)."
        )
    scheme = address.split(":", 1)[0].lower()
    if schemes and scheme not in schemes:
        raise DocumentError(field, f"must begin with {' or '.join(f'{name}:' for name in schemes)}")
    if len(address) > (_LONGEST_DATA if scheme == "data" else _LONGEST_ADDRESS):
        raise DocumentError(field, "the address is too long.")
    if scheme in ("http", "https") and not _has_host(address):
        raise DocumentError(field, f"“{address[:80]}” names no host.")
    return address


def optional_address(field: str, value: str, schemes: Collection[str] = ()) -> str:
    """Return *value* as `require_address` does, or an empty text."""
    return require_address(field, value, schemes) if value else ""


def require_term(field: str, value: str, listed: Collection[str]) -> str:
    """Return *value* when it is *listed* by the specification or is an extension term (``ext:…``)."""
    if _a_string(field, value) in listed or _EXTENSION.fullmatch(value):
        return value
    raise DocumentError(
        field, f"“{value[:80]}” is not listed by Open Badges 3.0; write other values as ext:{value[:40]}."
    )


def require_language(field: str, value: str) -> str:
    """Return a BCP 47 tag such as ``en`` or ``en-US`` (with hyphen; ``en_US`` is refused)."""
    if not _LANGUAGE.fullmatch(_a_string(field, value)):
        raise DocumentError(field, f"“{value[:40]}” is not a language tag like en or pt-BR.")
    return value


def _a_string(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise DocumentError(field, "must be text.")
    return value


def _is_visible(text: str) -> bool:
    """A name made of joiners and direction marks is as empty as none."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in text)


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False

"""How one vendor's interface is spoken: which requests to make, and how to read its pages. Pure.

A vendor signs by itself, with keys of its own; what it issues is not the credential that this site signed. Adding a
vendor is a class of this kind and an entry in :mod:`.dialects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

__all__ = ["Access", "Dialect", "Order", "Request", "Template", "as_list", "as_mapping", "text_of"]


@dataclass(frozen=True)
class Access:
    """Where an account is and what opens it."""

    base_url: str
    organisation_key: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Order:
    """One award as a vendor is told of it. ``external_key`` names what was issued, where it is known."""

    template_key: str
    email: str = field(repr=False)
    name: str = field(repr=False)
    awarded_at: datetime
    expires_at: datetime | None = None
    external_key: str = ""

    @property
    def first_and_last_name(self) -> tuple[str, str]:
        """The name in two parts, for vendors that know names no other way; neither is empty."""
        words = self.name.split()
        if len(words) < 2:
            return (words[0] if words else "-"), "-"
        return " ".join(words[:-1]), words[-1]


@dataclass(frozen=True)
class Request:
    """A request below the account's address."""

    method: str
    path: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Template:
    """Something that can be issued."""

    key: str
    name: str


class Dialect(Protocol):
    """One vendor. ``own_token`` says that the key is exchanged for a token first (:mod:`.calls`)."""

    kind: str
    title: str
    default_url: str
    asks_organisation: bool
    own_token: bool

    def authorisation(self, key: str) -> str:
        """The header that opens the account."""

    def templates(self, access: Access) -> Request:
        """Ask for the first page of what can be issued."""

    def read_templates(self, page: Any) -> tuple[list[Template], str]:
        """What a page holds, and the path or address of the next one."""

    def issue(self, access: Access, order: Order) -> Request:
        """Issue it."""

    def read_issued(self, page: Any) -> str:
        """The vendor's name for what was issued; empty when the answer does not say."""

    def find(self, access: Access, order: Order) -> Request:
        """Ask what this person has of this template."""

    def read_found(self, page: Any, order: Order) -> Iterable[str]:
        """The names of what stands and fits *order*; a vendor that ignores the question answers with anything."""

    def revoke(self, access: Access, order: Order, *, reason: str, now: datetime) -> Request:
        """Take it back."""

    def words(self, page: Any) -> str:
        """The vendor's reason in an error's body."""


def as_mapping(value: object) -> Mapping[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """*value* if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A key as text: vendors write numbers as well; nothing else is a key."""
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int) else ""

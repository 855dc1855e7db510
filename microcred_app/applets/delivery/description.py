"""What is known of a host, in whichever way it described itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["API_PATH", "Description", "as_mapping", "shown_url"]

#: Where the Open Badges 3.0 interface begins on its host.
API_PATH = "/ims/ob/v3p0"


@dataclass(frozen=True)
class Description:
    """The part of a service description, or of a Badge Connect manifest, that this app uses.

    ``api_base`` and ``revocation_url`` are empty where the protocol puts them elsewhere.
    """

    name: str
    authorisation_url: str
    token_url: str
    registration_url: str
    scopes: tuple[str, ...]
    terms_url: str
    privacy_url: str
    image_url: str
    api_base: str = ""
    revocation_url: str = ""


def as_mapping(value: object) -> Mapping[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def shown_url(value: object) -> str:
    """An address that is only ever shown as a link: anything but http(s) would run in the learner's page."""
    if isinstance(value, str) and len(value) <= 1000 and value.startswith(("https://", "http://")):
        return value
    return ""

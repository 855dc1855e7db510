"""What the command line reads: files, standard input, addresses the user typed, pictures that carry a credential.

Together with `__main__` this is the one place of the package that touches disk, clock and network; nothing else
imports it. Addresses are ``https`` only, answers are bounded in size and time, and what a credential itself names
(its issuer's document, its status list) is fetched only when the user says ``--online``.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from microcred_app.ob3.baking import is_png, is_svg, unbake
from microcred_app.ob3.dids import did_web_url
from microcred_app.ob3.errors import BakingError, DidError, InputError, StatusListError
from microcred_app.ob3.json_input import parse_json

__all__ = ["Documents", "Lists", "fetch", "read", "read_credential", "read_object"]

MAX_ANSWER = 24_000_000
_SECONDS = 20


def read(name: str) -> bytes:
    """Return the bytes of a file, of standard input (``-``), or of an ``https`` address."""
    if name == "-":
        return sys.stdin.buffer.read()
    return fetch(name) if name.startswith("https://") else Path(name).read_bytes()


def read_credential(name: str) -> bytes:
    """Return the credential at *name*, taken out of its picture if it is in one."""
    data = read(name)
    if not is_png(data) and not is_svg(data):
        return data
    unbaked = unbake(data)
    if unbaked.version == "ob2":
        raise BakingError(
            "picture.ob2",
            "The picture carries a badge of Open Badges 2.0, which is no verifiable credential.",
        )
    return unbaked.content


def read_object(name: str) -> dict[str, Any]:
    """Return the JSON object in a file."""
    value = parse_json(read(name))
    return value if isinstance(value, dict) else {}


def fetch(url: str) -> bytes:
    """Return what is published at *url*; raises `InputError` for anything but a short answer over ``https``."""
    from urllib.error import URLError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class SafeRedirects(HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any, **named: Any) -> Request | None:
            _require_https(arguments[-1])
            return super().redirect_request(*arguments, **named)

    _require_https(url)
    request = Request(url, headers={"Accept": "application/json, image/png, */*;q=0.5"})  # noqa: S310
    try:
        with build_opener(SafeRedirects).open(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(MAX_ANSWER + 1)
    except (URLError, OSError, ValueError) as error:
        raise InputError("input.not_fetched", f"{url[:200]} could not be fetched: {error}") from error
    if len(data) > MAX_ANSWER:
        raise InputError("input.too_large", f"{url[:200]} answers with more than is read.")
    return data


def _require_https(url: str) -> None:
    if urlsplit(url).scheme != "https":
        raise InputError("input.address", f"{url[:200]} is not an https address.")


class Documents:
    """Finds a DID document among the files given, by the id it states, or online when that is allowed."""

    def __init__(self, files: Sequence[str], *, online: bool = False) -> None:
        self._documents = [read_object(file) for file in files]
        self._online = online

    def __call__(self, did: str) -> Mapping[str, Any]:
        """Return the document of *did*, or raise `DidError`."""
        for document in self._documents:
            if document.get("id") == did:
                return document
        if not self._online:
            raise DidError("did.not_given", "no --did-document describes the issuer")
        value = parse_json(fetch(did_web_url(did)))
        return value if isinstance(value, dict) else {}


class Lists:
    """Finds a status list among the files given, by the id it states, or online when that is allowed."""

    def __init__(self, files: Sequence[str], *, online: bool = False) -> None:
        self._lists = {str(read_object(file).get("id")): read(file) for file in files}
        self._online = online

    def __call__(self, url: str) -> bytes:
        """Return the list published at *url*, or raise `StatusListError`."""
        if url in self._lists:
            return self._lists[url]
        if not self._online:
            raise StatusListError("status_list.not_given", "no --status-list is the one the credential names")
        return fetch(url)

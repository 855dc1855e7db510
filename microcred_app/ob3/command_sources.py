"""What the command line reads: files, standard input, addresses the user typed, pictures that carry a credential.

It opens files and nothing else: whatever stands at an address comes through the `Fetch` it is given, so that the
network is known to one module of this package only, the command itself (`__main__`). What a credential names (its
issuer's document, its status list) is fetched only when the user says ``--online``.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from microcred_app.ob3.baking import is_png, is_svg, unbake
from microcred_app.ob3.dids import did_web_url
from microcred_app.ob3.errors import BakingError, DidError, StatusListError
from microcred_app.ob3.json_input import parse_json

__all__ = ["Documents", "Fetch", "Lists", "read", "read_credential", "read_object"]

Fetch = Callable[[str], bytes]


def read(name: str, fetch: Fetch) -> bytes:
    """Return the bytes of a file, of standard input (``-``), or of an ``https`` address."""
    if name == "-":
        return sys.stdin.buffer.read()
    return fetch(name) if name.startswith("https://") else Path(name).read_bytes()


def read_credential(name: str, fetch: Fetch) -> bytes:
    """Return the credential at *name*, taken out of its picture if it is in one."""
    data = read(name, fetch)
    if not is_png(data) and not is_svg(data):
        return data
    unbaked = unbake(data)
    if unbaked.version == "ob2":
        raise BakingError(
            "picture.ob2",
            "The picture carries a badge of Open Badges 2.0, which is no verifiable credential.",
        )
    return unbaked.content


def read_object(name: str, fetch: Fetch) -> dict[str, Any]:
    """Return the JSON object at *name*."""
    value = parse_json(read(name, fetch))
    return value if isinstance(value, dict) else {}


class Documents:
    """Finds a DID document among the files given, by the id it states, or online when that is allowed."""

    def __init__(self, files: Sequence[str], fetch: Fetch, *, online: bool = False) -> None:
        self._documents = [read_object(file, fetch) for file in files]
        self._fetch = fetch if online else None

    def __call__(self, did: str) -> Mapping[str, Any]:
        """Return the document of *did*, or raise `DidError`."""
        for document in self._documents:
            if document.get("id") == did:
                return document
        if self._fetch is None:
            raise DidError("did.not_given", "no --did-document describes the issuer")
        value = parse_json(self._fetch(did_web_url(did)))
        return value if isinstance(value, dict) else {}


class Lists:
    """Finds a status list among the files given, by the id it states, or online when that is allowed."""

    def __init__(self, files: Sequence[str], fetch: Fetch, *, online: bool = False) -> None:
        self._lists = {str(read_object(file, fetch).get("id")): read(file, fetch) for file in files}
        self._fetch = fetch if online else None

    def __call__(self, url: str) -> bytes:
        """Return the list published at *url*, or raise `StatusListError`."""
        if url in self._lists:
            return self._lists[url]
        if self._fetch is None:
            raise StatusListError("status_list.not_given", "no --status-list is the one the credential names")
        return self._fetch(url)

"""JSON-LD contexts come from files in this package, byte for byte as published, and never from the network.

A context decides what every member of a credential means. Loaded from an address at signing or verifying
time it would let whoever controls that address (or its outage) decide which credentials are valid. So the
known contexts are bundled, their digests are compared when they are read, and any other is refused by name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microcred_app.ob3.errors import ContextError

__all__ = [
    "CLR_2_0_1",
    "CREDENTIALS_V1",
    "CREDENTIALS_V2",
    "DID_V1",
    "ED25519_2020_V1",
    "JWK_V1",
    "MULTIKEY_V1",
    "OB_3_0_3",
    "OB_EXTENSIONS",
    "OB_VERSIONS",
    "STATUS_V1",
    "ContextStore",
    "bundled_contexts",
]

#: The data model before; only in tokens of the older form (`vcdm_1`).
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
STATUS_V1 = "https://www.w3.org/ns/credentials/status/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DID_V1 = "https://www.w3.org/ns/did/v1"
JWK_V1 = "https://w3id.org/security/jwk/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"
OB_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CLR_2_0_1 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1"
OB_VERSIONS = tuple(f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{n}.json" for n in (1, 2, 3))

_FOLDER = Path(__file__).parent / "contexts"


@dataclass(frozen=True)
class ContextStore:
    """A closed set of contexts: `document(url)` answers from it or refuses."""

    documents: Mapping[str, Mapping[str, Any]]

    def __contains__(self, url: object) -> bool:
        return isinstance(url, str) and url in self.documents

    def document(self, url: str) -> Mapping[str, Any]:
        """Return the context document published at *url*, or raise `ContextError` naming it."""
        try:
            return self.documents[url]
        except KeyError:
            raise ContextError(
                "context.unknown", f"The context {url[:200]!r} is not one this software knows.", url
            ) from None

    def extended(self, extra: Mapping[str, Mapping[str, Any]]) -> "ContextStore":
        """Return a store that also knows *extra*; a bundled context cannot be replaced."""
        return ContextStore(MappingProxyType({**extra, **self.documents}))


@cache
def bundled_contexts() -> ContextStore:
    """Return the contexts of this package after comparing every file with its pinned digest."""
    index: dict[str, dict[str, str]] = json.loads((_FOLDER / "index.json").read_text(encoding="utf-8"))
    return ContextStore(MappingProxyType({url: _read(url, entry) for url, entry in index.items()}))


def _read(url: str, entry: Mapping[str, str]) -> dict[str, Any]:
    data = (_FOLDER / entry["file"]).read_bytes()
    if sha256(data).hexdigest() != entry["sha256"]:
        raise ContextError(
            "context.changed", f"The bundled file {entry['file']} differs from the published one.", url
        )
    document: dict[str, Any] = json.loads(data)
    return document

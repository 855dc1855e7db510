"""Signed badges made with a library that is not ours, and a status list beside them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib.ob3 import add_data_integrity_proof, did_key_from_pem, encode_bitstring

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


@dataclass
class Signer:
    """An issuer with a did:key."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def did(self) -> str:
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return did_key_from_pem(public)

    def sign(self, document: dict[str, Any]) -> bytes:
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        method = f"{self.did}#{self.did.removeprefix('did:key:')}"
        return json.dumps(add_data_integrity_proof(document, pem, method)).encode()

    def badge(self, *, number: int = 1, valid_from: str = "2026-03-01T10:00:00Z", **changes: Any) -> bytes:
        return self.sign(
            {
                "@context": CONTEXTS,
                "id": f"https://badges.example/credentials/{number}",
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "name": f"Badge {number}",
                "issuer": {"id": self.did, "type": ["Profile"], "name": "A school"},
                "validFrom": valid_from,
                "credentialSubject": {
                    "type": ["AchievementSubject"],
                    "identifier": [
                        {
                            "type": "IdentityObject",
                            "hashed": False,
                            "identityHash": "Amina Diallo",
                            "identityType": "name",
                        }
                    ],
                    "achievement": {
                        "id": f"https://badges.example/achievements/{number}",
                        "type": ["Achievement"],
                        "name": f"Badge {number}",
                        "description": "Can do it",
                        "criteria": {"narrative": "Did it"},
                        "image": {
                            "id": "data:image/png;base64,iVBORw0KGgo=",
                            "type": "Image",
                            "caption": "A wheel",
                        },
                    },
                },
                **changes,
            }
        )

    def status_list(self, url: str, revoked: set[int]) -> bytes:
        return self.sign(
            {
                "@context": CONTEXTS[:1],
                "id": url,
                "type": ["VerifiableCredential", "BitstringStatusListCredential"],
                "issuer": self.did,
                "validFrom": "2026-01-01T00:00:00Z",
                "credentialSubject": {
                    "id": f"{url}#list",
                    "type": "BitstringStatusList",
                    "statusPurpose": "revocation",
                    "encodedList": encode_bitstring(revoked),
                },
            }
        )


def status_entry(url: str, index: int) -> dict[str, str]:
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


@dataclass
class ListServer:
    """A web server with one document that can be exchanged."""

    url: str
    body: bytes = b""
    status: int = 200


@contextmanager
def serving_list() -> Iterator[ListServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(served.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(served.body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = ListServer(f"http://127.0.0.1:{server.server_port}/status/1")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()

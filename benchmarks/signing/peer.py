"""The npm libraries as one process that runs what it is told and says how much processor time it took."""

import base64
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microcred_app.ob3 import contexts
from microcred_app.ob3.dids import did_key, resolve_did_key
from microcred_app.ob3.multikey import encode_base58btc, encode_multikey
from microcred_app.ob3.signing import Ed25519Signer
from tests.interop.verifiers import install_verifiers

__all__ = ["Peer"]

_FOLDER = Path(__file__).parents[2] / "tests" / "interop"


class Peer:
    """@digitalbazaar/vc, @digitalbazaar/vc-bitstring-status-list and jose, with contexts in memory."""

    def __init__(self, signer: Ed25519Signer, documents: Mapping[str, Any]) -> None:
        """Start the process; *documents* are the credentials, the date and the status lists it works on."""
        install_verifiers()
        controller = did_key(signer.public_key)
        did_document = resolve_did_key(controller)
        self._process = subprocess.Popen(
            ["node", "bench_peers.mjs"], cwd=_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        job = {
            "contextsDir": str(Path(contexts.__file__).parent / "contexts"),
            "documents": {controller: did_document},
            "controller": controller,
            "publicKeyMultibase": encode_multikey(signer.public_key),
            "secretKeyMultibase": "z" + encode_base58btc(b"\x80\x26" + signer.seed),
            "jwk": {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": _base64url(signer.public_key),
                "d": _base64url(signer.seed),
            },
            **documents,
        }
        ready = self._ask(job)
        self.signed: list[str] = ready["signed"]
        self.tokens: list[str] = ready["tokens"]

    def seconds(self, operation: str, count: int) -> float:
        """Return the processor seconds that *count* times *operation* took."""
        return float(self._ask({"op": operation, "count": count})["seconds"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _ask(self, question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("The peer process ended.")
        return json.loads(answer)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

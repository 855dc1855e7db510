"""Other people's verifiers behind one function each, for any test that holds a finished credential.

Nothing here reaches a network: DID documents, status lists, contexts and schemas are handed over, and every other
address is refused. The npm packages are installed once from ``package-lock.json`` (``npm ci``, no install scripts).
"""

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator, FormatChecker

from microcred_app.ob3 import contexts
from microcred_app.ob3.dids import did_web_url, resolve_did_key

__all__ = [
    "canonise_with_node",
    "install_verifiers",
    "read_list_with_node",
    "run_client",
    "run_matrix",
    "run_matrix_core",
    "strict_problems",
    "validate_against_schema",
    "verify_with_digitalbazaar",
    "verify_with_openbadgeslib",
    "verify_with_verifier_core",
]

Json = dict[str, Any]

_HERE = Path(__file__).parent
_CONTEXTS = Path(contexts.__file__).parent / "contexts"
_SCHEMAS = {
    "strict": _HERE.parent / "schemas/ob_v3p0/strict/achievementcredential.json",
    "published": Path(contexts.__file__).parent / "schemas/ob-achievementcredential.json",
}
_PUBLISHED_FOLDER = Path(contexts.__file__).parent / "schemas"


@cache
def install_verifiers() -> None:
    """Make the npm packages available, exactly as pinned; does nothing when they are."""
    installed = _HERE / "node_modules" / ".package-lock.json"
    lock = _HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        finished = subprocess.run(command, cwd=_HERE, capture_output=True, timeout=300)
        if finished.returncode:
            raise RuntimeError(
                f"npm ci failed in {_HERE.name}: {finished.stderr.decode(errors='replace')[-1000:]}"
            )


def verify_with_digitalbazaar(
    credential: Json,
    status_list: Json | None = None,
    did_documents: Mapping[str, Json] | None = None,
    now: str | None = None,
) -> Json:
    """Return ``{verified, errors, status}`` of @digitalbazaar/vc.

    ``status`` maps a purpose to whether the bit is set; ``verified`` does not depend on it (the library's own
    way). *did_documents* maps DIDs to their documents; did:key needs none. *now* is an ISO time.
    """
    job: Json = {"credential": credential, "documents": _documents(credential, status_list, did_documents)}
    if now:
        job["now"] = now
    return _run("verify_digitalbazaar.mjs", job)


def verify_with_verifier_core(
    credential: Json,
    status_list: Json | None = None,
    did_documents: Mapping[str, Json] | None = None,
) -> Json:
    """Return ``{verified, errors, status, schema}`` of @digitalcredentials/verifier-core (clock: the real one).

    ``status`` maps its steps (``valid_signature``, ``revocation_status``, ``expiration``, …) to true, false or
    the name of an error; ``verified`` means that every step but the issuer registry is true.
    """
    documents = _documents(credential, status_list, did_documents)
    for did in list(documents):
        if did.startswith("did:web:"):
            documents[did_web_url(did)] = documents[did]
    job = {"credential": credential, "documents": documents, "schemas": _published_schemas()}
    return _run("verify_core.mjs", job)


def verify_with_openbadgeslib(
    credential: Json,
    status_list: Json | None = None,
    did_documents: Mapping[str, Json] | None = None,
) -> Json:
    """Return ``{verified, errors}`` of openbadgeslib (Python, LGPL: for tests only); revocation counts as error.

    It reads signed status lists only as JWT, so it is told to take the list's word without its signature.
    """
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import OB3LdpVerifier

    documents = _documents(credential, status_list, did_documents)
    by_url = {
        did_web_url(did) if did.startswith("did:web:") else did: json for did, json in documents.items()
    }

    def download(url: str) -> bytes:
        return json.dumps(by_url[url]).encode()

    try:
        OB3LdpVerifier().verify(
            credential,
            check_status="credentialStatus" in credential,
            verify_status_list=False,
            download=download,
        )
    except (LibOpenBadgesException, KeyError) as error:
        return {"verified": False, "errors": [str(error)]}
    return {"verified": True, "errors": []}


def validate_against_schema(credential: Json, family: str) -> list[str]:
    """Return what the JSON schema of *family* (``strict`` or ``published``) finds wrong, as ``path: message``."""
    validator = _schema(family)
    found = sorted(validator.iter_errors(credential), key=lambda error: list(map(str, error.path)))
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in found]


def canonise_with_node(inputs: list[Any]) -> list[Json]:
    """Return for each JSON-LD document or N-Quads text ``{nquads}`` or ``{error}`` of jsonld.js in safe mode."""
    return _run("canonize.mjs", {"inputs": inputs})  # type: ignore[return-value]


def read_list_with_node(encoded_list: str) -> dict[str, list[int]]:
    """Return the set entries that each of the two published readers finds in a list, by the reader's name."""
    return _run("read_list.mjs", {"encodedList": encoded_list})


def run_matrix(job: Json) -> Json:
    """Return ``{issued, verified, signed, held}`` of @digitalbazaar/vc and jose for many credentials at once."""
    return _run("matrix.mjs", {"issue": [], "verify": [], "sign": [], "tokens": [], **job})


def run_client(script: str, job: Json) -> Json:
    """Return what the client in *script* was answered by the server that *job* names."""
    return _run(script, job)


def run_matrix_core(credentials: list[Json], documents: Json) -> list[Json]:
    """Return ``{verified, status, schema}`` of @digitalcredentials/verifier-core for each of many credentials."""
    job = {"credentials": credentials, "documents": documents, "schemas": _published_schemas()}
    return _run("matrix_core.mjs", job)  # type: ignore[return-value]


def strict_problems(document: Json, kind: str) -> list[str]:
    """Return what the strict schema of *kind* (``achievementcredential``, ``endorsementcredential``) finds wrong."""
    folder = _HERE.parent / "schemas/ob_v3p0/strict"
    schema = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    validator = Draft201909Validator(schema, format_checker=FormatChecker())
    return [error.message[:200] for error in validator.iter_errors(document)]


def _published_schemas() -> dict[str, str]:
    index = json.loads((_PUBLISHED_FOLDER / "index.json").read_text(encoding="utf-8"))
    return {address: str(_PUBLISHED_FOLDER / entry["file"]) for address, entry in index.items()}


@cache
def _schema(family: str) -> Draft201909Validator:
    schema = json.loads(_SCHEMAS[family].read_text(encoding="utf-8"))
    return Draft201909Validator(schema, format_checker=FormatChecker())


def _documents(
    credential: Json, status_list: Json | None, did_documents: Mapping[str, Json] | None
) -> dict[str, Json]:
    documents = dict(did_documents or {})
    issuer = credential["issuer"]["id"]
    if issuer.startswith("did:key:"):
        documents[issuer] = resolve_did_key(issuer)
    if status_list is not None:
        documents[status_list["id"]] = status_list
    return documents


def _run(script: str, job: Json) -> Json:
    install_verifiers()
    data = json.dumps({"contextsDir": str(_CONTEXTS), **job}).encode()
    finished = subprocess.run(["node", script], cwd=_HERE, input=data, capture_output=True, timeout=120)
    if finished.returncode:
        raise RuntimeError(f"{script} failed: {finished.stderr.decode(errors='replace')[-2000:]}")
    result: Json = json.loads(finished.stdout)
    return result

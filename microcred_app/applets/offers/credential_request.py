"""Read what a wallet asks the credential endpoint for: nothing is looked up, nothing believed.

OpenID4VCI 1.0 section 8.2, with the older forms that are cheap to understand: one ``proof`` instead of ``proofs``, and
``format`` instead of a configuration (drafts up to 13). Those are also answered in their form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import WalletRefused
from .metadata import BATCH, TYPES, offered_formats

__all__ = ["CredentialRequest", "read_request"]


@dataclass(frozen=True)
class CredentialRequest:
    """The proofs of a request, as tokens (``jwt``) or as presentations (``di_vp``), never both.

    ``wanted`` is the format of the credential, ``is_draft`` whether it was asked in the form of a draft.
    """

    proofs: tuple[str, ...]
    is_draft: bool
    wanted: str
    presentations: tuple[Mapping[str, Any], ...] = ()


def read_request(body: Mapping[str, Any]) -> CredentialRequest:
    """Return what *body* asks for, or raise :class:`WalletRefused` with the error that section 8.3.1.2 names."""
    is_draft = "format" in body or "proof" in body
    wanted = _wanted_format(body)
    if "credential_response_encryption" in body:
        raise WalletRefused("invalid_encryption_parameters", "Answers are not encrypted beyond TLS here.")
    if "proof" not in body and isinstance(body.get("proofs"), Mapping) and set(body["proofs"]) == {"di_vp"}:
        return CredentialRequest((), is_draft, wanted, _presentations(body["proofs"]["di_vp"]))
    proofs = _draft_proof(body) if "proof" in body else _proofs(body)
    if len(set(proofs)) != len(proofs):
        raise WalletRefused("invalid_proof", "A proof is there twice.")
    return CredentialRequest(proofs, is_draft, wanted)


def _wanted_format(body: Mapping[str, Any]) -> str:
    named = [
        name for name in ("credential_configuration_id", "credential_identifier", "format") if name in body
    ]
    if len(named) != 1:
        raise WalletRefused(
            "invalid_credential_request",
            "Name exactly one of credential_configuration_id and credential_identifier.",
        )
    formats, value = offered_formats(), body[named[0]]
    if "format" in body:
        if value not in formats.values():
            raise WalletRefused("unsupported_credential_format", _those("formats", formats.values()))
        _require_type(body)
        return str(value)
    if not isinstance(value, str) or value not in formats:
        kind = "configuration" if named == ["credential_configuration_id"] else "identifier"
        raise WalletRefused(f"unknown_credential_{kind}", _those(f"{kind}s", formats))
    return formats[value]


def _those(what: str, there_are: Iterable[str]) -> str:
    return f"The {what} there are: {', '.join(there_are)}."


def _require_type(body: Mapping[str, Any]) -> None:
    definition = body.get("credential_definition", {})
    types = definition.get("type", definition.get("types")) if isinstance(definition, Mapping) else None
    if types is not None and (not isinstance(types, list) or not set(map(str, types)) <= set(TYPES)):
        raise WalletRefused("unsupported_credential_type", _those("types", TYPES))


def _proofs(body: Mapping[str, Any]) -> tuple[str, ...]:
    proofs = body.get("proofs")
    if not isinstance(proofs, Mapping) or set(proofs) != {"jwt"} or not isinstance(proofs["jwt"], list):
        raise WalletRefused(
            "invalid_proof", "Prove the wallet's key: proofs must hold one list, jwt or di_vp."
        )
    listed = proofs["jwt"]
    if not 1 <= len(listed) <= BATCH or not all(isinstance(entry, str) for entry in listed):
        raise WalletRefused("invalid_proof", f"Between one and {BATCH} proofs are taken, each a text.")
    return tuple(listed)


def _presentations(listed: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(listed, list) or not 1 <= len(listed) <= BATCH:
        raise WalletRefused("invalid_proof", f"Between one and {BATCH} presentations are taken.")
    if not all(isinstance(entry, Mapping) for entry in listed):
        raise WalletRefused("invalid_proof", "Each presentation must be a JSON object.")
    return tuple(listed)


def _draft_proof(body: Mapping[str, Any]) -> tuple[str, ...]:
    proof = body["proof"]
    if "proofs" in body or not isinstance(proof, Mapping) or proof.get("proof_type") != "jwt":
        raise WalletRefused("invalid_proof", "The proof must be of the type jwt.")
    if not isinstance(proof.get("jwt"), str):
        raise WalletRefused("invalid_proof", "The proof's jwt must be a text.")
    return (proof["jwt"],)

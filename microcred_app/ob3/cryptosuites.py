"""One object per cryptosuite says what exactly is signed; a name that is not in the list here cannot be checked.

``eddsa-rdfc-2022`` is what everybody accepts and what is issued by default. ``eddsa-jcs-2022`` signs the JSON itself
(RFC 8785); some wallets refuse it, so it is made on request only. ``Ed25519Signature2020`` is read, never made:
wallets still sign their presentations with it.

Data Integrity EdDSA Cryptosuites 1.0 sections 3.2, 3.3 and appendix (Ed25519Signature2020).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from c14n.Canonicalize import canonicalize as canonical_json

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.errors import CanonicalisationError, ProofError

__all__ = [
    "ED25519_SIGNATURE_2020",
    "EDDSA_JCS_2022",
    "EDDSA_RDFC_2022",
    "Cryptosuite",
    "Ed25519Signature2020",
    "EddsaJcs2022",
    "EddsaRdfc2022",
    "Known",
    "canonicalise_json",
    "suite_of",
]

# What one proof of a document has found out for the next: its digest, or why it cannot be had.
Known = dict[str, bytes | CanonicalisationError]

_EXACT = 2**53


class Cryptosuite(Protocol):
    """What a proof of one kind signs."""

    @property
    def name(self) -> str:
        """The name in the proof's ``cryptosuite``, empty for kinds that have none."""
        ...

    def stated(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options as they are written into a new proof of *document*."""
        ...

    def hash_data(
        self, document: Mapping[str, Any], options: Mapping[str, Any], known: Known | None = None
    ) -> bytes:
        """Return the 64 bytes to sign; *document* has no ``proof``, *options* no ``proofValue``.

        *known* keeps the digest of the document, or why there is none, from one proof of it to the next.
        """
        ...


@dataclass(frozen=True)
class EddsaRdfc2022:
    """SHA-256 of the canonical proof options, then of the canonical document, signed with Ed25519."""

    canonicalise: Callable[[Mapping[str, Any]], bytes]
    name: str = "eddsa-rdfc-2022"

    def stated(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Return *options*: the context is borrowed from the document, not kept in the proof."""
        return dict(options)

    def hash_data(
        self, document: Mapping[str, Any], options: Mapping[str, Any], known: Known | None = None
    ) -> bytes:
        """Return the 64 bytes to sign; the options are read with the document's ``@context``."""
        configuration = {**options, "@context": document.get("@context")}
        digest = sha256(self.canonicalise(configuration)).digest()
        known = {} if known is None else known
        if "rdfc" not in known:
            try:
                known["rdfc"] = sha256(self.canonicalise(document)).digest()
            except CanonicalisationError as error:
                known["rdfc"] = error
        found = known["rdfc"]
        if isinstance(found, CanonicalisationError):
            raise found
        return digest + found


@dataclass(frozen=True)
class Ed25519Signature2020(EddsaRdfc2022):
    """The predecessor of ``eddsa-rdfc-2022``: the same hashes, a proof type of its own. Verified only."""

    name: str = ""

    def stated(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse: nothing new is signed with it."""
        raise ProofError("proof.legacy_suite", "Ed25519Signature2020 is read, never made.")


@dataclass(frozen=True)
class EddsaJcs2022:
    """SHA-256 of the proof options as RFC 8785 JSON, then of the document, signed with Ed25519."""

    name: str = "eddsa-jcs-2022"

    def stated(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """Return *options* with the document's ``@context``, which stays in the proof."""
        return {**options, "@context": document["@context"]} if "@context" in document else dict(options)

    def hash_data(
        self, document: Mapping[str, Any], options: Mapping[str, Any], known: Known | None = None
    ) -> bytes:
        """Return the 64 bytes to sign.

        The contexts of *document* must begin with those in the proof: later signers may only have added some.
        """
        if "@context" in options:
            own, signed = _as_list(document.get("@context")), _as_list(options["@context"])
            if own[: len(signed)] != signed:
                raise ProofError(
                    "proof.context", "The contexts of the document are not those that were signed."
                )
            document = {**document, "@context": options["@context"]}
        return sha256(canonicalise_json(options)).digest() + sha256(canonicalise_json(document)).digest()


EDDSA_RDFC_2022 = EddsaRdfc2022(canonicalise)
EDDSA_JCS_2022 = EddsaJcs2022()
ED25519_SIGNATURE_2020 = Ed25519Signature2020(canonicalise)
_BY_NAME: dict[str, Cryptosuite] = {suite.name: suite for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022)}


def suite_of(proof: Mapping[str, Any]) -> Cryptosuite:
    """Return the suite of *proof*, or raise `ProofError`; only what is listed here is ever used."""
    if proof.get("type") == "Ed25519Signature2020" and "cryptosuite" not in proof:
        return ED25519_SIGNATURE_2020
    if proof.get("type") != "DataIntegrityProof":
        raise ProofError("proof.unsupported_type", "The proof is of a kind that is not supported.")
    name = proof.get("cryptosuite")
    suite = _BY_NAME.get(name) if isinstance(name, str) else None
    if suite is None:
        raise ProofError("proof.unsupported_suite", "The proof uses a cryptosuite that is not supported.")
    return suite


def canonicalise_json(value: Any) -> bytes:
    """Return *value* as RFC 8785 JSON; what JavaScript would write differently is refused."""
    _require_exact(value)
    try:
        text: bytes = canonical_json(value)
    except (TypeError, ValueError, RecursionError, AttributeError) as error:
        raise CanonicalisationError(
            "canonical.json", "The document cannot be written as canonical JSON."
        ) from error
    return text


def _require_exact(value: Any) -> None:
    waiting = [value]
    for item in waiting:
        if isinstance(item, Mapping):
            if not all(isinstance(name, str) for name in item):
                raise CanonicalisationError("canonical.json", "A member name is not a text.")
            waiting += item.values()
        elif isinstance(item, list | tuple):
            waiting += item
        elif isinstance(item, int | float) and not isinstance(item, bool) and abs(item) > _EXACT:
            raise CanonicalisationError("canonical.number", "A number is not exact everywhere.")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""`issue` returns the signed bytes of a credential; `Template` those of many credentials of one badge.

The bytes that leave here are the text whose content was hashed: there is no second writing-down in which a value
could change. What `data_integrity.sign` promises holds here too: a member that would stay unsigned is refused.

A template is a document of which some strings vary from holder to holder. It is a shape (see `shapes` for the
conditions) in which everything else is fixed, so that statements and hashes which see no varying string are
computed once. Values it cannot take on the fast route take the plain one, and are refused there if they must be.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from microcred_app.ob3.canonical import bundled_canonicaliser, canonicalise
from microcred_app.ob3.data_integrity import EDDSA_RDFC_2022, make_options, sign
from microcred_app.ob3.dataset import escape_literal
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.json_text import (
    chunks_around,
    encode_json,
    name_places,
    renumbered,
    split_strings,
    with_places,
)
from microcred_app.ob3.multikey import encode_signature
from microcred_app.ob3.plan import Plan
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.shapes import fill
from microcred_app.ob3.signing import Signer

__all__ = ["Path", "Template", "issue"]

Path = tuple[str | int, ...]


def issue(
    document: Mapping[str, Any], signer: Signer, *, verification_method: str, created: datetime
) -> bytes:
    """Return the bytes of *document* with an ``eddsa-rdfc-2022`` proof made by *signer*.

    The same as `encode_document(sign(…))`, in one go. Raises `CanonicalisationError` when a member would stay
    unsigned, `DocumentError` for what is not a JSON object.
    """
    if not isinstance(document, dict) or "proof" in document:
        return encode_document(
            sign(document, signer, verification_method=verification_method, created=created)
        )
    try:
        text = encode_json(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("document", f"cannot be written as JSON: {error}", "document.json") from error
    canonical = bundled_canonicaliser().canonicalise_text(text, document)
    options = make_options(EDDSA_RDFC_2022.name, verification_method, created)
    digest, stated = _hash_options(options, document)
    return _with_proof(text, stated, signer.sign(digest + sha256(canonical).digest()))


class Template:
    """Issues credentials that differ from one document in some strings; make one per badge version and keep it."""

    def __init__(self, document: Mapping[str, Any], varying: Sequence[Path]) -> None:
        """Compile *document*; *varying* names the strings that will be given, as paths of names and positions.

        Raises `DocumentError` naming a path that leads to no string or to one that steers what the document
        means (a type, a context), and whatever `canonicalise` raises for *document*.
        """
        self._document: dict[str, Any] = dict(document)
        self._varying = [tuple(path) for path in varying]
        if "proof" in self._document or not self._varying:
            raise DocumentError("template", "needs an unsigned document and strings that vary.")
        canonicalise(self._document)
        self._plan = self._compile()
        self._options: tuple[tuple[str, datetime], bytes, bytes] | None = None

    def issue(
        self, values: Sequence[str], signer: Signer, *, verification_method: str, created: datetime
    ) -> bytes:
        """Return the signed bytes of the document with *values* in the varying places, in their order.

        The values are taken as they are: clean them first (`text`, `fields`), as the builders do.
        """
        if len(values) != len(self._varying):
            raise DocumentError("template", f"needs {len(self._varying)} values, not {len(values)}.")
        try:
            quoted = [encode_basestring(value).encode() for value in values]
        except (TypeError, UnicodeEncodeError) as error:
            raise DocumentError("template", "values must be texts without half characters.") from error
        canonical = fill(self._plan, self._literals(values, quoted)) if self._plan else None
        if canonical is None:
            return issue(
                self._document_with(values), signer, verification_method=verification_method, created=created
            )
        known = self._options
        if known is None or known[0] != (verification_method, created):
            known = self._options = self._make_options(verification_method, created)
        signature = signer.sign(known[1] + sha256(canonical).digest())
        chunks = self._chunks.copy()
        chunks[1::2] = [quoted[number] for number in self._written_order]
        return _with_proof(b"".join(chunks), known[2], signature)

    def _compile(self) -> Plan | None:
        text = encode_json(self._document)
        parts = split_strings(text)
        tree = with_places(parts, name_places(parts))
        places = [int(_at(tree, path)) for path in self._varying]
        self._written_order = sorted(range(len(places)), key=places.__getitem__)
        self._chunks = chunks_around(parts, sorted(places))
        free = set(range(len(places)))
        compiled = bundled_canonicaliser().compile(
            self._document, renumbered(tree, places), len(places), free
        )
        if compiled is not None and compiled.free != free:
            steering = self._varying[min(free - compiled.free)]
            raise DocumentError(
                ".".join(map(str, steering)), "decides what the document means; it cannot vary."
            )
        return compiled.plan if compiled else None

    @staticmethod
    def _literals(values: Sequence[str], quoted: Sequence[bytes]) -> list[bytes]:
        together = b"".join(quoted)
        if b"\\u" in together or b"\x7f" in together:
            return [escape_literal(value).encode() for value in values]
        return [text[1:-1] for text in quoted]

    def _make_options(
        self, verification_method: str, created: datetime
    ) -> tuple[tuple[str, datetime], bytes, bytes]:
        options = make_options(EDDSA_RDFC_2022.name, verification_method, created)
        return (verification_method, created), *_hash_options(options, self._document)

    def _document_with(self, values: Sequence[str]) -> dict[str, Any]:
        document: dict[str, Any] = self._document
        for path, value in zip(self._varying, values, strict=True):
            document = _replaced(document, path, value)
        return document


def _hash_options(options: Mapping[str, str], document: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return the digest of proof *options* under the contexts of *document*, and their text."""
    contexts = document.get("@context")
    plan = _options_plan(tuple(contexts)) if isinstance(contexts, list) and _are_texts(contexts) else None
    quoted = encode_basestring(options["verificationMethod"]).encode()
    literals = [options["created"].encode(), quoted[1:-1]]
    canonical = fill(plan, literals) if plan and b"\\" not in quoted else None
    if canonical is None:
        canonical = canonicalise({**options, "@context": contexts})
    return sha256(canonical).digest(), encode_json(options)


def _are_texts(contexts: Sequence[Any]) -> bool:
    return len(contexts) <= 8 and all(isinstance(context, str) for context in contexts)


@lru_cache(maxsize=64)
def _options_plan(contexts: tuple[str, ...]) -> Plan | None:
    """Return the plan for proof options under *contexts*: the moment and the key vary."""
    document = {
        **make_options(EDDSA_RDFC_2022.name, "urn:key", datetime(2026, 1, 1, tzinfo=UTC)),
        "@context": list(contexts),
    }
    varying = {"created": "0", "verificationMethod": "1"}
    tree = {name: varying.get(name, "-1") for name in document}
    tree["@context"] = ["-1"] * len(contexts)  # type: ignore[assignment]
    compiled = bundled_canonicaliser().compile(document, tree, len(varying), {0, 1})
    return compiled.plan if compiled is not None and len(compiled.free) == len(varying) else None


def _with_proof(text: bytes, options: bytes, signature: bytes) -> bytes:
    value = encode_signature(signature).encode()
    return b'%b,"proof":[%b,"proofValue":"%b"}]}' % (text[:-1], options[:-1], value)


def _at(tree: Any, path: Path) -> str:
    try:
        for step in path:
            tree = tree[step]
    except (KeyError, IndexError, TypeError) as error:
        raise DocumentError(".".join(map(str, path)), "is not in the template.") from error
    if not isinstance(tree, str):
        raise DocumentError(".".join(map(str, path)), "is not a text.")
    return tree


def _replaced(value: Any, path: Path, new: str) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    return copy

"""`canonicalise` returns the one byte sequence that stands for a document, or says which member stands in the way.

JSON-LD expansion in safe mode, then RDF statements, then RDFC-1.0. Offline, without base address, the same on
every machine. What is not in the result is not signed; therefore nothing of the document is ever left out
(see `expansion` and `dataset`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from microcred_app.ob3.contexts import ContextStore, bundled_contexts
from microcred_app.ob3.dataset import to_quads
from microcred_app.ob3.errors import CanonicalisationError
from microcred_app.ob3.expansion import Expander
from microcred_app.ob3.rdfc import canonical_nquads

__all__ = ["Canonicaliser", "canonicalise"]


class Canonicaliser:
    """Canonicalises documents against one closed set of contexts; keep it, it caches what contexts mean."""

    def __init__(self, contexts: ContextStore) -> None:
        self._expander = Expander(contexts)

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of *document*; raises `CanonicalisationError` or `ContextError`."""
        try:
            return canonical_nquads(to_quads(self._expander.expand(document)))
        except RecursionError as error:
            raise CanonicalisationError("canonical.too_deep", "The document is nested too deep.") from error


def canonicalise(document: Mapping[str, Any]) -> bytes:
    """Return the canonical N-Quads of *document* under the bundled contexts."""
    return _bundled()(document)


@cache
def _bundled() -> Canonicaliser:
    return Canonicaliser(bundled_contexts())

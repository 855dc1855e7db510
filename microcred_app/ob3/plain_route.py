"""The plain route to canonical bytes: JSON-LD expansion in safe mode, RDF statements, RDFC-1.0, one after the other.

It decides what a document means. The fast route (`shapes`) is measured against it, falls back to it, and is never
asked where the two could differ.
"""

from collections.abc import Mapping
from typing import Any

from microcred_app.ob3.contexts import ContextStore
from microcred_app.ob3.dataset import Quad, to_quads
from microcred_app.ob3.errors import CanonicalisationError
from microcred_app.ob3.expansion import Expander
from microcred_app.ob3.rdfc import canonical_nquads

__all__ = ["Canonicaliser"]


class Canonicaliser:
    """Canonicalises documents against one closed set of contexts; keep it, it caches what contexts mean."""

    def __init__(self, contexts: ContextStore) -> None:
        self.contexts = contexts
        self._expander = Expander(contexts)

    def __call__(self, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of *document*; raises `CanonicalisationError` or `ContextError`."""
        return canonical_nquads(self.quads(document))

    def quads(self, document: Mapping[str, Any]) -> list[Quad]:
        """Return the statements of *document*, each once; raises as the call does."""
        try:
            return to_quads(self._expander.expand(document))
        except RecursionError as error:
            raise CanonicalisationError("canonical.too_deep", "The document is nested too deep.") from error

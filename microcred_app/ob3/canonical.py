"""`canonicalise` returns the one byte sequence that stands for a document, or says which member stands in the way.

JSON-LD expansion in safe mode, then RDF statements, then RDFC-1.0 (`plain_route`); for documents of a shape that
was seen before, the same bytes without the first two (`shapes`). Offline, without base address, the same on every
machine. What is not in the result is not signed; therefore nothing of the document is ever left out (see
`expansion` and `dataset`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from microcred_app.ob3.contexts import bundled_contexts
from microcred_app.ob3.plain_route import Canonicaliser
from microcred_app.ob3.rdfc import work_is_shared
from microcred_app.ob3.shapes import ShapeCanonicaliser

__all__ = ["Canonicaliser", "bundled_canonicaliser", "canonicalise"]


def canonicalise(document: Mapping[str, Any]) -> bytes:
    """Return the canonical N-Quads of *document* under the bundled contexts."""
    canonicaliser = bundled_canonicaliser()
    # Learning a shape costs many times what one document costs: not for what a stranger put inside another.
    return canonicaliser.plain(document) if work_is_shared() else canonicaliser(document)


@cache
def bundled_canonicaliser() -> ShapeCanonicaliser:
    """Return the canonicaliser of this process: the bundled contexts and one bounded memory of shapes."""
    return ShapeCanonicaliser(Canonicaliser(bundled_contexts()))

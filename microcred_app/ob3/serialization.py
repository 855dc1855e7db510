"""The bytes of a document: UTF-8 JSON in the order in which it was built.

They are made once, signed content and all, stored, and served unchanged. Reading a signed document into
objects and writing it again is the commonest way to break a signature.
"""

from collections.abc import Mapping
from typing import Any

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.json_text import encode_json

__all__ = ["encode_document"]


def encode_document(document: Mapping[str, Any]) -> bytes:
    """Return *document* as compact UTF-8 JSON; what JSON cannot carry is refused, never converted."""
    try:
        return encode_json(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("document", f"cannot be written as JSON: {error}", "document.json") from error

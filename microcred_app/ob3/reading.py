"""A credential inside another is opened, whatever it is secured with, before anything in it is believed.

Three forms are met: a document with its proofs, a token (``endorsementJwt``), and a token in an envelope
(VCDM 2.0 section 4.13.1). A token is a text of its own, so its limits are its own as well, and smaller: a
document may carry many.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits
from microcred_app.ob3.jwt_credential import (
    JwtCredential,
    is_compact_jws,
    read_enveloped,
    read_jwt,
    require_today,
)
from microcred_app.ob3.secured_text import SecuredReader

__all__ = ["Inner", "open_inner", "reader"]

TOKEN_LIMITS = Limits(max_bytes=500_000, max_values=2_000, max_items=500)


class Inner(NamedTuple):
    """A credential found inside another document, and the token it came in, if any."""

    document: Mapping[str, Any]
    token: JwtCredential | None = None


@cache
def reader() -> SecuredReader:
    """Return the reader of this process, which remembers the shapes of what it has read."""
    return SecuredReader(bundled_canonicaliser())


def open_inner(value: Any) -> Inner:
    """Return the credential that *value* is or carries; raises `InputError` or `ProofError` when it cannot be read."""
    token = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else None
    if token is None:
        if not isinstance(value, Mapping):
            raise InputError("input.not_an_object", "A credential is a JSON object or a token.")
        token = read_enveloped(value)
    if token is None:
        return Inner(value)
    if not is_compact_jws(token):
        raise InputError("jwt.syntax", "This is not a compact JSON Web Signature.")
    opened = read_jwt(token, reader(), TOKEN_LIMITS)
    if not isinstance(value, str):
        require_today(opened)
    return Inner(opened.document, opened)

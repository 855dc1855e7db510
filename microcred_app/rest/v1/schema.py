"""The interface described as OpenAPI 3.0, made from the code that answers, published beside it.

Every operation also tells its refusals: what may go wrong belongs to the promise as much as what goes right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

__all__ = ["Description", "ProblemDetails", "describe"]

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ProblemDetails(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField(help_text="An address that standards give to the problem, or about:blank.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="A sentence that says what to do.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each field.",
    )
    requirement = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text="Where a requirement cannot be read: path, problem, allowed.",
    )


_REFUSALS = {
    "400": "The request cannot be understood; ``errors`` names each field.",
    "401": "The token does not hold.",
    "403": "Nobody is signed in, the CSRF token is missing, or the account does not hold the office for this.",
    "404": "There is no such thing, or not for this account.",
    "409": "It cannot be done where the thing stands now; ``detail`` says where that is.",
    "415": "Send application/json.",
    "429": "Too many requests; ``Retry-After`` says when to come back.",
}


class Description(AutoSchema):
    """Adds the refusals that an operation can answer with."""

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> Any:
        bodies = super()._get_response_bodies(*args, **kwargs)
        for status, text in _REFUSALS.items():
            if status not in bodies and self._can_answer(status):
                answer = OpenApiResponse(ProblemDetails, text)
                bodies[status] = self._get_response_for_code(answer, status, ["application/problem+json"])
        return bodies

    def _can_answer(self, status: str) -> bool:
        writes = self.method not in ("GET", "HEAD")
        return writes or status not in ("409", "415")


class _Jwt(OpenApiAuthenticationExtension):
    """The platform's tokens, where it has them."""

    target_class = "edx_rest_framework_extensions.auth.jwt.authentication.JwtAuthentication"
    name = "jwt"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "JWT <token>"}


def describe(operation_id: str, **said: Any) -> Callable[[Handler], Handler]:
    """``extend_schema`` on top of :class:`Description`, whatever schema class the site has chosen for its own."""

    def mark(handler: Handler) -> Handler:
        handler.schema = Description()  # type: ignore[attr-defined]
        marked: Handler = extend_schema(operation_id=operation_id, **said)(handler)
        return marked

    return mark

"""What every address of the interface shares, whatever the site's own REST settings say.

* Who asks is known by the session (writes then need its CSRF token) or, where the platform has it, by a JWT.
* Only JSON comes in and goes out; refusals are ProblemDetails.
* Reads and writes are counted apart for each account; who is not signed in is counted by address.
* Nothing is written while somebody looks through another person's eyes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, ClassVar

from django.conf import settings as django_settings
from django.db import transaction
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from microcred_app.applets.keyset import Slice
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .cursors import read_cursor, write_cursor
from .refusals import answer_refusal
from .schema import Description

__all__ = ["OpenResource", "Resource"]

_JWT = "edx_rest_framework_extensions.auth.jwt.authentication.JwtAuthentication"
_SAFE = ("GET", "HEAD", "OPTIONS")


class _Turns(SimpleRateThrottle):
    """So many requests per minute for one account, or for one address of somebody not signed in."""

    reads: ClassVar[bool]

    def get_rate(self) -> str:
        found = settings()
        return f"{found.api_reads_per_minute if self.reads else found.api_writes_per_minute}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Where this caller's turns are counted; nothing when this kind of request is not counted here."""
        if (request.method in _SAFE) is not self.reads:
            return None
        person = request.user.pk if request.user and request.user.is_authenticated else None
        return self.cache_format % {"scope": self.scope, "ident": person or self.get_ident(request)}


class _ReadTurns(_Turns):
    scope = "microcred-read"
    reads = True


class _WriteTurns(_Turns):
    scope = "microcred-write"
    reads = False


class OpenResource(APIView):
    """An address that anybody may read."""

    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [SessionAuthentication]
    permission_classes: ClassVar[list[Any]] = [AllowAny]
    parser_classes: ClassVar[list[Any]] = [JSONParser]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]
    throttle_classes: ClassVar[list[Any]] = [_ReadTurns, _WriteTurns]
    versioning_class = None
    schema = Description()

    def get_authenticators(self) -> list[Any]:
        """Session, and the platform's JWT where it is installed and has keys to check with."""
        found: list[Any] = [one() for one in self.authentication_classes]
        if hasattr(django_settings, "JWT_AUTH") and find_spec("edx_rest_framework_extensions"):
            found.insert(0, import_string(_JWT)())
        return found

    def get_exception_handler(self) -> Callable[..., Any]:
        """Ours, whatever the site has chosen for its own interfaces."""
        return answer_refusal

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse writes while masquerading, after the framework's own questions."""
        super().initial(request, *args, **kwargs)
        if request.method not in _SAFE:
            permissions.refuse_other_eyes()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Each request is one transaction: a refusal takes back whatever was written before it."""
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        add_never_cache_headers(response)
        return response

    @property
    def person(self) -> int:
        """The account that asks; only behind a permission class that demands one."""
        return int(self.request.user.pk)

    def read_query(self, shape: type[Serializer]) -> dict[str, Any]:
        """The parameters of the address, checked; raises a ValidationError that names each wrong one."""
        serializer = shape(data=self.request.query_params)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def read_body(self, shape: type[Serializer]) -> dict[str, Any]:
        """The body of the request, checked; raises a ValidationError that names each wrong member."""
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def place(self, query: dict[str, Any]) -> dict[str, Any]:
        """The part of a list that the parameters ask for, as the lists' functions take it."""
        return {"after": read_cursor(query.get("cursor", "")), "limit": query["limit"]}

    def listed(self, shape: type[Serializer], found: Slice[Any]) -> Response:
        """A page of a list."""
        items = shape(found.items, many=True, context={"request": self.request}).data
        return Response({"items": items, "next": write_cursor(found.next)})

    def shown(self, shape: type[Serializer], value: Any, status: int = 200) -> Response:
        """One thing."""
        return Response(shape(value, context={"request": self.request}).data, status=status)


class Resource(OpenResource):
    """An address for people who are signed in."""

    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

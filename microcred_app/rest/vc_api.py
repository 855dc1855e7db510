"""The VC-API: verify for anybody, within bounds; issue for nobody unless the operator says so.

Shapes: W3C Verifiable Credential API for Lifecycle Management (VCALM), formerly the VC-API of the Credentials Community
Group: ``/credentials/issue``, ``/credentials/verify``, ``/presentations/verify``. A verification that was carried out
answers 200 whatever its result; 400 means that the request could not be understood, 413 and 429 are bounds.

Verifying uses no session: such requests carry no authority, need no CSRF token, may come from pages of other sites,
and run outside a transaction because a lookup may take seconds. Issuing uses the session, so it demands the token.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from microcred_app.api import MicrocredError, sign_document, verify_credential, verify_presentation
from microcred_app.conf import settings
from microcred_app.ob3.json_text import encode_json
from microcred_app.permissions import api as permissions

from .json_body import read_object
from .problems import Refusal, problem
from .throttle import require_turn
from .vc_api_answers import credential_answer, presentation_answer

__all__ = ["ISSUE_PERMISSION", "vc_api_urls"]

ISSUE_PERMISSION = permissions.SITE_PERMISSIONS[permissions.SiteAction.SIGN_DOCUMENTS]
#: Each may cost as much as a credential of its own.
MAX_PRESENTED = 10
_MAX_CHALLENGE = 1_000

Handler = Callable[[HttpRequest], HttpResponse]


def _endpoint(handler: Handler) -> Handler:
    """POST only; every refusal as ProblemDetails."""

    @functools.wraps(handler)
    def shell(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise Refusal(405, "method", "Send a POST request.", headers={"Allow": "OPTIONS, POST"})
            return handler(request)
        except Refusal as refusal:
            return problem(refusal)
        except MicrocredError as error:
            return problem(Refusal(error.http_status, error.code, str(error)))

    return never_cache(csrf_exempt(shell))


def _open_to_all(handler: Handler) -> Handler:
    """Scripts of any site may ask and read the answer: nothing in it depends on who is signed in."""

    @functools.wraps(handler)
    def shell(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(status=204) if request.method == "OPTIONS" else handler(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        return response

    return transaction.non_atomic_requests(csrf_exempt(shell))


@_open_to_all
@_endpoint
def verify_credential_view(request: HttpRequest) -> HttpResponse:
    """``POST …/vc-api/credentials/verify``."""
    _require_turn(request)
    body = read_object(request)
    options = _options(body)
    credential = body.get("verifiableCredential")
    if not isinstance(credential, dict | str):
        raise Refusal(400, "verifiable_credential", "Put the credential into verifiableCredential.")
    report = verify_credential(_bytes_of(credential), now=timezone.now())
    return JsonResponse(credential_answer(report, credential, options))


@_open_to_all
@_endpoint
def verify_presentation_view(request: HttpRequest) -> HttpResponse:
    """``POST …/vc-api/presentations/verify``."""
    _require_turn(request)
    body = read_object(request)
    options = _options(body)
    presentation = body.get("verifiablePresentation")
    if not isinstance(presentation, dict):
        raise Refusal(
            400,
            "verifiable_presentation",
            "Put the presentation, with its proof, into verifiablePresentation.",
        )
    inside = presentation.get("verifiableCredential")
    count = len(inside) if isinstance(inside, list) else 1
    if count > MAX_PRESENTED:
        raise Refusal(
            400,
            "too_many_credentials",
            f"At most {MAX_PRESENTED} credentials are verified in one presentation.",
        )
    challenge = _text(options, "challenge")
    if not challenge:
        raise Refusal(
            400,
            "challenge",
            "Say in options.challenge what you asked the holder to sign; without it a copied presentation would pass.",
        )
    _require_turn(request, turns=count)
    report = verify_presentation(
        _bytes_of(presentation), now=timezone.now(), challenge=challenge, domain=_text(options, "domain")
    )
    return JsonResponse(presentation_answer(report, presentation, options))


@_endpoint
def issue_view(request: HttpRequest) -> HttpResponse:
    """``POST …/vc-api/credentials/issue``, for holders of :data:`ISSUE_PERMISSION`."""
    caller = _require_issuer(request)
    body = read_object(request)
    options = _options(body)
    if options.get("mandatoryPointers"):
        raise Refusal(
            400, "mandatory_pointers", "Selective disclosure is not offered; leave mandatoryPointers out."
        )
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise Refusal(400, "credential", "Put the unsigned credential into credential.")
    with transaction.atomic():
        document = sign_document(credential, actor_id=caller, now=timezone.now())
    # The signed bytes themselves, inside the envelope: written once, never read and written again.
    return HttpResponse(
        b'{"verifiableCredential":%b}' % document, content_type="application/json", status=201
    )


def _require_issuer(request: HttpRequest) -> int:
    """The account that may have documents signed, or a :class:`Refusal`."""
    if not settings().vc_api_issue:
        raise Refusal(404, "not_offered", "This site does not issue over the VC-API.")
    if not request.user.is_authenticated or request.user.pk is None:
        raise Refusal(403, "not_signed_in", "Sign in with an account that may issue.")
    if not _has_token(request):
        raise Refusal(403, "csrf", "Send the session's CSRF token in the X-CSRFToken header.")
    if not permissions.may_on_site(request.user.pk, permissions.SiteAction.SIGN_DOCUMENTS):
        raise Refusal(403, "not_allowed", f"Your account lacks the permission {ISSUE_PERMISSION}.")
    if permissions.looks_through_other_eyes():
        raise Refusal(403, "masquerading", "You are viewing as a learner. Nothing is signed while you do.")
    return int(request.user.pk)


class _SessionCheck(CsrfViewMiddleware):
    """Django's own CSRF check, asked for its opinion instead of its page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _has_token(request: HttpRequest) -> bool:
    """Whether the request proves that a page of this site sent it, and not another site's form or script."""
    check = _SessionCheck(issue_view)
    check.process_request(request)
    return check.process_view(request, _session_view, (), {}) is None


def _session_view(request: HttpRequest) -> HttpResponse:
    """Stands for a view that is not exempt from the check, which is all the check looks at."""
    raise NotImplementedError


def _require_turn(request: HttpRequest, turns: int = 1) -> None:
    """A request is a turn, and so is each credential inside a presentation: it costs as much."""
    require_turn(request, "vc-api", per_minute=settings().vc_api_per_minute, now=timezone.now(), turns=turns)


def _options(body: dict[str, Any]) -> dict[str, Any]:
    options = body.get("options", {})
    if not isinstance(options, dict):
        raise Refusal(400, "options", "options must be a JSON object.")
    return options


def _text(options: dict[str, Any], name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str) or len(value) > _MAX_CHALLENGE:
        raise Refusal(400, name, f"options.{name} must be a text of at most {_MAX_CHALLENGE} characters.")
    return value


def _bytes_of(document: dict[str, Any] | str) -> bytes:
    """The document by itself: a JSON object, or a token as it stands."""
    return document.encode() if isinstance(document, str) else encode_json(document)


vc_api_urls = [
    path("credentials/issue", issue_view, name="vc-api-issue"),
    path("credentials/verify", verify_credential_view, name="vc-api-verify-credential"),
    path("presentations/verify", verify_presentation_view, name="vc-api-verify-presentation"),
]

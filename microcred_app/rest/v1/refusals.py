"""Every refusal of the interface is ProblemDetails with its own status, whoever raised it.

RFC 9457, as :mod:`microcred_app.rest.problems` writes it. A refused field stands in ``errors`` by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from microcred_app.errors import MicrocredError
from microcred_app.rest.problems import PARSING_ERROR, Refusal, problem
from microcred_app.rules import RequirementError

__all__ = ["answer_refusal", "refused_fields"]


def answer_refusal(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The answer to a refusal, with the transaction taken back; nothing for what is not a refusal."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    set_rollback()
    return problem(refusal)


def refused_fields(errors: Mapping[str, Any]) -> Refusal:
    """The refusal of a request whose fields are wrong; ``errors`` maps each to what is wrong with it."""
    plain = {str(field): _sentences(found) for field, found in errors.items()}
    detail = " ".join(f"{field}: {' '.join(texts)}" for field, texts in plain.items())
    return Refusal(400, "invalid", detail[:2_000], members={"errors": plain})


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequirementError):
        return _requirement(error)
    if isinstance(error, MicrocredError):
        problems = getattr(error, "problems", None)
        members = {"errors": {key: [text] for key, text in problems.items()}} if problems else None
        return Refusal(error.http_status, error.code, str(error), members=members)
    if isinstance(error, Http404):
        return Refusal(404, "not_found", _("There is nothing at this address."))
    if isinstance(error, PermissionDenied):
        return Refusal(403, "not_allowed", _("You may not do this."))
    return _of_framework(error) if isinstance(error, exceptions.APIException) else None


def _of_framework(error: exceptions.APIException) -> Refusal:
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        return refused_fields(detail if isinstance(detail, Mapping) else {"body": detail})
    if isinstance(error, exceptions.ParseError):
        return Refusal(400, "not_json", str(error.detail), kind=PARSING_ERROR)
    if isinstance(error, exceptions.Throttled):
        seconds = int(error.wait or 60) + 1
        return Refusal(
            429,
            "throttled",
            _("Too many requests. Come back in {seconds} seconds.").format(seconds=seconds),
            headers={"Retry-After": str(seconds)},
        )
    code = error.get_codes()
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    return Refusal(
        error.status_code, code if isinstance(code, str) else "refused", str(error.detail), headers=headers
    )


def _requirement(error: RequirementError) -> Refusal:
    place = {"path": error.path, "problem": error.problem, "allowed": error.allowed}
    return Refusal(400, "requirement_refused", error.say(_), members={"requirement": place})


def _sentences(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [f"{key}: {text}" for key, value in found.items() for text in _sentences(value)]
    if isinstance(found, list | tuple):
        return [text for value in found for text in _sentences(value)]
    return [str(found)]

"""Errors as the Open Badges 3.0 API words them: Imsx_StatusInfo."""

from __future__ import annotations

from django.http import JsonResponse

__all__ = ["refuse"]

_MINOR = {
    400: "invalid_data",
    401: "unauthorizedrequest",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    429: "server_busy",
    500: "internal_server_error",
    503: "server_busy",
}


def refuse(status: int, description: str, *, minor: str = "") -> JsonResponse:
    """An error answer with its code and a sentence that says what is wrong."""
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": description,
        "imsx_codeMinor": {
            "imsx_codeMinorField": [
                {
                    "imsx_codeMinorFieldName": "satchel",
                    "imsx_codeMinorFieldValue": minor or _MINOR.get(status, "unknown"),
                }
            ]
        },
    }
    return JsonResponse(body, status=status)

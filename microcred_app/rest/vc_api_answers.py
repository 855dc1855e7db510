"""A verification report in the words of the VC-API, and in its own.

``verified`` is true only for the verdict *valid*. What failed stands in ``errors``, what could not be checked in
``warnings``, both also as ``problemDetails``; ``checks`` names what was looked at. ``report`` is the report as it is
everywhere in this project. Drafts of the VC-API differ in which of these members they name, so all are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microcred_app.ob3.report import COULD_NOT_CHECK, DECIDES, FAILED, INFORMS, PASSED, Check, Report

from .problems import PARSING_ERROR

__all__ = ["credential_answer", "presentation_answer"]

_VCDM = "https://www.w3.org/TR/vc-data-model#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_TITLES: Mapping[str, str] = {FAILED: "Check failed", COULD_NOT_CHECK: "Could not be checked"}
_KINDS: Mapping[tuple[str, str], str] = {
    ("structure", FAILED): f"{_VCDM}MALFORMED_VALUE_ERROR",
    ("signature", FAILED): f"{_VCDM}CRYPTOGRAPHIC_SECURITY_ERROR",
    ("key_ownership", FAILED): f"{_VCDM}CRYPTOGRAPHIC_SECURITY_ERROR",
    ("holder", FAILED): f"{_VCDM}CRYPTOGRAPHIC_SECURITY_ERROR",
    ("validity_period", FAILED): f"{_VCDM}RANGE_ERROR",
    ("status", FAILED): f"{_STATUS}STATUS_VERIFICATION_ERROR",
    ("status", COULD_NOT_CHECK): f"{_STATUS}STATUS_RETRIEVAL_ERROR",
}
_NAMES: Mapping[str, str] = {"signature": "proof", "status": "credentialStatus"}


def credential_answer(report: Report, credential: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The answer about one credential."""
    answer = _answer(report, options)
    if options.get("returnCredential") is True:
        answer["credential"] = credential
    if options.get("returnResults") is True and isinstance(credential, Mapping):
        answer["results"] = _results(report, credential)
    return answer


def presentation_answer(report: Report, presentation: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The answer about one presentation."""
    answer = _answer(report, options)
    if options.get("returnPresentation") is True:
        answer["verifiablePresentation"] = presentation
    if options.get("returnResults") is True and isinstance(presentation, Mapping):
        answered = _passed(report, "signature")
        result: dict[str, Any] = {
            name: {"verified": answered, "input": options[name]}
            for name in ("challenge", "domain")
            if name in options
        }
        if "holder" in presentation:
            result["holder"] = {"verified": _passed(report, "holder"), "input": presentation["holder"]}
        result["proof"] = _each(presentation.get("proof"), answered)
        answer["results"] = {"presentation": result}
    return answer


def _answer(report: Report, options: Mapping[str, Any]) -> dict[str, Any]:
    made = [check for check in report.checks if check.outcome != COULD_NOT_CHECK]
    open_questions = [check for check in report.checks if check.outcome == COULD_NOT_CHECK]
    failed = [check for check in made if check.outcome == FAILED and check.bearing == DECIDES]
    remarks = [check for check in made if check.outcome == FAILED and check.bearing == INFORMS]
    answer: dict[str, Any] = {
        "verified": report.verdict == "valid",
        "checks": [_NAMES.get(check.code, check.code) for check in made],
        "warnings": [_sentence(check) for check in (*open_questions, *remarks)],
        "errors": [_sentence(check) for check in failed],
        "report": report.to_json(),
    }
    if options.get("returnProblemDetails", True) is not False:
        answer["problemDetails"] = [_problem(check) for check in (*failed, *open_questions, *remarks)]
    return answer


def _sentence(check: Check) -> str:
    return f"{check.message} ({check.detail})" if check.detail else check.message


def _problem(check: Check) -> dict[str, str]:
    kind = PARSING_ERROR if check.reason.startswith("input.") else _KINDS.get((check.code, check.outcome))
    return {
        "type": kind or "about:blank",
        "title": f"{_TITLES[check.outcome]}: {check.code}",
        "detail": _sentence(check),
        "code": check.reason,
    }


def _results(report: Report, credential: Mapping[str, Any]) -> dict[str, Any]:
    results: dict[str, Any] = {
        name: {"verified": _passed(report, "validity_period"), "input": credential[name]}
        for name in ("validFrom", "validUntil")
        if name in credential
    }
    results["proof"] = _each(credential.get("proof"), _passed(report, "signature"))
    results["credentialStatus"] = _each(credential.get("credentialStatus"), _passed(report, "status"))
    return results


def _each(value: Any, verified: bool) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [] if value is None else [value]
    return [{"verified": verified, "input": entry} for entry in entries]


def _passed(report: Report, code: str) -> bool:
    return any(check.code == code and check.outcome == PASSED for check in report.checks)

"""A verification report keeps *invalid* apart from *could not check*, and says for each check what was found.

Nothing that could not be checked counts as passed: the verdict is "valid" only when every check passed.
Sentences are plain English for tools and logs; pages translate by `Check.reason`, which never changes.
"""

from dataclasses import dataclass
from typing import Any, Literal

from microcred_app.ob3.errors import InputError

__all__ = ["COULD_NOT_CHECK", "FAILED", "PASSED", "Check", "Outcome", "Report", "Verdict"]

Outcome = Literal["passed", "failed", "could_not_check"]
Verdict = Literal["valid", "invalid", "undetermined"]

PASSED: Outcome = "passed"
FAILED: Outcome = "failed"
COULD_NOT_CHECK: Outcome = "could_not_check"


@dataclass(frozen=True)
class Check:
    """One question and its answer.

    `code` names the question (``structure``, ``contexts``, ``signature``, ``key_ownership``, ``issuer``,
    ``validity_period``, ``status``, ``evidence``), `reason` the answer (``signature.mismatch``), `message`
    says it in a sentence, `detail` carries what the sentence leaves out.
    """

    code: str
    outcome: Outcome
    reason: str
    message: str
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """All checks of one credential, and what they come to."""

    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """``invalid`` when a check failed, else ``undetermined`` when one could not be made, else ``valid``."""
        outcomes = {check.outcome for check in self.checks}
        if FAILED in outcomes:
            return "invalid"
        return "undetermined" if COULD_NOT_CHECK in outcomes or not outcomes else "valid"

    def check(self, code: str) -> Check:
        """Return the check named *code*; a check that was not asked for is an `InputError`."""
        for check in self.checks:
            if check.code == code:
                return check
        raise InputError("report.no_such_check", f"The report has no check {code!r}.")

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {"verdict": self.verdict, "checks": [vars(check).copy() for check in self.checks]}

"""A verification report keeps *invalid* apart from *could not check*, and says for each check what was found.

Nothing that could not be checked counts as passed. Some checks *decide* the verdict: it is "valid" only when
every one of them passed. Others *inform*: they are about what somebody else says of the credential (an
endorsement) or about another version of it (a refresh service). Were they to decide, an endorser could withdraw
somebody's badge by losing a key. They never count as passed either: each stands on its own line with its own
outcome, and `Report.remarks` lists those that did not pass.

Sentences are plain English for tools and logs; pages translate by `Check.reason`, which never changes.
"""

from dataclasses import dataclass
from typing import Any, Literal

from microcred_app.ob3.errors import InputError

__all__ = [
    "COULD_NOT_CHECK",
    "DECIDES",
    "FAILED",
    "INFORMS",
    "PASSED",
    "Bearing",
    "Check",
    "Outcome",
    "Report",
    "Verdict",
]

Outcome = Literal["passed", "failed", "could_not_check"]
Bearing = Literal["decides", "informs"]
Verdict = Literal["valid", "invalid", "undetermined"]

PASSED: Outcome = "passed"
FAILED: Outcome = "failed"
COULD_NOT_CHECK: Outcome = "could_not_check"
DECIDES: Bearing = "decides"
INFORMS: Bearing = "informs"


@dataclass(frozen=True)
class Check:
    """One question and its answer.

    `code` names the question (``structure``, ``schema``, ``contexts``, ``signature``, ``key_ownership``,
    ``issuer``, ``validity_period``, ``status``, ``evidence``, ``parts``, ``endorsements``, ``refresh``), `reason`
    the answer (``signature.mismatch``), `message` says it in a sentence, `detail` carries what the sentence leaves
    out. `place` says which credential inside is meant (``credentialSubject.achievement.endorsement[0]``; empty:
    the one that was handed in), `bearing` whether the answer decides the verdict or only informs.
    """

    code: str
    outcome: Outcome
    reason: str
    message: str
    detail: str = ""
    place: str = ""
    bearing: Bearing = DECIDES


@dataclass(frozen=True)
class Report:
    """All checks of one credential, and what they come to."""

    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """``invalid`` if a deciding check failed, else ``undetermined`` if one could not be made, else ``valid``."""
        outcomes = {check.outcome for check in self.checks if check.bearing == DECIDES}
        if FAILED in outcomes:
            return "invalid"
        return "undetermined" if COULD_NOT_CHECK in outcomes or not outcomes else "valid"

    @property
    def remarks(self) -> tuple[Check, ...]:
        """What a reader should know although it does not decide: informing checks that did not pass."""
        return tuple(c for c in self.checks if c.bearing == INFORMS and c.outcome != PASSED)

    def check(self, code: str) -> Check:
        """Return the first check named *code*; a check that was not asked for is an `InputError`."""
        for check in self.checks:
            if check.code == code:
                return check
        raise InputError("report.no_such_check", f"The report has no check {code!r}.")

    def checks_of(self, code: str) -> tuple[Check, ...]:
        """Return all checks named *code*: there is one for each credential inside."""
        return tuple(check for check in self.checks if check.code == code)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {"verdict": self.verdict, "checks": [vars(check).copy() for check in self.checks]}

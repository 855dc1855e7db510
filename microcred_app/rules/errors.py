"""What can be wrong with a requirement, said so that its author can mend it."""

from __future__ import annotations

__all__ = ["RequirementError"]


class RequirementError(ValueError):
    """A requirement cannot be read.

    ``path`` leads to the place (``all[2].at_least``), ``problem`` says what is wrong there, and ``allowed``
    what may stand there instead.
    """

    def __init__(self, path: str, problem: str, allowed: str = "") -> None:
        self.path = path
        self.problem = problem
        self.allowed = allowed
        text = f"{path or 'requirement'}: {problem}"
        super().__init__(f"{text} Allowed: {allowed}." if allowed else text)

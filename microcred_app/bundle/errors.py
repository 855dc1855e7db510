"""What can be wrong with a bundle, each with its line and path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from microcred_app.errors import MicrocredError

__all__ = ["BundleError", "BundleProblem"]

MAX_SHOWN = 50


@dataclass(frozen=True)
class BundleProblem:
    """One thing to mend. ``line`` counts from 1, 0 where there is none; ``path`` is as in ``badges[2].name``."""

    line: int
    path: str
    text: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.path) if part)
        return f"{place}: {self.text}" if place else self.text


class BundleError(MicrocredError):
    """The bundle cannot be applied; the database is as it was. ``problems`` holds everything that is wrong."""

    code = "bundle_refused"

    def __init__(self, problems: Iterable[BundleProblem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:MAX_SHOWN]]
        if len(self.problems) > MAX_SHOWN:
            lines.append(f"… and {len(self.problems) - MAX_SHOWN} more.")
        super().__init__("\n".join(lines))

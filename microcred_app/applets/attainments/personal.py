"""What this room keeps about people."""

from ..personal_rows import AtMerge, AtRetirement, PersonalRows
from .models import (
    Attainment,
    DueEvaluation,
    FactWatch,
    PartResult,
    ReportedFact,
    StepVisit,
    UnitProgress,
)

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        UnitProgress,
        "learner",
        AtRetirement.DELETE,
        "How far somebody was in a unit serves only them.",
        at_merge=AtMerge.MOVE,
        unique=("unit_usage_key",),
    ),
    PersonalRows(PartResult, "progress__learner", AtRetirement.DELETE, "Goes with the progress."),
    PersonalRows(StepVisit, "progress__learner", AtRetirement.DELETE, "Goes with the progress."),
    PersonalRows(
        Attainment,
        "learner",
        AtRetirement.KEEP,
        "Awards rest on it. It names an account that has no name any more, an outcome, and digests of evidence.",
        keeps=(
            "course_key", "source_usage_key", "source_title", "evidence", "results", "idempotency_key",
        ),
        secret=("idempotency_key",),
    ),
    PersonalRows(
        ReportedFact,
        "learner",
        AtRetirement.BLANK,
        "Awards rest on it. The words about the person are taken out.",
        blank={"reason": ""},
        keeps=("kind", "key", "role", "source", "idempotency_key"),
        secret=("idempotency_key",),
    ),
    PersonalRows(
        FactWatch, "fact__learner", AtRetirement.DELETE, "Nobody asks about it again: it names a credential."
    ),
    PersonalRows(DueEvaluation, "learner", AtRetirement.DELETE, "Nothing is awarded to a retired account."),
)  # fmt: skip

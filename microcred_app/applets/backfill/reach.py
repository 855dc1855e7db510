"""A back-fill that would award everybody, or nobody, asks twice: most of them are mistakes in a rule."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..attainments.models import Attainment, ReportedFact
from ..badges import api as badges
from .data import Preview

__all__ = ["judge_preview", "require_confirmed_reach"]


def judge_preview(preview: Preview) -> str:
    """``everybody`` who ever did anything here, ``nobody``, or ``some``; one learner alone is not everybody."""
    if not preview.gains:
        return "nobody"
    met = len(preview.gains) + len(preview.keeps) + len(preview.taken_back)
    return "everybody" if met > 1 and met >= _population() else "some"


def require_confirmed_reach(preview: Preview, *, confirmed: bool) -> None:
    """Raise ``ConfirmationNeeded`` for everybody or nobody, unless somebody said yes to exactly that."""
    reach = judge_preview(preview)
    if confirmed or reach == "some":
        return
    if reach == "nobody":
        raise badges.ConfirmationNeeded(
            _(
                "Nobody would be awarded. Check the rule, or confirm that the back-fill is to run all the same."
            )
        )
    raise badges.ConfirmationNeeded(
        _("Every learner who ever did anything here would hold this badge. Confirm that this is meant.")
    )


def _population() -> int:
    """Learners of whom anything is known."""
    known = Attainment.objects.order_by().values("learner_id")
    reported = ReportedFact.objects.order_by().values("learner_id")
    return known.union(reported).count()

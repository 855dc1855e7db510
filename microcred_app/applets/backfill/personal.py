"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import Batch, BatchSpan, PreviewPiece, PreviewRun, Recall

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        Recall,
        "started_by",
        AtRetirement.KEEP,
        "What was decided of many stays countable; who began it is taken out.",
        keeps=("reason", "told", "state", "kind"),
        exported=False,
    ),
    PersonalRows(
        Batch,
        "started_by",
        AtRetirement.KEEP,
        "What a job did stays countable; who began it or took it back is taken out.",
        keeps=("once_key", "undo_reason"),
        exported=False,
    ),
    PersonalRows(
        BatchSpan,
        "",
        AtRetirement.KEEP,
        "Numbers of accounts, without names, that a job looked at.",
        keeps=("learner_ids", "token"),
        exported=False,
    ),
    PersonalRows(
        PreviewRun,
        "started_by",
        AtRetirement.KEEP,
        "A question about everybody; who asked is taken out.",
        keeps=("fingerprint", "stamp", "badge_key", "requirement"),
        exported=False,
    ),
    PersonalRows(
        PreviewPiece,
        "",
        AtRetirement.KEEP,
        "Numbers of accounts, without names, until the next preview.",
        keeps=("learner_ids", "gains", "keeps", "no_longer", "taken_back", "stacks", "token"),
        exported=False,
    ),
)

"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import Badge, BadgeDraft, BadgeVersion, DraftComment, DraftRevision

__all__ = ["PERSONAL"]

_WORDS = "The definition is the institution's; who worked on it is taken out."

PERSONAL = (
    PersonalRows(
        Badge,
        "",
        AtRetirement.KEEP,
        "Owner and steward are offices. Where somebody wrote a person's name, a registrar writes another.",
        keeps=("key", "state", "notice", "owner", "steward", "purpose"),
        exported=False,
    ),
    PersonalRows(
        BadgeVersion,
        "published_by",
        AtRetirement.KEEP,
        _WORDS,
        keeps=(
            "name", "description", "achievement_type", "criteria_intro", "language", "image_alt",
            "requirement", "credit_unit", "level", "expires_after", "holders_policy", "accepts", "proof_type",
        ),
        exported=False,
    ),
    PersonalRows(BadgeDraft, "edited_by", AtRetirement.KEEP, _WORDS, keeps=("key", "state", "content"), exported=False),
    PersonalRows(DraftRevision, "edited_by", AtRetirement.KEEP, _WORDS, keeps=("content",), exported=False),
    PersonalRows(DraftComment, "written_by", AtRetirement.KEEP, _WORDS, keeps=("text",)),
)  # fmt: skip

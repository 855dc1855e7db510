"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import FormDraft

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        FormDraft, "author", AtRetirement.DELETE, "What was typed and never saved serves only them."
    ),
)

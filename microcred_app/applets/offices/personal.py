"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import OrganisationRole

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        OrganisationRole, "user", AtRetirement.DELETE, "An office is held by somebody who can sign in."
    ),
)

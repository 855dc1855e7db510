"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import AccessToken, AuthorisationCode, Claim, Offer

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        Offer,
        "learner",
        AtRetirement.DELETE,
        "No wallet fetches anything any more; codes and tokens go with it.",
        secret=("handle_sha256", "code_sha256", "sealed"),
    ),
    PersonalRows(
        AuthorisationCode,
        "offer__learner",
        AtRetirement.DELETE,
        "Goes with the offer.",
        secret=("code_sha256", "code_challenge"),
    ),
    PersonalRows(
        AccessToken, "offer__learner", AtRetirement.DELETE, "Goes with the offer.", secret=("token_sha256",)
    ),
    PersonalRows(Claim, "offer__learner", AtRetirement.DELETE, "Which wallet fetched what serves only them."),
)

"""An endorsement is a credential of its own: somebody vouches for a badge, a credential or an issuer.

It is signed by the endorser and then embedded, unchanged, in what it endorses: as document with a proof (member
``endorsement``) or as token (``endorsementJwt``, see `jwt_credential.sign_jwt`). The latter is in the schemas but in no
context, so no embedded proof would cover it; `data_integrity.sign` refuses it by name, and a credential that carries
it has to become a token itself.

Open Badges 3.0 appendix B (EndorsementCredential, EndorsementSubject).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V2, OB_3_0_3
from microcred_app.ob3.documents import StatusEntry, TermsOfUse, status_to_json, terms_to_json
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.fields import optional_text, require_address, require_line
from microcred_app.ob3.profiles import Profile, endorsements_to_json, profile_to_json, without_empty
from microcred_app.ob3.timestamps import format_time

__all__ = ["EndorsementCredential", "build_endorsement_credential"]


@dataclass(frozen=True)
class EndorsementCredential:
    """Everything an endorsement says before it is signed; `endorses` is the id of what is endorsed.

    It may carry endorsements of itself and of its issuer (`endorsements`, `Profile.endorsements`).
    """

    id: str
    name: str
    issuer: Profile
    valid_from: datetime
    endorses: str
    comment: str = ""
    description: str = ""
    valid_until: datetime | None = None
    awarded_date: datetime | None = None
    status: StatusEntry | None = None
    terms_of_use: tuple[TermsOfUse, ...] = ()
    endorsements: tuple[Mapping[str, Any], ...] = ()


def build_endorsement_credential(endorsement: EndorsementCredential) -> dict[str, Any]:
    """Return the unsigned document of *endorsement*, or raise `DocumentError` naming the field to mend."""
    valid_from = format_time("validFrom", endorsement.valid_from)
    valid_until = format_time("validUntil", endorsement.valid_until) if endorsement.valid_until else ""
    if valid_until and valid_until <= valid_from:
        raise DocumentError("validUntil", "must be later than validFrom.")
    awarded = endorsement.awarded_date
    return {
        "@context": [CREDENTIALS_V2, OB_3_0_3],
        **without_empty(
            id=require_address("id", endorsement.id),
            type=["VerifiableCredential", "EndorsementCredential"],
            name=require_line("name", endorsement.name),
            description=optional_text("description", endorsement.description),
            issuer=profile_to_json("issuer", endorsement.issuer),
            validFrom=valid_from,
            validUntil=valid_until,
            awardedDate=format_time("awardedDate", awarded) if awarded else "",
            credentialSubject=without_empty(
                id=require_address("credentialSubject.id", endorsement.endorses),
                type=["EndorsementSubject"],
                endorsementComment=optional_text("credentialSubject.endorsementComment", endorsement.comment),
            ),
            credentialStatus=status_to_json(endorsement.status),
            termsOfUse=terms_to_json(endorsement.terms_of_use),
            endorsement=endorsements_to_json("endorsement", endorsement.endorsements),
        ),
    }

"""The address that opens LinkedIn's own form "Add licence or certification" with a badge filled in.

Nothing is sent by us: the learner's browser opens the form, and the learner decides there. The address carries the
verify link, so there is none for a badge that its holder has not made public.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

__all__ = ["add_to_profile"]

FORM = "https://www.linkedin.com/profile/add"


def add_to_profile(
    *,
    name: str,
    organization: str,
    credential_id: str,
    verify_url: str,
    issued_at: datetime | None,
    expires_at: datetime | None,
) -> str:
    """The address; empty without a public verify link. Months are those of UTC, as in the credential itself."""
    if not verify_url:
        return ""
    fields = {"startTask": "CERTIFICATION_NAME", "name": name, "organizationName": organization}
    for prefix, moment in (("issue", issued_at), ("expiration", expires_at)):
        if moment is not None:
            at = moment.astimezone(UTC)
            fields |= {f"{prefix}Year": str(at.year), f"{prefix}Month": str(at.month)}
    fields |= {"certUrl": verify_url, "certId": credential_id}
    return f"{FORM}?{urlencode({key: value for key, value in fields.items() if value})}"

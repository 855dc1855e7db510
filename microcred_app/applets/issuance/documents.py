"""Sign a document that no award stands behind: for conformance suites and for integrators with their own ledger.

Whoever may ask for this can make the institution say anything, so it is off unless the operator switches it on, and
the audit log keeps who asked and the digest of what was signed. The document itself is not kept: it is nobody's award,
appears on no page and carries no place in a status list. What is signed must be a credential that this site's own
verifier calls valid, by an issuer of this site; a list of revoked credentials, which would say of other documents
whether they count, is never signed here, nor is a document under an address at which this site publishes credentials.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3 import issuing, verification
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.report import PASSED
from microcred_app.ob3.structure import issuer_id

from ..audit import api as audit
from .errors import DocumentRefused
from .keys import resolve_issuer, signer_of, verification_method
from .models import IssuerKey

__all__ = ["sign_document"]

_RESERVED = ("BitstringStatusList", "BitstringStatusListCredential")


def sign_document(unsigned: Mapping[str, Any], *, actor_id: int, now: datetime) -> bytes:
    """The signed bytes of *unsigned*; raises :class:`DocumentRefused`. Call it inside a transaction."""
    _refuse_foreign_members(unsigned)
    issuer = issuer_id(unsigned)
    key = IssuerKey.objects.filter(did=issuer, state=IssuerKey.ACTIVE).order_by("-pk").first()
    if not issuer or key is None:
        raise DocumentRefused(
            _("The issuer must be an identifier (DID) under which this site issues; {given} is none.").format(
                given=f"“{issuer[:120]}”"
            )
        )
    try:
        document = issuing.issue(
            dict(unsigned), signer_of(key), verification_method=verification_method(key), created=now
        )
    except Ob3Error as error:
        raise DocumentRefused(error.message) from error
    report = verification.verify(document, now=now, resolve_did=resolve_issuer)
    if report.verdict != "valid":
        problems = [
            f"{check.message} {check.detail}".strip() for check in report.checks if check.outcome != PASSED
        ]
        raise DocumentRefused(" ".join(problems))
    audit.record(
        "document.signed",
        object_type="document",
        object_id=hashlib.sha256(document).hexdigest(),
        actor_id=actor_id,
        now=now,
        details={"issuer": issuer, "id": str(unsigned.get("id", ""))[:300]},
    )
    return document


def _refuse_foreign_members(unsigned: Mapping[str, Any]) -> None:
    if "proof" in unsigned:
        raise DocumentRefused(_("The document carries a proof already. Hand it in unsigned."))
    if "credentialStatus" in unsigned:
        raise DocumentRefused(_("Leave credentialStatus out: no place in a status list is given here."))
    published = f"{settings().public_base_url}/microcred/"
    if str(unsigned.get("id", "")).startswith(published):
        raise DocumentRefused(_("Choose another id, such as urn:uuid:…; this address is the site’s own."))
    subject = unsigned.get("credentialSubject")
    named = [unsigned.get("type"), *([subject.get("type")] if isinstance(subject, Mapping) else [])]
    if any(kind in str(types) for types in named for kind in _RESERVED):
        raise DocumentRefused(_("Status lists are not signed here."))

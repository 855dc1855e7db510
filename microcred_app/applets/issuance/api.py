"""Sign credentials, serve them byte for byte, revoke them.

Signing happens in the transaction that writes the award: status place, document, self-check and row stand or
fall together. The self-check is the same verification that a stranger runs, on the same bytes; a credential
that does not pass it is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.tracking import TrackedEvent, track

from .binding import (
    JWT_VC_JSON,
    LDP_VC,
    MAX_BINDINGS,
    Difference,
    did_binding,
    issue_to_did,
    list_bindings,
    move_to_dids,
    outdated,
    reissue,
)
from .bulk import issue_many, store_credentials
from .composition import (
    EvidenceLine,
    PartLine,
    achievement_document,
    evidence_of,
    issuer_document,
    parts_of,
    recipient_name,
)
from .credentials import (
    EMAIL,
    IssuedCredential,
    credential_of_award,
    credentials_of_awards,
    get_credential,
    shared_credentials,
)
from .documents import sign_document
from .editions import past_editions, renewed_in_place, sign_anew_due
from .errors import (
    AwardsRefused,
    BindingRefused,
    CredentialErased,
    CredentialNotFound,
    DocumentRefused,
    IssuanceError,
    KeyNotFound,
    KeyRefused,
    SelfCheckFailed,
    SignerUnavailable,
    StatusListFull,
    StatusListNotFound,
)
from .granting import sign_due, write_granted
from .handed_in import addresses_of
from .key_life import KeyInfo, Revoked, list_keys, revoke_key, rotate_key, would_be_affected
from .keys import did_document_of, resolve_issuer
from .models import Credential
from .moving import move_credentials
from .own import issues_here
from .preparation import MAX_AT_ONCE, PreparedCredential, prepare_credentials
from .prolonging import prolong_due
from .reminders import remind_due, set_reminders, wants_reminders
from .renewals import Renewal, renewals_of
from .results import ResultLine, results_of
from .signing import issue_credential, sign_award
from .status import flip, published_lists, sign_lists_due, status_document, status_document_at
from .suspending import copies_end, hold_credentials, is_held_back, release_credentials
from .suspension_mails import tell_suspended
from .tokens import older_token_of, token_of

__all__ = [
    "EMAIL",
    "JWT_VC_JSON",
    "LDP_VC",
    "MAX_AT_ONCE",
    "MAX_BINDINGS",
    "AwardsRefused",
    "BindingRefused",
    "CredentialErased",
    "CredentialNotFound",
    "Difference",
    "DocumentRefused",
    "EvidenceLine",
    "IssuanceError",
    "IssuedCredential",
    "KeyInfo",
    "KeyNotFound",
    "KeyRefused",
    "PartLine",
    "PreparedCredential",
    "Renewal",
    "ResultLine",
    "Revoked",
    "SelfCheckFailed",
    "SignerUnavailable",
    "StatusListFull",
    "StatusListNotFound",
    "achievement_document",
    "addresses_of",
    "copies_end",
    "credential_of_award",
    "credentials_of_awards",
    "did_binding",
    "did_document_of",
    "evidence_of",
    "get_credential",
    "hide_credential",
    "hold_credentials",
    "is_held_back",
    "issue_credential",
    "issue_many",
    "issue_to_did",
    "issuer_document",
    "issues_here",
    "list_bindings",
    "list_keys",
    "move_credentials",
    "move_to_dids",
    "older_token_of",
    "outdated",
    "parts_of",
    "past_editions",
    "prepare_credentials",
    "prolong_due",
    "published_lists",
    "recipient_name",
    "reissue",
    "release_credentials",
    "remind_due",
    "renewals_of",
    "renewed_in_place",
    "resolve_issuer",
    "results_of",
    "revoke_credentials",
    "revoke_key",
    "revoke_many",
    "rotate_key",
    "set_reminders",
    "share_credential",
    "shared_credentials",
    "sign_anew_due",
    "sign_award",
    "sign_document",
    "sign_due",
    "sign_lists_due",
    "status_document",
    "status_document_at",
    "store_credentials",
    "tell_suspended",
    "token_of",
    "wants_reminders",
    "would_be_affected",
    "write_granted",
]


def share_credential(learner_id: int, credential_id: str, *, now: datetime) -> IssuedCredential:
    """Let whoever has the link see the credential. Only its holder can."""
    return _set_shared(learner_id, credential_id, now)


def hide_credential(learner_id: int, credential_id: str) -> IssuedCredential:
    """Take the link back. Only the holder can."""
    return _set_shared(learner_id, credential_id, None)


def revoke_credentials(award_id: str, *, now: datetime) -> None:
    """Revoke everything that was signed for the award; each status list concerned is signed once."""
    revoke_many([award_id], now=now)


@transaction.atomic
def revoke_many(award_ids: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """Revoke everything that was signed for these awards; the ids of the credentials.

    A thousand in one status list cost one signature.
    """
    rows = Credential.objects.select_for_update().filter(
        award_id__in=list(award_ids), revoked_at__isnull=True
    )
    found = list(rows.order_by("pk").values_list("pk", "status_list_id", "status_index"))
    flip(((list_id, index) for _pk, list_id, index in found), now=now)
    ids = [pk for pk, _list_id, _index in found]
    Credential.objects.filter(pk__in=ids).update(revoked_at=now)
    return tuple(map(str, ids))


def _set_shared(learner_id: int, credential_id: str, moment: datetime | None) -> IssuedCredential:
    found = get_credential(credential_id)
    if found.learner_id != learner_id:
        raise CredentialNotFound(_("There is no such credential of yours."))
    if (found.shared_at is None) != (moment is None):
        Credential.objects.filter(pk=found.id).update(shared_at=moment)
        if moment is not None:
            told = {
                "credential": found.id,
                "award": found.award_id,
                "uri": found.uri,
                "name": found.badge_name,
                "at": moment.isoformat(),
            }
            track(TrackedEvent.SHARED, told, user_id=learner_id)
    return get_credential(credential_id)

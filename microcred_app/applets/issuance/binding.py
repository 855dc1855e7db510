"""To whom an award's credentials are made out: the account's address, and wallets whose keys the holder controls.

One award may have several bindings at once: ``email`` (always the first), and one for each DID that its holder
proved control of; a wallet that takes its badge as a token of the older data model (:mod:`.tokens`) has one of its own
for that, so that it can be revoked by itself. Each has a credential of its own, with its own place in a status list,
and the database admits one current credential for an award and a binding. Reversing the award revokes them all.

A holder moves: to another address or name, or to a wallet with other keys. A signed document never changes, so the
new one *replaces* the old one in one transaction: the old place in its status list is flipped, the new document is
signed and checked, and the old row says what took its place. Nothing is deleted, and no moment exists in which both
or neither hold.

Whether a DID was proved is decided before this room is entered; see the offers applet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app.compat import Person, platform
from microcred_app.conf import settings
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.identity import Identity, identity_matches, plain_name
from microcred_app.ob3.text import clean_line

from ..audit import api as audit
from ..awards import api as awards
from ..awards.models import Award
from .credentials import EMAIL, IssuedCredential, describe_credential
from .errors import BindingRefused, CredentialNotFound
from .models import Credential
from .signals import credential_issued
from .signing import Holder, account_holder, write_credential
from .status import flip

__all__ = [
    "JWT_VC_JSON",
    "LDP_VC",
    "MAX_BINDINGS",
    "Difference",
    "did_binding",
    "issue_to_did",
    "list_bindings",
    "move_to_dids",
    "outdated",
    "reissue",
]

#: Wallets that one award may be made out to at the same time.
MAX_BINDINGS = 10
#: As what a wallet takes its credential, by the names of OpenID4VCI: the document with its proof, or
#: the token that :func:`.tokens.older_token_of` makes of it.
LDP_VC, JWT_VC_JSON = "ldp_vc", "jwt_vc_json"
_PREFIXES = {LDP_VC: "did", JWT_VC_JSON: "jwt"}


@dataclass(frozen=True)
class Difference:
    """What the account says now and the current credential does not."""

    address: bool
    name: bool


def did_binding(did: str, form: str = LDP_VC) -> str:
    """The name of the binding to *did*: a digest, because a ``did:jwk`` is longer than any column that is unique."""
    return f"{_PREFIXES[form]}:{hashlib.sha256(did.encode()).hexdigest()}"


def list_bindings(award_id: str) -> tuple[IssuedCredential, ...]:
    """Every credential that was ever signed for the award, whatever its binding, in the order of signing.

    None of a holder who closed their account: this site has no copy any more.
    """
    rows = Credential.objects.filter(award_id=award_id, erased_at__isnull=True).select_related(
        "award__version"
    )
    return tuple(describe_credential(row, row.award.version.name) for row in rows.order_by("issued_at", "pk"))


@transaction.atomic
def issue_to_did(award_id: str, did: str, *, now: datetime, form: str = LDP_VC) -> IssuedCredential:
    """The award's credential for the holder's *did* and *form*, signed at the first call and the same ever after.

    Raises :class:`BindingRefused` for an award that was taken back, and beyond :data:`MAX_BINDINGS`.
    """
    award = _standing(award_id, now)
    current = _current(award_id)
    binding = did_binding(did, form)
    found = current.filter(holder_binding=binding).first()
    if found is None:
        if current.exclude(holder_binding=EMAIL).count() >= MAX_BINDINGS:
            raise BindingRefused(
                _("This badge is in {count} wallets already. Replace one of them instead.").format(
                    count=MAX_BINDINGS
                )
            )
        try:
            found = write_credential(award, _did_holder(award, did, binding), now=now)
        except IntegrityError:  # the same wallet asked twice at the same moment
            found = current.get(holder_binding=binding)
    return describe_credential(found, award.badge.name)


@transaction.atomic
def move_to_dids(
    award_id: str, dids: Sequence[str], *, actor_id: int, now: datetime, form: str = LDP_VC
) -> tuple[IssuedCredential, ...]:
    """As :func:`issue_to_did` for each; what was made out to any other DID is replaced in the same transaction."""
    award = _standing(award_id, now)
    kept = (EMAIL, *(did_binding(did, kind) for did in dids for kind in _PREFIXES))
    retired = _retire(_current(award_id).exclude(holder_binding__in=kept), now=now)
    made = tuple(issue_to_did(award_id, did, now=now, form=form) for did in dids)
    _name_successor(retired, made[0].id, award, actor_id, now)
    return made


@transaction.atomic
def reissue(award_id: str, *, actor_id: int, now: datetime) -> IssuedCredential:
    """Make the award out to the account's address and name as they are now; the earlier credential is revoked.

    Changes nothing when it says the same already. The new one is shared as the earlier one was.
    """
    award = _standing(award_id, now)
    earlier = _current(award_id).filter(holder_binding=EMAIL).select_for_update().first()
    if earlier is None:
        raise CredentialNotFound(_("This badge is not signed yet. Try again in a minute."))
    if outdated(bytes(earlier.document), award.learner_id) == Difference(False, False):
        return describe_credential(earlier, award.badge.name)
    retired = _retire(_current(award_id).filter(holder_binding=EMAIL), now=now)
    row = write_credential(award, account_holder(award.learner_id), now=now)
    if earlier.shared_at is not None:
        Credential.objects.filter(pk=row.pk).update(shared_at=now)
        row.shared_at = now
    _name_successor(retired, str(row.pk), award, actor_id, now)
    credential_issued.send(sender=Credential, credential_id=str(row.pk), learner_id=row.learner_id, now=now)
    return describe_credential(row, award.badge.name)


def outdated(document: bytes, learner_id: int) -> Difference:
    """Whether the account's address or name are others than those that *document* was made out to."""
    person = platform().people([learner_id]).get(learner_id, Person("", ""))
    stated = [
        Identity(entry["identityType"], entry["identityHash"], entry["hashed"], entry.get("salt", ""))
        for entry in json.loads(document)["credentialSubject"].get("identifier", [])
    ]
    hashes = [entry for entry in stated if entry.hashed]
    names = [entry.identity_hash for entry in stated if entry.identity_type == "name"]
    address = bool(person.email) and not any(identity_matches(entry, person.email) for entry in hashes)
    return Difference(address, bool(names) and bool(person.name) and clean_line(person.name) not in names)


def _standing(award_id: str, now: datetime) -> awards.AwardInfo:
    """The award, locked: whoever reverses it at this moment comes before and is seen, or after and revokes all."""
    Award.objects.select_for_update().filter(pk=award_id).first()
    award = awards.get_award(award_id)
    if award.expires_at is not None and award.expires_at <= now:
        raise BindingRefused(_("This badge has expired. It goes into no wallet any more."))
    if award.reversed_at is not None:
        raise BindingRefused(_("This badge was taken back by its issuer. It goes into no wallet any more."))
    if award.suspended_at is not None:
        raise BindingRefused(
            _("This badge is suspended by its issuer. It goes into no wallet until that is over.")
        )
    return award


def _current(award_id: str) -> QuerySet[Credential]:
    return Credential.objects.filter(award_id=award_id, replaced_as=0, revoked_at__isnull=True)


def _did_holder(award: awards.AwardInfo, did: str, binding: str) -> Holder:
    """The DID, and the name if the site states names; never the address: the wallet's key takes its place."""
    name = clean_line(platform().learner_name(award.learner_id))
    try:
        names = (plain_name(name),) if name and settings().name_in_credentials else ()
    except DocumentError:  # a name that cannot be signed is left out, the DID suffices
        names = ()
    return Holder(binding, names, did)


def _retire(rows: QuerySet[Credential], *, now: datetime) -> list[Credential]:
    """Revoke these and make room for their successors."""
    found = list(rows.select_for_update().order_by("pk"))
    flip(((row.status_list_id, row.status_index) for row in found), now=now)
    for row in found:
        earlier = Credential.objects.filter(award_id=row.award_id, holder_binding=row.holder_binding)
        number = earlier.exclude(replaced_as=0).count() + 1
        Credential.objects.filter(pk=row.pk).update(replaced_as=number, replaced_at=now, revoked_at=now)
    return found


def _name_successor(
    retired: Iterable[Credential], successor: str, award: awards.AwardInfo, actor_id: int, now: datetime
) -> None:
    for row in retired:
        Credential.objects.filter(pk=row.pk).update(replaced_by=successor)
        audit.record(
            "credential.replaced",
            object_type="credential",
            object_id=str(row.pk),
            actor_id=actor_id,
            now=now,
            reason="The holder moved to another address, name or wallet.",
            details={"award": award.id, "learner": award.learner_id, "by": successor},
            issuer_slug=award.badge.issuer.slug,
        )

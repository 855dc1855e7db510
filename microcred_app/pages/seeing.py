"""Who may see a credential: everybody once it is shared; else its holder, and whoever answers for it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from microcred_app.api import MicrocredError
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.permissions import api as permissions

__all__ = ["NotShared", "is_insider", "may_see"]


class NotShared(MicrocredError):
    """The holder has not shared this credential, and whoever asks is not its holder."""

    code = "not_shared"
    http_status = 403


def may_see(request: HttpRequest, credential_id: str) -> issuance.IssuedCredential:
    """The credential; raises :class:`NotShared`, and ``CredentialNotFound`` where there is none."""
    found = issuance.get_credential(credential_id)
    if found.shared_at is None and not is_insider(request, found):
        raise NotShared(_("The holder has not shared this badge. Ask them for the link again."))
    return found


def is_insider(request: HttpRequest, found: issuance.IssuedCredential) -> bool:
    """The holder, and whoever may see the awards of the organisation that issued it."""
    person = request.user.pk
    if person is None or person == found.learner_id:
        return person is not None
    issuer_slug = awards.get_award(found.award_id).badge.issuer.slug
    return permissions.may(person, permissions.Action.VIEW_AWARDS, issuer_slug)

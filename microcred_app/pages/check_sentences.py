"""What a verification report says to a reader, in the reader's language.

Reports carry a stable reason for machines and an English sentence; the sentences that readers commonly meet
are translated here by their reason. A reason that is not listed is shown in the report's own words.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app.ob3.report import Check

__all__ = ["say_check"]


def say_check(check: Check) -> str:
    """The sentence for one check."""
    return _sentences().get(check.reason, check.message)


def _sentences() -> dict[str, str]:
    return {
        "structure.complete": _("The document is an Open Badges 3.0 credential."),
        "structure.incomplete": _("The document is not a complete Open Badges 3.0 credential."),
        "contexts.known": _("Every term in it has a published meaning that has not changed."),
        "contexts.unknown": _("It uses terms whose meaning is not known here."),
        "signature.holds": _("It is exactly as it was signed: nobody has changed a letter."),
        "signature.mismatch": _("It is not as it was signed: something was changed."),
        "signature.no_key": _("The signature could not be checked, because the key was not found."),
        "key.published": _("The key that signed it belongs to the issuer."),
        "key.issuer_unreachable": _("Whether the key belongs to the issuer could not be looked up."),
        "issuer.found": _("The issuer is known by the identifier in the credential."),
        "issuer.unreachable": _("The issuer’s identifier could not be looked up."),
        "validity.current": _("It is valid today: it has begun and has not expired."),
        "validity.expired": _("It has expired."),
        "validity.not_yet": _("It is not valid yet."),
        "status.clear": _("The issuer has not revoked it."),
        "status.revoked": _("The issuer has revoked it."),
        "status.suspended": _("The issuer has suspended it for now."),
        "schema.satisfied": _("It has the form that the published schema asks for."),
        "schema.violated": _("It does not have the form that the published schema asks for."),
        "schema.unknown": _("The schema that it names is not known here."),
        "endorsements.hold": _("The endorsement holds."),
        "endorsements.invalid": _("The endorsement does not hold: it adds nothing to the badge."),
        "endorsements.undetermined": _("The endorsement could not be checked."),
        "parts.hold": _("The badge in the record holds."),
        "parts.invalid": _("A badge in the record does not hold."),
        "parts.undetermined": _("A badge in the record could not be checked."),
        "refresh.newest": _("There is no newer version of it."),
        "refresh.superseded": _("The issuer has published a newer version of it."),
        "status.none": _("It carries no revocation entry: it cannot be revoked."),
    }

"""What a verification report says to a reader, in the reader's language.

Reports carry a stable reason for machines and an English sentence; the sentences that readers commonly meet
are translated here by their reason. A reason that is not listed is shown in the report's own words.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from microcred_app.ob3.report import Check

__all__ = ["all_sentences", "say_check"]


def say_check(check: Check) -> str:
    """The sentence for one check."""
    return all_sentences().get(check.reason, check.message)


def all_sentences() -> dict[str, str]:
    """Every sentence by its reason: the program in the visitor's browser picks its own."""
    return {
        "structure.complete": _("The document is an Open Badges 3.0 credential."),
        "structure.incomplete": _("The document is not a complete Open Badges 3.0 credential."),
        "contexts.known": _("Every term in it has a published meaning that has not changed."),
        "contexts.unknown": _("It uses terms whose meaning is not known here."),
        "data_model.older": _("It is a token of an older form (VCDM 1.1), as some wallets keep it."),
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
        "document.unreachable": _("The credential could not be fetched."),
        "document.unreadable": _("The file is not a credential that can be read."),
        "document.unread": _("This was not checked, because the file could not be read."),
        "signature.browser": _("This browser cannot check such signatures. A newer one can."),
        "signature.too_complex": _("The document is too complex to be checked here."),
        "signature.unsigned_terms": _(
            "A part of it has no published meaning, so the signature cannot cover it."
        ),
        "proof.missing": _("It is not signed at all."),
        "proof.malformed": _("Its signature cannot be read, or was made for something else."),
        "proof.unsupported": _("It is signed in a way that cannot be checked here."),
        "key.other_issuer": _("The key that signed it is not the issuer’s."),
        "key.not_published": _("The issuer does not publish the key that signed it."),
        "key.no_proof": _("Without a usable signature there is no key to look at."),
        "issuer.other_document": _("What was found under the issuer’s identifier belongs to somebody else."),
        "validity.unreadable": _("The time in which it is valid cannot be read."),
        "status.not_fetched": _("The issuer’s list of revoked badges could not be fetched."),
        "status.unreliable": _("The issuer’s list of revoked badges cannot be relied on."),
        "status.unsupported": _("Its revocation entry is of a kind that cannot be checked here."),
        "status.not_looked_up": _(
            "Whether it was revoked was not looked up, because it is not certain who made it."
        ),
        "status.none": _("It carries no revocation entry: it cannot be revoked."),
    }

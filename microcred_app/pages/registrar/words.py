"""What the console calls things, in the reader's language; what it has no word for is shown as it is stored."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["ACTIONS", "FIELDS", "action_word", "delivery_word", "field_word", "webhook_word"]

ACTIONS: Mapping[str, Promise] = {
    "award.reversed": _("Award revoked"),
    "backfill.started": _("Back-fill started"),
    "backfill.paused": _("Back-fill paused"),
    "backfill.resumed": _("Back-fill resumed"),
    "backfill.cancelled": _("Back-fill cancelled"),
    "backfill.done": _("Back-fill finished"),
    "backfill.undone": _("Back-fill undone"),
    "backfill.superseded": _("Job ended: another version is in force"),
    "badge.holders_kept": _("Holders of older versions keep theirs"),
    "external.kept": _("Badge from elsewhere counts"),
    "external.forgotten": _("Badge from elsewhere taken out"),
    "external.revoked": _("Badge from elsewhere revoked by its issuer"),
    "holders.done": _("What a version says to holders is done"),
    "holders.upgrade": _("Holders receive the new version"),
    "holders.withdraw": _("Older versions are taken back"),
    "badge.published": _("Badge version published"),
    "badge.in_force": _("Badge version took effect"),
    "badge.deprecated": _("Badge deprecated"),
    "badge.retired": _("Badge retired"),
    "badge.reinstated": _("Badge reinstated"),
    "badge.governed": _("Responsibility for a badge changed"),
    "badge_draft.opened": _("Draft opened"),
    "badge_draft.saved": _("Draft saved"),
    "badge_draft.submitted": _("Draft submitted"),
    "badge_draft.approved": _("Draft approved"),
    "badge_draft.sent_back": _("Draft sent back"),
    "badge_draft.discarded": _("Draft discarded"),
    "bundle.applied": _("Definitions applied from a file"),
    "deliveries.reconciled": _("Badges missing in wallets sent again"),
    "credentials.checked": _("Badges checked"),
    "deliveries.resent": _("Deliveries sent again"),
    "document.signed": _("Document signed"),
    "evidence.passed": _("Evidence passed"),
    "evidence.returned": _("Evidence returned"),
    "evidence.regraded": _("Evidence judged anew"),
    "evidence.reset": _("Evidence taken back to be handed in anew"),
    "evidence.downloaded": _("Evidence downloaded"),
    "key.revoked": _("Signing key revoked"),
    "key.rotated": _("Signing key replaced"),
    "outcome.created": _("Outcome written"),
    "pathway.created": _("Pathway created"),
    "pathway.changed": _("Pathway changed"),
    "recusal.declared": _("Reviewer stepped back from a learner"),
    "recusal.taken_back": _("Reviewer judges a learner again"),
    "review_rules.changed": _("Rules of a course’s reviews changed"),
    "role.given": _("Role given"),
    "role.taken": _("Role taken"),
    "skill.retired": _("Skill retired"),
    "skills.imported": _("Skills imported"),
    "webhook.created": _("Webhook created"),
    "webhook.paused": _("Webhook paused"),
    "webhook.removed": _("Webhook removed"),
    "webhook.resent": _("Webhook messages sent again"),
    "webhook.resumed": _("Webhook resumed"),
    "webhook.secret_rotated": _("Webhook’s secret changed"),
}

FIELDS: Mapping[str, Promise] = {
    "kind": _("Kind"),
    "issuer": _("Organisation"),
    "name": _("Name"),
    "description": _("Description"),
    "achievement_type": _("Type"),
    "image": _("Picture"),
    "image_alt": _("Picture in words"),
    "requirement": _("Rule"),
    "skills": _("Skills"),
    "criteria_intro": _("Words before the rule"),
    "language": _("Language"),
    "minutes": _("Minutes"),
    "credits": _("Credits"),
    "credit_unit": _("Unit of credits"),
    "level": _("Level"),
    "expires_on": _("Expires on"),
    "expires_after": _("Expires after"),
    "cap": _("Most awards"),
    "holders_policy": _("Holders of older versions"),
    "holders_deadline": _("To be shown again by"),
    "accepts": _("Accepted instead"),
    "proof_type": _("Rests on"),
}


def action_word(action: str) -> str:
    """What was decided, for people."""
    return str(ACTIONS.get(action, action))


#: Why a wallet did not take a badge.
DELIVERY_CODES: Mapping[str, Promise] = {
    "address_refused": _("its address leads to a place that this site does not contact"),
    "answer_unusable": _("it answered something that is no answer"),
    "called_off": _("it was called off together with its award"),
    "claim_lost": _("another worker took over"),
    "disconnected": _("its owner disconnected the wallet"),
    "host_problem": _("the wallet had a problem"),
    "host_unavailable": _("the wallet was not available"),
    "host_unreachable": _("the wallet could not be reached"),
    "missing_there": _("the wallet did not hold it any more"),
    "needs_reconnect": _("its owner has to connect the wallet again"),
    "no_permission": _("its owner did not permit to look into the wallet"),
    "not_confirmed": _("the wallet answered without confirming"),
    "refused": _("the wallet refused it"),
    "too_many": _("the wallet holds too much to be read to the end"),
    "too_busy": _("the wallet was too busy"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def delivery_word(code: str) -> str:
    """Why a delivery failed, for people."""
    return str(DELIVERY_CODES.get(code, code) or _("no reason was recorded"))


#: What became of a message to a webhook.
WEBHOOK_CODES: Mapping[str, Promise] = {
    "accepted": _("it was accepted"),
    "address_refused": _("the address leads to a place that this site does not contact"),
    "answer_unusable": _("the answer was too long or cannot be read"),
    "called_off": _("it was called off: the badge was taken back before anything was told"),
    "endpoint_removed": _("the endpoint was removed"),
    "gone": _("the endpoint said that it is gone (410)"),
    "host_problem": _("the endpoint had a problem"),
    "host_unreachable": _("the endpoint could not be reached in time"),
    "internal": _("this site had a problem; its log has more"),
    "refused": _("the endpoint refused it"),
    "secret_unreadable": _("the secret cannot be opened: the key of this site was changed"),
    "too_busy": _("the endpoint was too busy"),
    "worker_stopped": _("the worker stopped before it knew the result"),
}


def webhook_word(code: str) -> str:
    """What became of a message, for people."""
    return str(WEBHOOK_CODES.get(code, code))


def field_word(field: str) -> str:
    """What a field of a definition is called."""
    return str(FIELDS.get(field, field))

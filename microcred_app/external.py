"""Badges of other issuers: whatever somebody brings is verified, must be made out to them, and counts once.

A learner hands in a file or a text: a JSON document, a token, a PNG or SVG picture that carries either. It counts
when the verifier of this site calls it valid (not merely "could not be checked"), when it is an achievement of
somebody else than this site, and when it names the e-mail address of the learner's account, hashed or plain. A badge
made out to a DID alone is refused: nothing here proves that the DID is the learner's.

What is kept is the fact (issuer, achievement, dates) and where its issuer would say that it is revoked, not the
document. The fact ends when the badge says it ends, or when :mod:`microcred_app.external_recheck` finds it revoked.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from . import rules
from .applets.attainments.api import (
    FactInfo,
    get_fact,
    list_facts,
    list_revoked,
    report_fact,
    take_back,
    watch_fact,
)
from .applets.audit import api as audit
from .applets.badges import api as badges
from .applets.issuance.own import issues_here
from .compat import platform
from .conf import settings
from .errors import MicrocredError
from .external_recheck import revocation_subject
from .ob3.baking import is_png, is_svg, unbake
from .ob3.errors import Ob3Error
from .ob3.json_input import Limits, check_text, parse_json
from .ob3.jwt_credential import is_compact_jws
from .ob3.reading import open_inner
from .ob3.report import COULD_NOT_CHECK, FAILED, Check, Report
from .ob3.structure import has_type, issuer_id
from .ob3.text import clean_line
from .ob3.timestamps import parse_time
from .verifier import verify_credential

__all__ = [
    "MAX_BYTES",
    "BroughtBadge",
    "ExternalRefused",
    "KeptBadge",
    "LostBadge",
    "forget_badge",
    "keep_badge",
    "list_kept",
    "list_lost",
    "read_badge",
]

MAX_BYTES = 4_000_000
MAX_KEPT = 200
MAX_ADDRESS = 2_000


class ExternalRefused(MicrocredError):
    """The badge does not count; ``checks`` are what the verifier found against it, where it got so far."""

    code = "external_refused"

    def __init__(self, problem: str, code: str = "", checks: tuple[Check, ...] = ()) -> None:
        super().__init__(problem)
        self.code = code or self.code
        self.checks = checks


@dataclass(frozen=True)
class BroughtBadge:
    """A valid badge of somebody else, not bound to anybody here yet."""

    issuer: str
    issuer_name: str
    achievement: str
    name: str
    credential_id: str
    awarded_at: datetime
    until: datetime | None
    sha256: str
    identifiers: tuple[Mapping[str, Any], ...]
    revocable: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class KeptBadge:
    """A badge of somebody else that counts for a learner; ``used_by`` are badges here whose rules ask for it."""

    fact_id: str
    name: str
    issuer_name: str
    awarded_at: datetime
    until: datetime | None
    used_by: tuple[str, ...]


@dataclass(frozen=True)
class LostBadge:
    """A badge of somebody else that counted until its issuer revoked it, and when that was noticed."""

    name: str
    issuer_name: str
    noticed_at: datetime


def read_badge(data: bytes, *, now: datetime) -> BroughtBadge:
    """The badge in *data*, verified; raises :class:`ExternalRefused` with words for whatever it is instead.

    Looks up what other issuers publish where the site allows it, so call it outside a transaction.
    """
    secured = _take_out(data)
    report = verify_credential(secured, now=now)
    if report.verdict != "valid":
        raise _not_valid(report)
    document = _document_in(secured)
    subject = document.get("credentialSubject")
    if not has_type(document, "OpenBadgeCredential") and not has_type(document, "AchievementCredential"):
        raise ExternalRefused(_("This is a credential, but not a badge."), "not_a_badge")
    if not isinstance(subject, Mapping) or not isinstance(subject.get("achievement"), Mapping):
        raise ExternalRefused(_("This is a credential, but not a badge."), "not_a_badge")
    issuer = issuer_id(document)
    if issues_here(issuer):
        raise ExternalRefused(
            _("This badge was issued here. It counts already, you need not bring it."), "issued_here"
        )
    achievement = subject["achievement"]
    key = str(achievement.get("id", ""))
    if not key or max(len(key), len(issuer)) > MAX_ADDRESS:
        raise ExternalRefused(_("The badge does not say which achievement of which issuer it is."), "unnamed")
    return BroughtBadge(
        issuer=issuer,
        issuer_name=_name(document.get("issuer")) or issuer,
        achievement=key,
        name=_name(achievement) or key,
        credential_id=str(document.get("id", ""))[:255],
        awarded_at=parse_time("validFrom", document.get("validFrom")),
        until=parse_time("validUntil", document["validUntil"]) if "validUntil" in document else None,
        sha256=hashlib.sha256(secured).hexdigest(),
        identifiers=tuple(_identifiers(subject)),
        revocable=revocation_subject(document),
    )


@transaction.atomic
def keep_badge(learner_id: int, badge: BroughtBadge, *, now: datetime) -> KeptBadge:
    """Let the badge count for the learner it is made out to; bringing it again changes nothing.

    What it earns follows the commit. Raises :class:`ExternalRefused`.
    """
    email = platform().learner_email(learner_id)
    if not get_user_model().objects.filter(pk=learner_id, is_active=True).exists():
        # Until then the address is only what somebody typed: it could be anybody's.
        raise ExternalRefused(_("Confirm the e-mail address of your account first."), "not_confirmed")
    if not email:
        raise ExternalRefused(_("Your account has no e-mail address to compare with."), "no_address")
    if not any(_names(identifier, email) for identifier in badge.identifiers):
        raise ExternalRefused(
            _(
                "This badge is not made out to the e-mail address of your account ({email}). "
                "Ask its issuer for one that is."
            ).format(email=email),
            "not_yours",
        )
    key = rules.external_key(badge.issuer, badge.achievement)
    kept = list_facts(learner_id, kind="external")
    source = f"sha256:{badge.sha256}"
    standing = next((fact for fact in kept if fact.key == key and fact.source == source), None)
    if standing is not None:
        _watch(standing, badge, now)
        return _kept(standing, badge.name, badge.issuer_name)
    if len(kept) >= MAX_KEPT:
        raise ExternalRefused(_("At most {limit} badges can be kept.").format(limit=MAX_KEPT), "too_many")
    fact = _report(learner_id, key, badge, source, now)
    _watch(fact, badge, now)
    audit.record(
        "external.kept",
        object_type="external",
        object_id=fact.id,
        actor_id=learner_id,
        now=now,
        details={
            "learner": learner_id,
            "issuer": badge.issuer,
            "issuer_name": badge.issuer_name,
            "achievement": badge.achievement,
            "name": badge.name,
            "credential": badge.credential_id,
            "sha256": badge.sha256,
        },
    )
    return _kept(fact, badge.name, badge.issuer_name)


def _watch(fact: FactInfo, badge: BroughtBadge, now: datetime) -> None:
    """Its issuer is asked again later whether it was revoked, if the badge says where."""
    if badge.revocable is not None:
        hours = settings().external_recheck_hours
        watch_fact(fact.id, badge.revocable, check_at=now + timedelta(hours=hours))


def list_kept(learner_id: int) -> tuple[KeptBadge, ...]:
    """Badges of other issuers that count for the learner, newest first."""
    facts = list_facts(learner_id, kind="external")
    if not facts:
        return ()
    said = _said_when_kept(learner_id)
    return tuple(
        _kept(
            fact,
            said.get(fact.id, {}).get("name", _("A badge")),
            said.get(fact.id, {}).get("issuer_name", ""),
        )
        for fact in facts
    )


def list_lost(learner_id: int) -> tuple[LostBadge, ...]:
    """Badges of other issuers that were revoked after they counted here, newest first."""
    revoked = list_revoked(learner_id, kind="external")
    said = _said_when_kept(learner_id) if revoked else {}
    return tuple(
        LostBadge(
            said.get(fact.fact_id, {}).get("name", _("A badge")),
            said.get(fact.fact_id, {}).get("issuer_name", ""),
            fact.noticed_at,
        )
        for fact in revoked
    )


def _said_when_kept(learner_id: int) -> dict[str, Mapping[str, Any]]:
    """What the badges said of themselves when they were brought, by fact."""
    entries = audit.list_entries(
        object_type="external", action="external.kept", actor_id=learner_id, limit=4 * MAX_KEPT
    )
    return {entry.object_id: entry.details for entry in entries}


@transaction.atomic
def forget_badge(learner_id: int, fact_id: str, *, now: datetime) -> None:
    """Let a badge count no more, because the learner wants so. Badges earned with it stay."""
    fact = get_fact(fact_id)
    if fact.learner_id != learner_id or fact.kind != "external":
        raise ExternalNotFound(_("There is no such badge of yours."))
    reason = "Taken back by the learner."
    take_back(fact.id, actor_id=learner_id, reason=reason, now=now)
    audit.record(
        "external.forgotten",
        object_type="external",
        object_id=fact.id,
        actor_id=learner_id,
        now=now,
        reason=reason,
        details={"learner": learner_id},
    )


class ExternalNotFound(ExternalRefused):
    """The learner keeps no such badge."""

    code = "external_not_found"
    http_status = 404


def _report(learner_id: int, key: str, badge: BroughtBadge, source: str, now: datetime) -> FactInfo:
    """The fact; one that was taken back and is brought again is a new one, so its source says which time it is."""
    for turn in range(1, MAX_KEPT):
        fact = report_fact(
            learner_id,
            "external",
            key,
            at=badge.awarded_at,
            until=badge.until,
            now=now,
            source=source if turn == 1 else f"{source} {turn}",
            actor_id=learner_id,
        )
        if any(standing.id == fact.id for standing in list_facts(learner_id, kind="external")):
            return fact
    raise ExternalRefused(_("This badge was brought and taken back too often."), "too_many")


def _take_out(data: bytes) -> bytes:
    """The secured document: out of its picture, if it is one."""
    if not data.strip():
        raise ExternalRefused(_("Choose a file, or paste the badge as text."), "empty")
    if len(data) > MAX_BYTES:
        raise ExternalRefused(
            _("The file has more than {limit} megabytes.").format(limit=MAX_BYTES // 1_000_000), "too_large"
        )
    if not is_png(data) and not is_svg(data):
        return data.strip()
    try:
        found = unbake(data)
    except Ob3Error as error:
        raise ExternalRefused(
            _("No badge could be taken out of this picture: {problem}").format(problem=error), "picture"
        ) from error
    if found.version != "ob3":
        raise ExternalRefused(
            _(
                "The picture carries a badge of the old kind, Open Badges 2.0. Ask its issuer for version 3.0."
            ),
            "old_badge",
        )
    return found.content


def _document_in(secured: bytes) -> Mapping[str, Any]:
    """What the verifier has just read, read the same way."""
    try:
        raw = check_text(secured, Limits())
        return open_inner(raw.decode() if is_compact_jws(raw) else parse_json(raw)).document
    except (
        Ob3Error
    ) as error:  # what was verified can be read; if not, the two readers disagree and nothing counts
        raise ExternalRefused(_("The badge could not be read."), "unreadable") from error


def _not_valid(report: Report) -> ExternalRefused:
    failed = tuple(check for check in report.checks if check.outcome == FAILED)
    if failed:
        return ExternalRefused(_("This badge is not valid."), "not_valid", failed)
    unsure = tuple(check for check in report.checks if check.outcome == COULD_NOT_CHECK)
    return ExternalRefused(
        _("It could not be checked whether this badge is valid, so it does not count."), "not_checked", unsure
    )


def _identifiers(subject: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = subject.get("identifier", [])
    yield from (one for one in (found if isinstance(found, list) else [found]) if isinstance(one, Mapping))


def _names(identifier: Mapping[str, Any], email: str) -> bool:
    """Whether the identifier is this address, plain or hashed as Open Badges do (``sha256$`` of address and salt)."""
    if identifier.get("identityType") not in ("emailAddress", "email"):
        return False
    stated, salt = identifier.get("identityHash"), identifier.get("salt", "")
    if not isinstance(stated, str) or not isinstance(salt, str):
        return False
    addresses = {email.strip(), email.strip().lower()}
    if identifier.get("hashed") is not True:
        return stated.strip().lower() == email.strip().lower()
    stated = stated.lower().encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(stated, _digest(address, salt)) for address in addresses)


def _digest(address: str, salt: str) -> bytes:
    return (
        f"sha256${hashlib.sha256(f'{address}{salt}'.encode('utf-8', 'surrogatepass')).hexdigest()}".encode()
    )


def _name(node: Any) -> str:
    name = node.get("name", "") if isinstance(node, Mapping) else ""
    return clean_line(name)[:255] if isinstance(name, str) else ""


def _kept(fact: FactInfo, name: str, issuer_name: str) -> KeptBadge:
    using = badges.badges_mentioning([("external", fact.key)])
    return KeptBadge(
        fact.id, name, issuer_name, fact.at, fact.until, tuple(dict.fromkeys(badge.name for badge in using))
    )

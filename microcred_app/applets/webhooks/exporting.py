"""Lists of awards for a system that reads files: what changed since the list before, of learners who agreed.

Nobody who has not agreed to this system by its name stands in a list. Who took it back is named once more, by the name
that the system knows them by and with nothing else, so that it can forget them. A list reaches back a little behind the
one before: the same award may come twice, under the same name, and never not at all.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from io import StringIO
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.ob3.clr import ClrCredential, build_clr_credential
from microcred_app.ob3.documents import Profile, Subject
from microcred_app.ob3.identity import Identity
from microcred_app.ob3.ler_rs import Resume, build_resume
from microcred_app.spreadsheet import cell
from microcred_app.vault import decrypt

from ..awards.models import Award, Suspension
from ..issuance.api import recipient_name
from ..issuance.binding import EMAIL
from ..issuance.models import Credential
from .endpoints import find_endpoint
from .errors import EndpointRefused
from .models import EmailConsent, WebhookEndpoint
from .signature import pseudonym

__all__ = ["AwardLine", "Export", "export_changes", "export_everything"]

#: A transaction may commit after the moment that its rows carry.
OVERLAP = timedelta(minutes=10)
CHUNK = 500


@dataclass(frozen=True)
class AwardLine:
    """One line of the list; ``state`` is standing, suspended, expired, revoked, or agreement_withdrawn: only a name."""

    learner: str
    state: str
    award: str = ""
    learner_email: str = ""
    organisation: str = ""
    badge_key: str = ""
    badge_name: str = ""
    badge_kind: str = ""
    badge_version: int | None = None
    awarded_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Export:
    """What changed for one system between two moments. Read it, put it away, and then call :meth:`finish`."""

    def __init__(self, endpoint: WebhookEndpoint, since: datetime | None, now: datetime) -> None:
        self._endpoint = endpoint
        self._since = since - OVERLAP if since is not None else None
        self._now = now
        self._key = decrypt(bytes(endpoint.sealed_pseudonym_key))

    def sheet(self) -> Iterator[str]:
        """The list as the lines of a CSV file, none of which a spreadsheet calculates."""
        names = [field.name for field in fields(AwardLine)]
        yield _csv(names)
        for line in self.lines():
            yield _csv([cell(getattr(line, name)) for name in names])

    def lines(self) -> Iterator[AwardLine]:
        """What changed, learner by learner."""
        agreed = {row.learner_id: row for row in self._consents(withdrawn=False)}
        for rows in _chunks(self._changed(agreed)):
            yield from (self._line(row) for row in rows)
        if self._since is None:
            return
        for row in self._consents(withdrawn=True).filter(withdrawn_at__gt=self._since):
            yield AwardLine(self._name("learner", row.learner_id), "agreement_withdrawn")

    def records(self) -> Iterator[str]:
        """A line of JSON for each learner for whom something changed: all their signed badges of the organisation that
        stand, in a learner record as CLR 2.0 describes it. The badges are signed, the record around them is not."""
        for learner_id, email, found in self._standing():
            yield json.dumps(self._record(learner_id, email, found), ensure_ascii=False)

    def resumes(self) -> Iterator[str]:
        """The same learners and badges, each as a résumé document (LER-RS of HR Open Standards). A name is in it where
        a badge states it: nobody agreed to more."""
        for learner_id, email, found in self._standing():
            yield json.dumps(self._resume(learner_id, email, found), ensure_ascii=False)

    def _standing(self) -> Iterator[tuple[int, str, list[Credential]]]:
        """Learners for whom something changed, with their address and the badges that stand."""
        agreed = {row.learner_id: row for row in self._consents(withdrawn=False)}
        learners = sorted(set(self._changed(agreed).order_by().values_list("learner_id", flat=True)))
        for begin in range(0, len(learners), CHUNK):
            rows = Credential.objects.filter(
                learner_id__in=learners[begin : begin + CHUNK],
                award__version__badge__issuer_id=self._endpoint.issuer_id,
                holder_binding=EMAIL,
                replaced_as=0,
                revoked_at__isnull=True,
                suspended_at__isnull=True,
            ).filter(
                Q(award__expires_at__isnull=True) | Q(award__expires_at__gt=self._now),
                Q(document_ends__isnull=True) | Q(document_ends__gt=self._now),
            )
            ordered = rows.order_by("learner_id", "issued_at", "pk")
            for learner_id, found in groupby(ordered, key=lambda row: row.learner_id):
                email = platform().learner_email(learner_id)
                if email:  # an account that was closed has none, and a record of nobody is none
                    yield learner_id, email, list(found)

    def finish(self) -> None:
        """The next list begins here. A list that was made twice moves nothing back."""
        rows = WebhookEndpoint.objects.filter(pk=self._endpoint.pk)
        rows.filter(Q(exported_until__isnull=True) | Q(exported_until__lt=self._now)).update(
            exported_until=self._now
        )

    def _consents(self, *, withdrawn: bool) -> QuerySet[EmailConsent]:
        rows = EmailConsent.objects.filter(endpoint=self._endpoint, withdrawn_at__isnull=not withdrawn)
        return rows.order_by("learner_id")

    def _changed(self, agreed: dict[int, EmailConsent]) -> QuerySet[Award]:
        rows = Award.objects.filter(
            version__badge__issuer_id=self._endpoint.issuer_id,
            learner_id__in=EmailConsent.objects.filter(
                endpoint=self._endpoint, withdrawn_at__isnull=True
            ).values("learner_id"),
        )
        if self._since is not None:
            new = [pk for pk, row in agreed.items() if row.given_at > self._since]
            turns = Suspension.objects.filter(
                Q(suspended_at__gt=self._since) | Q(lifting__lifted_at__gt=self._since),
                award_id=OuterRef("pk"),
            )
            rows = rows.filter(
                Q(awarded_at__gt=self._since)
                | Q(reversal__reversed_at__gt=self._since)
                | Q(expires_at__gt=self._since, expires_at__lte=self._now)
                | Q(Exists(turns))
                | Q(learner_id__in=new)
            )
        held = Suspension.objects.filter(award_id=OuterRef("pk"), lifting__isnull=True)
        rows = rows.annotate(is_suspended=Exists(held))
        return rows.select_related("version__badge__issuer", "reversal").order_by(
            "learner_id", "awarded_at", "pk"
        )

    def _line(self, row: Award) -> AwardLine:
        reversal = getattr(row, "reversal", None)
        ended = row.expires_at is not None and row.expires_at <= self._now
        state = "suspended" if getattr(row, "is_suspended", False) else "standing"
        state = "revoked" if reversal is not None else "expired" if ended else state
        return AwardLine(
            learner=self._name("learner", row.learner_id),
            state=state,
            award=self._name("award", row.pk),
            learner_email=platform().learner_email(row.learner_id),
            organisation=row.version.badge.issuer.slug,
            badge_key=row.version.badge.key,
            badge_name=row.version.name,
            badge_kind=row.version.badge.kind,
            badge_version=row.version.number,
            awarded_at=row.awarded_at,
            expires_at=row.expires_at,
            revoked_at=reversal.reversed_at if reversal is not None else None,
        )

    def _record(self, learner_id: int, email: str, rows: list[Credential]) -> dict[str, Any]:
        documents = tuple(json.loads(bytes(row.document)) for row in rows)
        issuer = documents[0]["issuer"]
        return build_clr_credential(
            ClrCredential(
                id=self._address("", learner_id),
                name=_("Badges of {organisation}").format(organisation=self._endpoint.issuer.name),
                issuer=Profile(id=issuer["id"], name=self._endpoint.issuer.name),
                valid_from=self._now,
                subject=Subject(identifiers=(Identity("emailAddress", email, hashed=False),)),
                credentials=documents,
            )
        )

    def _resume(self, learner_id: int, email: str, rows: list[Credential]) -> dict[str, Any]:
        documents = tuple(json.loads(bytes(row.document)) for row in rows)
        names = (recipient_name(bytes(row.document)) for row in reversed(rows))
        return build_resume(
            Resume(
                id=self._address("resume:", learner_id),
                credentials=documents,
                name=next(filter(None, names), ""),
                email=email,
            )
        )

    def _address(self, kind: str, learner_id: int) -> str:
        """What this list calls a document of this learner; two systems cannot compare theirs."""
        name = self._name("learner", learner_id)
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{kind}{name}:{self._now.isoformat()}')}"

    def _name(self, kind: str, subject: object) -> str:
        return pseudonym(self._key, kind, str(subject))


def export_changes(endpoint_id: str, *, actor_id: int | None, now: datetime) -> Export:
    """What changed for this system since its last list; everything, if there was none."""
    endpoint = _asking(endpoint_id, actor_id)
    return Export(endpoint, endpoint.exported_until, now)


def export_everything(endpoint_id: str, *, actor_id: int | None, now: datetime) -> Export:
    """Everything that this system may know."""
    return Export(_asking(endpoint_id, actor_id), None, now)


def _asking(endpoint_id: str, actor_id: int | None) -> WebhookEndpoint:
    endpoint = find_endpoint(endpoint_id, actor_id)
    if not endpoint.asks_email:
        raise EndpointRefused(
            _("This system does not ask learners for their address, so nobody can agree to stand in a list.")
        )
    return endpoint


def _chunks(rows: QuerySet[Award]) -> Iterator[list[Award]]:
    chunk: list[Award] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _csv(values: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()

"""Reads files of other systems and writes what is new in them, all of it or nothing.

Imported awards are marked as what they are: said by another system, vouched for by whoever imports. They enter no
ledger, count for no rule, and nothing is signed for them (docs/decisions/0033). Reading the same files again
changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..badges import api as badges
from .csv_shapes import read_csv
from .drafting import open_drafts
from .errors import ImportRefused
from .json_shapes import is_token, read_json
from .models import ImportedAward, ImportedDefinition, ImportRun
from .people import accounts_of_emails, accounts_of_hashes
from .records import (
    MOST_AWARDS,
    MOST_BYTES,
    MOST_DEFINITIONS,
    ForeignAward,
    ForeignDefinition,
    Found,
    SourceFile,
)

__all__ = ["ImportChoice", "ImportReport", "import_awards", "preview_import"]

#: Names of each kind that a report tells.
TOLD = 50
CHUNK = 400
BATCH = 1_000
Progress = Callable[[int, int], None]
Value = TypeVar("Value")


@dataclass(frozen=True)
class ImportChoice:
    """For which organisation, and whether drafts are made of new badges."""

    issuer_slug: str
    make_drafts: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What an import would do, or did. ``seen`` is another text whenever it would do something else."""

    formats: tuple[str, ...]
    new_definitions: tuple[str, ...]
    definition_count: int
    known_definitions: int
    new_awards: int
    known_awards: int
    repeated: int
    newly_revoked: int
    with_account: int
    without_account: tuple[str, ...]
    without_account_count: int
    seen: str

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything new."""
        return bool(self.new_awards or self.definition_count or self.newly_revoked)


@dataclass
class _Plan:
    definitions: list[ForeignDefinition]
    known: dict[str, ImportedDefinition]
    awards: list[ForeignAward]
    already: int
    repeated: int
    revoked: list[int]
    people: dict[str, int]
    formats: tuple[str, ...]


def preview_import(actor_id: int | None, files: Sequence[SourceFile], choice: ImportChoice) -> ImportReport:
    """What :func:`import_awards` would do with these files; writes nothing. Raises the same refusals."""
    return _report(_plan(actor_id, files, choice), choice)


def import_awards(
    actor_id: int | None,
    files: Sequence[SourceFile],
    choice: ImportChoice,
    *,
    now: datetime,
    seen: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Write what is new, in one transaction. *seen* is the ``seen`` of the report that somebody said yes to.

    Raises :class:`ImportRefused` when a file cannot be read to its end, when something else would be written than was
    seen, or when somebody else writes the same at this moment; then nothing was written.
    """
    try:
        with transaction.atomic():
            plan = _plan(actor_id, files, choice)
            report = _report(plan, choice)
            if seen and seen != report.seen:
                raise ImportRefused(
                    _("Something changed since you looked. Look again at what would be imported.")
                )
            if report.changes_anything:
                _write(plan, report, files, choice, actor_id, now, progress or (lambda _done, _all: None))
            return report
    except IntegrityError as error:
        raise ImportRefused(_("Somebody imported the same at this moment. Look again.")) from error


def read_files(files: Sequence[SourceFile]) -> Found:
    """Everything the files say; raises :class:`ImportRefused` with the place of every problem."""
    if not files or not any(file.content.strip() for file in files):
        raise ImportRefused(_("Choose a file that is not empty."))
    if sum(len(file.content) for file in files) > MOST_BYTES:
        raise ImportRefused(
            _("The files are larger than {n} MB. Split them.").format(n=MOST_BYTES // 1_000_000)
        )
    found = Found()
    for file in files:
        start = file.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        read = read_json if start in (b"{", b"[") or is_token(file.content.strip()) else read_csv
        read(file.name[:100], file.content, found)
    if found.is_full:
        raise ImportRefused(
            _("More than {awards} awards or {badges} badges. Split the files.").format(
                awards=MOST_AWARDS, badges=MOST_DEFINITIONS
            )
        )
    if found.problem_count:
        raise ImportRefused(_("Nothing was imported. Correct this first:"), _told(found))
    return found


def _told(found: Found) -> tuple[str, ...]:
    more = found.problem_count - len(found.problems)
    return (*found.problems, *([_("… and {n} more.").format(n=more)] if more else []))


def _plan(actor_id: int | None, files: Sequence[SourceFile], choice: ImportChoice) -> _Plan:
    badges.get_issuer(choice.issuer_slug)
    permissions.require(actor_id, permissions.Action.RUN_JOBS, choice.issuer_slug)
    if choice.make_drafts:
        permissions.require(actor_id, permissions.Action.EDIT_DRAFTS, choice.issuer_slug)
    found = read_files(files)
    known = _known_definitions(
        choice.issuer_slug, {*found.definitions, *(one.definition for one in found.awards)}
    )
    for award in found.awards:
        if award.definition not in found.definitions and award.definition not in known:
            found.refuse(
                award.place,
                _("The badge {id} is in none of the files. Add its file.").format(id=award.definition[:200]),
            )
    if found.problem_count:
        raise ImportRefused(_("Nothing was imported. Correct this first:"), _told(found))
    unique: dict[str, ForeignAward] = {}
    for award in found.awards:
        unique.setdefault(award.identity, award)
    standing = _known_awards(known.values(), unique)
    fresh = [award for identity, award in unique.items() if identity not in standing]
    revoked = [pk for identity, (pk, was) in standing.items() if unique[identity].revoked and was is None]
    emails = accounts_of_emails(award.email for award in fresh if award.email)
    hashes = accounts_of_hashes((award.email_hash, award.salt) for award in fresh if award.email_hash)
    people = {
        award.identity: pk
        for award in fresh
        if (pk := emails.get(award.email) or hashes.get((award.email_hash.casefold(), award.salt)))
        is not None
    }
    return _Plan(
        definitions=[one for origin, one in found.definitions.items() if origin not in known],
        known=known,
        awards=fresh,
        already=len(standing),
        repeated=len(found.awards) - len(unique),
        revoked=revoked,
        people=people,
        formats=tuple(sorted(found.formats)),
    )


def _known_definitions(issuer_slug: str, origins: Iterable[str]) -> dict[str, ImportedDefinition]:
    digests = sorted(map(_digest, origins))
    return {
        row.origin: row
        for part in _parts(digests)
        for row in ImportedDefinition.objects.filter(issuer_slug=issuer_slug, origin_sha256__in=part)
    }


def _known_awards(
    definitions: Iterable[ImportedDefinition], unique: dict[str, ForeignAward]
) -> dict[str, tuple[int, datetime | None]]:
    ids = [row.pk for row in definitions]
    if not ids:
        return {}
    return {
        identity: (pk, revoked_at)
        for part in _parts(sorted(unique))
        for identity, pk, revoked_at in ImportedAward.objects.filter(
            definition__in=ids, identity__in=part
        ).values_list("identity", "pk", "revoked_at")
    }


def _report(plan: _Plan, choice: ImportChoice) -> ImportReport:
    nobody = [award.email or award.email_hash for award in plan.awards if award.identity not in plan.people]
    said = [
        choice.issuer_slug,
        str(choice.make_drafts),
        *sorted(one.origin for one in plan.definitions),
        *sorted(f"{award.identity}{plan.people.get(award.identity)}{award.sha256}" for award in plan.awards),
        *map(str, sorted(plan.revoked)),
    ]
    return ImportReport(
        formats=plan.formats,
        new_definitions=tuple(one.name for one in plan.definitions[:TOLD]),
        definition_count=len(plan.definitions),
        known_definitions=len(plan.known),
        new_awards=len(plan.awards),
        known_awards=plan.already,
        repeated=plan.repeated,
        newly_revoked=len(plan.revoked),
        with_account=len(plan.people),
        without_account=tuple(nobody[:TOLD]),
        without_account_count=len(nobody),
        seen=_digest("\n".join(said)),
    )


def _write(
    plan: _Plan,
    report: ImportReport,
    files: Sequence[SourceFile],
    choice: ImportChoice,
    actor_id: int | None,
    now: datetime,
    progress: Progress,
) -> None:
    run = ImportRun.objects.create(
        issuer_slug=choice.issuer_slug,
        formats=" ".join(plan.formats)[:100],
        files=[
            {
                "name": file.name[:255],
                "sha256": hashlib.sha256(file.content).hexdigest(),
                "bytes": len(file.content),
            }
            for file in files
        ],
        imported_at=now,
        imported_by_id=actor_id,
        definitions=report.definition_count,
        awards=report.new_awards,
        already=report.known_awards,
    )
    rows = [
        ImportedDefinition(
            issuer_slug=choice.issuer_slug,
            origin_sha256=_digest(one.origin),
            origin=one.origin,
            name=one.name,
            description=one.description,
            criteria=one.criteria,
            issuer_name=one.issuer,
            run=run,
        )
        for one in plan.definitions
    ]
    ImportedDefinition.objects.bulk_create(rows, batch_size=BATCH)
    by_origin = plan.known | _known_definitions(choice.issuer_slug, [one.origin for one in plan.definitions])
    for place in range(0, len(plan.awards), BATCH):
        part = plan.awards[place : place + BATCH]
        ImportedAward.objects.bulk_create([_award_row(one, by_origin, run, plan, now) for one in part])
        progress(place + len(part), len(plan.awards))
    for ids in _parts(plan.revoked):
        ImportedAward.objects.filter(pk__in=ids).update(revoked_at=now)
    if choice.make_drafts:
        open_drafts(
            [by_origin[one.origin] for one in plan.definitions],
            choice.issuer_slug,
            actor_id=actor_id,
            now=now,
        )
    audit.record(
        "awards.imported",
        object_type="import",
        object_id=str(run.pk),
        actor_id=actor_id,
        now=now,
        details={
            "formats": list(plan.formats),
            "definitions": report.definition_count,
            "awards": report.new_awards,
            "revoked": report.newly_revoked,
        },
        issuer_slug=choice.issuer_slug,
    )


def _award_row(
    one: ForeignAward, by_origin: dict[str, ImportedDefinition], run: ImportRun, plan: _Plan, now: datetime
) -> ImportedAward:
    return ImportedAward(
        definition=by_origin[one.definition],
        run=run,
        learner_id=plan.people.get(one.identity),
        email=one.email,
        email_hash=one.email_hash,
        salt=one.salt,
        identity=one.identity,
        origin=one.origin,
        sha256=one.sha256,
        issued_at=one.issued_at,
        expires_at=one.expires_at,
        revoked_at=now if one.revoked else None,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for place in range(0, len(values), CHUNK):
        yield values[place : place + CHUNK]

"""Many credentials checked at once, for auditors and whoever reads a pile of applications.

Everything that is handed in is somebody else's: an archive may unpack to gigabytes, a list may have a million lines,
an address may lead into this network. So what is read is bounded before it is read, in number, bytes and time; what
lies beyond a bound is reported as not checked, never as passed and never silently left out.
"""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .applets.badges import api as badges
from .applets.delivery import api as delivery
from .applets.issuance import api as issuance
from .conf import settings
from .errors import MicrocredError
from .ob3.baking import is_png, is_svg, unbake
from .ob3.errors import Ob3Error
from .ob3.jwt_credential import is_compact_jws
from .ob3.lookalike import nearest
from .ob3.reading import open_inner
from .ob3.report import FAILED, PASSED
from .spreadsheet import cell
from .verifier import verify_credential

__all__ = ["BulkRefused", "Checked", "HandedIn", "check_many", "report_csv", "report_json"]

MAX_ITEMS = 1_000
MAX_ITEM_BYTES = 2_000_000
MAX_UNPACKED = 50_000_000
MAX_UPLOAD = 20_000_000
MAX_LINE = 2_000
MAX_SECONDS = 25.0
COLUMNS = ("name", "sha256", "verdict", "badge", "issuer", "issuer_id", "id", "valid_until", "remarks")


class BulkRefused(MicrocredError):
    """Nothing of what was handed in can be read, or it is too much."""

    code = "bulk_refused"


@dataclass(frozen=True)
class HandedIn:
    """One file as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """One line of the report. ``verdict`` is valid, invalid or undetermined; ``remarks`` say why it is not valid."""

    name: str
    sha256: str = ""
    verdict: str = "undetermined"
    badge: str = ""
    issuer: str = ""
    issuer_id: str = ""
    id: str = ""
    valid_until: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Item:
    """One thing to check: a document, an address, or why it is neither."""

    name: str
    document: bytes = b""
    url: str = ""
    problem: str = ""


def check_many(files: Sequence[HandedIn], *, now: datetime) -> tuple[Checked, ...]:
    """The report, in the order in which things were handed in; raises :class:`BulkRefused`."""
    if sum(len(file.content) for file in files) > MAX_UPLOAD:
        raise BulkRefused(_("Hand in at most {limit} MB at once.").format(limit=MAX_UPLOAD // 1_000_000))
    items: list[_Item] = []
    for item in _items_of(files):
        if len(items) == MAX_ITEMS:
            raise BulkRefused(_("Hand in at most {limit} credentials at once.").format(limit=MAX_ITEMS))
        items.append(item)
    if not items:
        raise BulkRefused(
            _(
                "Nothing to check was found. Hand in credentials (JSON, JWT, PNG, SVG), a zip of them, or a list."
            )
        )
    deadline = time.monotonic() + MAX_SECONDS
    own = tuple(issuer.name for issuer in badges.list_issuers())
    return tuple(_check(item, own, deadline, now) for item in items)


def report_csv(checked: Sequence[Checked]) -> str:
    """The report as a sheet in which no cell is calculated."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for line in checked:
        values = (getattr(line, column) for column in COLUMNS)
        writer.writerow([cell(" ".join(value) if isinstance(value, tuple) else value) for value in values])
    return sheet.getvalue()


def report_json(checked: Sequence[Checked], *, now: datetime) -> bytes:
    """The report for machines."""
    lines = [{column: getattr(line, column) for column in COLUMNS} for line in checked]
    report = {"checkedAt": now.isoformat(), "checkedBy": settings().public_base_url, "results": lines}
    return json.dumps(report, ensure_ascii=False, indent=1).encode()


def _items_of(files: Sequence[HandedIn]) -> Iterator[_Item]:
    room = MAX_UNPACKED
    for file in files:
        if file.content[:4] == b"PK\x03\x04":
            for item in _unpacked(file, room):
                room -= len(item.document)
                yield item
        else:
            yield from _items_in(file)


def _unpacked(archive: HandedIn, room: int) -> Iterator[_Item]:
    """Files of a zip, each read to its limit at most whatever it says about its size."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(archive.content))
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BulkRefused(_("“{name}” is no readable zip file.").format(name=archive.name[:100])) from error
    if len(entries) > MAX_ITEMS:
        raise BulkRefused(_("Hand in at most {limit} credentials at once.").format(limit=MAX_ITEMS))
    for entry in entries:
        name = f"{archive.name}/{entry.filename}"
        if entry.flag_bits & 1:
            yield _Item(name, problem=_("This file is encrypted."))
            continue
        try:
            with opened.open(entry) as stream:
                content = stream.read(min(MAX_ITEM_BYTES, max(room, 0)) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            yield _Item(name, problem=_("This file cannot be unpacked."))
            continue
        room -= len(content)
        if room < 0:
            raise BulkRefused(
                _("The zip unpacks to more than {limit} MB.").format(limit=MAX_UNPACKED // 1_000_000)
            )
        yield from _items_in(HandedIn(name, content))


def _items_in(file: HandedIn) -> Iterator[_Item]:
    if len(file.content) > MAX_ITEM_BYTES:
        yield _Item(file.name, problem=_("This file is too large for a credential."))
    elif file.content[:4] == b"PK\x03\x04":
        yield _Item(file.name, problem=_("An archive inside an archive is not opened."))
    elif file.name.lower().endswith((".csv", ".txt")):
        yield from _listed(file)
    elif is_png(file.content) or is_svg(file.content):
        try:
            yield _Item(file.name, document=unbake(file.content).content)
        except Ob3Error as error:
            yield _Item(file.name, problem=error.message)
    else:
        yield _Item(file.name, document=file.content)


def _listed(file: HandedIn) -> Iterator[_Item]:
    """Addresses in a list, one on a line, in whichever cell; other lines are headings."""
    text = file.content.decode("utf-8-sig", errors="replace")
    for number, line in enumerate(io.StringIO(text), 1):
        cells = line[:MAX_LINE].replace(";", ",").replace("\t", ",").split(",")
        url = next(
            (one for one in (c.strip().strip('"') for c in cells) if one.startswith(("https://", "http://"))),
            "",
        )
        if url:
            yield _Item(f"{file.name}:{number}", url=url)


def _check(item: _Item, own: Sequence[str], deadline: float, now: datetime) -> Checked:
    if item.problem:
        return Checked(item.name, remarks=(item.problem,))
    if time.monotonic() > deadline:
        return Checked(item.name, remarks=(_("Not checked: the time for one report was over."),))
    try:
        document = item.document or _at(item.url, deadline)
    except MicrocredError as error:
        return Checked(item.name, id=item.url, remarks=(str(error),))
    report = verify_credential(document, now=now)
    stated = _stated(document)
    remarks = [
        f"{check.message} {check.detail}".strip() for check in report.checks if check.outcome == FAILED
    ]
    remarks += [check.message for check in report.checks if check.outcome not in (PASSED, FAILED)]
    resembled = "" if issuance.issues_here(stated["issuer_id"]) else nearest(stated["issuer"], own)
    if resembled:
        remarks.insert(
            0,
            _(
                "ATTENTION: the name “{given}” looks like “{known}”, but the identifier is another one."
            ).format(given=stated["issuer"], known=resembled),
        )
    verdict = str(report.verdict)
    if issuance.issues_here(stated["issuer_id"]) and issuance.is_held_back(stated["id"]):
        verdict = "invalid"  # what the ledger of this site knows and no copy can say
        remarks.insert(0, _("This site has suspended this badge. It is not valid now."))
    return Checked(item.name, sha256(document).hexdigest(), verdict, remarks=tuple(remarks), **stated)


def _at(url: str, deadline: float) -> bytes:
    """What an address leads to: own credentials from the records, if shared; others through the outbound guard."""
    base = settings().public_base_url
    if url.startswith(f"{base}/"):
        found = issuance.get_credential(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])
        if found.shared_at is None:
            raise BulkRefused(_("The holder has not shared this badge. Ask them for it."))
        return found.document
    if not settings().verify_online:
        raise BulkRefused(_("This site does not look up addresses of other sites. Hand in the file instead."))
    seconds = max(0.5, min(5.0, deadline - time.monotonic()))
    return delivery.read_address(url, seconds=seconds, max_bytes=MAX_ITEM_BYTES)


def _stated(document: bytes) -> dict[str, str]:
    """What the document says of itself, whatever it is worth; a JWT says it in its payload."""
    try:
        value = (
            open_inner(document.decode().strip()).document
            if is_compact_jws(document)
            else json.loads(document)
        )
    except (ValueError, RecursionError, Ob3Error):
        value = {}
    value = value if isinstance(value, dict) else {}
    issuer = value.get("issuer")
    issuer = issuer if isinstance(issuer, dict) else {"id": issuer}
    texts = {
        "badge": value.get("name"),
        "issuer": issuer.get("name"),
        "issuer_id": issuer.get("id"),
        "id": value.get("id"),
        "valid_until": value.get("validUntil"),
    }
    return {name: text[:500] if isinstance(text, str) else "" for name, text in texts.items()}

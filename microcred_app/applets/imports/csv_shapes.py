"""Awards in tables: what Credly, Badgr and Moodle export, and what people write themselves. One row is one award.

Columns are known by their heading, whatever its case and spaces, under the names that these systems use.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from .records import ADDRESS, LINE, TEXT, ForeignAward, ForeignDefinition, Found, read_moment, short

__all__ = ["read_csv"]

#: What a column holds, by the headings it may have (letters and digits only, small).
HEADINGS: dict[str, tuple[str, ...]] = {
    "email": (
        "recipientemail",
        "email",
        "emailaddress",
        "earneremail",
        "issuedtoemail",
        "recipientidentifier",
        "recipient",
    ),
    "badge": (
        "badgetemplatename",
        "badgename",
        "badge",
        "templatename",
        "badgeclassname",
        "credentialname",
        "name",
    ),
    "badge_id": ("badgetemplateid", "templateid", "badgeclassopenbadgeid", "badgeclassid", "badgeclass"),
    "origin": (
        "issuedbadgeid",
        "assertionid",
        "openbadgeid",
        "badgeid",
        "credentialid",
        "uniquehash",
        "badgeurl",
        "id",
    ),
    "issued": ("issuedat", "issuedon", "dateissued", "issueddate", "issuedate", "awardedat", "issued"),
    "expires": ("expiresat", "expires", "expirationdate", "dateexpire", "expiresdate", "expirydate"),
    "state": ("state", "status", "badgestate"),
    "issuer": ("issuer", "issuername", "organization", "organizationname"),
    "description": ("badgetemplatedescription", "badgedescription", "description"),
}
NEEDED = ("email", "issued")
#: Awards in these states do not stand; one in others (pending, accepted) does.
NOT_STANDING = ("revoked", "rejected")
MAX_CELL = 20_000


def read_csv(name: str, data: bytes, found: Found) -> None:
    """Add what the table says to *found*; every bad row is told by its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found.refuse(
            f"{name}, {_('line {n}').format(n=line)}", _("This is not UTF-8. Save the table as CSV UTF-8.")
        )
        return
    rows = _rows(name, text, found)
    header = next(rows, None)
    if header is None:
        found.refuse(name, _("The table is empty."))
        return
    columns = _columns(header[1])
    missing = [what for what in NEEDED if what not in columns]
    if "badge" not in columns and "badge_id" not in columns:
        missing.append("badge")
    if missing:
        found.refuse(
            name,
            _("There is no column for {missing}. Its columns are: {columns}.").format(
                missing=", ".join(missing), columns=", ".join(short(one, 40) for one in header[1][:30])
            ),
        )
        return
    found.formats.add("credly" if "badgetemplatename" in map(_plain, header[1]) else "table")
    for line, row in rows:
        if found.is_full:
            return
        if any(cell.strip() for cell in row):
            _row(f"{name}, {_('line {n}').format(n=line)}", row, len(header[1]), columns, found)


def _rows(name: str, text: str, found: Found) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin in; what the csv module refuses is told with its line and ends the table."""
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        found.refuse(
            f"{name}, {_('line {n}').format(n=line)}",
            _("The row cannot be read: {error}.").format(error=error),
        )


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


def _columns(header: Sequence[str]) -> dict[str, int]:
    places = {_plain(heading): place for place, heading in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for what, names in HEADINGS.items():
        place = next((places[one] for one in names if one in places), None)
        if place is not None:
            found[what] = place
    return found


def _row(place: str, row: list[str], width: int, columns: dict[str, int], found: Found) -> None:
    if len(row) != width:
        found.refuse(place, _("It has {n} cells, the heading has {all}.").format(n=len(row), all=width))
        return
    cells = {what: row[column].strip() for what, column in columns.items()}
    email, name = cells["email"].casefold(), short(cells.get("badge", ""), LINE)
    origin = short(cells.get("badge_id", ""), ADDRESS) or (f"name:{name}" if name else "")
    if "@" not in email or len(email) > 254 or any(letter.isspace() for letter in email):
        found.refuse(place, _("“{text}” is no e-mail address.").format(text=short(email, 60)))
        return
    if not origin:
        found.refuse(place, _("It names no badge."))
        return
    try:
        issued_at = read_moment(cells["issued"])
        expires_at = read_moment(cells["expires"]) if cells.get("expires") else None
    except ValueError:
        wrong = short(cells["issued"], 40)
        found.refuse(place, _("“{text}” is no date. Write it as in 2026-03-31.").format(text=wrong))
        return
    found.define(
        ForeignDefinition(
            origin,
            name or origin,
            short(cells.get("description", ""), TEXT),
            "",
            short(cells.get("issuer", ""), LINE),
        )
    )
    found.awards.append(
        ForeignAward(
            definition=origin,
            origin=short(cells.get("origin", ""), ADDRESS),
            email=email,
            email_hash="",
            salt="",
            issued_at=issued_at,
            expires_at=expires_at,
            revoked=cells.get("state", "").casefold() in NOT_STANDING,
            sha256=hashlib.sha256("\x1f".join(row).encode()).hexdigest(),
            place=place,
        )
    )

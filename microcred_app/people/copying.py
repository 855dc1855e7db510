"""Everything the site keeps about a person, as they may ask for it (GDPR, articles 15 and 20).

What goes in is read from the rooms' declarations (``personal.py``), so a table that is added is in the copy without
anybody remembering it. Left out are secrets of the site and what names other people: who judged, who opened.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.personal_rows import PersonalRows
from microcred_app.compat import platform
from microcred_app.growing_file import GrowingFile
from microcred_app.learning import write_takeaway

from .register import declarations, person_columns

__all__ = ["MAX_ROWS", "person_record", "write_person_record"]

#: Rows of one table in one copy; somebody who has more asks the operator, whose command has no such bound.
MAX_ROWS = 20_000
#: Bytes of evidence that one download carries; a person with more gets the rest from the operator.
MAX_EVIDENCE = 2_000_000_000
PIECE = 1_000_000


def person_record(account_id: int, *, most: int = MAX_ROWS) -> dict[str, Any]:
    """What every table says about this person, as JSON; ``cut`` names tables that have more than *most* rows."""
    tables: dict[str, list[dict[str, Any]]] = {}
    cut: list[str] = []
    for one in declarations():
        if not one.exported or not one.person:
            continue
        found = [_plain(one, row, account_id) for row in one.rows_of(account_id).order_by("pk")[: most + 1]]
        name = _name(one)
        if len(found) > most:
            cut.append(name)
        if found:
            tables[name] = found[:most]
    person = platform().people([account_id]).get(account_id)
    return {
        "account": {
            "id": account_id,
            "name": person.name if person else "",
            "email": person.email if person else "",
        },
        "tables": tables,
        "cut": cut,
    }


def write_person_record(account_id: int, *, now: datetime, most: int = MAX_ROWS) -> Iterator[bytes]:
    """A zip file, piece by piece: ``data.json``, the badges as they were signed, the evidence that is still kept."""
    record = person_record(account_id, most=most)
    sink = GrowingFile()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        said = {"written_at": now.isoformat(), **record}
        archive.writestr("data.json", json.dumps(said, indent=1, ensure_ascii=False))
        yield sink.taken()
        with archive.open("badges.zip", "w", force_zip64=True) as inner:
            for piece in write_takeaway(account_id, now=now):
                inner.write(piece)
        yield sink.taken()
        left = MAX_EVIDENCE
        for file in evidence.own_files(account_id):
            if file.size > left:
                continue
            left -= file.size
            with archive.open(f"evidence/{file.place}", "w", force_zip64=True) as target:
                for chunk in evidence.read_own_file(file):
                    target.write(chunk)
                    yield sink.taken()
    yield sink.taken()


def _name(one: PersonalRows) -> str:
    """The table's name, and by which link it is the person's where there are several."""
    several = [other for other in declarations() if other.model is one.model and other.exported]
    return one.model.__name__ if len(several) == 1 else f"{one.model.__name__} ({one.person})"


def _plain(one: PersonalRows, row: models.Model, account_id: int) -> dict[str, Any]:
    others = {name for name in person_columns(type(row)) if getattr(row, name) != account_id}
    left_out = {*one.secret, *others}
    return {
        column.attname: _value(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.attname not in left_out and column.name not in left_out
    }


def _value(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        data = bytes(value)
        try:
            return json.loads(data)
        except ValueError:
            return base64.b64encode(data).decode()
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    return value

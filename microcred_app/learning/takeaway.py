"""Everything a learner holds, in one file that is readable without this site.

The signed documents go in byte for byte. Pictures carry their credential where the format can (PNG, SVG). The file
is written while it is sent: it is bounded, and never held in memory as a whole.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.compat import platform
from microcred_app.growing_file import GrowingFile
from microcred_app.ob3.baking import bake_png, bake_svg, is_png, is_svg
from microcred_app.ob3.errors import BakingError

__all__ = ["MAX_BADGES", "MAX_PICTURES", "write_takeaway"]

MAX_BADGES = 1_000
#: Bytes of pictures; badges beyond it come without one.
MAX_PICTURES = 200_000_000


@dataclass(frozen=True)
class Held:
    """One badge in the file: where its parts stand in it."""

    award: awards.AwardInfo
    credential: issuance.IssuedCredential
    folder: str
    picture: str = ""
    baked: bool = False

    @property
    def document(self) -> str:
        """The place of the signed document."""
        return f"{self.folder}/credential.json"


def write_takeaway(learner_id: int, *, now: datetime) -> Iterator[bytes]:
    """The zip file, piece by piece: the newest :data:`MAX_BADGES` badges that were signed, and a page to read them."""
    found = awards.list_awards(learner_id=learner_id, limit=MAX_BADGES + 1)
    signed = issuance.credentials_of_awards(award.id for award in found)
    sink = GrowingFile()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        held: list[Held] = []
        spent = 0
        for award in found[:MAX_BADGES]:
            if award.id not in signed:
                continue
            entry = Held(award, signed[award.id], f"badges/{award.badge.key}-{award.id[:8]}")
            _put(archive, entry.document, entry.credential.document, entry.credential.issued_at)
            picture = badges.get_picture(award.badge.image_sha256)
            if picture is not None and spent + len(picture.content) <= MAX_PICTURES:
                spent += len(picture.content)
                entry = _put_picture(archive, entry, picture.content)
            held.append(entry)
            yield sink.taken()
        page = render_to_string(
            "microcred_app/learner/takeaway.html",
            {
                "name": platform().learner_name(learner_id),
                "held": held,
                "now": now,
                "more": len(found) > MAX_BADGES,
                "limit": MAX_BADGES,
            },
        )
        _put(archive, "index.html", page.encode(), now)
    yield sink.taken()


def _put_picture(archive: zipfile.ZipFile, entry: Held, content: bytes) -> Held:
    ending = "png" if is_png(content) else "svg" if is_svg(content) else ""
    if not ending:
        return entry
    try:
        bake = bake_png if ending == "png" else bake_svg
        content, baked = bake(content, entry.credential.document), True
    except BakingError:
        baked = False  # the picture is shown as it is; the document stands beside it
    place = f"{entry.folder}/badge.{ending}"
    _put(archive, place, content, entry.credential.issued_at)
    return Held(entry.award, entry.credential, entry.folder, place, baked)


def _put(archive: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    info = zipfile.ZipInfo(
        name, date_time=(max(1980, at.year), at.month, at.day, at.hour, at.minute, at.second)
    )
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)

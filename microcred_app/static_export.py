"""What verifiers ask of this site, as files for a content delivery network or a plain web server.

The paths are the addresses: ``microcred/status/<id>``, ``microcred/issuers/<slug>/did.json`` and so on. What each must
be served with stands in ``headers.json`` and, in the form that several hosts read, in ``_headers``. A file that says
the same already is not touched, so copying stays cheap; each is replaced in one step, so nobody reads half of one.

Credentials are left out unless asked for: a holder who takes a link back expects it to be closed at once, and a copy
elsewhere is closed by the next run only.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse

from .applets.badges import api as badges
from .applets.issuance import api as issuance
from .conf import settings
from .errors import MicrocredError

__all__ = ["Written", "write_static"]

_VC = "application/vc+ld+json"


class ExportRefused(MicrocredError):
    """The folder cannot take the files."""

    code = "export_refused"


@dataclass(frozen=True)
class Written:
    """What a run came to."""

    changed: int
    same: int
    removed: int


@dataclass(frozen=True)
class _File:
    path: str
    content: bytes
    media_type: str
    seconds: int


def write_static(folder: Path, *, with_credentials: str = "") -> Written:
    """Write everything below *folder*, and remove what this wrote before and is published no more.

    *with_credentials* is ``shared`` to write credentials that their holders share, too.
    """
    if folder.exists() and not folder.is_dir():
        raise ExportRefused(f"{folder} is no folder.")
    manifest = folder / "headers.json"
    before = _paths_in(manifest)
    changed = same = 0
    headers: dict[str, dict[str, str]] = {}
    for file in _files(with_credentials):
        if _write(folder / file.path, file.content):
            changed += 1
        else:
            same += 1
        headers[f"/{file.path}"] = {
            "Content-Type": file.media_type,
            "Cache-Control": f"public, max-age={file.seconds}",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        }
    removed = _remove(folder, before - headers.keys())
    _write(manifest, json.dumps(headers, indent=1, sort_keys=True).encode())
    lines = [
        line
        for path in sorted(headers)
        for line in (path, *(f"  {k}: {v}" for k, v in headers[path].items()))
    ]
    _write(folder / "_headers", ("\n".join(lines) + "\n").encode())
    return Written(changed, same, removed)


def _files(with_credentials: str) -> Iterator[_File]:
    for list_id, document in issuance.published_lists():
        yield _File(_path("status-list", list_id), document, _VC, 60)
    for info in badges.list_issuers():
        profile = json.dumps(issuance.issuer_document(info)).encode()
        # The address of a profile is a folder here, because the DID document lies below it.
        yield _File(f"{_path('issuer', info.slug)}/index.json", profile, "application/json", 300)
        try:
            did = json.dumps(issuance.did_document_of(info.slug)).encode()
        except MicrocredError:
            continue  # a did:key is its own document
        yield _File(_path("issuer-did", info.slug), did, "application/did+json", 300)
    for badge in badges.list_badges():
        achievement = json.dumps(issuance.achievement_document(badge)).encode()
        address = _path("achievement", badge.key, badge.number)
        yield _File(f"{address}/index.json", achievement, "application/json", 300)
        picture = badges.get_picture(badge.image_sha256)
        if picture is not None:
            yield _File(f"{address}/image", picture.content, picture.media_type, 31_536_000)
    if with_credentials:
        for credential_id, document in issuance.shared_credentials():
            yield _File(_path("credential", credential_id), document, _VC, 60)


def _path(name: str, *parts: str | int) -> str:
    base = urlsplit(settings().public_base_url).path.strip("/")
    address = reverse(f"microcred_app:{name}", args=parts).strip("/")
    return f"{base}/{address}" if base else address


def _write(place: Path, content: bytes) -> bool:
    """Whether the file had to be written."""
    if place.is_file() and place.read_bytes() == content:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def _paths_in(manifest: Path) -> set[str]:
    try:
        found = json.loads(manifest.read_text())
    except (OSError, ValueError):
        return set()
    return {str(path) for path in found} if isinstance(found, dict) else set()


def _remove(folder: Path, paths: set[str]) -> int:
    """Remove what an earlier run wrote; a path that leads out of the folder was not written by one."""
    removed = 0
    for path in paths:
        place = (folder / path.lstrip("/")).resolve()
        if place.is_relative_to(folder.resolve()) and place.is_file():
            place.unlink()
            removed += 1
    return removed

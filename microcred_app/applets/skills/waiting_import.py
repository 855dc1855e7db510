"""Files of an import between its dry run and the yes: kept privately, for one person, one import at a time.

What is confirmed is what was looked at: the same bytes, under a token that works once, and only for whoever
handed them in. They lie beside learners' evidence, in the storage that nothing serves.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .errors import SkillError
from .formats.rows import SourceFile
from .import_report import FrameworkChoice

__all__ = ["ImportGone", "WaitingImport", "drop_import", "keep_import", "waiting_import"]

_FOLDER = "skill-imports"
_FORM = "form.json"


class ImportGone(SkillError):
    """The files are not there any more; they have to be chosen again."""

    code = "import_gone"
    http_status = 404


@dataclass(frozen=True)
class WaitingImport:
    """What somebody is about to import."""

    token: str
    files: tuple[SourceFile, ...]
    framework: FrameworkChoice
    format_name: str
    retire_missing: bool


def keep_import(
    user_id: int,
    files: Sequence[SourceFile],
    framework: FrameworkChoice,
    *,
    format_name: str,
    retire_missing: bool,
) -> WaitingImport:
    """Keep the files until this person says yes or chooses others; what waited before is dropped."""
    drop_import(user_id)
    token = secrets.token_urlsafe(24)
    form = {
        "token": token,
        "names": [file.name for file in files],
        "framework": asdict(framework),
        "format_name": format_name,
        "retire_missing": retire_missing,
    }
    storage = _storage()
    for number, file in enumerate(files):
        storage.save(f"{_FOLDER}/{user_id}/{number}", ContentFile(file.content))
    storage.save(f"{_FOLDER}/{user_id}/{_FORM}", ContentFile(json.dumps(form).encode()))
    return WaitingImport(token, tuple(files), framework, format_name, retire_missing)


def waiting_import(user_id: int, token: str) -> WaitingImport:
    """What this person handed in under this token; raises :class:`ImportGone`."""
    storage = _storage()
    try:
        form = json.loads(_read(storage, f"{_FOLDER}/{user_id}/{_FORM}"))
        if not secrets.compare_digest(str(form["token"]).encode(), token.encode()):
            raise _gone()
        files = [
            SourceFile(name, _read(storage, f"{_FOLDER}/{user_id}/{number}"))
            for number, name in enumerate(form["names"])
        ]
    except FileNotFoundError as error:
        raise _gone() from error
    framework = FrameworkChoice(**form["framework"])
    return WaitingImport(token, tuple(files), framework, form["format_name"], form["retire_missing"])


def drop_import(user_id: int) -> None:
    """Remove what waits for this person; it is no error when nothing does."""
    storage = _storage()
    folder = f"{_FOLDER}/{user_id}"
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    # The form first: without it the rest cannot be confirmed.
    for name in sorted(names, key=lambda name: name != _FORM):
        storage.delete(f"{folder}/{name}")


def _read(storage: Storage, name: str) -> bytes:
    with storage.open(name, "rb") as stream:
        return bytes(stream.read())


def _gone() -> ImportGone:
    return ImportGone(_("These files are not here any more. Choose them again."))


def _storage() -> Storage:
    return storages[settings().evidence_storage]

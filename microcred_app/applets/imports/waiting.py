"""Files between the preview and the yes: kept privately, for one person, one import at a time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .errors import ImportGone
from .importing import ImportChoice
from .records import SourceFile

__all__ = ["drop_files", "keep_files", "waiting_files"]

_FOLDER = "award-imports"
_FORM = "form.json"


def keep_files(user_id: int, files: Sequence[SourceFile], choice: ImportChoice) -> str:
    """Keep the files until this person says yes or chooses others; the token under which they are found once."""
    drop_files(user_id)
    token = secrets.token_urlsafe(24)
    form = {"token": token, "names": [file.name for file in files], "choice": asdict(choice)}
    for number, file in enumerate(files):
        _storage().save(f"{_FOLDER}/{user_id}/{number}", ContentFile(file.content))
    _storage().save(f"{_FOLDER}/{user_id}/{_FORM}", ContentFile(json.dumps(form).encode()))
    return token


def waiting_files(user_id: int, token: str) -> tuple[tuple[SourceFile, ...], ImportChoice]:
    """What this person handed in under this token; raises :class:`ImportGone`."""
    try:
        form = json.loads(_read(f"{_FOLDER}/{user_id}/{_FORM}"))
        if not secrets.compare_digest(str(form["token"]).encode(), token.encode("utf-8", "replace")):
            raise _gone()
        files = [
            SourceFile(name, _read(f"{_FOLDER}/{user_id}/{number}"))
            for number, name in enumerate(form["names"])
        ]
    except FileNotFoundError as error:
        raise _gone() from error
    return tuple(files), ImportChoice(**form["choice"])


def drop_files(user_id: int) -> None:
    """Remove what waits for this person; it is no error when nothing does."""
    folder = f"{_FOLDER}/{user_id}"
    try:
        _folders, names = _storage().listdir(folder)
    except FileNotFoundError:
        return
    # The form first: without it the rest cannot be confirmed.
    for name in sorted(names, key=lambda name: name != _FORM):
        _storage().delete(f"{folder}/{name}")


def _read(name: str) -> bytes:
    with _storage().open(name, "rb") as stream:
        return bytes(stream.read())


def _gone() -> ImportGone:
    return ImportGone(_("These files are not here any more. Choose them again."))


def _storage() -> Storage:
    return storages[settings().evidence_storage]

"""A course's own files: copied in when the course is imported, and served to whoever may see the course."""

from __future__ import annotations

from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from opaque_keys.edx.keys import CourseKey

__all__ = ["asset_exists", "copy_assets", "open_asset"]


def copy_assets(course_key: CourseKey, folder: Path) -> int:
    """Take over every file below *folder*, replacing older ones; returns how many there are."""
    storage = _storage()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        name = _name(course_key, path.relative_to(folder).as_posix())
        storage.delete(name)
        with path.open("rb") as file:
            storage.save(name, File(file))
    return len(files)


def asset_exists(course_key: CourseKey, path: str) -> bool:
    """Whether the course has such a file."""
    return _storage().exists(_name(course_key, path))


def open_asset(course_key: CourseKey, path: str) -> File[bytes]:
    """The file, open for reading. The storage refuses paths that leave its folder."""
    return _storage().open(_name(course_key, path))


def _storage() -> Storage:
    return storages["course_assets"]


def _name(course_key: CourseKey, path: str) -> str:
    return f"{str(course_key).replace(':', '_').replace('+', '_')}/{path}"

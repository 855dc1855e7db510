"""Private storage of evidence: streamed in, named at random, read from any place.

Never the site's default storage: in common installations that folder is served to the public.

A file that arrived in pieces stays in pieces. Its name ends in ``.parts`` and leads to a short list of them;
:func:`open_file` reads them as one file with ``seek``. Nothing is copied when the last piece arrives, on no
kind of storage, and no process holds a file in memory.
"""

from __future__ import annotations

import bisect
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File
from django.core.files.storage import InvalidStorageError, Storage, storages

from microcred_app.conf import settings

__all__ = [
    "PiecedFile",
    "delete_file",
    "delete_files",
    "digest_of",
    "evidence_storage",
    "forget_one",
    "is_older",
    "join_pieces",
    "keep_stream",
    "list_stored",
    "new_name",
    "open_file",
    "open_pieces",
    "store_file",
]

CHUNK = 256 * 1024
JOINED = ".parts"

#: Name in storage and size of one piece.
Piece = tuple[str, int]


def store_file(content: BinaryIO) -> tuple[str, str]:
    """Store *content* and return ``(name in storage, SHA-256 in hex)``. The name tells nothing about anybody."""
    sha256 = digest_of(content)
    content.seek(0)
    stored_as = evidence_storage().save(new_name(), File(content))
    return stored_as, sha256


def digest_of(content: BinaryIO) -> str:
    """SHA-256 of everything in *content*, read in small pieces."""
    digest = hashlib.sha256()
    content.seek(0)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def keep_stream(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Store what comes out of *chunks* while it comes; the name in storage and the number of bytes."""
    stream, name = _Passing(chunks), new_name()
    try:
        return evidence_storage().save(name, stream), stream.count
    except Exception:
        evidence_storage().delete(name)  # what was written before it broke off
        raise


def join_pieces(pieces: Sequence[Piece]) -> str:
    """The name under which *pieces* are read as one file from now on; nothing is copied."""
    if len(pieces) == 1:
        return pieces[0][0]
    listed = json.dumps([[name, size] for name, size in pieces]).encode()
    return evidence_storage().save(new_name() + JOINED, ContentFile(listed))


def open_pieces(pieces: Sequence[Piece]) -> BinaryIO:
    """*pieces* as one readable file."""
    return io.BufferedReader(PiecedFile(pieces), CHUNK)


def open_file(stored_as: str) -> BinaryIO:
    """A readable handle with ``seek``; raises ``FileNotFoundError`` when the file was removed."""
    if stored_as.endswith(JOINED):
        return open_pieces(_pieces_of(stored_as))
    return evidence_storage().open(stored_as, "rb")  # type: ignore[return-value]


def delete_file(stored_as: str) -> None:
    """Remove the file with all its pieces; removing it twice is no error."""
    if stored_as.endswith(JOINED):
        try:
            pieces = _pieces_of(stored_as)
        except FileNotFoundError:
            return
        for name, _size in pieces:
            evidence_storage().delete(name)
    evidence_storage().delete(stored_as)


def delete_files(stored: Iterable[str]) -> None:
    """Remove several; empty names are passed over."""
    for name in stored:
        if name:
            delete_file(name)


def forget_one(name: str) -> None:
    """Remove what is stored under exactly this name: of a file in pieces the list alone, and the pieces stay."""
    evidence_storage().delete(name)


def list_stored(known: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Everything in storage, each with whether *known* (names of files and of open pieces) leads to it."""
    kept: set[str] = set()
    for name in known:
        kept.add(name)
        if name.endswith(JOINED):
            try:
                kept.update(piece for piece, _size in _pieces_of(name))
            except FileNotFoundError:
                continue
    storage = evidence_storage()
    try:
        folders, loose = storage.listdir("")
    except FileNotFoundError:
        return
    for name in loose:
        yield name, name in kept
    for folder in folders:
        for name in storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            yield path, path in kept


def is_older(name: str, moment: datetime) -> bool:
    """Whether the stored file was written before *moment*; no when storage cannot tell."""
    try:
        return evidence_storage().get_modified_time(name) < moment
    except (NotImplementedError, FileNotFoundError):
        return False


class PiecedFile(io.RawIOBase):
    """Pieces in storage as one file. One piece is open at a time."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = list(pieces)
        self._starts = [0]
        for _name, size in self._pieces:
            self._starts.append(self._starts[-1] + size)
        self._at = 0
        self._open: tuple[int, BinaryIO] | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; before the start is an error, as everywhere."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object) -> int:
        """Bytes up to the end of a piece."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not len(view) or self._at >= self._starts[-1]:
            return 0
        number = bisect.bisect_right(self._starts, self._at) - 1
        handle = self._handle(number)
        handle.seek(self._at - self._starts[number])
        data = handle.read(min(len(view), self._starts[number + 1] - self._at))
        if not data:
            raise OSError(f"A piece of the file is shorter than it was: {self._pieces[number][0]}.")
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the piece that is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
        super().close()

    def _handle(self, number: int) -> BinaryIO:
        if self._open is None or self._open[0] != number:
            if self._open is not None:
                self._open[1].close()
            self._open = (number, evidence_storage().open(self._pieces[number][0], "rb"))  # type: ignore[assignment]
        return self._open[1]  # type: ignore[index]


class _Passing(File):
    """What storages save: an iterator of bytes that is read once and counted."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__(None, name="piece")
        self._chunks = iter(chunks)
        self._rest = b""
        self.count = 0

    def __bool__(self) -> bool:
        return True

    @property
    def closed(self) -> bool:
        """Never: there is nothing to close."""
        return False

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """What is left, as it comes."""
        for chunk in self._chunks:
            self.count += len(chunk)
            yield chunk

    def read(self, size: int = -1) -> bytes:
        """For storages that read instead of taking chunks (object storage)."""
        while size < 0 or len(self._rest) < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self.count += len(chunk)
            self._rest += chunk
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    def seekable(self) -> bool:
        """Never: clients of object stores would want to measure it first."""
        return False

    def tell(self) -> int:
        """How much was given."""
        return self.count - len(self._rest)

    def seek(self, *_args: int) -> int:
        """Storages go to the start before they read; that is where we are."""
        return 0


def _pieces_of(stored_as: str) -> list[Piece]:
    with evidence_storage().open(stored_as, "rb") as handle:
        return [(str(name), int(size)) for name, size in json.loads(handle.read())]


def new_name() -> str:
    """A name made of chance."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


def evidence_storage() -> Storage:
    """The storage that settings name for evidence."""
    alias = settings().evidence_storage
    try:
        return storages[alias]
    except InvalidStorageError as error:
        raise ImproperlyConfigured(
            f"STORAGES has no {alias!r}. Evidence is private: give it a storage of its own that no web server "
            f"serves, for example a FileSystemStorage outside MEDIA_ROOT."
        ) from error

"""An operator's virus scanner, asked by clamd's protocol: the bytes are streamed to it and never written for it.

Nothing is let in unseen: when a scanner is configured and does not answer, the upload waits and is tried again.
"""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from typing import BinaryIO

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .errors import FileRefused, ScannerAway

__all__ = ["scan"]

CHUNK = 128 * 1024


def scan(name: str, content: BinaryIO) -> None:
    """Return when the scanner finds nothing, or none is configured.

    Raises :class:`FileRefused` for what it finds, and :class:`ScannerAway` while it does not answer.
    """
    address = settings().evidence_scanner
    if not address:
        return
    try:
        answer = _ask(address, content)
    except OSError as error:
        raise ScannerAway(
            _("Files cannot be checked for viruses right now. Yours is kept; try again soon.")
        ) from error
    if answer.endswith(" OK"):
        return
    if answer.endswith(" FOUND"):
        raise FileRefused(
            _("The virus scanner refuses “{name}”. Check your device, and hand in another file.").format(
                name=name
            )
        )
    if "size limit exceeded" in answer:
        raise FileRefused(
            _("“{name}” is too large for this site's virus scanner. Hand in a smaller file.").format(
                name=name
            )
        )
    raise ScannerAway(_("Files cannot be checked for viruses right now. Yours is kept; try again soon."))


def _ask(address: str, content: BinaryIO) -> str:
    """Clamd's answer to INSTREAM: pieces with their length before them, and a length of 0 at the end."""
    with closing(_connect(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        content.seek(0)
        try:
            while chunk := content.read(CHUNK):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # It has hung up because it has seen enough; what it found stands in its answer.
        answer = b""
        while len(answer) < 4096 and (piece := connection.recv(4096)):
            answer += piece
        return answer.rstrip(b"\0\n ").decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    kind, _sep, where = address.partition(":")
    seconds = settings().evidence_scanner_seconds
    if kind == "unix" and where:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(where)
        except OSError:
            connection.close()
            raise
        return connection
    host, _sep, port = where.rpartition(":")
    if kind == "tcp" and host and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=seconds)
    raise ImproperlyConfigured(
        f"MICROCRED['EVIDENCE_SCANNER'] is {address!r}. Use unix:/run/clamav/clamd.ctl or tcp:host:3310."
    )

"""Pictures of a bundle: files in the folder beside it, or ``data:`` addresses inside it.

A path that leads out of the folder is refused, also through a link (the attack: a bundle from elsewhere that
publishes ``/etc/passwd`` as a badge's picture), and a file is looked at before it is read whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

from django.utils.translation import gettext as _

from microcred_app.applets.badges import api as badges

__all__ = ["PictureFolder"]

_DATA = {"data:image/png;base64,": "png", "data:image/svg+xml;base64,": "svg"}
_ENDINGS = {"image/png": "png", "image/svg+xml": "svg"}
MAX_PICTURE = 400_000


class PictureFolder:
    """Reads and writes the pictures of one bundle; without a folder everything stands in the text."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None
        self._read: dict[str, bytes] = {}

    def read(self, address: str) -> str:
        """The digest of the picture at *address*; raises :class:`ValueError` with what is wrong."""
        content = self._content(address)
        try:
            badges.check_picture(content)
        except badges.PictureRefused as error:
            raise ValueError(str(error)) from None
        return self.add(content)

    def add(self, content: bytes) -> str:
        """Remember bytes made elsewhere; their digest."""
        digest = hashlib.sha256(content).hexdigest()
        self._read[digest] = content
        return digest

    def content(self, digest: str) -> bytes:
        """The bytes of a picture that was read here or is stored; none for an empty digest."""
        if digest in self._read or not digest:
            return self._read.get(digest, b"")
        picture = badges.get_picture(digest)
        return picture.content if picture else b""

    def write(self, name: str, digest: str) -> str:
        """Put the stored picture beside the bundle under a name made from *name*; its address in the bundle."""
        picture = badges.get_picture(digest)
        if picture is None:
            return ""
        ending = _ENDINGS[picture.media_type]
        if self._folder is None:
            return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
        place = Path("pictures") / f"{name}.{ending}"
        path = self._folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.content)
        return place.as_posix()

    def _content(self, address: str) -> bytes:
        for prefix in _DATA:
            if address.startswith(prefix):
                try:
                    return base64.b64decode(address[len(prefix) :], validate=True)
                except (binascii.Error, ValueError):
                    raise ValueError(_("The picture in the text is damaged.")) from None
        if self._folder is None or "\x00" in address or ":" in address[:10]:
            raise ValueError(_("Name a picture file beside the bundle."))
        try:
            path = (self._folder / address).resolve()
            if not path.is_relative_to(self._folder):
                raise ValueError(_("The picture lies outside the bundle's folder."))
            if not path.is_file() or path.stat().st_size > MAX_PICTURE:
                raise ValueError(
                    _("There is no picture file of usual size at “{path}”.").format(path=address)
                )
            return path.read_bytes()
        except OSError as error:
            raise ValueError(
                _("The picture cannot be read: {reason}.").format(reason=error.strerror)
            ) from None

"""Pictures of badges and issuers: checked, addressed by digest, safe to serve to anybody.

Open Badges allow PNG and SVG. An SVG is a document that browsers execute, so one with script, event handlers,
external references or foreign content is refused, and every picture is served with a policy that forbids
script (the attack: a registrar's "logo" that runs on the verify page).
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image

from .models import BadgeImage

__all__ = ["MAX_IMAGE_BYTES", "Picture", "PictureRefused", "check_picture", "get_picture", "keep_picture"]

MAX_IMAGE_BYTES = 300_000
_FORBIDDEN_IN_SVG = re.compile(
    rb"<\s*(script|foreignobject|iframe|object|embed|audio|video|use\s[^>]*href\s*=\s*[\"'](?!#))"
    rb"|\son[a-z]+\s*=|javascript:|<!entity|<!doctype|(href|src)\s*=\s*[\"']\s*(https?:|//|data:text)|@import",
    re.IGNORECASE,
)


class PictureRefused(ValueError):
    """The bytes are no picture that may be shown to the public; the text says why."""


@dataclass(frozen=True)
class Picture:
    """Bytes of a picture and how to serve them."""

    sha256: str
    media_type: str
    content: bytes


def check_picture(content: bytes) -> None:
    """Raise :class:`PictureRefused` when these bytes may not be shown to the public."""
    _media_type(content)


def keep_picture(content: bytes) -> Picture:
    """Check and store a picture; the same bytes are stored once."""
    media_type = _media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    BadgeImage.objects.get_or_create(sha256=digest, defaults={"media_type": media_type, "content": content})
    return Picture(digest, media_type, content)


def get_picture(sha256: str) -> Picture | None:
    """A stored picture."""
    row = BadgeImage.objects.filter(pk=sha256).first()
    return Picture(row.pk, row.media_type, bytes(row.content)) if row else None


def _media_type(content: bytes) -> str:
    if not content:
        raise PictureRefused(_("The picture is empty."))
    if len(content) > MAX_IMAGE_BYTES:
        raise PictureRefused(
            _("The picture is larger than {limit} kB. Make it smaller.").format(limit=MAX_IMAGE_BYTES // 1000)
        )
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        try:
            with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
                image.verify()
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise PictureRefused(_("The PNG picture is damaged. Save it again.")) from error
        return "image/png"
    if re.match(rb"^\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<svg[\s>]", content, re.DOTALL):
        if _FORBIDDEN_IN_SVG.search(content):
            raise PictureRefused(
                _("The SVG picture holds script or outside references. Export it as plain SVG or PNG.")
            )
        return "image/svg+xml"
    raise PictureRefused(_("The picture must be PNG or SVG."))

"""Pictures without what hides in them: the place they were taken at, the device, and anything behind the picture.

A picture that hides nothing keeps its bytes, and so its digest. Another one is written anew: JPEG with the tables
it had, so that nothing visible is lost; the others without loss. What the hidden data said about the picture's
upright position is applied first.
"""

from __future__ import annotations

import tempfile
import warnings
from typing import BinaryIO, cast

from PIL import Image, ImageOps, ImageSequence

__all__ = ["FORMATS", "ends_with_picture", "is_picture", "without_hidden_data"]

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
MAX_PIXELS = 60_000_000
#: Frames of an animation that are written anew; a longer one is refused by its caller.
MAX_FRAMES = 300
_SAID = (
    "exif",
    "xmp",
    "XML:com.adobe.xmp",
    "comment",
    "photoshop",
    "mp",
    "mpoffset",
    "Raw profile type exif",
)
_PNG_TEXT = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_FAILURES = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def is_picture(content: BinaryIO, media_type: str) -> bool:
    """Whether Pillow recognises the format from the bytes, finds the structure whole, and the picture is no bomb."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            content.seek(0)
            with Image.open(content, formats=(FORMATS[media_type],)) as image:
                width, height = image.size
                image.verify()
    except _FAILURES:
        return False
    return 0 < width * height <= MAX_PIXELS


def ends_with_picture(content: BinaryIO, media_type: str) -> bool:
    """Whether nothing follows the picture's own end: what does could be another file."""
    content.seek(0, 2)
    size = content.tell()
    if media_type == "image/png":
        return _png_end(content, size) == size
    if media_type == "image/webp":
        content.seek(4)
        length = int.from_bytes(content.read(4), "little")
        return size - 8 - length in (0, 1)
    content.seek(max(0, size - 4096))
    tail = content.read().rstrip(b"\x00")
    return tail.endswith(b"\xff\xd9" if media_type == "image/jpeg" else b";")


def without_hidden_data(content: BinaryIO, media_type: str) -> BinaryIO | None:
    """The picture written anew into a temporary file, or None when there is nothing to take out.

    Raises ``ValueError`` when it cannot be written anew (an endless animation, a broken picture).
    """
    try:
        content.seek(0)
        with Image.open(content, formats=(FORMATS[media_type],)) as image:
            clean = not any(name in image.info for name in _SAID) and not image.getexif()
            if media_type == "image/png":
                clean = clean and not _png_says(content)
            if clean and ends_with_picture(content, media_type):
                return None
            return _written_anew(image, media_type)
    except _FAILURES as error:
        raise ValueError("This picture cannot be written anew.") from error


def _written_anew(image: Image.Image, media_type: str) -> BinaryIO:
    kept = {"icc_profile": image.info["icc_profile"]} if image.info.get("icc_profile") else {}
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - handed to the caller
    frames = getattr(image, "n_frames", 1) if media_type != "image/jpeg" else 1
    if frames > MAX_FRAMES:
        raise ValueError("Too many frames.")
    if frames > 1:
        pictures = [frame.copy() for frame in ImageSequence.Iterator(image)]
        for picture in pictures:
            picture.info = _shown(picture)
        duration, loop = image.info.get("duration", 100), image.info.get("loop", 0)
        pictures[0].save(
            target,
            FORMATS[media_type],
            save_all=True,
            append_images=pictures[1:],
            duration=duration,
            loop=loop,
        )
    elif media_type == "image/jpeg":
        turned = ImageOps.exif_transpose(image)
        if turned is image or (turned.size == image.size and image.getexif().get(0x0112, 1) == 1):
            image.save(
                target,
                "JPEG",
                quality="keep" if image.format == "JPEG" else 92,
                exif=b"",
                comment=b"",
                **kept,
            )
        else:
            turned.save(target, "JPEG", quality=92, exif=b"", comment=b"", **kept)
    else:
        turned = ImageOps.exif_transpose(image)
        turned.info = _shown(turned)
        options = {"lossless": True} if media_type == "image/webp" else {}
        turned.save(target, FORMATS[media_type], exif=b"", **options, **kept)
    target.seek(0)
    return target


def _shown(image: Image.Image) -> dict[str | tuple[int, int], object]:
    """What belongs to how a picture looks; Pillow would write the rest (a GIF's comment, say) again."""
    kept = ("transparency", "background", "duration", "disposal", "gamma", "dpi")
    return {name: image.info[name] for name in kept if name in image.info}


def _png_end(content: BinaryIO, size: int) -> int:
    """Where the chunk ``IEND`` ends; -1 when there is none."""
    for name, end in _png_chunks(content, size):
        if name == b"IEND":
            return end
    return -1


def _png_says(content: BinaryIO) -> bool:
    content.seek(0, 2)
    return any(name in _PNG_TEXT for name, _end in _png_chunks(content, content.tell()))


def _png_chunks(content: BinaryIO, size: int):  # type: ignore[no-untyped-def]
    at = 8
    while at + 12 <= size:
        content.seek(at)
        head = content.read(8)
        at += 12 + int.from_bytes(head[:4], "big")
        yield head[4:8], at

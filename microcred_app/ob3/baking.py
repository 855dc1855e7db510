"""A picture carries its credential: PNG and SVG files are written so that readers find it, and read with suspicion.

The credential goes in byte for byte and comes out byte for byte; the picture itself is not touched. Compressed
chunks are refused (the format forbids them, and a few bytes could unpack to gigabytes), as are document type
declarations in SVG (entities can do the same). Pictures baked by Open Badges 2.0 are recognised and named, since
they look like ours to people; what they carry is not a verifiable credential.

Open Badges 3.0 section "File Format" (PNG: one uncompressed ``iTXt`` chunk, keyword ``openbadgecredential``; SVG:
``openbadges:credential`` directly inside ``svg``).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat  # used without document types, so without entities
from xml.sax.saxutils import quoteattr

from microcred_app.ob3.errors import BakingError

__all__ = ["MAX_PICTURE", "Unbaked", "bake_png", "bake_svg", "is_png", "is_svg", "unbake"]

MAX_PICTURE = 16_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORDS: dict[bytes, Literal["ob3", "ob2"]] = {b"openbadgecredential": "ob3", b"openbadges": "ob2"}
_OB3 = "https://purl.imsglobal.org/ob/v3p0"
_OB2 = "http://openbadges.org"
_ELEMENTS: dict[str, Literal["ob3", "ob2"]] = {f"{_OB3} credential": "ob3", f"{_OB2} assertion": "ob2"}


@dataclass(frozen=True)
class Unbaked:
    """What a picture carries: a credential (``ob3``), or a badge of Open Badges 2.0 (``ob2``)."""

    version: Literal["ob3", "ob2"]
    content: bytes


def is_png(data: bytes) -> bool:
    """Return whether *data* begins like a PNG file."""
    return data.startswith(_PNG)


def is_svg(data: bytes) -> bool:
    """Return whether *data* begins like an XML text, which a credential never does."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def unbake(data: bytes) -> Unbaked:
    """Return what the picture *data* carries, or raise `BakingError`; of several, the first counts."""
    if len(data) > MAX_PICTURE:
        raise BakingError("picture.too_large", f"Pictures of more than {MAX_PICTURE} bytes are not read.")
    if is_png(data):
        return _unbake_png(data)
    if is_svg(data):
        return _unbake_svg(data)
    raise BakingError("picture.kind", "This is neither a PNG nor an SVG picture.")


def bake_png(picture: bytes, credential: bytes) -> bytes:
    """Return *picture* carrying *credential*; one it carried before is replaced."""
    _require_text(credential)
    kept = [chunk for chunk in _chunks(picture) if _keyword(chunk) not in _KEYWORDS]
    text = _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + credential)
    return b"".join([_PNG, *kept[:-1], text, kept[-1]])  # the last chunk is IEND


def bake_svg(picture: bytes, credential: bytes) -> bytes:
    """Return *picture* carrying *credential*, a JSON document or a token; one already baked is refused."""
    _require_text(credential)
    try:
        found = _read_svg(picture)
    except BakingError as error:
        if error.code != "picture.empty":
            raise
    else:
        raise BakingError("picture.baked", f"The picture carries a badge already ({found.version}).")
    end = _end_of_root_tag(picture)
    if credential.lstrip().startswith(b"{"):
        content = credential.replace(b"]]>", b"]]]]><![CDATA[>")
        element = b"<openbadges:credential><![CDATA[%b]]></openbadges:credential>" % content
    else:
        element = b"<openbadges:credential verify=%b/>" % quoteattr(credential.decode()).encode()
    return b'%b xmlns:openbadges="%b">%b%b' % (picture[:end], _OB3.encode(), element, picture[end + 1 :])


def _require_text(credential: bytes) -> None:
    try:
        text = credential.decode()
    except UnicodeDecodeError as error:
        raise BakingError("picture.credential", "The credential is not UTF-8 text.") from error
    if not text.strip() or any(char < " " and char not in "\t\n\r" for char in text):
        raise BakingError("picture.credential", "The credential is empty or contains control characters.")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG file whole; raises `BakingError` where the file is broken."""
    if not is_png(data) or len(data) > MAX_PICTURE:
        raise BakingError("picture.kind", "This is not a PNG picture of usual size.")
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length = int.from_bytes(data[at : at + 4], "big")
        chunk, kind = data[at : at + 12 + length], data[at + 4 : at + 8]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise BakingError("picture.broken", "The PNG picture is broken or cut off.")
        yield chunk
        at += len(chunk)


def _keyword(chunk: bytes) -> bytes:
    return chunk[8:-4].split(b"\0", 1)[0] if chunk[4:8] in (b"iTXt", b"tEXt", b"zTXt") else b""


def _unbake_png(data: bytes) -> Unbaked:
    for chunk in _chunks(data):
        version = _KEYWORDS.get(_keyword(chunk))
        if version is None:
            continue
        content = chunk[8:-4].split(b"\0", 1)[1]
        if chunk[4:8] == b"tEXt" and version == "ob2":
            return Unbaked(version, content)
        # iTXt: flag and method of compression, then language and translated keyword, each ended by a zero.
        if chunk[4:8] != b"iTXt" or content[:1] != b"\0" or content.count(b"\0", 2) < 2:
            raise BakingError("picture.compressed", "The badge inside the picture is compressed or broken.")
        return Unbaked(version, content[2:].split(b"\0", 2)[2])
    raise BakingError("picture.empty", "The picture carries no badge.")


def _unbake_svg(data: bytes) -> Unbaked:
    return _read_svg(data)


class _SvgReader:
    def __init__(self) -> None:
        self.found: Unbaked | None = None
        self._version: Literal["ob3", "ob2"] | None = None
        self._text: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name.rsplit(" ", 1)[-1] != "svg":
            raise BakingError("picture.kind", "This is not an SVG picture.")
        if self._depth > 200:
            raise BakingError("picture.broken", "The SVG picture is nested too deep.")
        if self.found is None and self._version is None and name in _ELEMENTS and self._depth == 2:
            self._version, self._text = _ELEMENTS[name], []
            if attributes.get("verify"):
                self.found = Unbaked(self._version, attributes["verify"].strip().encode())

    def text(self, content: str) -> None:
        if self._version is not None and self.found is None:
            self._text.append(content)

    def end(self, _name: str) -> None:
        self._depth -= 1
        if self._version is not None and self._depth == 1:
            if self.found is None:
                self.found = Unbaked(self._version, "".join(self._text).strip().encode())
            self._version = None

    def doctype(self, *_: object) -> None:
        raise BakingError("picture.doctype", "The SVG picture has a document type; such files are not read.")


def _read_svg(data: bytes) -> Unbaked:
    if len(data) > MAX_PICTURE:
        raise BakingError("picture.too_large", f"Pictures of more than {MAX_PICTURE} bytes are not read.")
    reader, parser = _SvgReader(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, ValueError) as error:
        raise BakingError("picture.broken", f"The SVG picture is not well-formed: {error}") from error
    if reader.found is None or not reader.found.content:
        raise BakingError("picture.empty", "The picture carries no badge.")
    return reader.found


def _end_of_root_tag(data: bytes) -> int:
    """Return where the first tag of an SVG text ends, which was found to be well-formed."""
    starts: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: starts.append(parser.CurrentByteIndex)
    parser.Parse(data, True)
    at, quote = starts[0], b""
    while quote or data[at : at + 1] != b">":
        char = data[at : at + 1]
        if char in (b'"', b"'") and quote in (b"", char):
            quote = b"" if quote else char
        at += 1
    if data[at - 1 : at] == b"/" or b"xmlns:openbadges" in data[starts[0] : at]:
        raise BakingError("picture.kind", "The SVG picture is empty, or prepared for a badge already.")
    return at

"""What a sound or video file really is, told by its container; never by its name or by what a browser says.

Each reader walks the structure that the format's own players walk, so a file that only begins like one is refused:

* RIFF/WAVE: the size in the head is the size of the file.
* ISO media (MP4, M4A, MOV): a chain of boxes that starts with ``ftyp`` and covers the file to its last byte.
* Matroska/WebM: an EBML head with a known document type, then one segment that reaches the end (or is open-ended,
  as recorders write it).
* Ogg: pages with a known codec in the first one. FLAC: its mark and the stream information.
* MP3: two frames, one directly behind the other, after an ID3 tag if there is one.

Pure: bytes in, a media type or nothing out. Work is bounded: at most a few hundred small reads.
"""

from __future__ import annotations

import re
from typing import BinaryIO

__all__ = ["sniff_media"]

HEAD = 64 * 1024
MOST_BOXES = 20_000
_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"iso8", b"mp41", b"mp42", b"avc1", b"M4A ", b"M4V ", b"dash",
           b"qt  ", b"MSNV", b"3gp4", b"3gp5", b"3gp6", b"mmp4", b"f4v ", b"M4B ", b"mp71"}  # fmt: skip
_MP3_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
)
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sniff_media(content: BinaryIO) -> str | None:
    """``audio/…`` or ``video/…`` as the bytes say, or None when they are no sound and no video we know."""
    content.seek(0, 2)
    size = content.tell()
    content.seek(0)
    head = content.read(HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav" if abs(int.from_bytes(head[4:8], "little") + 8 - size) <= 1 else None
    if head[4:8] == b"ftyp":
        return _iso_media(content, head, size)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _matroska(head, size)
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[:8] == b"fLaC\x00\x00\x00\x22" or head[:8] == b"fLaC\x80\x00\x00\x22":
        return "audio/flac"
    return "audio/mpeg" if _is_mp3(content, head, size) else None


def _iso_media(content: BinaryIO, head: bytes, size: int) -> str | None:
    if head[8:12] not in _BRANDS:
        return None
    at, boxes, kinds = 0, 0, set()
    while at < size:
        content.seek(at)
        start = content.read(16)
        length, name = int.from_bytes(start[:4], "big"), start[4:8]
        if len(start) < 8 or not re.fullmatch(rb"[\x20-\x7e\xa9]{4}", name):
            return None
        if length == 1:
            length = int.from_bytes(start[8:16], "big")
        elif length == 0:
            length = size - at
        if length < 8 or at + length > size or boxes >= MOST_BOXES:
            return None
        if name == b"moov":
            content.seek(at)
            # The kinds of tracks stand in their handler boxes: "hdlr", version and flags, four bytes, the kind.
            kinds |= set(re.findall(rb"hdlr.{8}(vide|soun)", content.read(min(length, 8_000_000)), re.DOTALL))
        at += length
        boxes += 1
    if not kinds:
        return None
    if b"vide" in kinds:
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    return "audio/mp4"


def _matroska(head: bytes, size: int) -> str | None:
    length, width = _vint(head, 4)
    if length is None:
        return None
    ebml = head[4 + width : 4 + width + length]
    kind = re.search(rb"\x42\x82[\x84-\x88](webm|matroska)", ebml)
    at = 4 + width + length
    if kind is None or head[at : at + 4] != b"\x18\x53\x80\x67":
        return None
    declared, width = _vint(head, at + 4)
    # A length of None is "not known yet": a recorder writes it while it does not know the end.
    if declared is not None and at + 4 + width + declared != size:
        return None
    body = head[at:]
    tracks = body.find(b"\x16\x54\xae\x6b")
    if tracks < 0:
        return None
    types = set(re.findall(rb"\x83\x81([\x01\x02])", body[tracks:]))
    if not types:
        return None
    name = "webm" if kind.group(1) == b"webm" else "x-matroska"
    return f"{'video' if bytes([1]) in types else 'audio'}/{name}"


def _vint(data: bytes, at: int) -> tuple[int | None, int]:
    """An EBML length and its width; None for "unknown" and for what is none."""
    first = data[at] if at < len(data) else 0
    if not first:
        return None, 1
    width = 9 - first.bit_length()
    value = int.from_bytes(data[at : at + width], "big") & ((1 << (7 * width)) - 1)
    return (None if value == (1 << (7 * width)) - 1 else value), width


def _ogg(head: bytes) -> str | None:
    if any(mark in head[:4096] for mark in (b"\x80theora", b"BBCD\x00", b"OVP80")):
        return "video/ogg"
    if any(mark in head[:512] for mark in (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")):
        return "audio/ogg"
    return None


def _is_mp3(content: BinaryIO, head: bytes, size: int) -> bool:
    at = 0
    if head[:3] == b"ID3" and len(head) > 10:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    for _frame in range(2):
        content.seek(at)
        length = _mp3_frame(content.read(4))
        if not length or at + length > size:
            return False
        at += length
    return True


def _mp3_frame(head: bytes) -> int:
    """Bytes of the frame that *head* begins; 0 when it begins none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or (head[1] >> 1) & 3 != 1:
        return 0
    version, bitrate, rate = (head[1] >> 3) & 3, head[2] >> 4, (head[2] >> 2) & 3
    if version == 1 or rate == 3:
        return 0
    kilobits = _MP3_BITRATES[0 if version == 3 else 1][bitrate]
    return (144 if version == 3 else 72) * kilobits * 1000 // _MP3_RATES[version][rate] + ((head[2] >> 1) & 1)

"""What may come in is decided by bytes: every kind whole, and every kind as a liar."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from microcred_app.applets.evidence import archive_policy, pictures
from microcred_app.applets.evidence.errors import FileRefused
from microcred_app.applets.evidence.file_policy import ACCEPTABLE, check_file
from tests.fixtures.media import jpeg_with_place, mp3, mp4, ogg, pdf, png, wav, webm, zipped

EVERYTHING = tuple(ACCEPTABLE)


def judged(name: str, content: bytes, *accept: str, cleaned: bool = False) -> str:
    checked = check_file(
        name, io.BytesIO(content), accept=accept or EVERYTHING, max_bytes=10_000_000, cleaned=cleaned
    )
    return checked.media_type


def document(*more: tuple[str, bytes]) -> bytes:
    return zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"), *more)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", png(), "image/png"),
        ("a.pdf", pdf(), "application/pdf"),
        ("a.txt", "Grüße".encode(), "text/plain"),
        ("a.wav", wav(), "audio/wav"),
        ("a.mp3", mp3(), "audio/mpeg"),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\x05" + b"\0" * 5 + mp3(), "audio/mpeg"),
        ("a.ogg", ogg(), "audio/ogg"),
        ("a.opus", ogg(), "audio/ogg"),
        ("a.m4a", mp4(b"soun", b"M4A "), "audio/mp4"),
        ("a.mp4", mp4(), "video/mp4"),
        ("a.mov", mp4(brand=b"qt  "), "video/quicktime"),
        ("a.webm", webm(1, 2), "video/webm"),
        ("a.webm", webm(2), "audio/webm"),
        ("a.mkv", webm(1, kind=b"matroska"), "video/x-matroska"),
        ("a.zip", zipped(("a/b.txt", b"hello")), "application/zip"),
        ("a.docx", document(), ACCEPTABLE["document"]["docx"]),
        (
            "a.odt",
            zipped(("mimetype", b"application/vnd.oasis.opendocument.text")),
            ACCEPTABLE["document"]["odt"],
        ),
    ],
)
def test_whole_files_come_in_as_what_they_are(name: str, content: bytes, media_type: str) -> None:
    assert judged(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.wav", wav() + b"<html>"),
        ("a.wav", png()),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\x05" + b"\0" * 5 + b"<script>alert(1)</script>" * 50),
        ("a.mp3", b"\xff\xfb\x90\x00 and then words"),
        ("a.mp4", mp4() + b"<!doctype html><script>alert(1)</script>"),
        ("a.mp4", mp4()[:40]),
        ("a.mp4", mp4(b"hint")),
        ("a.mp4", b"\0\0\0\x18ftypevil" + b"\0" * 40),
        ("a.webm", b"\x1a\x45\xdf\xa3<html><script>alert(1)</script>"),
        ("a.webm", png()),
        ("a.ogg", b"OggS<script>alert(1)</script>"),
        ("a.flac", b"fLaC<script>"),
        ("a.zip", b"PK\x03\x04 and nothing more"),
        ("a.docx", zipped(("hello.txt", b"x"))),
        ("a.odt", zipped(("mimetype", b"text/html"))),
    ],
)
def test_files_that_only_begin_like_one_stay_outside(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        judged(name, content)


def test_a_video_is_no_sound_recording_and_a_recording_no_video() -> None:
    with pytest.raises(FileRefused):
        judged("a.webm", webm(1, 2), "audio")
    with pytest.raises(FileRefused):
        judged("a.webm", webm(2), "video")


def test_archives_come_in_only_where_the_task_takes_them() -> None:
    with pytest.raises(FileRefused, match="accepted type"):
        judged("a.zip", zipped(("a", b"b")), "image", "pdf", "text", "document")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png() + zipped(("x.html", b"<script>"))),
        ("a.png", png() + b"<?php evil() ?>"),
        ("a.pdf", pdf()[:-6] + zipped(("x", b"y")) + b""),
        ("a.pdf", pdf() + zipped(("x", b"y"))),
        ("a.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)"),
        ("a.mp3", mp3() + zipped(("x", b"y"))),
        ("a.txt", b"hello" + zipped(("x", b"y"))),
        ("a.zip", b"#!/bin/sh\n" + zipped(("x", b"y"))),
        ("a.zip", zipped(("x", b"y")) + b"%PDF-1.7"),
        ("a.zip", pdf() + zipped(("x", b"y"))),
    ],
)
def test_two_files_in_one_stay_outside(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        judged(name, content)


def with_entry(name: str, *, mode: int = 0, encrypted: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, b"x")
    data = bytearray(buffer.getvalue())
    if encrypted:
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Many entries that all point to one packed piece: the better bomb."""
    packed = zipped(("bomb", b"\0" * 1_000_000))
    centre = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    head = packed[centre:end]
    count = 50
    tail = bytearray(packed[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(head) * count).to_bytes(4, "little")
    return packed[:centre] + head * count + bytes(tail)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_entry("../../etc/passwd"), "leads out"),
        (with_entry("/etc/passwd"), "leads out"),
        (with_entry("C:/windows/x"), "leads out"),
        (with_entry("a\\..\\..\\b"), "leads out"),
        (with_entry("link", mode=0o120777), "leads out"),
        (with_entry("x", encrypted=True), "encrypted"),
        (zipped(("inner.zip", zipped(("a", b"b")))), "archive itself"),
        (zipped(("innocent.txt", zipped(("a", b"b")))), "archive itself"),
        (zipped(("innocent.bin", b"\x1f\x8b\x08\0")), "archive itself"),
        (zipped(("bomb", b"\0" * 60_000_000)), "far more"),
        (overlapping(), "far more"),
        (zipped(*((f"{n}", b"") for n in range(archive_policy.MOST_ENTRIES + 1))), "files in it"),
    ],
)
def test_dangerous_archives_stay_outside_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        judged("a.zip", content)


def test_an_archive_that_says_less_than_it_holds_stays_outside() -> None:
    data = bytearray(zipped(("x", b"\0" * 5_000)))
    centre = data.index(b"PK\x01\x02")
    data[centre + 24 : centre + 28] = (10).to_bytes(4, "little")
    with pytest.raises(FileRefused):
        judged("a.zip", bytes(data))


@pytest.mark.parametrize("macro", ["word/vbaProject.bin", "word/VBAPROJECT.BIN"])
def test_documents_with_macros_stay_outside(macro: str) -> None:
    with pytest.raises(FileRefused, match="macros"):
        judged("a.docx", document((macro, b"x")))


def test_a_picture_that_unpacks_to_a_wall_is_refused_before_it_is_unpacked() -> None:
    image = Image.new("1", (20_000, 20_000))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    with pytest.raises(FileRefused):
        judged("bomb.png", buffer.getvalue())


def cleaned(content: bytes, media_type: str) -> Any:
    return pictures.without_hidden_data(io.BytesIO(content), media_type)


def test_a_photo_loses_its_place_and_its_device_and_stands_upright() -> None:
    sent = jpeg_with_place()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    with cleaned(sent, "image/jpeg") as found:
        data = found.read()
    image = Image.open(io.BytesIO(data))
    assert image.size == (10, 20)
    assert not image.getexif()
    assert b"SecretCam" not in data
    assert b"home" not in data
    assert judged("a.jpg", data) == "image/jpeg"


def test_a_picture_that_hides_nothing_keeps_its_bytes() -> None:
    assert cleaned(png(), "image/png") is None
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "JPEG")
    assert cleaned(buffer.getvalue(), "image/jpeg") is None


def test_words_in_a_png_and_what_hides_behind_it_go() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Amina at home")
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "blue").save(buffer, "PNG", pnginfo=info)
    assert judged("a.png", buffer.getvalue() + zipped(("x", b"y")), cleaned=True) == "image/png"
    with cleaned(buffer.getvalue() + zipped(("x", b"y")), "image/png") as found:
        data = found.read()
    assert b"Amina" not in data
    assert b"PK\x05\x06" not in data
    assert judged("a.png", data) == "image/png"


@pytest.mark.parametrize(("media_type", "kind"), [("image/gif", "GIF"), ("image/webp", "WEBP")])
def test_animations_stay_animations(media_type: str, kind: str) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue", "green")]
    buffer = io.BytesIO()
    options = {"comment": b"home"} if kind == "GIF" else {"exif": Image.Exif().tobytes() + b"Exif"}
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=50, **options)
    found = cleaned(buffer.getvalue() + b"\0" * 0, media_type)
    if found is not None:
        with found:
            data = found.read()
        assert Image.open(io.BytesIO(data)).n_frames == 3
        assert b"home" not in data

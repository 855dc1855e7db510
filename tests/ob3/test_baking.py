"""Pictures carry credentials byte for byte; broken, compressed and hostile ones are refused by name."""

import io
import json
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from microcred_app.ob3.__main__ import main
from microcred_app.ob3.baking import Unbaked, bake_png, bake_svg, unbake
from microcred_app.ob3.errors import BakingError
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.jwt_credential import sign_jwt
from microcred_app.ob3.serialization import encode_document
from tests.ob3.samples import NOW, PLAIN, SIGNER, signed
from tests.ob3.test_jwt_credential import credential

DATA = encode_document(signed(PLAIN))
SVG = b'<?xml version="1.0"?>\n<!-- > --><svg xmlns="http://www.w3.org/2000/svg" id=">"><g/></svg>'


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(buffer, "PNG")
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    picture = png()
    return picture[:-12] + chunk(kind, content) + picture[-12:]


TOKEN = sign_jwt(credential("did:web:example.edu"), EddsaJoseSigner(SIGNER))


@pytest.mark.parametrize("content", [DATA, TOKEN, '{"é": "]]> & < 😀"}'.encode()])
def test_what_goes_in_comes_out(content: bytes) -> None:
    baked = bake_png(png(), content)
    assert unbake(baked) == Unbaked("ob3", content)
    assert unbake(bake_svg(SVG, content)) == Unbaked("ob3", content)
    with Image.open(io.BytesIO(baked)) as picture:  # another reader finds it too
        assert picture.text["openbadgecredential"] == content.decode()  # type: ignore[attr-defined]
        assert picture.getpixel((0, 0)) == (255, 0, 0)


def test_baking_again_replaces_what_was_there() -> None:
    baked = bake_png(bake_png(png(), b'{"old": 1}'), DATA)
    assert unbake(baked).content == DATA
    assert baked.count(b"openbadgecredential") == 1
    with pytest.raises(BakingError, match="already"):
        bake_svg(bake_svg(SVG, DATA), DATA)


def test_pictures_of_open_badges_2_are_named_as_such() -> None:
    old = b"https://badges.example.org/assertions/1"
    assert unbake(with_chunk(b"iTXt", b"openbadges\0\0\0\0\0" + old)) == Unbaked("ob2", old)
    assert unbake(with_chunk(b"tEXt", b"openbadges\0" + old)) == Unbaked("ob2", old)
    svg = (
        b'<svg xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="'
        + old
        + b'"></openbadges:assertion></svg>'
    )
    assert unbake(svg) == Unbaked("ob2", old)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a", "picture.kind"),
        (b"<html/>", "picture.kind"),
        (b"<svg></svg>", "picture.empty"),
        (b"<svg>", "picture.broken"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "picture.doctype"),
        (b"<svg>" + b"<g>" * 300, "picture.broken"),
        (b"\x89PNG\r\n\x1a\n", "picture.broken"),
        (b" " * 17_000_000, "picture.too_large"),
    ],
)
def test_what_is_no_baked_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BakingError) as caught:
        unbake(data)
    assert caught.value.code == code


def test_compressed_and_broken_chunks_are_refused() -> None:
    bomb = zlib.compress(b" " * 50_000_000)
    for content in (
        b"openbadgecredential\0\1\0\0\0" + bomb,
        b"openbadgecredential\0",
        b"openbadgecredential\0\0\0",
    ):
        with pytest.raises(BakingError, match="compressed or broken"):
            unbake(with_chunk(b"iTXt", content))
    with pytest.raises(BakingError, match="cut off"):
        unbake(png()[:-3])
    changed = bytearray(bake_png(png(), DATA))
    changed[-60] ^= 1
    with pytest.raises(BakingError, match="broken"):
        unbake(bytes(changed))
    with pytest.raises(BakingError, match="no badge"):
        unbake(png())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3_000), st.binary(max_size=6))
def test_damaged_pictures_are_answered_or_refused(place: int, damage: bytes) -> None:
    for whole in (bake_png(png(), DATA), bake_svg(SVG, DATA)):
        try:
            unbake(whole[:place] + damage + whole[place + len(damage) :])
        except BakingError:
            continue


def test_the_command_reads_pictures_and_tokens_and_many_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "badge.png": bake_png(png(), DATA),
        "badge.svg": bake_svg(SVG, DATA),
        "badge.json": DATA,
        "token.txt": TOKEN,
        "forged.json": DATA.replace(b"Close", b"Loose", 1),
        "old.png": with_chunk(b"iTXt", b"openbadges\0\0\0\0\0https://x.example/1"),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    at = ["--at", "2026-03-03T09:00:00Z"]
    paths = {name: str(tmp_path / name) for name in files}
    assert main([paths["badge.png"], *at]) == 0
    assert main([paths["badge.svg"], *at]) == 0
    assert main([paths["badge.png"], paths["badge.json"], *at]) == 0
    assert main([paths["badge.png"], paths["token.txt"], *at]) == 2
    capsys.readouterr()
    assert main([*paths.values(), *at]) == 1
    output = capsys.readouterr()
    assert "6 credentials: 3 valid, 1 invalid, 2 undetermined." in output.out
    assert "Open Badges 2.0" in output.err
    assert main([*paths.values(), "--json", *at]) == 1
    listed = json.loads(capsys.readouterr().out)
    assert [entry["verdict"] for entry in listed].count("valid") == 3


def test_the_command_fetches_https_addresses_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microcred_app.ob3.__main__.fetch", {"https://example.edu/1": DATA}.__getitem__)
    assert main(["https://example.edu/1", "--at", NOW.isoformat()]) == 0
    assert main(["http://example.edu/1", "--at", NOW.isoformat()]) == 2
    assert "http://example.edu/1" in capsys.readouterr().err

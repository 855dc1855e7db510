"""Files that are not what they should be are refused with a sentence, and nothing of them is kept."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from demo_site.courses import authoring
from microcred_app.applets.evidence.models import EvidenceFile
from tests.fixtures.course_walk import Browser, block, handler_url, photo

from .conftest import Site

TASK = "inspect-evidence"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _vast_png() -> bytes:
    """A few bytes that claim to be a picture of 3.6 thousand million points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


LIES: dict[str, tuple[str, bytes, str]] = {
    "a page called a picture": ("photo.png", HTML, "image/png"),
    "a page called a document": ("sheet.pdf", HTML, "application/pdf"),
    "a drawing with a script": ("drawing.svg", SVG, "image/svg+xml"),
    "a drawing called a picture": ("drawing.png", SVG, "image/png"),
    "nothing": ("empty.png", b"", "image/png"),
    "a program": ("sheet.exe", b"MZ\x90\x00", "application/octet-stream"),
    "a program behind a picture's name": ("sheet.png.exe", photo(), "image/png"),
    "a picture without its end": ("torn.png", photo()[:40], "image/png"),
    "a picture of another format": ("photo.jpg", photo(), "image/jpeg"),
    "a picture that is too vast": ("vast.png", _vast_png(), "image/png"),
    "a name that is only an extension": (".png", HTML, "image/png"),
    "no extension": ("photo", photo(), "image/png"),
    "a text where none is accepted": ("notes.txt", b"Checked.", "text/plain"),
}


def refused(site: Site, answer: Any, before: dict[str, Any], *, status: int = 400) -> str:
    """The sentence of a refusal that left nothing behind."""
    assert answer.status_code == status, answer.content
    assert site.kept() == before
    body = answer.json()
    sentence = body.get("error") or body.get("success")
    assert isinstance(sentence, str) and len(sentence) > 10
    return sentence


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_is_not_what_it_says_is_refused(site: Site, amina: Browser, lie: str) -> None:
    before = site.kept()
    refused(site, amina.upload(TASK, *LIES[lie]), before)


def test_a_file_above_the_platforms_limit_does_not_reach_the_block(site: Site, amina: Browser) -> None:
    before = site.kept()
    content = photo() + b"\0" * site_settings.STUDENT_FILEUPLOAD_MAX_SIZE
    assert "photo.png" in refused(site, amina.upload(TASK, "photo.png", content), before, status=413)


def test_a_file_above_the_tasks_own_limit_is_refused(site: Site, amina: Browser) -> None:
    authoring.change_fields(block("microcred_evidence", TASK), {"max_megabytes": 1})
    authoring.publish(block("microcred_unit", "inspect-unit"))
    before = site.kept()
    content = photo() + b"\0" * 1_100_000
    assert "1" in refused(site, amina.upload(TASK, "photo.png", content), before)
    assert amina.upload(TASK, "photo.png", photo() + b"\0" * 900_000).status_code == 200


def test_more_files_than_the_platform_takes_do_not_reach_the_block(site: Site, amina: Browser) -> None:
    before = site.kept()
    files = [SimpleUploadedFile(f"{n}.png", photo(n), "image/png") for n in range(21)]
    answer = amina.client.post(
        handler_url("microcred_evidence", TASK, "upload"),
        {"file": files},
        headers={"X-CSRFToken": amina.token},
    )
    refused(site, answer, before, status=413)


def test_more_files_than_the_task_takes_are_refused(site: Site, amina: Browser) -> None:
    for number in range(3):
        assert amina.upload(TASK, f"{number}.png", photo(number)).status_code == 200
    before = site.kept()
    assert "3" in refused(site, amina.upload(TASK, "4.png", photo(99)), before)


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\boot.png", "boot.png"),
        ("C:\\Users\\amina\\sheet.png", "sheet.png"),
        ("sheet\u202egnp.png", "sheetgnp.png"),
        ("Пневматика 🚲.png", "Пневматика 🚲.png"),
    ],
)
def test_a_files_name_leads_nowhere(site: Site, amina: Browser, name: str, kept_as: str) -> None:
    answer = amina.upload(TASK, name, photo())
    assert answer.status_code == 200, answer.content
    row = EvidenceFile.objects.get()
    assert row.name == kept_as
    assert site.stored_files() == [f"evidence/{row.stored_as}"]
    assert kept_as.split(".")[0] not in row.stored_as
    download = amina.page("evidence-file", row.pk)
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(download.streaming_content) == photo()


@pytest.mark.parametrize(
    "form", [{}, {"file": "just text"}, {"other": SimpleUploadedFile("a.png", photo())}], ids=str
)
def test_a_form_without_a_file_is_refused(site: Site, amina: Browser, form: dict[str, Any]) -> None:
    before = site.kept()
    url = handler_url("microcred_evidence", TASK, "upload")
    refused(site, amina.client.post(url, form, headers={"X-CSRFToken": amina.token}), before)


def test_json_and_get_are_no_uploads(site: Site, amina: Browser) -> None:
    before = site.kept()
    refused(site, amina.call("microcred_evidence", TASK, "upload", {"file": "x"}), before)
    got = amina.client.get(handler_url("microcred_evidence", TASK, "upload"))
    refused(site, got, before, status=405)


def test_a_file_sent_where_json_is_expected_is_refused(site: Site, amina: Browser) -> None:
    before = site.kept()
    for kind, name, handler in (
        ("microcred_check", "chain-gauge", "save_draft"),
        ("microcred_unit", "chain-unit", "go_to"),
        ("microcred_evidence", TASK, "hand_in"),
    ):
        answer = amina.client.post(
            handler_url(kind, name, handler),
            {"file": SimpleUploadedFile("a.png", photo(), "image/png")},
            headers={"X-CSRFToken": amina.token},
        )
        refused(site, answer, before)

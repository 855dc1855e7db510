"""Resumable uploads: the protocol as published, and everything that is tried against it."""

from __future__ import annotations

import base64
import hashlib
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from microcred_app.applets.evidence.upload_models import StorageUse, Upload, UploadPart
from tests.fixtures.catalogue import COURSE, make_user, set_up_catalogue, unit
from tests.fixtures.media import jpeg_with_place, png, wav

SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key
PIECES = "application/offset+octet-stream"
ADDRESS = "/microcred/uploads/"


@pytest.fixture(autouse=True)
def course(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_catalogue()
    monkeypatch.setattr(
        "demo_site.platform.DemoPlatform.is_enrolled", lambda _s, _u, course: course == COURSE
    )


@pytest.fixture
def amina() -> int:
    return make_user("amina")


def browser(user_id: int | None, **options: Any) -> Client:
    client = Client(headers={"Tus-Resumable": "1.0.0"}, **options)
    if user_id is not None:
        client.force_login(get_user_model().objects.get(pk=user_id))
    return client


def task(**changes: Any) -> evidence.EvidenceTask:
    values: dict[str, Any] = {
        "max_files": 3,
        "max_bytes": 1_000_000,
        "accept": ("image", "text", "audio"),
        "allow_text": True,
        "allow_link": True,
        "review_mode": "staff",
        "rubric": {},
    }
    return evidence.EvidenceTask(**(values | changes))


def granted(learner: int, **changes: Any) -> str:
    return api.upload_grant(learner, SPEC, PART, task(**changes)).grant


def packed(**pairs: str | bytes) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value.encode() if isinstance(value, str) else value).decode()}"
        for key, value in pairs.items()
    )


def create(client: Client, learner: int, length: int | str, name: str = "notes.txt", **changes: Any) -> Any:
    metadata = packed(grant=granted(learner, **changes), filename=name)
    return client.post(
        ADDRESS,
        headers={"Upload-Length": str(length), "Upload-Metadata": metadata},
        content_type="text/plain",
    )


def send(client: Client, url: str, offset: int | str, body: bytes, **headers: str) -> Any:
    return client.patch(url, body, content_type=PIECES, headers={"Upload-Offset": str(offset), **headers})


def stored() -> set[str]:
    storage = storages["microcred_evidence"]
    try:
        return {
            f"{folder}/{name}" for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]
        }
    except FileNotFoundError:
        return set()


def room(scope: str) -> int:
    return StorageUse.objects.get(scope=scope).taken


# The protocol


def test_options_tells_what_is_spoken_here_without_a_version_or_a_session() -> None:
    answer = Client().options(ADDRESS)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "expiration",
        "checksum",
        "termination",
    }
    assert answer["Tus-Max-Size"] == "500000000"
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_a_file_arrives_in_pieces_and_is_one_file(amina: int) -> None:
    client, content = browser(amina), b"It holds. " * 1_000
    made = create(client, amina, len(content))
    assert made.status_code == 201
    assert made["Upload-Expires"].endswith("GMT")
    url = made["Location"]
    for start in range(0, len(content), 3_000):
        answer = send(client, url, start, content[start : start + 3_000])
        assert answer.status_code == 204
        assert answer["Upload-Offset"] == str(min(len(content), start + 3_000))
    head = client.head(url)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("10000", "10000")
    assert "no-store" in head["Cache-Control"]
    file = EvidenceFile.objects.get()
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(client.get(f"/microcred/evidence/{file.pk}").streaming_content) == content
    assert room(f"learner:{amina}") == room(f"course:{COURSE}") == 10_000
    assert not UploadPart.objects.exists()


def test_creation_may_bring_the_first_bytes(amina: int) -> None:
    client = browser(amina)
    headers = {"Upload-Length": "5", "Upload-Metadata": packed(grant=granted(amina), filename="a.txt")}
    made = client.post(ADDRESS, b"hello", content_type=PIECES, headers=headers)
    assert (made.status_code, made["Upload-Offset"]) == (201, "5")
    assert EvidenceFile.objects.get().size == 5


def test_an_upload_goes_on_where_the_connection_broke(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.handlers.wsgi import WSGIRequest
    from django.http.request import UnreadablePostError

    client = browser(amina)
    url = create(client, amina, 10)["Location"]
    pieces = [b"hel"]

    def broken(_self: Any, *_size: int) -> bytes:
        if pieces:
            return pieces.pop()
        raise UnreadablePostError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(WSGIRequest, "read", broken)
        send(client, url, 0, b"hello worl")
    assert client.head(url)["Upload-Offset"] == "3"
    assert send(client, url, 3, b"lo worl").status_code == 204
    assert EvidenceFile.objects.get().sha256 == hashlib.sha256(b"hello worl").hexdigest()


def test_checksums_are_checked_and_a_damaged_piece_does_not_count(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 10)["Location"]
    before = stored()
    good = base64.b64encode(hashlib.sha1(b"hello").digest()).decode()
    assert send(client, url, 0, b"hellO", **{"Upload-Checksum": f"sha1 {good}"}).status_code == 460
    assert send(client, url, 0, b"hello", **{"Upload-Checksum": f"crc9 {good}"}).status_code == 400
    assert send(client, url, 0, b"hello", **{"Upload-Checksum": "sha1 ???"}).status_code == 400
    assert stored() == before
    assert client.head(url)["Upload-Offset"] == "0"
    assert send(client, url, 0, b"hello", **{"Upload-Checksum": f"sha1 {good}"}).status_code == 204


def test_termination_removes_everything_and_gives_the_room_back(amina: int) -> None:
    client, before = browser(amina), stored()
    url = create(client, amina, 10)["Location"]
    send(client, url, 0, b"hello")
    assert client.delete(url).status_code == 204
    assert client.head(url).status_code == 404
    assert stored() == before
    assert room(f"learner:{amina}") == 0


def test_proxies_that_know_only_post_are_served(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 5)["Location"]
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert client.post(url, b"hello", content_type=PIECES, headers=headers).status_code == 204
    assert EvidenceFile.objects.exists()


def test_time_runs_out_and_the_worker_sweeps(amina: int) -> None:
    client, before = browser(amina), stored()
    url = create(client, amina, 10)["Location"]
    send(client, url, 0, b"hello")
    later = timezone.now() + timedelta(hours=25)
    Upload.objects.update(expires_at=timezone.now())
    assert client.head(url).status_code == 410
    assert send(client, url, 5, b"world").status_code == 410
    assert evidence.expire_uploads(later) == 1
    assert client.head(url).status_code == 404
    assert stored() == before
    assert room(f"learner:{amina}") == 0


# What does not follow the protocol


def test_another_version_is_told_which_one_is_spoken(amina: int) -> None:
    answer = browser(amina).head(ADDRESS + "x", headers={"Tus-Resumable": "0.2.2"})
    assert answer.status_code == 412
    assert answer["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize("length", ["-1", "", "abc", "1e9", "9" * 30, "٣", " 5x"])
def test_lengths_that_are_none_are_refused(amina: int, length: str) -> None:
    assert create(browser(amina), amina, length).status_code == 400
    assert not Upload.objects.exists()


def test_huge_and_empty_files_are_refused_before_a_byte_is_sent(amina: int) -> None:
    client = browser(amina)
    assert create(client, amina, 10**17).status_code == 413
    assert create(client, amina, 1_000_001).status_code == 413
    assert create(client, amina, 0).status_code == 400
    assert not Upload.objects.exists()
    assert not StorageUse.objects.filter(taken__gt=0).exists()


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "grant",
        "grant !!!",
        "filename aGk=,filename aGk=",
        "grant " + base64.b64encode(b"\xff\xfe").decode(),
        "a b c",
        "gränt aGk=",
        "x " + "A" * 20_000,
    ],
)
def test_metadata_that_is_none_is_refused(amina: int, metadata: str) -> None:
    headers = {"Upload-Length": "5", "Upload-Metadata": metadata}
    assert browser(amina).post(ADDRESS, headers=headers, content_type="text/plain").status_code in (400, 403)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a\r\nSet-Cookie: x=1\r\n.txt", "aSet-Cookie: x=1.txt"),
        ('a"; filename="evil.html.txt', 'a"; filename="evil.html.txt'),
        ("\u202etxt.exe.txt", "txt.exe.txt"),
    ],
)
def test_names_cannot_climb_or_break_a_header(amina: int, name: str, kept: str) -> None:
    client = browser(amina)
    url = create(client, amina, 5, name)["Location"]
    send(client, url, 0, b"hello")
    file = EvidenceFile.objects.get()
    assert file.name == kept
    assert ".." not in file.stored_as
    answer = client.get(f"/microcred/evidence/{file.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers
    assert "\r" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("offset", ["1", "4", "-1", "x", "", "99999999999"])
def test_a_wrong_offset_changes_nothing(amina: int, offset: str) -> None:
    client = browser(amina)
    url, before = create(client, amina, 10)["Location"], stored()
    assert send(client, url, offset, b"hello").status_code in (400, 409)
    assert client.head(url)["Upload-Offset"] == "0"
    assert stored() == before


def test_replayed_reordered_and_overlapping_pieces_change_nothing(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 12)["Location"]
    assert send(client, url, 4, b"5678").status_code == 409
    assert send(client, url, 0, b"1234").status_code == 204
    assert send(client, url, 0, b"evil").status_code == 409
    assert send(client, url, 2, b"evil").status_code == 409
    assert send(client, url, 4, b"5678").status_code == 204
    assert send(client, url, 4, b"5678").status_code == 409
    assert send(client, url, 8, b"9abc").status_code == 204
    assert send(client, url, 8, b"evil").status_code == 409
    assert send(client, url, 12, b"d").status_code == 409
    assert EvidenceFile.objects.get().sha256 == hashlib.sha256(b"123456789abc").hexdigest()


def test_more_than_was_promised_is_refused_whatever_the_request_says_of_its_length(
    amina: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(amina)
    url, before = create(client, amina, 4)["Location"], stored()
    assert send(client, url, 0, b"12345").status_code == 413
    key = url.rpartition("/")[2]
    with pytest.raises(evidence.PieceTooLong):
        evidence.add_piece(
            amina,
            key,
            offset=0,
            chunks=iter([b"123", b"45"]),
            announced=None,
            checksum="",
            now=timezone.now(),
        )
    assert stored() == before
    assert client.head(url)["Upload-Offset"] == "0"


def test_two_at_once_for_the_same_place_one_counts(amina: int) -> None:
    url = create(browser(amina), amina, 8)["Location"]
    key, answers = url.rpartition("/")[2], []
    barrier = threading.Barrier(4)

    def both() -> Any:
        yield b"half"
        barrier.wait(10)

    def run() -> None:
        from django.db import connection

        try:
            evidence.add_piece(
                amina, key, offset=0, chunks=both(), announced=4, checksum="", now=timezone.now()
            )
            answers.append("kept")
        except evidence.WrongOffset:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["kept", "refused", "refused", "refused"]
    assert Upload.objects.get().offset == 4
    assert UploadPart.objects.count() == 1


# Who may


def test_strangers_and_passers_by_meet_nothing(amina: int) -> None:
    url = create(browser(amina), amina, 5)["Location"]
    eve = browser(make_user("eve"))
    assert eve.head(url).status_code == 404
    assert send(eve, url, 0, b"hello").status_code == 404
    assert eve.delete(url).status_code == 404
    assert browser(None).head(url).status_code == 403
    assert browser(amina).head(ADDRESS + "not-a-uuid").status_code == 404
    assert Upload.objects.get().offset == 0


def test_a_grant_of_somebody_else_or_a_changed_one_is_of_no_use(amina: int) -> None:
    eve = make_user("eve")
    assert create(browser(eve), amina, 5).status_code == 403
    grant = granted(eve)
    forged = packed(grant=grant[:-3] + "abc", filename="a.txt")
    headers = {"Upload-Length": "5", "Upload-Metadata": forged}
    assert browser(eve).post(ADDRESS, headers=headers, content_type="text/plain").status_code == 403
    assert not Upload.objects.exists()


def test_whoever_left_the_course_uploads_no_more(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_enrolled", lambda *_: False)
    assert create(browser(amina), amina, 5).status_code == 403


def test_another_site_cannot_upload_in_a_learners_name(amina: int) -> None:
    client = browser(amina, enforce_csrf_checks=True)
    assert create(client, amina, 5).status_code == 403
    url = create(browser(amina), amina, 5)["Location"]
    assert send(client, url, 0, b"hello").status_code == 403
    assert client.delete(url).status_code == 403


# How much


def test_the_twenty_first_file_is_refused_before_it_is_sent(amina: int) -> None:
    client = browser(amina)
    for number in range(20):
        assert create(client, amina, 5, f"{number}.txt", max_files=50).status_code == 201
    answer = create(client, amina, 5, "21.txt", max_files=50)
    assert answer.status_code == 400
    assert "At most 20 files" in answer.json()["message"]


def test_a_file_more_than_the_task_takes_is_refused(amina: int) -> None:
    client = browser(amina)
    for name in ("1.txt", "2.txt"):
        url = create(client, amina, 5, name, max_files=2)["Location"]
        send(client, url, 0, name.encode())
    assert create(client, amina, 5, "3.txt", max_files=2).status_code == 400


@pytest.mark.parametrize("turn", range(10))
def test_the_last_room_is_given_once_however_many_ask_at_once(turn: int, amina: int, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_LEARNER_BYTES": 1_000}
    clients = [browser(amina) for _ in range(5)]
    answers: list[int] = []
    barrier = threading.Barrier(5)

    def run(client: Client) -> None:
        from django.db import connection

        barrier.wait(10)
        answers.append(create(client, amina, 400).status_code)
        connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [201, 201, 413, 413, 413]
    assert room(f"learner:{amina}") == 800


def test_a_full_course_says_so(amina: int, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_COURSE_BYTES": 4}
    answer = create(browser(amina), amina, 5)
    assert answer.status_code == 413
    assert "no room" in answer.json()["message"]
    assert not StorageUse.objects.filter(taken__gt=0).exists()


# What is in it


def test_a_liar_is_refused_with_the_last_byte_and_leaves_nothing_but_the_reason(amina: int) -> None:
    client, before = browser(amina), stored()
    body = b"<script>alert(1)</script>"
    url = create(client, amina, len(body), "photo.png")["Location"]
    answer = send(client, url, 0, body)
    assert answer.status_code == 400
    assert "not what its name says" in answer.json()["message"]
    again = client.head(url)
    assert again.status_code == 410
    assert stored() == before
    assert room(f"learner:{amina}") == 0
    assert not Submission.objects.exists()


@pytest.mark.parametrize("name", ["drawing.svg", "page.html", "page.xhtml", "run.exe", "a.js", "a"])
def test_what_a_browser_would_execute_is_refused_by_name_already(amina: int, name: str) -> None:
    assert create(browser(amina), amina, 5, name).status_code == 400


def test_the_same_bytes_twice_are_kept_once_and_take_room_once(amina: int) -> None:
    client = browser(amina)
    for name in ("1.txt", "2.txt"):
        url = create(client, amina, 5, name)["Location"]
        assert send(client, url, 0, b"hello").status_code == 204
    assert EvidenceFile.objects.count() == 1
    assert room(f"learner:{amina}") == 5


def test_a_photo_is_kept_without_its_place_and_both_fingerprints_are_known(amina: int) -> None:
    client, photo, before = browser(amina), jpeg_with_place(), stored()
    url = create(client, amina, len(photo), "me.jpg", clean_pictures=True)["Location"]
    for start in range(0, len(photo), 200):
        send(client, url, start, photo[start : start + 200])
    file = EvidenceFile.objects.get()
    data = b"".join(client.get(f"/microcred/evidence/{file.pk}").streaming_content)
    assert b"SecretCam" not in data
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.sent_sha256 == hashlib.sha256(photo).hexdigest()
    assert room(f"learner:{amina}") == len(data)
    assert stored() - before == {file.stored_as}


def test_sound_can_be_wound_and_is_never_executed(amina: int) -> None:
    client, sound = browser(amina), wav(1)
    url = create(client, amina, len(sound), "voice.wav")["Location"]
    for start in range(0, len(sound), 5_000):
        send(client, url, start, sound[start : start + 5_000])
    file = EvidenceFile.objects.get()
    answer = client.get(f"/microcred/evidence/{file.pk}?inline=1", headers={"Range": "bytes=4990-5009"})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes 4990-5009/{len(sound)}"
    assert b"".join(answer.streaming_content) == sound[4990:5010]
    assert answer["Content-Disposition"].startswith("inline")
    tail = client.get(f"/microcred/evidence/{file.pk}", headers={"Range": "bytes=-7"})
    assert b"".join(tail.streaming_content) == sound[-7:]
    assert client.get(f"/microcred/evidence/{file.pk}", headers={"Range": "bytes=999999-"}).status_code == 416
    for nonsense in ("bytes=5-1", "bytes=a-b", "items=0-5", "bytes=0-1,3-4", "bytes=-"):
        assert client.get(f"/microcred/evidence/{file.pk}", headers={"Range": nonsense}).status_code in (
            200,
            416,
        )


def test_the_last_byte_twice_makes_one_file(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 5)["Location"]
    send(client, url, 0, b"hello")
    first = api.finish_upload(amina, url.rpartition("/")[2], now=timezone.now())
    assert first is not None
    assert [file.name for file in first.files] == ["notes.txt"]
    with pytest.raises(evidence.SubmissionNotFound):
        api.finish_upload(make_user("eve"), url.rpartition("/")[2], now=timezone.now())


def test_a_file_for_a_task_that_was_handed_in_meanwhile_is_refused(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 5)["Location"]
    api.save_evidence_text(amina, SPEC, PART, task(), text="words", link="", now=timezone.now())
    api.hand_in(amina, SPEC, PART, task(), now=timezone.now())
    answer = send(client, url, 0, b"hello")
    assert answer.status_code == 409
    assert client.head(url).status_code == 410
    assert create(client, amina, 5).status_code == 409
    assert not EvidenceFile.objects.exists()


def test_png_in_one_piece(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(png()), "a.png")["Location"]
    assert send(client, url, 0, png()).status_code == 204


def test_the_piece_type_is_required(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 5)["Location"]
    answer = client.patch(url, b"hello", content_type="text/plain", headers={"Upload-Offset": "0"})
    assert answer.status_code == 415
    assert client.get(url).status_code == 405


def test_a_scanner_that_is_away_loses_nothing(amina: int, settings: Any, tmp_path: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_SCANNER": f"unix:{tmp_path}/nobody"}
    client = browser(amina)
    url = create(client, amina, 5)["Location"]
    assert send(client, url, 0, b"hello").status_code == 503
    assert client.head(url)["Upload-Offset"] == "5"
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_SCANNER": ""}
    assert api.finish_upload(amina, url.rpartition("/")[2], now=timezone.now())
    assert EvidenceFile.objects.count() == 1


def test_the_fingerprint_is_the_same_when_processes_share_an_upload(amina: int) -> None:
    from microcred_app.applets.evidence import running_digest

    client, content = browser(amina), b"Many hands. " * 500
    url = create(client, amina, len(content))["Location"]
    for start in range(0, len(content), 1_000):
        if start == 3_000:  # another process takes over, and knows nothing of what went before
            running_digest._known.clear()
        send(client, url, start, content[start : start + 1_000])
    assert EvidenceFile.objects.get().sha256 == hashlib.sha256(content).hexdigest()
    assert not running_digest._known


def test_a_piece_that_did_not_count_is_not_in_the_fingerprint(amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, 10)["Location"]
    send(client, url, 0, b"hello")
    bad = base64.b64encode(b"0" * 20).decode()
    assert send(client, url, 5, b"EVIL!", **{"Upload-Checksum": f"sha1 {bad}"}).status_code == 460
    send(client, url, 5, b"world")
    assert EvidenceFile.objects.get().sha256 == hashlib.sha256(b"helloworld").hexdigest()

"""Pieces that go straight to an object store, which speaks S3: what counts, and what cannot be forged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.core.checks import run_checks
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile
from microcred_app.applets.evidence.upload_models import Upload, UploadPart
from tests.fixtures.catalogue import make_user
from tests.fixtures.object_store import running_store
from tests.rest.test_tus import browser, course, create, room, send  # noqa: F401

PIECE = 1_000
TEXT = b"".join(b"line %5d\n" % number for number in range(250))  # 2,750 bytes: three pieces


@pytest.fixture(scope="module")
def store_address() -> Iterator[str]:
    with running_store() as address:
        yield address


@pytest.fixture
def store(store_address: str, settings: Any) -> Any:
    """The evidence storage in a bucket of its own, with direct uploads switched on."""
    import boto3

    options = {
        "access_key": "test",
        "secret_key": "test",
        "bucket_name": "evidence",
        "endpoint_url": store_address,
        "region_name": "us-east-1",
        "signature_version": "s3v4",
        "location": "private",
        "file_overwrite": False,
    }
    client = boto3.client(
        "s3",
        endpoint_url=store_address,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        region_name="us-east-1",
    )
    requests.post(f"{store_address}/moto-api/reset", timeout=60)
    client.create_bucket(Bucket="evidence")
    settings.STORAGES = {
        **settings.STORAGES,
        "microcred_evidence": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    settings.MICROCRED = {
        **settings.MICROCRED,
        "EVIDENCE_DIRECT_UPLOADS": True,
        "EVIDENCE_DIRECT_PIECE_BYTES": PIECE,
    }
    return client


@pytest.fixture
def amina(store: Any) -> int:
    return make_user("amina")


def names(store: Any) -> set[str]:
    return {entry["Key"] for entry in store.list_objects_v2(Bucket="evidence").get("Contents", [])}


def ask(client: Client, url: str) -> dict[str, Any]:
    answer = client.post(f"{url}/address")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def say(client: Client, url: str, offset: int | str) -> Any:
    return client.post(f"{url}/arrived", headers={"Upload-Offset": str(offset)})


def leave(place: dict[str, Any], body: bytes) -> None:
    assert requests.put(place["url"], body, timeout=60).status_code == 200


def send_all(client: Client, url: str, body: bytes) -> Any:
    answer = None
    for offset in range(0, len(body), PIECE):
        place = ask(client, url)
        assert (place["offset"], place["size"]) == (offset, min(PIECE, len(body) - offset))
        leave(place, body[offset : offset + PIECE])
        answer = say(client, url, offset)
    return answer


def test_a_file_goes_to_the_store_in_pieces_and_is_digested_here(store: Any, amina: int) -> None:
    client = browser(amina)
    made = create(client, amina, len(TEXT))
    assert made["Microcred-Direct"] == "1"
    answer = send_all(client, made["Location"], TEXT)
    assert answer.status_code == 204 and answer["Upload-Offset"] == str(len(TEXT))
    file = EvidenceFile.objects.get()
    assert (file.size, file.sha256) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
    _info, content = evidence.open_evidence_file(amina, str(file.pk), now=timezone.now())
    with content:
        assert content.read() == TEXT
    assert not {name for name in names(store) if "incoming" in name}
    assert all(name.startswith("private/") for name in names(store))
    assert room(f"learner:{amina}") == len(TEXT)


def test_the_address_binds_name_length_and_time(store: Any, amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    place = ask(client, url)
    assert "X-Amz-SignedHeaders=content-length%3Bhost" in place["url"]
    assert "X-Amz-Expires=900" in place["url"]
    assert ask(client, url)["url"].partition("?")[0] == place["url"].partition("?")[0], (
        "one object at most waits"
    )
    for secret in ("amina", "notes", url.rsplit("/", 1)[-1]):
        assert secret not in place["url"].partition("?")[0]


def test_what_is_overwritten_after_it_counted_changes_nothing(store: Any, amina: int) -> None:
    """Whoever keeps the address can write to it for a quarter of an hour; nobody reads there any more."""
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    places = []
    for offset in range(0, len(TEXT), PIECE):
        places.append(ask(client, url))
        leave(places[-1], TEXT[offset : offset + PIECE])
        assert say(client, url, offset).status_code == 204
        leave(places[-1], b"<script>alert(1)</script>".ljust(places[-1]["size"]))
    file = EvidenceFile.objects.get()
    _info, content = evidence.open_evidence_file(amina, str(file.pk), now=timezone.now())
    with content:
        assert content.read() == TEXT
    assert file.sha256 == hashlib.sha256(TEXT).hexdigest()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE + 1, 5 * PIECE])
def test_more_or_less_than_was_agreed_does_not_count_and_does_not_stay(
    store: Any, amina: int, size: int
) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    leave(ask(client, url), b"x" * size)
    answer = say(client, url, 0)
    assert (answer.status_code, answer.json()["code"]) == (409, "piece_missing")
    assert client.head(url)["Upload-Offset"] == "0"
    assert names(store) == set()
    assert send_all(client, url, TEXT).status_code == 204


def test_words_without_bytes_count_for_nothing(store: Any, amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    assert say(client, url, 0).json()["code"] == "piece_missing"
    ask(client, url)
    assert say(client, url, 0).json()["code"] == "piece_missing"
    assert not UploadPart.objects.exists()


def test_replayed_and_reordered_pieces_change_nothing(store: Any, amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    leave(ask(client, url), TEXT[:PIECE])
    assert say(client, url, PIECE).status_code == 409
    assert say(client, url, 0).status_code == 204
    assert say(client, url, 0).status_code == 409
    assert say(client, url, 2 * PIECE).status_code == 409
    assert client.head(url)["Upload-Offset"] == str(PIECE)
    assert UploadPart.objects.count() == 1


@pytest.mark.parametrize("offset", ["-1", "", "x", "1e3", "9" * 30, "٣"])
def test_odd_offsets_are_refused(store: Any, amina: int, offset: str) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    assert client.post(f"{url}/arrived", HTTP_UPLOAD_OFFSET=offset).status_code == 400


def test_nobody_gets_an_address_for_anothers_upload(store: Any, amina: int) -> None:
    url = create(browser(amina), amina, len(TEXT))["Location"]
    eve = browser(make_user("eve"))
    assert eve.post(f"{url}/address").status_code == 404
    leave(ask(browser(amina), url), TEXT[:PIECE])
    assert say(eve, url, 0).status_code == 404
    assert browser(None).post(f"{url}/address").status_code == 403
    assert browser(amina, enforce_csrf_checks=True).post(f"{url}/address").status_code == 403
    assert browser(amina).get(f"{url}/address").status_code == 405
    assert browser(amina).head(url)["Upload-Offset"] == "0"


def test_the_last_piece_is_judged_like_every_file(store: Any, amina: int) -> None:
    """The store took it without looking; it counts for nothing until it was looked at here."""
    client = browser(amina)
    body = b"MZ" + bytes(1_500)
    url = create(client, amina, len(body), name="photo.png")["Location"]
    answer = send_all(client, url, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_refused")
    assert not EvidenceFile.objects.exists()
    assert names(store) == set()
    assert Upload.objects.get().state == Upload.REFUSED
    assert client.post(f"{url}/address").status_code == 410
    assert room(f"learner:{amina}") == 0


def test_an_upload_that_ends_takes_what_waits_with_it(store: Any, amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    leave(ask(client, url), TEXT[:PIECE])
    assert say(client, url, 0).status_code == 204
    leave(ask(client, url), TEXT[PIECE : 2 * PIECE])
    assert len(names(store)) == 2
    assert client.delete(url).status_code == 204
    assert names(store) == set()


def test_pieces_through_the_site_and_past_it_make_one_file(store: Any, amina: int) -> None:
    client = browser(amina)
    url = create(client, amina, len(TEXT))["Location"]
    leave(ask(client, url), TEXT[:PIECE])
    say(client, url, 0)
    assert send(client, url, PIECE, TEXT[PIECE:]).status_code == 204
    assert EvidenceFile.objects.get().sha256 == hashlib.sha256(TEXT).hexdigest()
    assert client.post(f"{url}/address").status_code == 409


def test_quota_and_size_hold_before_any_address_is_given(store: Any, amina: int, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_LEARNER_BYTES": 2_000}
    assert create(browser(amina), amina, len(TEXT)).status_code == 413
    assert not Upload.objects.exists()


def test_where_it_is_switched_off_there_are_no_addresses(store: Any, amina: int, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_DIRECT_UPLOADS": False}
    client = browser(amina)
    made = create(client, amina, len(TEXT))
    assert "Microcred-Direct" not in made
    assert client.post(f"{made['Location']}/address").status_code == 404
    assert send(client, made["Location"], 0, TEXT).status_code == 204
    assert len(names(store)) == 1, "the store serves pieces through the site as well"


def test_the_check_wants_a_store_that_binds_lengths(store: Any, settings: Any) -> None:
    def found() -> set[str]:
        return {message.id for message in run_checks(tags=["microcred"]) if message.id}

    assert not found() & {"microcred.E011", "microcred.E012"}
    options = {**settings.STORAGES["microcred_evidence"]["OPTIONS"]}
    del options["signature_version"]
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "microcred_evidence": backend}
    assert "microcred.E012" in found()
    local = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "microcred_evidence": local}
    assert "microcred.E011" in found()
    assert storages["microcred_evidence"] is not None

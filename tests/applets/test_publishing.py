"""Work that a learner publishes with a badge: an address in the signed credential, which they may take back."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards import api as awards
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.catalogue import NOW, make_user, publish, unit
from tests.fixtures.media import png
from tests.interop.verifiers import validate_against_schema

SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key
TASK = evidence.EvidenceTask(3, 1_000_000, ("image", "text"), True, True, "auto", {}, "Photo")
WORDS = "<script>alert(1)</script> I mended it."
LINK = "https://work.example/mine?a=1&b=2"


@pytest.fixture(autouse=True)
def everybody_is_enrolled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_enrolled", lambda _s, _u, _c: True)


def draft(learner: int) -> str:
    body = io.BytesIO(png())
    api.add_evidence_file(learner, SPEC, PART, TASK, filename="bike.png", content=body, now=NOW)
    return api.save_evidence_text(learner, SPEC, PART, TASK, text=WORDS, link=LINK, now=NOW).id


def hand_in(learner: int) -> None:
    api.hand_in(learner, SPEC, PART, TASK, now=NOW)


def credential_of(learner: int) -> issuance.IssuedCredential:
    found = issuance.credential_of_award(awards.list_awards(learner_id=learner)[0].id)
    assert found is not None
    return found


def entries(credential: issuance.IssuedCredential) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(credential.document)["evidence"]
    return found


def addresses(learner: int) -> list[str]:
    return [path for own in evidence.list_own(learner, now=NOW) for _kind, path in own.addresses]


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def amina() -> int:
    publish("micro-a", {"outcome": "o.a"})
    return make_user("amina")


@pytest.fixture
def published(amina: int) -> int:
    """A learner who agreed before the badge was issued."""
    evidence.publish_with_credential(amina, draft(amina), wanted=True, now=NOW)
    hand_in(amina)
    return amina


def test_without_consent_a_credential_has_fingerprints_and_no_address(amina: int) -> None:
    draft(amina)
    hand_in(amina)
    assert [("id" in entry, "digestMultibase" in entry) for entry in entries(credential_of(amina))] == [
        (False, True)
    ] * 3
    assert addresses(amina) == []


def test_with_consent_every_entry_has_an_address_whose_bytes_have_its_fingerprint(published: int) -> None:
    credential = credential_of(published)
    assert api.verify_credential(credential.document, now=NOW).verdict == "valid"
    for family in ("strict", "published"):
        assert validate_against_schema(json.loads(credential.document), family) == []
    found = entries(credential)
    assert len({entry["id"] for entry in found}) == 3
    lines = issuance.evidence_of(credential.document)
    for entry, line in zip(found, lines, strict=True):
        assert "bike" not in json.dumps(entry)
        answer = Client().get(entry["id"].partition("://")[2].partition("/")[2].join(["/", ""]))
        assert answer.status_code == 200
        assert hashlib.sha256(body_of(answer)).hexdigest() == line.sha256
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("attachment")


def test_people_see_a_page_that_executes_nothing_and_is_not_listed(published: int) -> None:
    for path in addresses(published):
        page = Client().get(path, headers={"Accept": "text/html"})
        text = page.content.decode()
        assert page.status_code == 200 and page["X-Robots-Tag"] == "noindex, nofollow"
        assert "<script>alert" not in text and "Amina" not in text and "amina" not in text


def test_taken_back_it_is_gone_and_the_credential_stays_valid(published: int) -> None:
    before = credential_of(published).document
    paths = addresses(published)
    key = str(Submission.objects.get().pk)
    evidence.publish_with_credential(published, key, wanted=False, now=NOW)
    for path in paths:
        for accept in ("text/html", "*/*"):
            answer = Client().get(path, headers={"Accept": accept})
            assert answer.status_code == 410
            assert b"mended" not in answer.content and b"PNG" not in answer.content
        assert Client().get(f"{path}?inline=1").status_code == 410
    assert credential_of(published).document == before
    assert api.verify_credential(before, now=NOW).verdict == "valid"
    assert addresses(published) == []
    evidence.publish_with_credential(published, key, wanted=True, now=NOW)
    assert addresses(published) == paths
    assert {Client().get(path).status_code for path in paths} == {200}


def test_whoever_agrees_later_has_it_on_the_badges_page_and_in_the_next_document(amina: int) -> None:
    key = draft(amina)
    hand_in(amina)
    credential = credential_of(amina)
    issuance.share_credential(amina, credential.id, now=timezone.now())
    page = f"/microcred/credentials/{credential.id}"
    html = {"Accept": "text/html"}
    assert "Look at the work" not in Client().get(page, headers=html).content.decode()
    evidence.publish_with_credential(amina, key, wanted=True, now=NOW)
    shown = Client().get(page, headers=html).content.decode()
    assert shown.count("Look at the work") == 3
    assert all(path in shown for path in addresses(amina))
    assert credential_of(amina).document == credential.document
    Credential.objects.all().delete()
    issuance.sign_award(awards.list_awards(learner_id=amina)[0], now=timezone.now())
    assert all("id" in entry for entry in entries(credential_of(amina)))
    evidence.publish_with_credential(amina, key, wanted=False, now=NOW)
    assert "Look at the work" not in Client().get(page, headers=html).content.decode()


def test_both_roads_of_signing_write_the_same(published: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcred_app.applets.issuance.composition.secrets.token_hex", lambda n: "5a" * n)
    award = awards.list_awards(learner_id=published)[0]
    found = []
    for sign in (
        lambda: issuance.sign_award(award, now=NOW).document,
        lambda: issuance.issue_many([award], now=NOW)[award.id].document,
    ):
        Credential.objects.all().delete()
        found.append(json.loads(sign())["evidence"])
    assert found[0] == found[1]
    assert all("id" in entry for entry in found[0])


def test_removed_work_is_gone_from_its_address(published: int) -> None:
    paths = addresses(published)
    evidence.remove_own(published, str(Submission.objects.get().pk), now=NOW)
    assert {Client().get(path).status_code for path in paths} == {410}


def test_a_forgotten_learner_is_found_nowhere(published: int) -> None:
    paths = addresses(published)
    evidence.retire_learner(published, now=NOW)
    assert {Client().get(path).status_code for path in paths} == {410}
    assert not Submission.objects.get().publish_with_credential


def test_work_that_is_not_accepted_any_more_is_not_published(published: int) -> None:
    paths = addresses(published)
    Submission.objects.update(state=Submission.RETURNED)
    assert {Client().get(path).status_code for path in paths} == {410}
    assert addresses(published) == []


def test_nobody_publishes_or_takes_back_for_another(published: int) -> None:
    eve, key = make_user("eve"), str(Submission.objects.get().pk)
    for wanted in (True, False):
        with pytest.raises(evidence.SubmissionNotFound):
            evidence.publish_with_credential(eve, key, wanted=wanted, now=NOW)
    assert {Client().get(path).status_code for path in addresses(published)} == {200}


def test_an_address_opens_nothing_beside_it(published: int) -> None:
    """Guessed kinds, other people's digests, submission ids and file ids instead of the publication's lead nowhere."""
    path = next(path for path in addresses(published) if "/file/" in path)
    publication, digest = path.split("/")[-3], path.split("/")[-1]
    ben = make_user("ben")
    theirs = draft(ben)
    api.save_evidence_text(ben, SPEC, PART, TASK, text="Bens words", link="", now=NOW)
    file, submission = EvidenceFile.objects.filter(submission__learner=published).get(), Submission.objects
    base = "/microcred/evidence/published"
    bens = hashlib.sha256(b"Bens words").hexdigest()
    for attempt in (
        f"{base}/{publication}/text/{bens}",
        f"{base}/{publication}/file/{bens}",
        f"{base}/{publication}/text/{digest}",
        f"{base}/{publication}/link/{digest}",
        f"{base}/{publication}/stored_as/{digest}",
        f"{base}/{publication}/file/{digest.upper()}",
        f"{base}/{publication}/file/..%2f..%2fetc%2fpasswd",
        f"{base}/{publication}/file/{digest[:-1]}",
        f"{base}/{publication}/text/{hashlib.sha256(b'').hexdigest()}",
        f"{base}/{submission.get(learner=published).pk}/file/{digest}",
        f"{base}/{theirs}/file/{digest}",
        f"{base}/{file.pk}/file/{digest}",
        f"{base}/not-an-id/file/{digest}",
        f"{base}/{publication}/file/%00",
    ):
        answer = Client().get(attempt)
        assert answer.status_code == 404, attempt
    assert Client().post(path).status_code == 405


def test_visits_are_in_the_log_once_an_hour_and_choices_each_time(published: int) -> None:
    for _round in range(3):
        for path in addresses(published):
            body_of(Client().get(path))
    opened = AuditEntry.objects.filter(action="evidence.opened")
    assert opened.count() == 2  # the file, and the words
    assert all(entry.actor_id is None for entry in opened)
    assert AuditEntry.objects.filter(action="evidence.publishing_chosen").count() == 1


def test_the_learner_reads_what_is_published_and_where(published: int, client: Client) -> None:
    client.force_login(get_user_model().objects.get(pk=published))
    page = client.get("/microcred/my/evidence/").content.decode()
    assert "It is published" in page
    assert all(path in page for path in addresses(published))

"""What learners hand in: let in by its bytes, kept private, judged once."""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from PIL import Image

from microcred_app import api
from microcred_app.applets.attainments.models import Attainment
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.file_policy import clean_name
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from tests.fixtures.catalogue import COURSE, NOW, make_user, publish, unit

RUBRIC = {
    "criteria": [
        {
            "id": "c",
            "name": "Care",
            "levels": [{"id": "0", "name": "Low", "points": 0}, {"id": "2", "name": "High", "points": 2}],
        }
    ],
    "pass_points": 2,
}
SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key


def task(**changes: Any) -> evidence.EvidenceTask:
    values: dict[str, Any] = {
        "max_files": 2,
        "max_bytes": 1_000_000,
        "accept": ("image", "pdf", "text"),
        "allow_text": True,
        "allow_link": True,
        "review_mode": "staff",
        "rubric": RUBRIC,
        "title": "Photo",
    }
    return evidence.EvidenceTask(**(values | changes))


def png(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "b")
    return buffer.getvalue()


def add(
    learner: int, name: str = "photo.png", content: bytes | None = None, **changes: Any
) -> evidence.SubmissionInfo:
    body = io.BytesIO(png() if content is None else content)
    return api.add_evidence_file(learner, SPEC, PART, task(**changes), filename=name, content=body, now=NOW)


def stored_files() -> list[str]:
    storage = storages["microcred_evidence"]
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]]


@pytest.fixture(autouse=True)
def platform_roles(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[int]]:
    """Who reviews the course: whoever is put into the set."""
    reviewers: set[int] = set()
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_reviewer", lambda _s, user, _c: user in reviewers)
    monkeypatch.setattr(
        "demo_site.platform.DemoPlatform.reviewable_courses",
        lambda _s, user: (COURSE,) if user in reviewers else (),
    )
    return {"reviewers": reviewers}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.png", b"", "is empty"),
        ("page.png", b"<!doctype html><script>alert(1)</script>", "not what its name says"),
        ("drawing.svg", b"<svg onload='alert(1)'/>", "not of an accepted type"),
        ("program.exe", b"MZ", "not of an accepted type"),
        ("noextension", png(), "not of an accepted type"),
        ("photo.png.html", png(), "not of an accepted type"),
        ("photo.jpg", png(), "not what its name says"),
        ("scan.pdf", png(), "not what its name says"),
        ("scan.pdf", b"GIF89a%PDF-1.7", "not what its name says"),
        ("archive.pdf", zipped(), "not what its name says"),
        ("half.png", png()[:40], "not what its name says"),
        ("notes.txt", b"\xff\xfe\x00", "not what its name says"),
        ("notes.txt", b"  <script>alert(1)</script>", "not what its name says"),
        ("big.png", png() + b"0" * 1_000_001, "the limit is 1.0 MB"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_and_not_kept(
    name: str, content: bytes, said: str
) -> None:
    learner, before = make_user(), stored_files()
    with pytest.raises(evidence.FileRefused, match=said):
        add(learner, name, content)
    assert stored_files() == before
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\fotos\\mein rad.png", "mein rad.png"),
        ("صورة \u202egnp.png", "صورة gnp.png"),
        ("a\u0000b\n.png", "ab.png"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
        ("🔧.png", "🔧.png"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_are_reduced_to_what_can_be_shown(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_good_file_is_kept_under_a_name_that_tells_nothing() -> None:
    info = add(make_user(), "../../my holiday.png")
    row = EvidenceFile.objects.get()
    assert info.files[0].name == "my holiday.png"
    assert info.files[0].sha256 == hashlib.sha256(png()).hexdigest()
    assert "holiday" not in row.stored_as
    assert storages["microcred_evidence"].open(row.stored_as).read() == png()


def test_the_same_file_twice_is_one_file_and_one_too_many_is_refused() -> None:
    learner, before = make_user(), len(stored_files())
    add(learner)
    assert len(add(learner).files) == 1
    add(learner, content=png("blue"))
    with pytest.raises(evidence.FileRefused, match="At most 2 files"):
        add(learner, content=png("green"))
    assert len(stored_files()) == before + 2


def test_twenty_one_files_are_one_too_many_whatever_the_task_allows() -> None:
    learner = make_user()
    for shade in range(20):
        add(learner, content=png(f"#0000{shade:02x}"), max_files=100)
    with pytest.raises(evidence.FileRefused, match="At most 20 files"):
        add(learner, content=png("white"), max_files=100)


def test_an_empty_submission_cannot_be_handed_in() -> None:
    with pytest.raises(evidence.EvidenceMissing):
        api.hand_in(make_user(), SPEC, PART, task(), now=NOW)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "not a link", "file:///etc/passwd", "https://u:p@x.example/"]
)
def test_a_link_that_leads_nowhere_good_is_refused(link: str) -> None:
    with pytest.raises(evidence.FileRefused):
        api.save_evidence_text(make_user(), SPEC, PART, task(), text="", link=link, now=NOW)


def test_automatic_acceptance_completes_the_unit_at_once() -> None:
    publish("micro-a", {"outcome": "o.a"})
    learner = make_user()
    add(learner)
    submission, progress = api.hand_in(learner, SPEC, PART, task(review_mode="auto"), now=NOW)
    assert submission.state == "accepted"
    assert progress.complete
    assert [badge.badge_key for badge in progress.earned] == ["micro-a"]
    assert Attainment.objects.get().evidence[0]["sha256"] == hashlib.sha256(png()).hexdigest()


def test_handing_in_twice_at_once_is_handing_in_once() -> None:
    learner = make_user()
    add(learner)

    def press(_number: int) -> str:
        try:
            return api.hand_in(learner, SPEC, PART, task(), now=NOW)[0].state
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {"in_review"}
    assert Submission.objects.count() == 1


def test_what_was_handed_in_cannot_be_changed() -> None:
    learner = make_user()
    file_id = add(learner).files[0].id
    api.hand_in(learner, SPEC, PART, task(), now=NOW)
    for attempt in (
        lambda: add(learner, content=png("blue")),
        lambda: api.remove_evidence_file(learner, PART, file_id),
        lambda: api.save_evidence_text(learner, SPEC, PART, task(), text="x", link="", now=NOW),
    ):
        with pytest.raises(evidence.EvidenceClosed):
            attempt()
    assert len(api.current_submission(learner, PART).files) == 1


def test_a_removed_file_is_gone_from_storage() -> None:
    learner, before = make_user(), stored_files()
    info = add(learner)
    assert api.remove_evidence_file(learner, PART, info.files[0].id).files == ()
    assert stored_files() == before
    with pytest.raises(evidence.SubmissionNotFound):
        api.remove_evidence_file(learner, PART, info.files[0].id)


def test_files_open_for_owner_and_reviewer_only(platform_roles: dict[str, set[int]]) -> None:
    learner, reviewer, stranger = make_user(), make_user("tomas"), make_user("stranger")
    platform_roles["reviewers"].add(reviewer)
    file_id = add(learner).files[0].id
    with pytest.raises(evidence.SubmissionNotFound):  # a draft is its owner's alone
        evidence.open_evidence_file(reviewer, file_id, now=NOW)
    api.hand_in(learner, SPEC, PART, task(), now=NOW)
    for person in (learner, reviewer):
        with evidence.open_evidence_file(person, file_id, now=NOW)[1] as content:
            assert content.read() == png()
    for person, wanted in ((stranger, file_id), (learner, "nonsense"), (learner, "../secret")):
        with pytest.raises(evidence.SubmissionNotFound):
            evidence.open_evidence_file(person, wanted, now=NOW)

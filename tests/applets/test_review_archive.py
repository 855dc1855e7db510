"""What learners handed in as one zip file: bounded, audited, with names and cells that do no harm."""

import csv
import hashlib
import io
import random
import zipfile

import pytest
from django.core.files.storage import storages
from PIL import Image

from microcred_app.applets.audit import api as audit
from microcred_app.applets.evidence.models import EvidenceFile
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.reviews import archive
from tests.fixtures.catalogue import NOW, make_user
from tests.fixtures.review_world import add_file, hand_in, picture, save_text

ALL = reviews.QueueFilter(state="all")


@pytest.fixture
def ana(judges: set[int]) -> int:
    user = make_user("ana")
    judges.add(user)
    return user


def noise(size: int) -> bytes:
    """A real picture of at least *size* bytes: noise does not shrink."""
    side = int((size / 3) ** 0.5) + 1
    pixels = random.Random(7).randbytes(3 * side * side)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (side, side), pixels).save(buffer, "PNG")
    return buffer.getvalue()


def fetched(reviewer: int, wanted: reviews.QueueFilter = ALL) -> zipfile.ZipFile:
    data = b"".join(reviews.write_archive(reviews.plan_archive(reviewer, wanted, now=NOW)))
    return zipfile.ZipFile(io.BytesIO(data))


def manifest(found: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.read("manifest.csv").decode("utf-8-sig"))))


def test_every_file_is_there_with_its_digest(ana: int) -> None:
    learner = make_user()
    save_text(learner, "My notes", link="https://x.example/")
    hand_in(learner)
    found = fetched(ana)
    assert found.testzip() is None
    assert sorted(found.namelist()) == [
        "0001_Amina_Diallo_attempt1/01_photo.png",
        "0001_Amina_Diallo_attempt1/link.txt",
        "0001_Amina_Diallo_attempt1/text.txt",
        "manifest.csv",
    ]
    for line in manifest(found):
        assert line["digest holds"] == "yes"
        assert hashlib.sha256(found.read(line["file"])).hexdigest() == line["sha256"]
    assert found.read("0001_Amina_Diallo_attempt1/01_photo.png") == picture()


def test_names_never_leave_the_archive_and_cells_are_no_formulas(ana: int) -> None:
    learner = make_user("evil", first_name="../../=cmd|' /C calc'!A0", last_name="")
    add_file(learner, "green", name="=HYPERLINK(1).png")
    hand_in(learner)
    EvidenceFile.objects.filter(name="photo.png").update(name="../../../etc/cron.d/x.png")
    found = fetched(ana)
    for name in found.namelist():
        assert not name.startswith(("/", ".")) and ".." not in name and "\\" not in name and ":" not in name
    for line in manifest(found):
        for value in line.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), value
    assert any("HYPERLINK" in line["original name"] for line in manifest(found))


def test_a_file_that_is_gone_or_changed_is_told_in_the_list(ana: int) -> None:
    learner = make_user()
    add_file(learner, "green")
    hand_in(learner)
    gone, changed = EvidenceFile.objects.order_by("pk")
    storage = storages["microcred_evidence"]
    storage.delete(gone.stored_as)
    with open(storage.path(changed.stored_as), "ab") as content:  # noqa: PTH123
        content.write(b"x")
    assert sorted(line["digest holds"] for line in manifest(fetched(ana))) == ["MISSING", "NO"]


def test_it_stands_in_the_audit_log_and_holds_only_what_the_reader_may_see(ana: int) -> None:
    submission = hand_in(make_user())
    hand_in(ana, colour="blue")
    assert len(fetched(ana).namelist()) == 2
    entry = audit.list_entries(action="evidence.downloaded")[0]
    assert (entry.actor_id, entry.details["submissions"], entry.details["files"]) == (ana, [submission], 1)
    assert fetched(make_user("stranger")).namelist() == ["manifest.csv"]


def test_it_is_bounded_before_anything_is_opened(ana: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        hand_in(make_user(f"l{number}"))
    monkeypatch.setattr(archive, "MAX_SUBMISSIONS", 2)
    with pytest.raises(reviews.ArchiveTooLarge, match="at most 2 submissions"):
        reviews.plan_archive(ana, ALL, now=NOW)
    monkeypatch.setattr(archive, "MAX_SUBMISSIONS", 3)
    monkeypatch.setattr(archive, "MAX_BYTES", 10)
    with pytest.raises(reviews.ArchiveTooLarge, match="Narrow the list"):
        reviews.plan_archive(ana, ALL, now=NOW)
    assert audit.list_entries(action="evidence.downloaded") == ()


def test_it_is_sent_piece_by_piece(ana: int) -> None:
    learner = make_user()
    big = noise(900_000)
    add_file(learner, content=big, name="big.png")
    hand_in(learner)
    pieces = list(reviews.write_archive(reviews.plan_archive(ana, ALL, now=NOW)))
    assert max(map(len, pieces)) < 400_000

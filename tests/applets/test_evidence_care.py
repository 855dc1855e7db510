"""Evidence in custody: deadlines, accommodations, links, traces, retention, forgetting, rubrics to use again."""

from __future__ import annotations

import hashlib
import io
import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from microcred_app import api
from microcred_app.applets.audit import api as audit
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.care_models import Accommodation, FileAccess
from microcred_app.applets.evidence.deadlines import Allowance, standing
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from microcred_app.applets.evidence.upload_models import StorageUse, Upload
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, make_user, unit
from tests.fixtures.media import mp4, png

SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key
DAY = timedelta(days=1)
LEVELS = [{"id": "0", "name": "Low", "points": 0}, {"id": "2", "name": "High", "points": 2}]
RUBRIC = {"criteria": [{"id": "c", "name": "Care", "levels": LEVELS}], "pass_points": 2}


@pytest.fixture(autouse=True)
def roles(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Who is what in the course, and when it ends."""
    known: dict[str, Any] = {"staff": set(), "end": None}
    demo = "demo_site.platform.DemoPlatform"
    monkeypatch.setattr(f"{demo}.is_enrolled", lambda _s, _u, _c: True)
    monkeypatch.setattr(f"{demo}.is_course_staff", lambda _s, user, _c: user in known["staff"])
    monkeypatch.setattr(f"{demo}.is_reviewer", lambda _s, user, _c: user in known["staff"])
    monkeypatch.setattr(f"{demo}.course_end", lambda _s, _c: known["end"])
    return known


def task(**changes: Any) -> evidence.EvidenceTask:
    values: dict[str, Any] = {
        "max_files": 3,
        "max_bytes": 1_000_000,
        "accept": ("image", "text", "audio", "video"),
        "allow_text": True,
        "allow_link": True,
        "review_mode": "staff",
        "rubric": RUBRIC,
        "title": "Photo",
    }
    return evidence.EvidenceTask(**(values | changes))


def add(learner: int, name: str = "photo.png", content: bytes = b"", now: Any = NOW, **changes: Any) -> Any:
    body = io.BytesIO(content or png())
    return api.add_evidence_file(learner, SPEC, PART, task(**changes), filename=name, content=body, now=now)


def hand_in(learner: int, now: Any = NOW, **changes: Any) -> Any:
    return api.hand_in(learner, SPEC, PART, task(**changes), now=now)[0]


def send_back(learner: int, reviewer: int, now: Any = NOW) -> None:
    waiting = Submission.objects.get(learner_id=learner, state="in_review")
    reviews.decide(reviewer, str(waiting.pk), passed=False, levels={"c": "0"}, comment="Sharper", now=now)


# Deadlines


def test_late_work_is_marked_or_refused_as_the_author_chose() -> None:
    learner, over = make_user(), {"due_at": NOW - 2 * DAY, "closes_at": NOW - DAY}
    add(learner)
    with pytest.raises(evidence.EvidenceClosed, match="time for this task is over"):
        hand_in(learner, late_work="refuse", **over)
    with pytest.raises(evidence.EvidenceClosed):
        add(learner, content=png("blue"), late_work="refuse", **over)
    assert hand_in(learner, **over).late is True


def test_the_grace_period_counts() -> None:
    learner = make_user()
    add(learner)
    assert hand_in(learner, due_at=NOW - DAY, closes_at=NOW + DAY, late_work="refuse").late is False


def test_whoever_is_sent_back_after_the_due_date_still_has_the_next_try(roles: dict[str, Any]) -> None:
    learner, reviewer = make_user(), make_user("tomas")
    roles["staff"].add(reviewer)
    over = {"due_at": NOW, "closes_at": NOW, "late_work": "refuse", "resubmit_days": 3}
    add(learner)
    hand_in(learner, **over)
    send_back(learner, reviewer, NOW + 7 * DAY)
    add(learner, content=png("blue"), now=NOW + 9 * DAY, **over)
    with pytest.raises(evidence.EvidenceClosed):
        hand_in(learner, now=NOW + 11 * DAY, **over)
    assert hand_in(learner, now=NOW + 10 * DAY, **over).late is False


def test_attempts_are_counted_in_all(roles: dict[str, Any]) -> None:
    learner, reviewer = make_user(), make_user("tomas")
    roles["staff"].add(reviewer)
    add(learner, attempts=1)
    hand_in(learner, attempts=1)
    send_back(learner, reviewer)
    with pytest.raises(evidence.EvidenceClosed, match="all your attempts"):
        add(learner, content=png("blue"), attempts=1)
    evidence.grant_accommodation(
        reviewer, COURSE, learner_id=learner, extra_days=0, extra_attempts=1, reason="Ill", now=NOW
    )
    add(learner, content=png("blue"), attempts=1)
    assert hand_in(learner, attempts=1).attempt == 2


def test_an_accommodation_moves_the_date_and_says_so() -> None:
    found = standing(
        task(due_at=NOW, closes_at=NOW, late_work="refuse"),
        attempt=1,
        returned_at=None,
        allowance=Allowance(extra_days=2),
        now=NOW + DAY,
    )
    assert (found.refused, found.late, found.due_at, found.accommodated) == ("", False, NOW + 2 * DAY, True)


def test_every_form_is_asked_for_where_each_is_needed() -> None:
    learner, both = make_user(), {"needs": "all", "allow_link": False, "accept": ("image", "video")}
    add(learner, **both)
    with pytest.raises(evidence.EvidenceMissing, match="a video, a text"):
        hand_in(learner, **both)
    add(learner, "clip.mp4", mp4(), **both)
    api.save_evidence_text(learner, SPEC, PART, task(**both), text="So.", link="", now=NOW)
    assert hand_in(learner, **both).state == "in_review"


def test_how_many_are_judged_twice_is_kept_with_the_submission() -> None:
    learner = make_user()
    add(learner)
    hand_in(learner, second_marker_percent=20)
    assert Submission.objects.get().second_marker_percent == 20


# Accommodations


@pytest.mark.parametrize(
    "changes",
    [
        {"extra_days": -1},
        {"extra_days": 366},
        {"extra_attempts": 21},
        {"extra_days": 0},
        {"reason": "  "},
        {"reason": "x" * 501},
    ],
)
def test_accommodations_are_bounded_and_have_a_reason(roles: dict[str, Any], changes: dict[str, Any]) -> None:
    staff, learner = make_user("staff"), make_user()
    roles["staff"].add(staff)
    values = {
        "learner_id": learner,
        "extra_days": 2,
        "extra_attempts": 0,
        "reason": "Ill",
        "now": NOW,
    } | changes
    with pytest.raises(evidence.EvidenceError):
        evidence.grant_accommodation(staff, COURSE, **values)
    assert not Accommodation.objects.exists()


def test_only_staff_grant_and_end_and_the_log_names_no_learner(roles: dict[str, Any]) -> None:
    staff, learner = make_user("staff"), make_user()
    values = {"learner_id": learner, "extra_days": 2, "extra_attempts": 1, "reason": "Dyslexia", "now": NOW}
    with pytest.raises(evidence.MayNotGrant):
        evidence.grant_accommodation(learner, COURSE, **values)
    roles["staff"].add(staff)
    evidence.grant_accommodation(staff, COURSE, **values)
    row = evidence.list_accommodations(staff, COURSE)[0]
    with pytest.raises(evidence.MayNotGrant):
        evidence.end_accommodation(learner, row.id, now=NOW)
    evidence.end_accommodation(staff, row.id, now=NOW)
    evidence.end_accommodation(staff, row.id, now=NOW)
    assert evidence.list_accommodations(staff, COURSE) == ()
    actions = {entry.action for entry in audit.list_entries(object_type="accommodation")}
    assert actions == {"evidence.accommodation_granted", "evidence.accommodation_ended"}
    assert all("Dyslexia" not in str(entry) for entry in audit.list_entries(object_type="accommodation"))


# Links and traces


def test_a_link_opens_one_file_until_it_ends() -> None:
    owner, eve = make_user(), make_user("eve")
    file = add(owner).files[0]
    with pytest.raises(evidence.SubmissionNotFound):
        evidence.make_link(eve, file.id, days=3, note="", now=NOW)
    link = evidence.make_link(owner, file.id, days=3, note="For the\nemployer", now=NOW)
    assert link.note == "For the employer"
    token = link.url.rpartition("/")[2]
    with evidence.open_linked_file(token, now=NOW + 2 * DAY)[1] as content:
        assert content.read() == png()
    for wrong, moment in ((token, NOW + 3 * DAY), (token[:-1] + "x", NOW), ("nonsense", NOW), (link.id, NOW)):
        with pytest.raises(evidence.SubmissionNotFound):
            evidence.open_linked_file(wrong, now=moment)
    with pytest.raises(evidence.SubmissionNotFound):
        evidence.revoke_link(eve, link.id, now=NOW)
    evidence.revoke_link(owner, link.id, now=NOW)
    with pytest.raises(evidence.SubmissionNotFound):
        evidence.open_linked_file(token, now=NOW)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_links_last_a_day_to_three_months(days: int) -> None:
    owner = make_user()
    with pytest.raises(evidence.EvidenceError, match="1 to 90"):
        evidence.make_link(owner, add(owner).files[0].id, days=days, note="", now=NOW)


def test_a_video_played_in_a_hundred_pieces_is_one_access() -> None:
    owner = make_user()
    file_id = add(owner).files[0].id
    for _piece in range(20):
        evidence.open_evidence_file(owner, file_id, now=NOW)[1].close()
    evidence.open_evidence_file(owner, file_id, now=NOW + timedelta(hours=1))[1].close()
    assert FileAccess.objects.count() == 2
    assert len(audit.list_entries(action="evidence.opened")) == 2


# Retention


def stored() -> set[str]:
    storage = storages["microcred_evidence"]
    return {f"{folder}/{name}" for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]}


def test_a_course_keeps_evidence_as_long_as_it_says_and_the_fingerprints_for_ever(
    roles: dict[str, Any],
) -> None:
    learner, staff = make_user(), make_user("staff")
    add(learner)
    api.save_evidence_text(learner, SPEC, PART, task(), text="My words", link="", now=NOW)
    hand_in(learner, review_mode="auto")
    before = evidence.accepted_digests(learner, [PART])
    name = EvidenceFile.objects.get().stored_as
    with pytest.raises(evidence.MayNotGrant):
        evidence.set_retention(learner, COURSE, days=30, now=NOW)
    roles["staff"].add(staff)
    evidence.set_retention(staff, COURSE, days=30, now=NOW)
    assert evidence.apply_retention(NOW) == 0  # the course has no end
    roles["end"] = NOW
    assert evidence.apply_retention(NOW + 29 * DAY) == 0
    assert evidence.apply_retention(NOW + 31 * DAY) == 1
    assert evidence.apply_retention(NOW + 31 * DAY) == 0
    assert name not in stored()
    row = Submission.objects.get()
    assert (row.text, row.state) == ("", "accepted")
    assert evidence.accepted_digests(learner, [PART]) == before
    assert before[1].sha256 == hashlib.sha256(b"My words").hexdigest()
    with pytest.raises(evidence.SubmissionNotFound, match="removed"):
        evidence.open_evidence_file(learner, before and str(EvidenceFile.objects.get().pk), now=NOW)
    assert StorageUse.objects.get(scope=f"learner:{learner}").taken == 0


def test_work_that_waits_for_a_reviewer_is_never_removed(roles: dict[str, Any]) -> None:
    learner = make_user()
    add(learner)
    info = hand_in(learner)
    roles["end"] = NOW
    evidence.set_retention(None, COURSE, days=0, now=NOW)
    assert evidence.apply_retention(NOW + 99 * DAY) == 0
    with pytest.raises(evidence.EvidenceClosed):
        evidence.remove_own(learner, info.id, now=NOW)
    with pytest.raises(evidence.SubmissionNotFound):
        evidence.remove_own(make_user("eve"), info.id, now=NOW)


def test_forgetting_a_learner_leaves_digests_and_nothing_else(roles: dict[str, Any]) -> None:
    learner, staff = make_user(), make_user("staff")
    roles["staff"].add(staff)
    file = add(learner, "Amina Diallo.png").files[0]
    api.save_evidence_text(
        learner, SPEC, PART, task(), text="I, Amina", link="https://amina.example", now=NOW
    )
    evidence.make_link(learner, file.id, days=9, note="boss", now=NOW)
    evidence.grant_accommodation(
        staff, COURSE, learner_id=learner, extra_days=1, extra_attempts=0, reason="x", now=NOW
    )
    evidence.open_evidence_file(learner, file.id, now=NOW)[1].close()
    hand_in(learner, review_mode="auto")
    other = unit("b", kind="evidence")
    slot = evidence.EvidenceSlot(learner, COURSE, other.usage_key, other.parts[0].usage_key, "B")
    upload = evidence.begin_upload(slot, task(), filename="b.txt", length=9, fingerprint="", now=NOW)
    evidence.add_piece(learner, upload.id, offset=0, chunks=[b"abc"], announced=3, checksum="", now=NOW)
    before, files = evidence.accepted_digests(learner, [PART]), stored()
    for _twice in range(2):
        api.retire_learner(learner, now=NOW)
    assert evidence.accepted_digests(learner, [PART]) == before
    assert len(files - stored()) == 2
    kept = EvidenceFile.objects.get()
    assert (kept.name, kept.links.count(), kept.accesses.count()) == ("", 0, 0)
    row = Submission.objects.get(part_usage_key=PART)
    assert (row.text, row.link) == ("", "")
    assert not Upload.objects.exists()
    assert not Accommodation.objects.exists()
    assert not StorageUse.objects.filter(scope=f"learner:{learner}").exists()
    assert StorageUse.objects.get(scope=f"course:{COURSE}").taken == 0


def test_orphans_are_found_when_they_are_a_day_old_and_removed_on_request(capsys: Any) -> None:
    storage = storages["microcred_evidence"]
    storage.save("zz/young", io.BytesIO(b"x"))
    storage.save("zz/old", io.BytesIO(b"x"))
    os.utime(storage.path("zz/old"), (time.time() - 90_000,) * 2)
    learner = make_user()
    name = add(learner) and EvidenceFile.objects.get().stored_as
    os.utime(storage.path(name), (time.time() - 90_000,) * 2)
    call_command("microcred_evidence", "orphans", "--remove")
    assert "orphan   zz/old" in capsys.readouterr().out
    assert {"zz/young", name} <= stored()
    assert "zz/old" not in stored()
    storage.delete("zz/young")
    storage.delete(name)
    with pytest.raises(CommandError, match="does not have"):
        call_command("microcred_evidence", "orphans")


def test_operators_sweep_count_and_say_how_long(capsys: Any, roles: dict[str, Any]) -> None:
    learner = make_user()
    add(learner)
    StorageUse.objects.update(taken=7)
    call_command("microcred_evidence", "recount")
    assert StorageUse.objects.get(scope=f"learner:{learner}").taken == len(png())
    roles["end"] = NOW - 400 * DAY
    call_command("microcred_evidence", "keep", COURSE, "--days", "30")
    call_command("microcred_evidence", "sweep")
    assert "1 submissions emptied" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("microcred_evidence", "keep", COURSE, "--days", "-3")


# Rubrics


def test_a_rubric_is_saved_by_title_and_stays_in_its_organisation() -> None:
    api.save_rubric("Demo", " Patch  work ", RUBRIC, actor_id=None, now=NOW)
    api.save_rubric("Demo", "Patch work", {**RUBRIC, "pass_points": 1}, actor_id=None, now=NOW)
    assert [(one.title, one.content["pass_points"]) for one in api.list_rubrics("Demo")] == [
        ("Patch work", 1)
    ]
    assert api.list_rubrics("Other") == ()
    for title, content in (("", RUBRIC), ("x" * 121, RUBRIC), ("Empty", {})):
        with pytest.raises(evidence.RubricRefused):
            api.save_rubric("Demo", title, content, actor_id=None, now=NOW)

"""Lists of people: read whatever a spreadsheet writes, checked row by row, done once, taken back, given again."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model

from microcred_app import signoff_lists, signoffs
from microcred_app.api import verify_credential
from microcred_app.applets.attainments.models import ReportedFact
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.mailing.models import BadgeMail, MailChoice
from microcred_app.applets.signoff_lists import api as lists
from microcred_app.applets.signoff_lists import running
from microcred_app.applets.signoff_lists.models import SignOffEntry, SignOffList
from microcred_app.jobs import open_jobs, work
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ruth() -> int:
    publish("placed", {"signoff": "placement", "role": "assessor"})
    return make_officer("ruth")


def hand_in(actor: int, text: str | bytes, name: str = "people.csv") -> lists.ListInfo:
    data = text.encode() if isinstance(text, str) else text
    file = lists.ListFile(name, io.BytesIO(data))
    return signoff_lists.hand_in_file(actor, "placement", "assessor", file, now=NOW)


def finish(found: lists.ListInfo) -> lists.ListInfo:
    while work(found.id, clock=lambda: LATER, seconds=60):
        pass
    return lists.get_list(found.id)


def checked(actor: int, text: str | bytes) -> lists.ListInfo:
    return finish(hand_in(actor, text))


def started(actor: int, text: str | bytes, reason: str = "Placement of March") -> lists.ListInfo:
    info = checked(actor, text)
    return signoff_lists.start_list(actor, info.id, count=info.can_be_done, reason=reason, now=NOW)


def verdicts(info: lists.ListInfo) -> dict[int, str]:
    return {row.number: row.verdict for row in lists.page_rows(info.id, limit=200).items}


def test_a_list_is_looked_at_and_nothing_is_written_before_it_is_started(ruth: int) -> None:
    people = [make_user(f"kim{number}") for number in range(3)]
    info = checked(ruth, "learner\nkim0\nKIM1@example.org\nnobody\n")
    assert verdicts(info) == {2: "earns", 3: "earns", 4: "unknown"}
    assert (info.state, info.can_be_done, info.cannot_be_done) == ("ready", 2, 1)
    assert lists.page_rows(info.id).items[0].earns == ("Badge placed",)
    assert not Award.objects.exists()
    assert not ReportedFact.objects.exists()
    assert not audit.list_entries(object_type="signoff_list")
    done = finish(signoff_lists.start_list(ruth, info.id, count=2, reason="Seen", now=NOW))
    assert (done.state, done.signed, done.granted, done.passed_over) == ("done", 2, 2, 0)
    assert [set(awards.held_badges(person)) for person in people] == [{"placed"}, {"placed"}, set()]
    credential = issuance.credential_of_award(awards.held_badges(people[0])["placed"])
    assert credential is not None
    assert verify_credential(credential.document, now=LATER).verdict == "valid"
    entry = audit.list_entries(action="signoff_list.started")[0]
    assert (entry.reason, entry.actor_id, entry.issuer_slug) == ("Seen", ruth, "school")
    assert entry.details["sha256"] == info.sha256
    assert len(info.sha256) == 64


def test_every_kind_of_row_is_told_apart(ruth: int) -> None:
    publish("both", {"all": [{"signoff": "placement", "role": "assessor"}, {"outcome": "o.a"}]})
    ready = make_user("ready")
    do_unit(ready, "a")
    make_user("half")
    signed = make_user("signed")
    signoffs.give_sign_off(ruth, signed, "placement", "assessor", reason="x", now=NOW)
    make_user("twin1", email="twin@example.org")
    make_user("twin2", email="twin@example.org")
    get_user_model().objects.filter(pk=make_user("gone")).update(is_active=False)
    info = checked(
        ruth,
        "learner,day,reason,evidence\nready,2026-02-01,Fine work,https://e.example/1\nhalf,,,\nsigned,,,\ntwin@example.org,,,\n"
        "nobody,,,\ngone,,,\nruth,,,\nREADY@example.org,,,\nhalf,2026-13-01,,\nhalf,2027-01-01,,\nhalf,1999-01-01,,\n"
        "half,,,javascript:alert(1)\nhalf,20260101,,\n",
    )
    assert verdicts(info) == {
        2: "earns", 3: "earns", 4: "signed", 5: "several", 6: "unknown", 7: "unknown", 8: "oneself", 9: "twice",
        10: "bad_day", 11: "bad_day", 12: "bad_day", 13: "bad_link", 14: "bad_day",
    }  # fmt: skip
    rows = lists.page_rows(info.id, verdicts=["earns"]).items
    assert [row.earns for row in rows] == [("Badge placed", "Badge both"), ("Badge placed",)]


def test_what_is_still_missing_is_said_in_words_and_the_sign_off_counts_later(ruth: int) -> None:
    publish("both", {"all": [{"signoff": "welding", "role": "assessor"}, {"outcome": "o.a"}]})
    half = make_user("half")
    file = lists.ListFile("a.csv", io.BytesIO(b"half"))
    info = finish(signoff_lists.hand_in_file(ruth, "welding", "assessor", file, now=NOW))
    [row] = lists.page_rows(info.id).items
    assert row.verdict == "lacks"
    assert "Badge both" in row.lacks[0]
    assert "Mend part a of a bicycle" in row.lacks[0]
    done = finish(signoff_lists.start_list(ruth, info.id, count=1, reason="x", now=NOW))
    assert (done.signed, done.granted) == (1, 0)
    do_unit(half, "a")
    assert set(awards.held_badges(half)) == {"both"}


def test_whoever_holds_every_badge_is_passed_over_and_a_later_day_renews(ruth: int) -> None:
    publish("open", {"any": [{"signoff": "talk", "role": "assessor"}, {"outcome": "o.a"}]})
    holder = make_user("holder")
    do_unit(holder, "a")
    file = lists.ListFile("a.csv", io.BytesIO(b"holder"))
    info = finish(signoff_lists.hand_in_file(ruth, "talk", "assessor", file, now=NOW))
    assert verdicts(info) == {1: "holds"}
    signed = make_user("signed")
    signoffs.give_sign_off(
        ruth, signed, "placement", "assessor", reason="x", seen_on=(NOW - timedelta(days=30)).date(), now=NOW
    )
    assert verdicts(checked(ruth, "signed")) == {1: "signed"}
    assert verdicts(checked(ruth, "signed,2026-01-01")) == {1: "signed"}
    assert verdicts(checked(ruth, "signed,2026-03-01")) == {1: "holds"}  # it never ends: nothing to renew


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfLearner;Day\r\nkim0;2026-02-01\r\nkim1;\r\n", {2: "earns", 3: "earns"}),
        ("learner\tday\nkim0\t\nkim1\t\n".encode("utf-16"), {2: "earns", 3: "earns"}),
        (b"kim0\rkim1\r", {1: "earns", 2: "earns"}),
        (b"\n\nkim0\n\n  \n,,\nkim1", {3: "earns", 7: "earns"}),
        (b"kim0\nJos\xe9\nkim1\n", {1: "earns", 2: "broken", 3: "earns"}),
        (b'kim0\n"kim2,,\nkim1\n', {1: "earns", 2: "broken", 3: "earns"}),
        (b'kim0,,"two\nlines"\nkim1\n', {1: "earns", 3: "earns"}),
        (b"kim0\n" + b"x" * 6_000 + b"\nkim1\n", {1: "earns", 2: "broken", 3: "earns"}),
        (b"kim0\n=cmd|' /C calc'!A0\n'=1+1\nkim1\n", {1: "earns", 2: "unknown", 3: "unknown", 4: "earns"}),
        (b"kim0\n\x00kim1\x00\n", {1: "earns", 2: "earns"}),
        (b"kim0\n" + b"k" * 300 + b"\n", {1: "earns", 2: "broken"}),
        (b"kim0\n,2026-01-01\n", {1: "earns", 2: "broken"}),
        (b"e-mail,name\nkim0@example.org,Kim\n", {2: "earns"}),
        (b"kim0,2026-02-01 00:00:00\nkim1,2026-02-01T00:00", {1: "earns", 2: "earns"}),
    ],
)
def test_a_row_that_cannot_be_read_takes_no_other_row_along(
    ruth: int, data: bytes, expected: dict[int, str]
) -> None:
    make_user("kim0")
    make_user("kim1")
    assert verdicts(checked(ruth, data)) == expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Nobody is named"),
        (b"learner,day\n", "Nobody is named"),
        (b" \n\n,,\n", "Nobody is named"),
        (b"day,reason\n2026-01-01,x\n", "no column for the learners"),
        (b"x\n" * 100_001, "More than 100000 rows"),
        (b"x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing_behind(ruth: int, data: bytes, said: str) -> None:
    with pytest.raises(lists.ListFileRefused, match=said):
        hand_in(ruth, data)
    assert not SignOffList.objects.exists()
    assert not SignOffEntry.objects.exists()


def test_a_broken_row_at_ninety_thousand_is_one_row() -> None:
    lines: Iterable[str] = (
        '"never closed\n' if number == 90_000 else f"kim{number}\n" for number in range(1, 100_001)
    )
    from microcred_app.applets.signoff_lists.reading import read_rows

    rows = list(read_rows(lines, today=NOW.date()))
    assert len(rows) == 100_000
    assert [row.number for row in rows if row.problem] == [90_000]
    assert rows[-1].who == "kim100000"


def test_a_worker_that_dies_after_any_step_doubles_nothing(
    ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PIECE", 2)
    people = [make_user(f"kim{number}") for number in range(5)]
    info = started(ruth, "\n".join(f"kim{number}" for number in range(5)))

    class Killed(BaseException):
        pass

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    for name in ("_move_on", "_grant", "report_sign_offs", "_move_on"):
        with monkeypatch.context() as patch:
            patch.setattr(running, name, die)
            with pytest.raises(Killed):
                work(info.id, clock=lambda: LATER, seconds=60)
    done = finish(info)
    assert (done.state, done.signed, done.granted, done.passed_over) == ("done", 5, 5, 0)
    assert ReportedFact.objects.filter(source=f"list:{info.id}").count() == 5
    assert Award.objects.filter(learner__in=people).count() == 5
    assert open_jobs() == ()


def test_two_workers_at_the_same_piece_count_it_once(ruth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PIECE", 2)
    people = [make_user(f"kim{number}") for number in range(4)]
    info = started(ruth, "\n".join(f"kim{number}" for number in range(4)))
    real = running._move_on
    others: list[bool] = []

    def be_slower(row: SignOffList, entries: Any) -> None:
        if not others:
            others.append(True)
            assert running._do_piece(row.pk, LATER)  # another worker does the same piece meanwhile
        real(row, entries)

    monkeypatch.setattr(running, "_move_on", be_slower)
    done = finish(info)
    assert others
    assert (done.state, done.signed, done.granted, done.passed_over) == ("done", 4, 4, 0)
    assert verdicts(info) == dict.fromkeys(range(1, 5), "done")
    assert Award.objects.filter(learner__in=people).count() == 4
    assert ReportedFact.objects.count() == 4


def test_nothing_is_written_after_a_list_was_stopped(ruth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user("kim0")
    info = started(ruth, "kim0")
    real = running._do_all

    def stop_first(row: SignOffList, *rest: Any) -> None:
        signoff_lists.pull_lever(
            ruth, info.id, "cancel", now=NOW
        )  # between the look at the rows and the writing
        real(row, *rest)

    monkeypatch.setattr(running, "_do_all", stop_first)
    assert (finish(info).state, finish(info).signed) == ("cancelled", 0)
    assert not ReportedFact.objects.exists()
    assert not Award.objects.exists()


def test_one_person_keeps_few_lists_that_they_do_not_start(ruth: int) -> None:
    make_user("kim0")
    first = finish(started(ruth, "kim0"))
    for _number in range(12):
        hand_in(ruth, "kim0")
    assert SignOffList.objects.filter(started_at=None).count() == 10
    assert lists.get_list(first.id).state == "done"


def test_one_learner_whose_badge_cannot_be_signed_stops_no_other(
    ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_user(f"kim{number}") for number in range(3)]
    info = started(ruth, "kim0\nkim1\nkim2")
    real = issuance.sign_due

    def sign(found: Any, **kwargs: Any) -> Any:
        if any(due.learner_id == people[1] for due in found):
            raise ValueError("no address")
        return real(found, **kwargs)

    monkeypatch.setattr(issuance, "sign_due", sign)
    done = finish(info)
    assert (done.state, done.signed, done.passed_over, done.granted) == ("done", 2, 1, 2)
    assert verdicts(info) == {1: "done", 2: "failed", 3: "done"}
    assert not ReportedFact.objects.filter(learner=people[1]).exists()


def test_pause_resume_cancel_and_steps_out_of_turn(ruth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PIECE", 1)
    for number in range(3):
        make_user(f"kim{number}")
    info = started(ruth, "kim0\nkim1\nkim2")
    signoff_lists.pull_lever(ruth, info.id, "pause", now=NOW)
    assert finish(info).signed == 0
    with pytest.raises(lists.ListRefused):
        signoff_lists.pull_lever(ruth, info.id, "pause", now=NOW)
    with pytest.raises(lists.ListRefused):
        signoff_lists.pull_lever(ruth, info.id, "undo", reason="x", now=NOW)
    signoff_lists.pull_lever(ruth, info.id, "resume", now=NOW)
    assert running._do_piece(UUID(info.id), LATER)
    cancelled = signoff_lists.pull_lever(ruth, info.id, "cancel", now=NOW)
    assert (cancelled.state, cancelled.signed) == ("cancelled", 1)
    assert finish(info).signed == 1
    with pytest.raises(lists.ListRefused):
        signoff_lists.drop_list(ruth, info.id)
    assert [entry.action for entry in audit.list_entries(object_type="signoff_list", object_id=info.id)] == [
        "signoff_list.cancelled", "signoff_list.resumed", "signoff_list.paused", "signoff_list.started",
    ]  # fmt: skip


def test_an_undone_list_leaves_nothing_and_a_better_one_gives_the_badge_again(ruth: int) -> None:
    publish("stack", {"all": [{"badge": "placed"}, {"outcome": "o.a"}]}, kind="macro")
    people = [make_user(f"kim{number}") for number in range(3)]
    do_unit(people[0], "a")
    signoffs.give_sign_off(ruth, people[2], "placement", "assessor", reason="Seen by me.", now=NOW)
    for round_number in range(3):
        done = finish(started(ruth, "kim0\nkim1"))
        assert (done.signed, done.granted) == (2, 3), round_number
        assert set(awards.held_badges(people[0])) == {"placed", "stack"}
        first = issuance.credential_of_award(awards.held_badges(people[0])["placed"])
        with pytest.raises(signoffs.SignOffRefused):
            signoff_lists.pull_lever(ruth, done.id, "undo", reason=" ", now=NOW)
        signoff_lists.pull_lever(ruth, done.id, "undo", reason="The wrong course", now=LATER)
        assert finish(done).state == "undone"
        assert not awards.held_badges(people[0])
        assert not awards.held_badges(people[1])
        assert first is not None
        assert verify_credential(first.document, now=LATER).verdict == "invalid"
    assert set(awards.held_badges(people[2])) == {"placed"}
    assert set(
        ReportedFact.objects.filter(counts=True, correction=None).values_list("learner", flat=True)
    ) == {people[2]}


def test_notices_wait_for_the_grace_period_and_leave_at_a_bounded_rate(
    ruth: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "LIST_NOTICES_PER_MINUTE": 2, "BACKFILL_GRACE_HOURS": 24}
    monkeypatch.setattr(running, "PIECE", 2)
    people = [make_user(f"kim{number}") for number in range(6)]
    MailChoice.objects.bulk_create(MailChoice(learner_id=pk, changed_at=NOW) for pk in people)
    badges.define_issuer(
        slug="school", name="A school", url="https://school.example", email="a@school.example"
    )
    done = finish(started(ruth, "\n".join(f"kim{number}" for number in range(6))))
    begin = NOW + timedelta(hours=24)
    due = sorted(BadgeMail.objects.values_list("next_attempt_at", flat=True))
    assert due == [begin + timedelta(minutes=minute) for minute in (0, 0, 1, 1, 2, 2)]
    assert done.last_notice_at == begin + timedelta(minutes=3)
    signoff_lists.pull_lever(ruth, done.id, "undo", reason="x", now=LATER)
    finish(done)


def test_who_may_not_sign_it_off_hands_no_list_in_and_sees_none(ruth: int) -> None:
    make_user("kim0")
    info = checked(ruth, "kim0")
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    stranger = make_officer("otto", issuer_slug="other")
    for actor in (stranger, make_officer("ada", role="auditor"), make_user("kim1")):
        with pytest.raises((permissions.NotAllowed, signoffs.SignOffRefused)):
            hand_in(actor, "kim0")
        with pytest.raises((lists.ListNotFound, permissions.NotAllowed)):
            signoff_lists.start_list(actor, info.id, count=1, reason="x", now=NOW)
        with pytest.raises((lists.ListNotFound, permissions.NotAllowed)):
            signoff_lists.page_rows(actor, info.id)
    assert not Award.objects.exists()


def test_a_page_of_lists_is_full_though_others_are_left_out(ruth: int) -> None:
    """Another organisation signed the same thing off before; its lists stand between one's own."""
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    make_user("kim0")
    own = [hand_in(ruth, f"kim0,{number}").id for number in range(6)]
    theirs = SignOffList.objects.filter(pk__in=own[1::2])
    theirs.update(handed_in_by_id=make_officer("otto", issuer_slug="other"), issuer_slugs=["other"])
    found = signoff_lists.page_lists(ruth, limit=2)
    assert {one.id for one in found.items} < set(own[0::2]) and len(found.items) == 2
    rest = signoff_lists.page_lists(ruth, after=found.next, limit=2)
    assert {one.id for one in (*found.items, *rest.items)} == set(own[0::2])
    assert rest.next is None


def test_a_reviewer_signs_off_but_only_who_may_revoke_undoes(ruth: int) -> None:
    make_user("kim0")
    rev = make_officer("rev", role="reviewer")
    done = finish(started(rev, "kim0"))
    assert done.granted == 1
    with pytest.raises(permissions.NotAllowed):
        signoff_lists.pull_lever(rev, done.id, "undo", reason="x", now=NOW)
    signoff_lists.pull_lever(ruth, done.id, "undo", reason="x", now=NOW)


def test_starting_needs_a_reason_and_what_was_seen(ruth: int) -> None:
    make_user("kim0")
    info = checked(ruth, "kim0")
    with pytest.raises(lists.ListRefused, match="Look again"):
        signoff_lists.start_list(ruth, info.id, count=2, reason="x", now=NOW)
    with pytest.raises(signoffs.SignOffRefused):
        signoff_lists.start_list(ruth, info.id, count=1, reason=" \x00", now=NOW)
    empty = checked(ruth, "nobody")
    with pytest.raises(lists.ListRefused, match="Nobody on this list"):
        signoff_lists.start_list(ruth, empty.id, count=0, reason="x", now=NOW)
    signoff_lists.start_list(ruth, info.id, count=1, reason="x", now=NOW)
    with pytest.raises(lists.ListRefused):
        signoff_lists.start_list(ruth, info.id, count=1, reason="x", now=NOW)


def test_what_happened_between_look_and_start_counts(ruth: int) -> None:
    people = [make_user(f"kim{number}") for number in range(3)]
    info = started(ruth, "kim0\nkim1\nkim2")
    signoffs.give_sign_off(ruth, people[0], "placement", "assessor", reason="x", now=NOW)
    get_user_model().objects.filter(pk=people[1]).update(is_active=False)
    done = finish(info)
    assert (done.signed, done.passed_over, done.granted) == (1, 2, 1)
    assert verdicts(info) == {1: "signed", 2: "unknown", 3: "done"}


def test_a_rule_that_does_not_ask_any_more_ends_the_list(ruth: int) -> None:
    make_user("kim0")
    info = started(ruth, "kim0")
    publish("placed", {"outcome": "o.a"})
    assert finish(info).state == "cancelled"
    assert not ReportedFact.objects.exists()
    assert audit.list_entries(action="signoff_list.superseded")


def test_lists_that_nobody_started_and_old_rows_go(ruth: int) -> None:
    make_user("kim0")
    waiting = checked(ruth, "kim0")
    done = finish(started(ruth, "kim0"))
    assert lists.forget_lists(NOW + timedelta(hours=23)) == 0
    assert lists.forget_lists(NOW + timedelta(hours=25)) == 1
    with pytest.raises(lists.ListNotFound):
        lists.get_list(waiting.id)
    assert SignOffEntry.objects.count() == 1
    lists.forget_lists(NOW + timedelta(days=40))
    assert SignOffEntry.objects.count() == 0
    assert lists.get_list(done.id).signed == 1


def test_a_list_that_stays_paused_ends_and_its_rows_go(ruth: int) -> None:
    make_user("kim0")
    info = started(ruth, "kim0")
    signoff_lists.pull_lever(ruth, info.id, "pause", now=NOW)
    lists.forget_lists(NOW + timedelta(days=29))
    assert lists.get_list(info.id).state == "paused"
    lists.forget_lists(NOW + timedelta(days=31))
    assert lists.get_list(info.id).state == "cancelled"
    (entry,) = audit.list_entries(action="signoff_list.cancelled")
    assert entry.actor_id is None
    assert SignOffEntry.objects.count() == 1, "somebody may still look at what was not done"
    lists.forget_lists(NOW + timedelta(days=62))
    assert SignOffEntry.objects.count() == 0

"""Two accounts of one person: everything once, nothing lost, nothing signed anew."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from microcred_app import api
from microcred_app.applets.accounts.models import AccountMerge
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.attainments.models import Attainment, ReportedFact, UnitProgress
from microcred_app.applets.attainments.reported import take_back
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards.models import Award
from microcred_app.applets.evidence.models import Submission
from microcred_app.applets.evidence.upload_models import StorageUse
from microcred_app.applets.issuance.models import Credential
from microcred_app.people import MergeRefused, merge_accounts, plan_merge, retire_account
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish
from tests.fixtures.review_world import hand_in

HOUR = timedelta(hours=1)


@pytest.fixture
def pair(evidence_folder: Path) -> tuple[int, int]:
    """Both accounts did a; the old one b, with evidence; the new one c. All three make a stack."""
    for letter in "abc":
        publish(f"badge-{letter}", {"outcome": f"o.{letter}"})
    old, new = make_user("old"), make_user("new")
    do_unit(old, "a")
    do_unit(old, "b")
    do_unit(new, "a")
    do_unit(new, "c")
    publish("stack", {"all": [{"badge": f"badge-{letter}"} for letter in "abc"]}, kind="macro")
    attainments.report_fact(old, "grade", "course-v1:X+Y+Z", at=NOW, now=NOW, number=0.5, source="lms")
    hand_in(old)
    return old, new


def keys(learner: int) -> list[str]:
    rows = Award.objects.filter(learner_id=learner).order_by("version__badge__key")
    return list(rows.values_list("version__badge__key", flat=True))


def test_the_preview_says_what_moves_and_changes_nothing(pair: tuple[int, int]) -> None:
    old, new = pair
    before = list(Award.objects.order_by("pk").values())
    plan = plan_merge(old, new)
    assert plan.badges == ("badge-b",)
    assert plan.doubled == ("badge-a",)
    assert plan.moves["Submission"] == 1
    assert plan.stays["UnitProgress"] == 1
    assert list(Award.objects.order_by("pk").values()) == before


def test_awards_move_once_and_make_the_stack_due(pair: tuple[int, int]) -> None:
    old, new = pair
    signed = {row.pk: bytes(row.document) for row in Credential.objects.all()}
    merge_accounts(old, new, reason="one person", now=NOW)
    assert keys(new) == ["badge-a", "badge-b", "badge-c", "stack"]
    assert keys(old) == ["badge-a"]
    for pk, document in signed.items():
        assert bytes(Credential.objects.get(pk=pk).document) == document
        assert api.verify_credential(document, now=NOW).verdict == "valid"
    moved = Credential.objects.get(award__version__badge__key="badge-b")
    assert moved.learner_id == new
    assert Submission.objects.get().learner_id == new
    assert set(UnitProgress.objects.filter(learner_id=old).values_list("outcome_key", flat=True)) == {"o.a"}
    room = dict(StorageUse.objects.values_list("scope", "taken"))
    assert room[f"learner:{new}"] > 0
    assert room[f"learner:{old}"] == 0
    entry = AuditEntry.objects.get(action="account.merged")
    assert (entry.object_id, entry.reason, entry.details["from"]) == (str(new), "one person", old)
    assert AccountMerge.objects.count() == 1


def test_events_that_are_repeated_afterwards_double_nothing(pair: tuple[int, int]) -> None:
    old, new = pair
    merge_accounts(old, new, reason="one person", now=NOW)
    counts = [model.objects.count() for model in (Attainment, Award, Credential, ReportedFact)]
    do_unit(new, "b")
    attainments.report_fact(new, "grade", "course-v1:X+Y+Z", at=NOW, now=NOW, number=0.5, source="lms")
    api.run_pending_evaluations(now=NOW)
    assert [model.objects.count() for model in (Attainment, Award, Credential, ReportedFact)] == counts


def test_what_was_signed_off_in_another_role_is_not_left_behind(pair: tuple[int, int]) -> None:
    old, new = pair
    for learner, role in ((old, "assessor"), (old, "mentor"), (new, "mentor")):
        attainments.report_fact(learner, "signoff", "placement", role=role, at=NOW, now=NOW)
    mistaken = ReportedFact.objects.get(learner_id=old, role="assessor")
    take_back(str(mistaken.pk), actor_id=None, reason="The wrong day", now=NOW)
    attainments.report_fact(old, "signoff", "placement", role="assessor", at=NOW - HOUR, now=NOW)
    merge_accounts(old, new, reason="one person", now=NOW)
    counting = ReportedFact.objects.filter(kind="signoff", counts=True, correction=None)
    assert sorted(counting.values_list("learner", "role")) == sorted(
        [(new, "assessor"), (new, "mentor"), (old, "mentor")]
    )
    assert set(ReportedFact.objects.filter(corrects=mistaken).values_list("learner", flat=True)) == {new}


def test_merging_again_moves_nothing_more(pair: tuple[int, int]) -> None:
    old, new = pair
    merge_accounts(old, new, reason="one person", now=NOW)
    again = plan_merge(old, new)
    assert again.moves == {}
    assert again.doubled == ("badge-a",)


def test_the_account_given_up_can_be_retired_afterwards(pair: tuple[int, int]) -> None:
    old, new = pair
    merge_accounts(old, new, reason="one person", now=NOW)
    retire_account(old, now=NOW)
    assert keys(new) == ["badge-a", "badge-b", "badge-c", "stack"]
    assert all(bytes(row.document) for row in Credential.objects.filter(learner_id=new))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda old, new: (old, old), "two different"),
        (lambda old, new: (old, 987_654), "no account 987654"),
        (lambda old, new: (987_654, new), "no account 987654"),
    ],
)
def test_what_makes_no_sense_is_refused(pair: tuple[int, int], change: Any, words: str) -> None:
    with pytest.raises(MergeRefused, match=words):
        merge_accounts(*change(*pair), reason="x", now=NOW)


def test_a_retired_account_is_not_merged(pair: tuple[int, int]) -> None:
    old, new = pair
    retire_account(old, now=NOW)
    with pytest.raises(MergeRefused, match="was retired"):
        plan_merge(old, new)


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 2_001])
def test_a_reason_is_needed(pair: tuple[int, int], reason: str) -> None:
    with pytest.raises(MergeRefused, match="reason"):
        merge_accounts(*pair, reason=reason, now=NOW)
    assert not AccountMerge.objects.exists()


def test_what_fails_in_between_moves_nothing(pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("microcred_app.people.merging.evidence.count_room_anew", break_off)
    before = list(Award.objects.order_by("pk").values())
    with pytest.raises(RuntimeError):
        merge_accounts(*pair, reason="x", now=NOW)
    assert list(Award.objects.order_by("pk").values()) == before


def test_the_command_shows_first_and_acts_when_told(pair: tuple[int, int]) -> None:
    out = StringIO()
    call_command("microcred_account", "merge", "old", "new@example.org", stdout=out)
    assert "moves  badge badge-b" in out.getvalue()
    assert "stays  badge badge-a: both accounts hold it" in out.getvalue()
    assert "Nothing was changed" in out.getvalue()
    assert keys(pair[1]) == ["badge-a", "badge-c"]
    with pytest.raises(CommandError, match="reason"):
        call_command("microcred_account", "merge", "old", "new", "--apply", stdout=out)
    call_command("microcred_account", "merge", "old", "new", "--apply", "--reason", "same", stdout=out)
    assert "badge-b" in keys(pair[1])
    with pytest.raises(CommandError, match="--yes"):
        call_command("microcred_account", "retire", "old")
    call_command("microcred_account", "retire", str(pair[0]), "--yes", stdout=out)
    assert "is forgotten" in out.getvalue()

"""Drafts: nobody overwrites anybody unseen, and what was approved is what is published."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from microcred_app.applets.audit import api as audit
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import BadgeDraft, BadgeVersion, DraftRevision
from tests.fixtures.catalogue import NOW, make_officer, publish

READY: dict[str, Any] = {
    "issuer": "school",
    "name": "Part a",
    "description": "Mends part a of a bicycle and says why it broke.",
    "requirement": {"outcome": "o.a"},
    "skills": ["s.a"],
    "owner": "Registrar's office",
    "steward": "Workshop",
    "purpose": "Shows that the holder may work alone.",
    "review_due": "2027-03-01",
}


@pytest.fixture
def ada() -> int:
    return make_officer("ada")


@pytest.fixture
def bo() -> int:
    return make_officer("bo")


@pytest.fixture
def two_people(settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "TWO_PERSON_APPROVAL": True}


def opened(actor_id: int, **content: Any) -> badges.Draft:
    return badges.open_draft("part-a", READY | content, actor_id=actor_id, now=NOW)


def save(actor_id: int, revision: int, **content: Any) -> badges.Draft:
    return badges.save_draft("part-a", content, revision=revision, actor_id=actor_id, now=NOW)


def test_the_later_of_two_registrars_is_told_what_the_other_changed(ada: int, bo: int) -> None:
    opened(ada)
    save(ada, 1, name="Part A", minutes=20)
    with pytest.raises(badges.EditConflict) as caught:
        save(bo, 1, name="Bicycle part", description="Something else")
    conflict = caught.value
    assert [(c.field, c.before, c.after) for c in conflict.theirs] == [
        ("name", "Part a", "Part A"),
        ("minutes", 0, 20),
    ]
    assert [change.field for change in conflict.mine] == ["name", "description"]
    assert conflict.clashing == ("name",)
    assert (conflict.current.revision, conflict.current.edited_by) == (2, ada)
    assert badges.get_draft("part-a").content["description"] == READY["description"]


def test_saving_again_on_what_the_other_wrote_keeps_both(ada: int, bo: int) -> None:
    opened(ada)
    save(ada, 1, minutes=20)
    assert save(bo, 2, name="Bicycle part").content["minutes"] == 20


def test_two_saves_at_the_same_instant_cannot_both_win(
    ada: int, bo: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read revision 1 when the first one writes: the database decides, not the check before it."""
    from microcred_app.applets.badges import drafts

    opened(ada)
    seen_by_bo = BadgeDraft.objects.get()
    save(ada, 1, name="Part A")
    monkeypatch.setattr(drafts, "_open_row", lambda *_arguments: seen_by_bo)
    with pytest.raises(badges.EditConflict) as caught:
        save(bo, 1, name="Bicycle part")
    assert caught.value.clashing == ("name",)
    assert badges.get_draft("part-a").content["name"] == "Part A"


def test_saving_the_same_again_makes_no_revision(ada: int) -> None:
    opened(ada)
    assert save(ada, 1, name="Part a").revision == 1
    assert DraftRevision.objects.count() == 1


@pytest.mark.usefixtures("two_people")
def test_whoever_wrote_or_submitted_it_last_cannot_approve_it(ada: int, bo: int) -> None:
    opened(ada)
    badges.submit_draft("part-a", revision=1, actor_id=bo, now=NOW)
    for actor in (ada, bo, None):
        with pytest.raises(badges.SecondPersonNeeded):
            badges.approve_draft("part-a", revision=1, actor_id=actor, now=NOW)
    third = make_officer("cy")
    assert badges.approve_draft("part-a", revision=1, actor_id=third, now=NOW).approved_by == third
    assert badges.publish_draft("part-a", revision=1, actor_id=ada, now=NOW).number == 1


@pytest.mark.usefixtures("two_people")
@pytest.mark.parametrize("submitted", [False, True])
def test_nothing_is_published_before_it_is_approved(ada: int, submitted: bool) -> None:
    opened(ada)
    if submitted:
        badges.submit_draft("part-a", revision=1, actor_id=ada, now=NOW)
    with pytest.raises(badges.TransitionRefused, match="approved first"):
        badges.publish_draft("part-a", revision=1, actor_id=ada, now=NOW)


@pytest.mark.usefixtures("two_people")
def test_an_approval_holds_for_the_text_that_was_approved(ada: int, bo: int) -> None:
    opened(ada)
    badges.submit_draft("part-a", revision=1, actor_id=ada, now=NOW)
    badges.approve_draft("part-a", revision=1, actor_id=bo, now=NOW)
    edited = save(ada, 1, requirement={"outcome": "o.b"})
    assert (edited.state, edited.approved_by) == ("draft", None)
    with pytest.raises(badges.TransitionRefused):
        badges.publish_draft("part-a", revision=2, actor_id=ada, now=NOW)


def test_approving_and_publishing_name_the_revision_that_was_seen(ada: int, bo: int) -> None:
    opened(ada)
    save(ada, 1, minutes=5)
    for step in (badges.submit_draft, badges.publish_draft, badges.discard_draft):
        with pytest.raises(badges.EditConflict, match="minutes"):
            step("part-a", revision=1, actor_id=bo, now=NOW)
    assert not BadgeVersion.objects.exists()


def test_a_draft_goes_back_with_a_comment_and_comes_again(ada: int, bo: int) -> None:
    opened(ada)
    badges.submit_draft("part-a", revision=1, actor_id=ada, now=NOW)
    with pytest.raises(badges.DraftRefused, match="comment"):
        badges.send_back_draft("part-a", revision=1, comment=" ", actor_id=bo, now=NOW)
    back = badges.send_back_draft("part-a", revision=1, comment="Say what it is for.", actor_id=bo, now=NOW)
    assert back.state == "draft"
    badges.comment_on_draft("part-a", "Done.", actor_id=ada, now=NOW + timedelta(hours=1))
    said = [(note.text, note.written_by) for note in badges.comments_of_draft("part-a")]
    assert said == [("Say what it is for.", bo), ("Done.", ada)]


def test_every_step_stands_in_the_audit_log(ada: int, bo: int) -> None:
    opened(ada)
    save(ada, 1, minutes=5)
    badges.submit_draft("part-a", revision=2, actor_id=ada, now=NOW)
    badges.send_back_draft("part-a", revision=2, comment="Shorter.", actor_id=bo, now=NOW)
    badges.submit_draft("part-a", revision=2, actor_id=ada, now=NOW)
    badges.approve_draft("part-a", revision=2, actor_id=bo, now=NOW)
    badges.publish_draft("part-a", revision=2, actor_id=ada, now=NOW)
    found = [
        (entry.action, entry.actor_id)
        for entry in audit.list_entries(object_type="badge", object_id="part-a")
    ]
    assert found[::-1] == [
        ("badge_draft.opened", ada),
        ("badge_draft.saved", ada),
        ("badge_draft.submitted", ada),
        ("badge_draft.sent_back", bo),
        ("badge_draft.submitted", ada),
        ("badge_draft.approved", bo),
        ("badge.published", ada),
    ]


def test_the_next_version_begins_with_what_is_in_force(ada: int) -> None:
    opened(ada, minutes=20, credits="2.50", credit_unit="ECTS")
    badges.publish_draft("part-a", revision=1, actor_id=ada, now=NOW)
    with pytest.raises(badges.TransitionRefused):
        save(ada, 1, name="x")
    again = badges.open_draft("part-a", actor_id=ada, now=NOW)
    assert (again.state, again.revision) == ("draft", 2)
    assert (again.content["minutes"], again.content["credits"]) == (20, "2.5")
    badges.save_draft("part-a", {"minutes": 30}, revision=2, actor_id=ada, now=NOW)
    assert badges.publish_draft("part-a", revision=3, actor_id=ada, now=NOW).number == 2


def test_opening_a_draft_twice_keeps_what_is_written_in_it(ada: int, bo: int) -> None:
    opened(ada)
    save(ada, 1, name="Part A")
    assert badges.open_draft("part-a", {"name": "Mine"}, actor_id=bo, now=NOW).content["name"] == "Part A"


def test_a_discarded_draft_is_kept_and_can_begin_anew(ada: int) -> None:
    publish("part-a", {"outcome": "o.a"})
    opened(ada)
    badges.discard_draft("part-a", revision=1, actor_id=ada, now=NOW)
    assert badges.list_drafts() == ()
    assert badges.open_draft("part-a", actor_id=ada, now=NOW).content["name"] == "Badge part-a"
    assert DraftRevision.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": 7}, "name"),
        ({"name": "x" * 2_000}, "name"),
        ({"minutes": "long"}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"skills": "s.a"}, "skills"),
        ({"skills": ["x"] * 500}, "skills"),
        ({"review_due": "soon"}, "review_due"),
        ({"effective_at": "9999-12-31T23:59:59-12:00"}, "effective_at"),
        ({"credits": "NaN"}, "credits"),
        ({"credits": "1e999999"}, "credits"),
        ({"credits": [1]}, "credits"),
        ({"image": "0" * 64}, "image"),
        ({"requirement": {"all": [float("nan")]}}, "requirement"),
        ({"requirement": ["x" * 300_000]}, "requirement"),
        ({"description": "x" * 300_000}, "description"),
    ],
)
def test_garbage_is_refused_by_field_and_nothing_is_stored(
    ada: int, content: dict[str, Any], field: str
) -> None:
    opened(ada)
    with pytest.raises(badges.DraftRefused) as caught:
        save(ada, 1, **content)
    assert list(caught.value.problems) == [field]
    assert badges.get_draft("part-a").revision == 1


def test_an_unfinished_requirement_can_be_saved_but_not_published(ada: int) -> None:
    opened(ada, requirement={"all": []})
    with pytest.raises(badges.NotReady, match="Requirement"):
        badges.publish_draft("part-a", revision=1, actor_id=ada, now=NOW)
    assert badges.get_draft("part-a").state == "draft"


def test_a_revision_that_never_was_is_refused(ada: int) -> None:
    opened(ada)
    with pytest.raises(badges.DraftRefused, match="no revision 9"):
        save(ada, 9, name="x")
    with pytest.raises(badges.DraftNotFound):
        badges.get_draft("nothing")
    with pytest.raises(badges.DraftRefused, match="small letters"):
        badges.open_draft("No Key", actor_id=ada, now=NOW)


def test_the_database_knows_the_states(ada: int) -> None:
    opened(ada)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE microcred_app_badgedraft SET state = 'sneaky'")

"""Many awards at once: the same credentials as one by one, few queries, one transaction, places that tell nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery.models import Delivery
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import composition, preparation, status, templates
from microcred_app.applets.issuance.models import Credential, IssuerKey, StatusList
from microcred_app.applets.issuance.signals import credentials_issued
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

NAMES = ("Amina", "Zoë O’Brien", "محمد", "Ada 🔧", "Tom &amp; Ines", 'Q"uote\\', "A\u0007b\x7f", "山田")


@pytest.fixture
def not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Awards are written without a credential, as a back-fill finds or plans them."""
    monkeypatch.setattr("microcred_app.applets.issuance.api.sign_due", lambda found, *, now, renewals: ())


def awards_of(count: int, key: str = "micro-a", letter: str = "a") -> list[awards.AwardInfo]:
    if not badges.list_badges() or key not in {badge.key for badge in badges.list_badges()}:
        publish(key, {"outcome": f"o.{letter}"})
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        do_unit(make_user(f"learner{letter}{number}", first_name=name, last_name=""), letter)
    return list(awards.list_awards(badge_key=key, limit=1_000))


def statements(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.usefixtures("not_signed")
def test_every_credential_verifies_and_is_its_learners_own() -> None:
    found = awards_of(len(NAMES))
    made = issuance.issue_many(found, now=NOW)
    assert made.keys() == {award.id for award in found}
    for award in found:
        credential = made[award.id]
        assert verify_credential(credential.document, now=NOW).verdict == "valid"
        assert issuance.get_credential(credential.id) == credential
        assert credential.learner_id == award.learner_id
        assert json.loads(credential.document)["id"] == credential.uri
    names = {issuance.recipient_name(credential.document) for credential in made.values()}
    assert names == {"Amina", "Zoë O’Brien", "محمد", "Ada 🔧", "Tom & Ines", 'Q"uote\\', "Ab", "山田"}


@pytest.mark.usefixtures("not_signed")
def test_the_documents_are_those_that_are_made_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letter for letter, but for the places and salts that are drawn at random."""
    found = awards_of(3)
    monkeypatch.setattr(composition.secrets, "token_hex", lambda length: "5a" * length)
    many = issuance.issue_many(found, now=NOW)
    for award in found:
        with transaction.atomic():
            Credential.objects.filter(award_id=award.id).delete()
            alone = issuance.sign_award(award, now=NOW)
        one, other = json.loads(alone.document), json.loads(many[award.id].document)
        for document in (one, other):
            document.pop("id"), document.pop("credentialStatus"), document["proof"][0].pop("proofValue")
        assert json.dumps(one) == json.dumps(other)


@pytest.mark.usefixtures("not_signed")
def test_what_is_renamed_is_never_signed_in_its_old_words() -> None:
    first, second = awards_of(2)
    before = json.loads(issuance.issue_many([first], now=NOW)[first.id].document)
    badges.define_issuer(slug="school", name="Another school", url="https://school.example")
    renamed = awards.get_award(second.id)
    after = json.loads(issuance.issue_many([renamed], now=NOW)[renamed.id].document)
    assert (before["issuer"]["name"], after["issuer"]["name"]) == ("A school", "Another school")


@pytest.mark.usefixtures("not_signed")
def test_forms_are_kept_apart(settings: Any) -> None:
    """No address, no name in credentials, other badges: each learner gets what is theirs."""
    publish("micro-a", {"outcome": "o.a"})
    publish("micro-b", {"outcome": "o.b"}, language="de")
    plain, nameless = make_user("plain"), make_user("nameless", email="")
    for learner in (plain, nameless):
        do_unit(learner, "a"), do_unit(learner, "b")
    with override_settings(MICROCRED={**settings.MICROCRED, "NAME_IN_CREDENTIALS": False}):
        made = issuance.issue_many(awards.list_awards(), now=NOW)
    kinds = {
        (credential.learner_id, credential.badge_name): [
            entry["identityType"]
            for entry in json.loads(credential.document)["credentialSubject"]["identifier"]
        ]
        for credential in made.values()
    }
    assert kinds == {
        (plain, "Badge micro-a"): ["emailAddress"],
        (plain, "Badge micro-b"): ["emailAddress"],
        (nameless, "Badge micro-a"): ["name"],
        (nameless, "Badge micro-b"): ["name"],
    }


@pytest.mark.usefixtures("not_signed")
def test_a_stack_names_parts_that_are_made_beside_it() -> None:
    publish("micro-a", {"outcome": "o.a"})
    publish("macro", {"all": [{"badge": "micro-a"}]}, kind="macro")
    do_unit(make_user(), "a")
    made = issuance.issue_many(awards.list_awards(), now=NOW)
    by_name = {credential.badge_name: credential for credential in made.values()}
    parts = issuance.parts_of(by_name["Badge macro"].document)
    assert [(part.name, part.uri) for part in parts] == [("Badge micro-a", by_name["Badge micro-a"].uri)]


@pytest.mark.usefixtures("not_signed")
def test_handing_a_chunk_in_again_changes_nothing() -> None:
    found = awards_of(4)
    first = issuance.issue_many(found[:3], now=NOW)
    again = issuance.issue_many(found, now=NOW + timedelta(hours=1))
    assert {pk: again[pk].sha256 for pk in first} == {pk: first[pk].sha256 for pk in first}
    assert Credential.objects.count() == 4
    assert issuance.issue_many([*found, *found], now=NOW).keys() == again.keys()
    assert issuance.issue_many([], now=NOW) == {}


@pytest.mark.usefixtures("not_signed")
def test_whoever_signs_first_wins_and_the_rest_of_the_chunk_is_stored() -> None:
    found = awards_of(3)
    prepared = issuance.prepare_credentials(found, now=NOW)
    winner = issuance.issue_credential(found[1].id, now=NOW)
    told: list[Any] = []
    credentials_issued.connect(listener := lambda credentials, **_: told.extend(credentials), weak=False)
    try:
        stored = issuance.store_credentials(prepared, now=NOW)
    finally:
        credentials_issued.disconnect(listener)
    assert stored[found[1].id].sha256 == winner.sha256
    assert Credential.objects.count() == 3
    assert {learner for _pk, learner in told} == {found[0].learner_id, found[2].learner_id}


@pytest.mark.usefixtures("not_signed")
def test_a_chunk_that_fails_at_its_end_leaves_nothing() -> None:
    found = awards_of(3)

    def fail(**_kwargs: Any) -> None:
        raise RuntimeError("the outbox is away")

    credentials_issued.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            issuance.issue_many(found, now=NOW)
    finally:
        credentials_issued.disconnect(fail)
    assert Credential.objects.count() == 0


@pytest.mark.usefixtures("not_signed")
def test_one_learner_without_any_name_is_named_and_stops_nothing_but_the_chunk() -> None:
    found = awards_of(3)
    nobody = make_user("nobody", email="", first_name="", last_name="")
    do_unit(nobody, "a")
    every = awards.list_awards(badge_key="micro-a")
    with pytest.raises(issuance.AwardsRefused) as refused:
        issuance.issue_many(every, now=NOW)
    assert refused.value.reasons.keys() == {award.id for award in every if award.learner_id == nobody}
    assert not Credential.objects.exists()
    assert len(issuance.issue_many(found, now=NOW)) == 3


@pytest.mark.usefixtures("not_signed")
def test_a_document_that_does_not_verify_is_never_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the first of a chunk, whose status list is verified whole, nor a later one."""
    found = awards_of(3)
    from microcred_app.applets.issuance.templates import BadgePress

    original = BadgePress.sign
    for spoilt in (0, 2):
        count = iter(range(10))

        def sign(self: Any, *args: Any, spoilt: int = spoilt, count: Any = count) -> bytes:
            document = original(self, *args)
            return document.replace(b"Badge micro-a", b"Badge micro-x") if next(count) == spoilt else document

        monkeypatch.setattr(BadgePress, "sign", sign)
        with pytest.raises(issuance.AwardsRefused, match="not as it was signed") as refused:
            issuance.issue_many(found, now=NOW)
        assert len(refused.value.reasons) == 1
        assert not Credential.objects.exists()


@pytest.mark.usefixtures("not_signed")
def test_a_document_in_another_ones_place_is_never_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    found = awards_of(3)
    shift = iter((0, 1, 1))
    original = preparation.StatusEntry
    monkeypatch.setattr(preparation, "StatusEntry", lambda url, index: original(url, index + next(shift)))
    with pytest.raises(issuance.AwardsRefused, match="place in the status list") as refused:
        issuance.issue_many(found, now=NOW)
    assert len(refused.value.reasons) == 2


@pytest.mark.usefixtures("not_signed")
def test_the_number_of_queries_does_not_grow_with_the_chunk() -> None:
    few, many = awards_of(2), awards_of(12, "micro-b", "b")
    issuance.issue_many(awards_of(1, "micro-c", "c"), now=NOW)  # key and list are there
    small = statements(lambda: issuance.issue_many(few, now=NOW))
    assert statements(lambda: issuance.issue_many(many, now=NOW)) == small
    assert small <= 25


@pytest.mark.usefixtures("not_signed")
def test_places_of_a_chunk_are_random_and_in_no_order() -> None:
    found = awards_of(16)
    made = issuance.issue_many(found, now=NOW)
    indices = [
        int(json.loads(made[award.id].document)["credentialStatus"]["statusListIndex"]) for award in found
    ]
    assert len(set(indices)) == 16
    assert indices not in (sorted(indices), sorted(indices, reverse=True))
    assert max(indices) - min(indices) > 16


def test_places_of_one_chunk_may_come_from_two_lists() -> None:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(make_user(), "a")
    key = IssuerKey.objects.get()
    StatusList.objects.update(taken=status.LENGTH - 3)
    with transaction.atomic():
        places = status.take_places(key, 5, now=NOW)
    lists = [place.list_id for place in places]
    assert sorted(map(lists.count, set(lists))) == [2, 3]
    assert len({(place.list_id, place.index) for place in places}) == 5


def test_more_than_a_chunk_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at most 1000"):
        issuance.prepare_credentials([None] * 1_001, now=NOW)  # type: ignore[list-item]


@pytest.mark.usefixtures("not_signed")
def test_awards_and_credentials_of_a_back_fill_commit_together() -> None:
    """Signed before the award is in the ledger; the short transaction afterwards writes both."""
    [award] = awards_of(1)
    planned = awards.AwardInfo(
        "41868c34-2eae-401a-9a1e-731d80d68cd9", make_user("ben"), award.badge, NOW, award.because, None, ""
    )
    prepared = issuance.prepare_credentials([planned], now=NOW)
    assert not Credential.objects.exists()
    with transaction.atomic():
        Award.objects.create(
            id=planned.id,
            learner_id=planned.learner_id,
            version_id=planned.badge.version_id,
            awarded_at=NOW,
            because=planned.because,
            idempotency_key="ben",
        )
        stored = issuance.store_credentials(prepared, now=NOW)
    assert verify_credential(stored[planned.id].document, now=NOW).verdict == "valid"
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("not_signed")
def test_workers_that_sign_at_the_same_time_take_different_places_and_both_finish() -> None:
    found = awards_of(40)
    issuance.issue_many(found[:1], now=NOW)  # key and list are there
    halves = [found[1:20], found[20:]]
    ready, problems = Barrier(2), []

    def work(half: list[awards.AwardInfo]) -> None:
        try:
            ready.wait(timeout=30)
            for start in range(0, len(half), 5):
                issuance.issue_many(half[start : start + 5], now=NOW)
        except (DatabaseError, issuance.IssuanceError) as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    assert Credential.objects.values("status_list", "status_index").distinct().count() == 40


@pytest.mark.usefixtures("not_signed")
def test_signed_alone_or_by_template_a_credential_has_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first few of a form are signed alone; each is signed once more the other way, and nothing differs."""
    found = awards_of(6)
    original, kept = templates.BadgePress.sign, {}

    def sign(self: templates.BadgePress, *args: Any) -> bytes:
        document = original(self, *args)
        was_alone = not kept
        with monkeypatch.context() as other:
            other.setattr(templates, "_kept", {})
            other.setattr(templates, "_seen", {})
            other.setattr(templates, "FIRST_ALONE", 0 if was_alone else 99)
            assert original(self, *args) == document
            assert bool(templates._kept) is was_alone
        return document

    monkeypatch.setattr(templates, "_kept", kept)
    monkeypatch.setattr(templates, "_seen", {})
    monkeypatch.setattr(templates.BadgePress, "sign", sign)
    issuance.issue_many(found, now=NOW)
    assert len(kept) == 1
    assert max(templates._seen.values()) == templates.FIRST_ALONE + 1
    assert Credential.objects.count() == 6

"""Figures that are brought up to date piece by piece are those that counting everything gives, whatever came when."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from microcred_app import api
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.awards import api as awards
from microcred_app.applets.insights import api as insights
from microcred_app.applets.insights.models import InsightFigure
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue, unit

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=200)
Event = tuple[str, int, str, int]


def figures() -> dict[tuple[str, str], object]:
    return {
        (row.kind, row.key): (row.figures, row.started, row.title, row.mark)
        for row in InsightFigure.objects.exclude(kind=InsightFigure.LOOK)
    }


def from_nothing() -> dict[tuple[str, str], object]:
    insights.refresh_figures(LATER, from_nothing=True)
    return figures()


@pytest.fixture
def people(transactional_db: None) -> list[int]:
    set_up_catalogue()
    publish("bolt", {"outcome": "o.a"}, skill_keys=("s.a",))
    publish("nut", {"outcome": "o.b"}, skill_keys=("s.b",))
    publish("bike", {"all": [{"badge": "bolt"}, {"badge": "nut"}]}, kind="macro")
    pathways.define_pathway(
        key="road",
        title="The road",
        description="",
        badge_key="bike",
        stages=[("Bolt", "badge", "bolt"), ("Nut", "badge", "nut")],
        now=NOW,
    )
    insights.store_profile(
        key="mechanic",
        title="Mechanic",
        issuer_slug="school",
        skill_keys=["s.a", "s.b"],
        actor_id=None,
        now=NOW,
    )
    return [make_user(f"learner{n}") for n in range(6)]


def make_registrar() -> int:
    """Somebody who may revoke."""
    found = get_user_model().objects.filter(username="ruth").values_list("pk", flat=True).first()
    return found or make_officer("ruth")


def happen(event: Event, people: list[int]) -> None:
    """One thing that learners, staff and platforms do; some of it is refused where it cannot be done now."""
    what, who, letter, day = event
    learner, at = people[who], NOW + timedelta(days=day)
    spec = unit(letter, parts=2)
    badge = {"a": "bolt", "b": "nut"}[letter]
    held = awards.held_badges(learner)
    if what == "open":
        api.unit_progress(learner, spec, now=at)
        api.note_step(learner, spec.usage_key, spec.parts[0].usage_key, now=at)
    elif what in ("first", "second"):
        part = spec.parts[what == "second"].usage_key
        api.record_part(learner, spec, part, score=1.0, now=at)
    elif what == "reset":
        attainments.reset_unit(learner, spec.usage_key)
    elif what == "follow":
        pathways.follow(learner, "road", now=at)
    elif what == "leave":
        pathways.leave(learner, "road", now=at)
    elif what == "share" and badge in held:
        credential = issuance.credential_of_award(held[badge])
        assert credential is not None
        if day % 3:
            issuance.share_credential(learner, credential.id, now=at)
        else:
            issuance.hide_credential(learner, credential.id)
    elif what == "revoke" and badge in held and day % 7 == 0:
        awards.reverse_award(held[badge], reason="Not theirs", actor_id=make_registrar(), now=at)


def story(seed: int) -> list[Event]:
    """Events of three months; the same learner does the same thing twice, and late."""
    chance = random.Random(seed)
    kinds = ("open", "first", "first", "second", "second", "share", "follow", "leave", "reset", "revoke")
    events = [
        (chance.choice(kinds), chance.randrange(6), chance.choice("ab"), chance.randrange(90))
        for _ in range(40)
    ]
    return events + chance.sample(events, 12)


@pytest.mark.parametrize("seed", range(6))
def test_bit_by_bit_is_the_same_as_from_nothing(people: list[int], seed: int) -> None:
    chance = random.Random(seed)
    for event in story(seed):
        happen(event, people)
        if chance.random() < 0.25:
            insights.refresh_figures(LATER)
    insights.refresh_figures(LATER)
    piecemeal = figures()
    assert piecemeal == from_nothing()
    assert ("badge", "bolt") in piecemeal


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_events_changes_nothing(people: list[int], seed: int) -> None:
    """Facts that carry their own time are counted the same however late they come in."""
    chance = random.Random(seed)
    facts = [(who, letter, chance.randrange(90)) for who in range(6) for letter in "ab"]
    chance.shuffle(facts)
    for who, letter, day in facts:
        spec = unit(letter)
        at = NOW + timedelta(days=day)
        api.record_part(people[who], spec, spec.parts[0].usage_key, score=1.0, now=at)
        insights.refresh_figures(LATER)
    cells = {row.key: row.figures["cells"] for row in InsightFigure.objects.filter(kind="unit")}
    expected: dict[str, dict[str, int]] = {}
    for _who, letter, day in facts:
        month = f"{NOW + timedelta(days=day):%Y-%m}"
        of_unit = expected.setdefault(unit(letter).usage_key, {})
        of_unit[month] = of_unit.get(month, 0) + 1
    assert {key: {m: c[0] for m, c in found.items()} for key, found in cells.items()} == expected


def test_only_what_changed_is_counted(people: list[int]) -> None:
    first = insights.refresh_figures(LATER)
    assert first.counted == first.subjects
    assert insights.refresh_figures(LATER).counted == 0
    happen(("open", 0, "b", 1), people)
    second = insights.refresh_figures(LATER)
    assert 0 < second.counted < second.subjects + 1
    told = InsightFigure.objects.get(kind="badge", key="nut")
    assert told.started == 1
    assert InsightFigure.objects.get(kind="badge", key="bolt").started == 0


def test_one_in_place_of_another_is_a_change(people: list[int]) -> None:
    """As many share and follow as before, but others, who began in another month."""
    one, other = people[:2]
    for learner, day in ((one, 0), (other, 60)):
        do_unit(learner, "a", now=NOW + timedelta(days=day))
    credentials = {who: issuance.credential_of_award(awards.held_badges(who)["bolt"]) for who in (one, other)}
    issuance.share_credential(one, credentials[one].id, now=LATER)  # type: ignore[union-attr]
    pathways.follow(one, "road", now=NOW)
    pathways.follow(other, "road", now=NOW + timedelta(days=60))
    pathways.leave(other, "road", now=LATER)
    insights.refresh_figures(LATER)
    issuance.hide_credential(one, credentials[one].id)  # type: ignore[union-attr]
    issuance.share_credential(other, credentials[other].id, now=LATER)  # type: ignore[union-attr]
    pathways.follow(other, "road", now=NOW + timedelta(days=30))
    pathways.leave(one, "road", now=LATER)
    insights.refresh_figures(LATER)
    piecemeal = figures()
    assert piecemeal == from_nothing()
    cells = InsightFigure.objects.get(kind="badge", key="bolt").figures["cells"]
    assert [(month, cell[5]) for month, cell in cells.items()] == [("2026-03", 0), ("2026-05", 1)]


def test_an_event_twice_counts_once(people: list[int]) -> None:
    for _ in range(3):
        happen(("first", 0, "a", 5), people)
        happen(("second", 0, "a", 5), people)
        insights.refresh_figures(LATER)
    assert InsightFigure.objects.get(kind="badge", key="bolt").figures["cells"] == {
        "2026-03": [1, 1, 0, 1, 0, 0]
    }


def test_what_is_gone_is_dropped(people: list[int]) -> None:
    insights.refresh_figures(LATER)
    insights.drop_profile("mechanic", actor_id=None, now=NOW)
    InsightFigure.objects.create(kind="badge", key="ghost", mark="x", counted_at=NOW)
    assert insights.refresh_figures(LATER).dropped == 1
    assert not InsightFigure.objects.filter(key__in=["ghost", "mechanic"]).exists()


def test_figures_say_when_they_were_counted(people: list[int]) -> None:
    insights.refresh_figures(NOW)
    later: datetime = NOW + timedelta(hours=1)
    insights.refresh_figures(later)
    assert set(InsightFigure.objects.values_list("counted_at", flat=True)) == {later}

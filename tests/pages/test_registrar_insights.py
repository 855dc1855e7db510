"""An organisation's insights as pages, sheets and over REST: own figures only, few learners hidden, bad input told."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.authoring.models import OutcomeSource
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.insights import api as insights
from microcred_app.applets.insights.models import InsightFigure, JobProfile
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.skills.models import Outcome, Skill
from tests.fixtures.catalogue import COURSE, NOW, do_unit, make_officer, make_user, publish, unit

SignIn = Callable[..., Client]
HOME = "/microcred/registrar/insights/"
PAGES = [HOME, *(f"{HOME}{name}/" for name in ("pathways", "skills", "profiles", "worth", "ending"))]
SHEETS = [f"{HOME}{name}.csv" for name in ("badge", "pathway", "skills", "profiles", "worth", "ending")]
REST = [f"/api/microcred/v1/insights/{name}" for name in ("figures", "skills", "profiles", "worth", "ending")]


@pytest.fixture
def registrar() -> int:
    """Twenty learners began, twelve hold the badge, six of those share it; a pathway, a profile, a twin."""
    publish("bolt", {"outcome": "o.a"}, name="Bolts", skill_keys=("s.a",), minutes=60)
    publish("twin", {"outcome": "o.b"}, name="The Bolts", skill_keys=("s.b",), minutes=0)
    publish(
        "double",
        {"outcome": "o.b"},
        name="Bolts the",
        skill_keys=("s.b",),
        terms=badges.Terms(expires_after="P20D"),
    )
    pathways.define_pathway(
        key="road", title="Road", description="", badge_key="bolt", stages=[("One", "badge", "bolt")], now=NOW
    )
    person = make_officer("ruth")
    insights.store_profile(
        key="mechanic",
        title="Mechanic",
        issuer_slug="school",
        skill_keys=["s.a", "s.b"],
        actor_id=person,
        now=NOW,
    )
    for number in range(20):
        learner = make_user(f"learner{number}")
        if number < 12:
            do_unit(learner, "a", now=NOW + timedelta(hours=1))
            credential = issuance.credential_of_award(awards.held_badges(learner)["bolt"])
            assert credential is not None
            if number < 6:
                issuance.share_credential(learner, credential.id, now=NOW)
        else:
            api.unit_progress(learner, unit("a"), now=NOW)
            api.note_step(learner, unit("a").usage_key, unit("a").parts[0].usage_key, now=NOW)
        if number < 10:
            pathways.follow(learner, "road", now=NOW)
        if number < 5:
            do_unit(learner, "b", now=timezone.now())
    insights.refresh_figures(timezone.now())
    return person


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (answer.getvalue() if answer.streaming else answer.content).decode("utf-8-sig")


def sheet(client: Client, name: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text_of(client, f"{HOME}{name}.csv"))))


def test_the_way_of_a_badge(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    header, *rows = sheet(client, "badge")
    bolt = dict(zip(header, next(row for row in rows if row[0] == "bolt"), strict=True))
    assert {name: bolt[name] for name in ("started", "checked", "earned", "shared", "claimed")} == {
        "started": "20", "checked": "12", "earned": "12", "shared": "6", "claimed": "0"
    }  # fmt: skip
    assert bolt["evidenced"] == "", "its units ask for none"
    page = text_of(client, f"{HOME}of/badge/bolt")
    assert "Put it into a wallet" in page
    assert page.count("<h1") == 1
    assert "Road" in text_of(client, f"{HOME}pathways/")


def test_programs_get_the_same(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    found = client.get("/api/microcred/v1/insights/figure", {"kind": "badge", "key": "bolt"}).json()
    counts = {stage["stage"]: stage["count"]["number"] for stage in found["line"]["stages"]}
    assert (counts["started"], counts["earned"], counts["shared"]) == (20, 12, 6)
    skills = client.get("/api/microcred/v1/insights/skills").json()
    line = next(line for line in skills["skills"] if line["key"] == "s.a")
    assert line["holders"]["number"] == 12
    assert line["courses"] == [{"course": COURSE, "learners": {"number": 12, "share": 0.6}}]
    gaps = {gap["code"]: gap["names"] for gap in skills["gaps"]}
    assert gaps["no_holder"] == []
    assert client.get("/api/microcred/v1/insights/figures", {"kind": "x"}).status_code == 400


def test_a_unit_that_nobody_began_proves_its_skill(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    Outcome.objects.filter(key="o.b").update(skill=Skill.objects.get(key="s.b"))
    row = InsightFigure.objects.get(kind=InsightFigure.SKILL, key="s.b")
    InsightFigure.objects.filter(pk=row.pk).update(figures={**row.figures, "units": 0})

    def unproven() -> list[str]:
        gaps = client.get("/api/microcred/v1/insights/skills").json()["gaps"]
        return next(gap["names"] for gap in gaps if gap["code"] == "no_unit")

    assert row.title in unproven()
    source = OutcomeSource.objects.create(
        usage_key="block-v1:new", course_key=COURSE, outcome_key="o.b", title="New", seen_at=NOW
    )
    assert row.title not in unproven()
    source.retired_at = NOW
    source.save()
    assert row.title in unproven()


def test_readiness_for_a_job(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    found = client.get("/api/microcred/v1/insights/profiles").json()["items"][0]
    assert [(one["skills"], one["learners"]["number"]) for one in found["ready"]] == [(1, 7), (2, 5)]
    page = text_of(client, f"{HOME}profiles/")
    assert "2 of 2" in page


def test_badges_that_are_worth_a_second_look(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    rows = {row[0]: row for row in sheet(client, "worth")[1:]}
    assert set(rows) == {"twin", "double"}
    assert "alike" in rows["twin"][4]
    assert rows["twin"][5] == "double"
    assert "unseen" in rows["twin"][4]
    assert "Nearly the same name" in text_of(client, f"{HOME}worth/")


def test_what_ends_soon(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    assert sheet(client, "ending")[1:] == [["double", "Bolts the", "5", "5", "5"]]
    assert "Bolts the" in text_of(client, f"{HOME}ending/")


def test_few_learners_are_told_nowhere(sign_in: SignIn) -> None:
    publish("bolt", {"outcome": "o.a"}, skill_keys=("s.a",))
    person = make_officer("ruth")
    for number in range(3):
        do_unit(make_user(f"few{number}"), "a")
    insights.refresh_figures(timezone.now())
    client = sign_in(person)
    row = sheet(client, "badge")[1]
    assert set(row[3:9]) == {"hidden", ""}
    assert "Too few learners" in text_of(client, f"{HOME}of/badge/bolt")
    assert [one[4] for one in sheet(client, "skills")[1:] if one[0] == "s.a"] == ["hidden", "hidden"]


@pytest.mark.parametrize("address", [*PAGES, *SHEETS, *REST])
def test_only_officers_who_may_see_awards_read(registrar: int, sign_in: SignIn, address: str) -> None:
    for person in (make_user("stranger"), make_officer("stella", "steward")):
        answer = sign_in(person).get(address)
        assert answer.status_code == 403, address
        assert b"Bolts" not in (answer.content if not answer.streaming else b"")
    assert sign_in().get(address).status_code in (302, 403)


def test_another_organisation_reads_nothing_of_it(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(make_officer("otto", issuer_slug="college"))
    for address in [*PAGES, *SHEETS, *REST]:
        answer = client.get(address)
        content = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code == 200
        assert b"Bolts" not in content
        assert b"Mechanic" not in content
    assert client.get(f"{HOME}of/badge/bolt").status_code == 404


def test_a_profile_is_written_and_removed(registrar: int, sign_in: SignIn) -> None:
    client = sign_in(registrar)
    form = {"organisation": "school", "title": "Fitter", "key": "fitter", "skills": "s.a, s.c"}
    assert client.post(f"{HOME}profiles/", form).status_code == 302
    assert JobProfile.objects.get(key="fitter").skill_keys == ["s.a", "s.c"]
    assert client.post(f"{HOME}profiles/", {"do": "remove", "key": "fitter"}).status_code == 302
    assert not JobProfile.objects.filter(key="fitter").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"skills": "s.nothing"}, "There is no skill s.nothing"),
        ({"skills": ""}, "Choose at least one skill"),
        ({"skills": " ".join(f"s.{n}" for n in range(101))}, "at most 100"),
        ({"key": "No Key"}, "small letters"),
        ({"title": "  "}, "Give the profile a title"),
        ({"title": "\x00", "skills": "\x00"}, "Give the profile a title"),
    ],
)
def test_a_bad_profile_is_refused_with_what_to_do(
    registrar: int, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    form = {"organisation": "school", "title": "Fitter", "key": "fitter", "skills": "s.a"} | changes
    answer = sign_in(registrar).post(f"{HOME}profiles/", form)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert JobProfile.objects.count() == 1


def test_nobody_writes_for_another_organisation(registrar: int, sign_in: SignIn) -> None:
    otto = sign_in(make_officer("otto", issuer_slug="college"))
    form = {"organisation": "school", "title": "Taken", "key": "taken", "skills": "s.a"}
    assert otto.post(f"{HOME}profiles/", form).status_code == 403
    assert otto.post(f"{HOME}profiles/", {"do": "remove", "key": "mechanic"}).status_code == 403
    taken = {"organisation": "college", "title": "Mine", "key": "mechanic", "skills": "s.a"}
    assert otto.post(f"{HOME}profiles/", taken).status_code == 400
    assert JobProfile.objects.get().title == "Mechanic"


@pytest.mark.parametrize("query", ["?page=x", "?page=-1", "?page=999999999", "?q=%00"])
def test_odd_questions_are_answered(registrar: int, sign_in: SignIn, query: str) -> None:
    client = sign_in(registrar)
    for address in PAGES:
        assert client.get(address + query).status_code == 200
    for address in ("of/unit/x", "of/badge/nothing", "nothing.csv", "of/pathway/bolt"):
        assert client.get(HOME + address).status_code == 404

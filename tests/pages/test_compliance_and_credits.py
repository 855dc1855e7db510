"""Who held a valid badge on a day, with the records behind it; and a learner's own credits in a span of days."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
PAGE = "/microcred/registrar/compliance/"
SHEET = "/microcred/registrar/compliance.csv"


def sheet(response: object) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def holders(catalogue: None) -> dict[str, int]:
    """Kim holds it, Lee's was revoked on the tenth, Max's ends on the twentieth, Noa came on the fifteenth.

    Kim's was suspended from the fourth to the sixth.
    """
    publish("safety", {"outcome": "o.a"}, terms=badges.Terms(document_days=30))
    people = {name: make_user(name) for name in ("kim", "lee", "max", "noa")}
    for name in ("kim", "lee", "max"):
        do_unit(people[name], "a")
    kim, lee = (awards.held_badges(people[name])["safety"] for name in ("kim", "lee"))
    ruth = make_officer("ruth")
    awards.suspend_award(kim, actor_id=ruth, words=awards.SuspensionWords("x"), now=NOW + timedelta(days=2))
    awards.lift_award(kim, actor_id=ruth, reason="x", now=NOW + timedelta(days=4))
    awards.reverse_award(lee, actor_id=ruth, reason="x", now=NOW + timedelta(days=8))
    do_unit(people["noa"], "a", now=NOW + timedelta(days=13))
    # Set as the ledger would have written it: rows of the ledger are not changed otherwise.
    from microcred_app.applets.personal_rows import plain_rows

    plain_rows(Award).filter(learner=people["max"]).update(expires_at=NOW + timedelta(days=18))
    return people


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2026-03-01", set()),
        ("2026-03-02", {"Kim", "Lee", "Max"}),
        ("2026-03-03", {"Kim", "Lee", "Max"}),
        ("2026-03-04", {"Lee", "Max"}),
        ("2026-03-05", {"Lee", "Max"}),
        ("2026-03-06", {"Kim", "Lee", "Max"}),
        ("2026-03-09", {"Kim", "Lee", "Max"}),
        ("2026-03-10", {"Kim", "Max"}),
        ("2026-03-15", {"Kim", "Max", "Noa"}),
        ("2026-03-20", {"Kim", "Noa"}),
    ],
)
def test_who_was_valid_at_the_end_of_a_day(
    holders: dict[str, int], sign_in: SignIn, day: str, names: set[str]
) -> None:
    client = sign_in(make_officer("ada", role="auditor"))
    page = client.get(PAGE, {"badge": "safety", "day": day}).content.decode()
    rows = sheet(client.get(SHEET, {"badge": "safety", "day": day})) if names else []
    assert {name for name in ("Kim", "Lee", "Max", "Noa") if f"{name} Diallo" in page} == names
    assert {row["Learner"].split()[0] for row in rows} == names
    for row in rows:
        because = awards.get_award(row["Award"]).because["met"][0]["attainments"]
        assert row["Records"].split() == because
        assert row["Credential"].startswith("http")


@pytest.mark.parametrize(
    "query",
    [
        {"badge": "safety", "day": "x"},
        {"badge": "safety"},
        {"day": "2026-03-01"},
        {"badge": "safety", "day": "9999-12-31"},
    ],
)
def test_odd_questions_are_refused_in_words(
    holders: dict[str, int], sign_in: SignIn, query: dict[str, str]
) -> None:
    client = sign_in(make_officer("ada", role="auditor"))
    for address in (PAGE, SHEET):
        response = client.get(address, query)
        assert response.status_code == 400
        assert "mc-problem" in response.content.decode()


def test_nobody_else_sees_it(holders: dict[str, int], sign_in: SignIn) -> None:
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    query = {"badge": "safety", "day": "2026-03-05"}
    stranger = sign_in(make_officer("otto", issuer_slug="other"))
    assert "Nobody held this badge" in stranger.get(PAGE, query).content.decode()
    for client, status in (
        (sign_in(make_officer("st", role="steward")), 403),
        (sign_in(holders["kim"]), 403),
        (sign_in(), 302),
    ):
        assert client.get(PAGE, query).status_code == status
        assert client.get(SHEET, query).status_code == status


def test_credits_are_added_by_unit_within_the_days(amina: int, sign_in: SignIn) -> None:
    publish("ceu", {"outcome": "o.a"}, terms=badges.Terms(credits=Decimal("1.5"), credit_unit="CEU"))
    publish(
        "more", {"outcome": "o.b"}, terms=badges.Terms(credits=Decimal(2), credit_unit="CEU"), name="=More"
    )
    publish("plain", {"outcome": "o.c"})
    for letter, days in (("a", 0), ("b", 10), ("c", 0)):
        do_unit(amina, letter, now=NOW + timedelta(days=days))
    client = sign_in(amina)
    page = client.get("/microcred/my/credits").content.decode()
    assert "3.5 CEU" in page
    assert "Badge plain" not in page
    assert "1.5 CEU" in client.get("/microcred/my/credits?until=2026-03-05").content.decode()
    assert "3.5" not in client.get("/microcred/my/credits?since=2026-03-05").content.decode()
    rows = sheet(client.get("/microcred/my/credits.csv?since=2026-03-05"))
    assert [(row["Badge"], row["Credits"], row["Unit"]) for row in rows] == [("'=More", "2", "CEU")]
    assert client.get("/microcred/my/credits?since=x").status_code == 400
    assert client.get("/microcred/my/credits.csv?since=x").status_code == 400
    assert "No badge with credits" in sign_in(make_user("ben")).get("/microcred/my/credits").content.decode()
    assert sign_in().get("/microcred/my/credits").status_code == 302

"""Learners and awards: found by what is known, beyond the first page, and as a file that harms no spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.attainments import reported
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.pages.registrar.sheets import cell
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import finish_job

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/awards/"
SHEET = "/microcred/registrar/awards.csv"


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


def holders(client: Client, **query: str) -> list[str]:
    return [row.holder for row in client.get(HERE, query).context["rows"]]


def sheet(client: Client, **query: str) -> list[list[str]]:
    response = client.get(SHEET, query)
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_awards_are_narrowed_by_person_state_day_and_job(ruth: Client, amina: int) -> None:
    publish("safety", {"outcome": "o.a"})
    do_unit(amina, "a", now=NOW)
    ben = make_user("ben")
    do_unit(ben, "a", now=NOW + timedelta(days=3))
    awards.reverse_award(
        awards.held_badges(ben)["safety"], actor_id=make_officer("rob"), reason="Copied", now=timezone.now()
    )
    cara = make_user("cara")
    do_unit(cara, "b", now=NOW)
    publish("brakes", {"outcome": "o.b"})
    job = finish_job(backfill.start_batch("brakes", actor_id=None, now=NOW).id, timezone.now())
    assert len(holders(ruth)) == 3
    assert holders(ruth, q="ami dia") == ["Amina Diallo"]
    assert holders(ruth, state="revoked") == ["Ben Diallo"]
    assert holders(ruth, job=job) == ["Cara Diallo"]
    assert holders(ruth, job="no-job") == []
    day = (NOW + timedelta(days=3)).date().isoformat()
    assert holders(ruth, since=day, until=day) == ["Ben Diallo"]
    assert [row[5] for row in sheet(ruth, badge="safety")] == ["Ben Diallo", "Amina Diallo"]
    assert sheet(ruth, state="revoked")[0][10] == "Copied"


@pytest.mark.parametrize("days", [{"since": "soon"}, {"since": "2026-03-02", "until": "2026-03-01"}])
def test_days_that_make_no_sense_are_said(ruth: Client, days: dict[str, str]) -> None:
    for url in (HERE, SHEET):
        response = ruth.get(url, days)
        assert response.status_code == 400
        assert f'value="{days["since"]}"' in response.content.decode()
    assert ruth.get(HERE, {"until": "9999-12-31"}).status_code == 200


def test_the_list_goes_on_and_the_file_has_everything(ruth: Client) -> None:
    publish("safety", {"outcome": "o.a"})
    for number in range(53):
        do_unit(make_user(f"kim{number:02}"), "a", now=NOW + timedelta(seconds=number))
    first = ruth.get(HERE).content.decode()
    assert "1 to 50 of 53" in first
    assert "page=2" in first
    last = ruth.get(HERE, {"page": "2", "badge": "safety"}).content.decode()
    assert "51 to 53 of 53" in last
    assert "?page=1&amp;badge=safety" in last
    assert len(sheet(ruth)) == 53


def test_no_name_is_a_formula(ruth: Client) -> None:
    publish("safety", {"outcome": "o.a"})
    evil = '=HYPERLINK("https://evil.example","x")'
    do_unit(make_user("mallory", first_name=evil), "a")
    assert sheet(ruth)[0][5] == f"'{evil} Diallo"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1"])
def test_cells_that_a_spreadsheet_would_calculate_begin_with_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_other_cells_are_left_alone() -> None:
    assert [cell(value) for value in ("Amina", "a=1", -5, None, datetime(2026, 3, 1, tzinfo=UTC))] == [
        "Amina", "a=1", "-5", "", "2026-03-01T00:00:00+00:00",
    ]  # fmt: skip


def test_provenance_shows_reported_records_with_role_source_and_time(ruth: Client, amina: int) -> None:
    publish("signed", {"signoff": "Safe lifting", "role": "trainer"})
    fact = reported.report_fact(
        amina, "signoff", "Safe lifting", role="trainer", source="Workshop list 7", at=NOW, now=NOW
    )
    award = awards.held_badges(amina)["signed"]
    page = ruth.get(reverse("microcred_app:registrar-award", args=[award])).content.decode()
    for said in ("trainer", "Workshop list 7", "March 2, 2026", fact.id):
        assert said in page, said

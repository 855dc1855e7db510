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

from microcred_app.api import record_refresher
from microcred_app.applets.attainments import reported
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms
from microcred_app.pages.registrar.sheets import cell
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit
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


def test_an_award_that_was_renewed_says_what_becomes_of_the_badge(ruth: Client, amina: int) -> None:
    publish("safety", {"outcome": "o.a"}, terms=Terms(expires_after="P1Y"))
    do_unit(amina, "a", now=NOW)
    older = awards.held_badges(amina)["safety"]
    page = reverse("microcred_app:registrar-award", args=[older])
    assert "See the renewal" not in ruth.get(page).content.decode()
    record_refresher(amina, unit("a"), score=1.0, now=NOW + timedelta(days=300))
    renewal = awards.held_badges(amina)["safety"]
    assert renewal != older
    text = ruth.get(page).content.decode()
    link = reverse("microcred_app:registrar-award", args=[renewal])
    assert text.count(f'<a href="{link}">See the renewal</a>') == 2, (
        "with the credential, and before revoking"
    )
    assert "Not signed yet" not in text
    answer = ruth.post(page, {"reason": "Copied", "do": "revoke"}, follow=True).content.decode()
    assert "revoke the renewal too to take it back" in answer
    assert awards.held_badges(amina)["safety"] == renewal
    answer = ruth.post(link, {"reason": "Copied", "do": "revoke"}, follow=True).content.decode()
    assert "Whoever checks the badge from now on sees it" in answer
    assert "safety" not in awards.held_badges(amina)


def test_a_list_that_is_longer_than_is_counted_goes_on_from_its_last_row(
    ruth: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microcred_app.pages.registrar.query.MOST_COUNTED", 50)
    publish("safety", {"outcome": "o.a"})
    for number in range(53):
        do_unit(make_user(f"kim{number:02}"), "a", now=NOW + timedelta(seconds=number))
    first = ruth.get(HERE, {"page": "9"})
    text = first.content.decode()
    assert "1 to 50 of more than 50" in text
    assert "More than 50 awards" in text
    assert "Download all of them as CSV" in text
    shown = {row.award.id for row in first.context["rows"]}
    rest = ruth.get(f"{HERE}?{first.context['paging'].later}")
    assert "1 to 3 of 3" in rest.content.decode()
    assert "Back to the newest" in rest.content.decode()
    assert len(shown | {row.award.id for row in rest.context["rows"]}) == 53
    # Rows that are written meanwhile are newer: nothing is skipped, nothing comes twice.
    do_unit(make_user("late"), "a", now=NOW + timedelta(days=1))
    again = ruth.get(f"{HERE}?{first.context['paging'].later}")
    assert [row.award.id for row in again.context["rows"]] == [row.award.id for row in rest.context["rows"]]


@pytest.mark.parametrize(
    "after", ["x", "2026-03-01~", "~", "2026-03-01T00:00:00+00:00~nobody", "a~b~c", "\x00~\x00", "~" * 500]
)
def test_a_place_that_is_none_of_the_list_is_its_beginning(ruth: Client, amina: int, after: str) -> None:
    publish("safety", {"outcome": "o.a"})
    do_unit(amina, "a")
    for page in (HERE, "/microcred/registrar/audit/"):
        assert ruth.get(page, {"after": after}).status_code == 200
    assert holders(ruth, after=after) == ["Amina Diallo"]


def test_the_page_says_how_people_are_found(ruth: Client) -> None:
    page = ruth.get(HERE).content.decode()
    assert 'aria-describedby="people-hint"' in page
    assert page.count('id="people-hint"') == 1
    assert "beginning of a user name or full name" in page

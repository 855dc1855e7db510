"""People are found by what an index finds, by parts of names among the newest, and with work that is bounded."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app.applets.offices import account_search
from microcred_app.applets.offices import api as offices

pytestmark = pytest.mark.django_db


def person(username: str, first: str = "", last: str = "") -> int:
    model = get_user_model()
    made = model.objects.create(
        username=username, email=f"{username}@example.org", first_name=first, last_name=last
    )
    return int(made.pk)


@pytest.fixture
def old_and_new(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Somebody who came before the newest accounts, and one of these."""
    old = person("amina.d", "Amina", "Diallo")
    for number in range(5):
        person(f"filler{number}")
    new = person("newcomer", "Amina", "Okafor")
    monkeypatch.setattr(account_search, "NEWEST", 3)
    return old, new


@pytest.mark.parametrize(
    "text", ["amina.d", "AMINA.D", "amina", "amina.d@example.org", " Amina.D@Example.org "]
)
def test_user_names_from_their_beginning_and_whole_addresses_are_found_however_old(
    old_and_new: tuple[int, int], text: str
) -> None:
    assert old_and_new[0] in offices.people_called(text)


@pytest.mark.parametrize(("text", "found"), [("okaf ami", True), ("diallo", False), ("mina", True)])
def test_parts_of_names_are_found_among_the_newest_accounts(
    old_and_new: tuple[int, int], text: str, found: bool
) -> None:
    old, new = old_and_new
    ids = offices.people_called(text)
    assert (new in ids) is found
    assert old not in ids


def test_a_whole_address_means_nobody_else() -> None:
    ada = person("ada")
    person("ada@example.org.evil", first="ada@example.org")
    assert offices.people_called("ada@example.org") == {ada}


@pytest.mark.parametrize(
    "text", ["", "  ", "\x00", "%", "_", "\\", "a" * 10_000, "' OR 1=1 --", " ".join("ab" * 50)]
)
def test_what_means_nobody_finds_nobody(text: str) -> None:
    person("ada", "Ada", "Lovelace")
    assert offices.people_called(text) == frozenset()


def test_more_people_than_are_told_are_left_out_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        person(f"kim{number}")
    monkeypatch.setattr(account_search, "MOST_FOUND", 4)
    found = offices.look_for_people("kim")
    assert (len(found.ids), found.cut) == (4, True)
    monkeypatch.setattr(account_search, "MOST_FOUND", 6)
    assert offices.look_for_people("kim").cut is False


def test_the_work_is_bounded_whatever_is_typed(old_and_new: tuple[int, int]) -> None:
    for text in ("amina", "a@b.example", "one two three four five six seven eight", "x" * 300):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            offices.people_called(text)
        said = [one["sql"] for one in asked.captured_queries]
        assert len(said) <= 6, said
        for sql in said:
            assert "LIMIT" in sql or "MAX(" in sql, sql
            if "LIKE '%" in sql:  # nothing is looked through but the newest
                assert '"id" > ' in sql or "`id` > " in sql, sql

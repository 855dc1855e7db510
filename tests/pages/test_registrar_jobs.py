"""A back-fill from its preview to its undo, as a registrar walks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import preview_runs
from microcred_app.applets.badges import api as badges
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import finish_job

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"
PREVIEW = HERE + "badges/safety/back-fill"


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    cache.clear()
    return sign_in(make_officer("ruth"))


@pytest.fixture
def learners() -> list[int]:
    """Three who did unit a, and one who did something else, before there was any badge."""
    people = [make_user(name) for name in ("ada", "bea", "cyd")]
    for person in people:
        do_unit(person, "a")
    do_unit(make_user("dan"), "c")
    publish("safety", {"outcome": "o.a"}, name="Safety")
    return people


def start(client: Client, seen: int, **form: str) -> Any:
    return client.post(PREVIEW, {"seen": str(seen), **form}, follow=True)


def test_the_preview_names_who_and_writes_nothing(ruth: Client, learners: list[int]) -> None:
    page = ruth.get(PREVIEW).content.decode()
    assert "3</strong> learners would gain it" in page
    assert "3</strong> credentials would be signed" in page
    for said in ("Ada Diallo", "Start the back-fill for 3 learners"):
        assert said in page
    assert "Dan" not in page
    found = ruth.get(PREVIEW, {"q": "bea"}).context["people"]
    assert [person.name for person in found] == ["Bea Diallo"]
    assert "Nobody in this list matches" in ruth.get(PREVIEW, {"q": "dan"}).content.decode()
    assert awards.list_awards() == ()
    text = b"".join(ruth.get(PREVIEW + ".csv")).decode()
    assert text.count("Would gain it") == 3
    assert "ada@example.org" in text


def test_who_no_longer_qualifies_is_listed_and_keeps_the_badge(ruth: Client, learners: list[int]) -> None:
    finish_job(backfill.start_batch("safety", actor_id=None, now=NOW).id, NOW)
    publish("safety", {"outcome": "o.c"}, name="Safety")
    page = ruth.get(PREVIEW, {"list": "no_longer"})
    assert [person.name for person in page.context["people"]] == ["Ada Diallo", "Bea Diallo", "Cyd Diallo"]
    assert "3</strong> holders no longer qualify, and keep it" in page.content.decode()


def test_it_runs_pauses_resumes_ends_and_is_undone(ruth: Client, learners: list[int]) -> None:
    page = start(ruth, 3)
    job = page.context["job"]
    assert "The back-fill is under way" in page.content.decode()
    url = f"{HERE}jobs/{job.id}"
    assert "Paused" in ruth.post(url, {"lever": "pause", "reason": "Lunch"}, follow=True).content.decode()
    assert "This back-fill is Paused" in ruth.post(url, {"lever": "pause"}).content.decode()
    assert "data-progress=" not in ruth.get(url + "/progress").content.decode()
    ruth.post(url, {"lever": "resume"})
    assert "data-progress=" in ruth.get(url + "/progress").content.decode()
    finish_job(job.id, timezone.now())
    page = ruth.get(url).content.decode()
    assert "3 of 3 learners looked at (100 %)" in page
    assert 'value="100"' in page
    refused = ruth.post(url, {"lever": "undo", "reason": " "})
    assert refused.status_code == 409
    assert "Give a reason" in refused.content.decode()
    assert (
        "being taken back"
        in ruth.post(url, {"lever": "undo", "reason": "Wrong rule"}, follow=True).content.decode()
    )
    finish_job(job.id, timezone.now())
    page = ruth.get(url).content.decode()
    assert "Wrong rule" in page
    assert all(award.reversed_at for award in awards.list_awards())
    entries = audit.list_entries(object_type="batch", object_id=job.id, issuer_slugs=["school"])
    assert [(entry.action, entry.reason) for entry in entries if entry.reason] == [
        ("backfill.undone", "Wrong rule"),
        ("backfill.paused", "Lunch"),
    ]


def test_a_refused_lever_keeps_the_reason(ruth: Client, learners: list[int]) -> None:
    job = backfill.start_batch("safety", actor_id=None, now=NOW)
    url = f"{HERE}jobs/{job.id}"
    response = ruth.post(url, {"lever": "cancel", "reason": "Long text " * 300})
    assert response.status_code == 409
    assert "Keep the reason below" in response.content.decode()
    assert "Long text Long text" in response.content.decode()
    assert "Choose what to do" in ruth.post(url, {"lever": "explode"}).content.decode()
    assert ruth.get(HERE + "jobs/no-job").status_code == 404


def test_numbers_that_changed_are_looked_at_again(ruth: Client, learners: list[int]) -> None:
    ruth.get(PREVIEW)
    publish("safety", {"any": [{"outcome": "o.a"}, {"outcome": "o.b"}]}, name="Safety")
    make_eligible("eve")
    response = start(ruth, 3)
    assert response.status_code == 409
    assert "Meanwhile the numbers changed: 4 learners" in response.content.decode()
    assert backfill.count_batches() == 0
    assert start(ruth, 4).status_code == 200


def make_eligible(name: str) -> None:
    """Somebody who meets the rule while the badge cannot be earned, so that it was not granted at once."""
    badges.retire_badge("safety", reason="x", actor_id=None, now=NOW)
    do_unit(make_user(name), "b")
    badges.reinstate_badge("safety", reason="x", actor_id=None, now=NOW)


def test_a_rule_that_awards_everybody_asks_twice(ruth: Client, learners: list[int]) -> None:
    publish("safety", {"any": [{"outcome": "o.a"}, {"outcome": "o.c"}]}, name="Safety")
    response = start(ruth, 4)
    assert response.status_code == 409
    assert "Every learner who ever did anything here" in response.content.decode()
    assert backfill.count_batches() == 0
    assert start(ruth, 4, sure="yes").context["job"].total == 4


def test_a_rule_that_awards_nobody_asks_twice(ruth: Client, learners: list[int]) -> None:
    publish("safety", {"outcome": "o.b"}, name="Safety")
    response = start(ruth, 0)
    assert response.status_code == 409
    assert "Nobody would be awarded" in response.content.decode()
    assert start(ruth, 0, sure="yes").context["job"].state == "running"


def test_a_second_backfill_waits_for_the_first(ruth: Client, learners: list[int]) -> None:
    start(ruth, 3)
    page = ruth.get(PREVIEW).content.decode()
    assert "A back-fill of this badge is under way" in page
    assert "Start the back-fill" not in page
    assert start(ruth, 3).status_code == 409
    assert backfill.count_batches() == 1


def test_jobs_are_narrowed_by_state(ruth: Client, learners: list[int]) -> None:
    start(ruth, 3)
    assert len(ruth.get(HERE + "jobs/", {"state": "running"}).context["jobs"]) == 1
    assert "No back-fill is in this state" in ruth.get(HERE + "jobs/", {"state": "done"}).content.decode()


def test_a_retired_badge_has_no_backfill(ruth: Client, learners: list[int]) -> None:
    badges.retire_badge("safety", reason="x", actor_id=None, now=NOW)
    assert ruth.get(PREVIEW).status_code == 404


@pytest.fixture
def many(learners: list[int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three learners are many here, in pieces of two."""
    monkeypatch.setattr(preview_runs, "AT_ONCE", 1)
    monkeypatch.setattr(preview_runs, "CHUNK", 2)
    return learners


def compute(seconds: float = 60.0) -> None:
    for run_id in backfill.open_previews():
        backfill.work_on_preview(run_id, clock=timezone.now, seconds=seconds)


def test_a_large_preview_shows_its_progress_and_then_itself(ruth: Client, many: list[int]) -> None:
    page = ruth.get(PREVIEW).content.decode()
    for said in ("Being computed", "Waiting for a worker", "Show the progress now", 'value="0"'):
        assert said in page
    assert "Start the back-fill" not in page
    compute(0.0)
    assert "0 of 3 learners looked at (0 %)" in ruth.get(PREVIEW).content.decode()
    assert "data-progress=" in ruth.get(PREVIEW + "/progress").content.decode()
    compute()
    assert "data-progress=" not in ruth.get(PREVIEW + "/progress").content.decode()
    page = ruth.get(PREVIEW).content.decode()
    assert "3</strong> learners would gain it" in page
    found = ruth.get(PREVIEW, {"q": "bea"}).context["people"]
    assert [person.name for person in found] == ["Bea Diallo"]
    assert b"".join(ruth.get(PREVIEW + ".csv")).decode().count("Would gain it") == 3
    assert awards.list_awards() == ()


def test_a_large_preview_is_confirmed_as_it_was_found(ruth: Client, many: list[int]) -> None:
    response = start(ruth, 3)
    assert response.status_code == 409
    assert "The numbers are computed anew" in response.content.decode()
    compute()
    assert start(ruth, 2).status_code == 409
    assert start(ruth, 3, sure="yes").context["job"].total == 3


def test_the_file_of_a_preview_that_is_not_there_yet_leads_to_its_progress(
    ruth: Client, many: list[int]
) -> None:
    response = ruth.get(PREVIEW + ".csv", follow=True)
    assert "Being computed" in response.content.decode()


def test_computing_again_is_one_new_run_however_often_the_page_is_loaded(
    ruth: Client, many: list[int]
) -> None:
    ruth.get(PREVIEW)
    compute()
    assert ruth.get(PREVIEW, {"again": "1"}).url == PREVIEW
    for _again in range(2):
        assert "Being computed" in ruth.get(PREVIEW).content.decode()
    assert len(backfill.open_previews()) == 1


def test_progress_is_for_those_who_may_see_the_learners(sign_in: SignIn, many: list[int]) -> None:
    stranger = sign_in(make_user("mallory"))
    for address in (PREVIEW, PREVIEW + "/progress", PREVIEW + ".csv"):
        assert stranger.get(address).status_code in (403, 404)
    assert backfill.open_previews() == ()

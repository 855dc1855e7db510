"""What a new version does to holders of older ones is said before it is published, and to each of them afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from tests.fixtures.catalogue import definition, do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import finish_job

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"
EDIT = HERE + "badges/safety/edit"
GOVERNED = badges.Governance(
    "Office", "Workshop", "Shows safe work", timezone.now().date() + timedelta(days=900)
)


@pytest.fixture
def holders(amina: int) -> list[int]:
    """Two who hold version 1."""
    publish("safety", {"outcome": "o.a"}, name="Safety", governance=GOVERNED, skill_keys=("s.a",))
    people = [amina, make_user("ben")]
    for person in people:
        do_unit(person, "a")
    return people


def next_version(policy: str, days: int | None = None) -> badges.PublishedBadge:
    """Version 2, in force now."""
    now = timezone.now()
    deadline = (now + timedelta(days=days)).date() if days else None
    terms = badges.Terms(holders_policy=policy, holders_deadline=deadline)
    values = {"name": "Safety", "governance": GOVERNED, "skill_keys": ("s.a",), "terms": terms}
    return badges.publish_badge(definition("safety", {"outcome": "o.b"}, **values), actor_id=None, now=now)


def carry_out(days: float) -> None:
    later = timezone.now() + timedelta(days=days)
    for batch_id in backfill.begin_successions(later):
        finish_job(batch_id, later)


def form(**changes: str) -> dict[str, str]:
    """What a browser sends back of the draft."""
    content: dict[str, Any] = dict(badges.get_draft("safety").content)
    kept = {name: value for name, value in content.items() if isinstance(value, str)}
    travelling = {"requirement": json.dumps(content["requirement"]), "skills": "s.a", "revision": "1"}
    return {**kept, **travelling, "do": "publish", **changes}


def test_publishing_says_how_many_are_concerned_and_asks_twice(holders: list[int], sign_in: SignIn) -> None:
    ruth = sign_in(make_officer())
    badges.open_draft("safety", actor_id=None, now=timezone.now())
    page = ruth.get(EDIT).content.decode()
    assert "2 people hold an earlier version and keep it as it is." in page
    assert f"{HERE}awards/?badge=safety&amp;state=held" in page
    day = (timezone.now() + timedelta(days=90)).date().isoformat()
    policy = {"holders_policy": "redemonstrate", "holders_deadline": day}
    answer = ruth.post(EDIT, form(**policy))
    assert answer.status_code == 409
    assert "2 people hold an earlier version and have to show it again until" in answer.content.decode()
    assert badges.current_badge("safety").number == 1
    assert ruth.post(EDIT, form(**policy, confirm="yes")).status_code == 302
    assert badges.current_badge("safety").holders_policy == "redemonstrate"


def test_with_keep_or_without_holders_nothing_is_asked_twice(holders: list[int], sign_in: SignIn) -> None:
    badges.open_draft("safety", actor_id=None, now=timezone.now())
    assert sign_in(make_officer()).post(EDIT, form(minutes="9")).status_code == 302


def test_whoever_has_to_show_it_again_is_told_until_they_did(holders: list[int], sign_in: SignIn) -> None:
    next_version("redemonstrate", days=30)
    page = sign_in(holders[0]).get("/microcred/my/").content.decode()
    assert "asks holders to show this again until" in page
    do_unit(holders[0], "b", now=timezone.now() + timedelta(seconds=5))
    page = sign_in(holders[0]).get("/microcred/my/").content.decode()
    assert "asks holders to show this again until" not in page
    carry_out(31)
    page = sign_in(holders[1]).get("/microcred/my/").content.decode()
    assert "This had to be shown again by a date and was not" in page
    assert "See what it asks now" in page


def test_whoever_received_the_new_version_is_told_why_and_verifiers_that_it_was_replaced(
    holders: list[int], sign_in: SignIn
) -> None:
    next_version("replace")
    carry_out(0.1)
    page = sign_in(holders[0]).get("/microcred/my/").content.decode()
    assert "You received this version because you held version 1." in page
    carry_out(3)
    page = sign_in(holders[0]).get("/microcred/my/").content.decode()
    assert "A newer version has replaced this one." in page
    assert "revoked by its issuer" not in page
    old = next(award for award in awards.list_awards(learner_id=holders[0]) if award.badge.number == 1)
    credential = issuance.credential_of_award(old.id)
    assert credential is not None
    issuance.share_credential(holders[0], credential.id, now=timezone.now())
    page = sign_in().get(f"/microcred/credentials/{credential.id}").content.decode()
    assert "Its holder received a newer version instead." in page


def test_the_badges_page_and_the_list_say_who_holds_an_older_version_only(
    holders: list[int], sign_in: SignIn
) -> None:
    next_version("redemonstrate", days=30)
    do_unit(holders[0], "b", now=timezone.now() + timedelta(seconds=5))
    ruth = sign_in(make_officer())
    assert "have to show it again until" in ruth.get(HERE + "badges/safety").content.decode()
    found = ruth.get(HERE + "awards/", {"badge": "safety", "state": "older"}).context["rows"]
    assert [row.holder for row in found] == ["Ben Diallo"]


def test_a_job_that_revokes_offers_no_undo(holders: list[int], sign_in: SignIn) -> None:
    next_version("redemonstrate", days=30)
    carry_out(31)
    (job,) = backfill.list_batches()
    page = sign_in(make_officer()).get(f"{HERE}jobs/{job.id}").content.decode()
    assert "Older versions taken back: Safety" in page
    assert "2</strong> awards taken back" in page
    assert 'value="undo"' not in page

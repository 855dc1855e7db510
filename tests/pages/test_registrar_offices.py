"""What each office sees and may do in the console, and that nothing of another organisation shows anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"
ALL = ("", "badges/", "skills/", "awards/", "jobs/", "audit/", "roles/")
SEEN = {
    "registrar": set(ALL),
    "auditor": set(ALL) - {"roles/"},
    "steward": {"", "badges/", "skills/"},
    "reviewer": {"", "badges/", "skills/"},
}


@pytest.fixture
def job(amina: int) -> backfill.BatchInfo:
    """A back-fill of the school's badge, running; and a badge of the college with one holder."""
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    do_unit(amina, "a")
    publish("safety", {"outcome": "o.a"}, name="Safety")
    publish("brakes", {"outcome": "o.b"}, name="Secret of the college", issuer_slug="college")
    do_unit(amina, "b")
    return backfill.start_batch("safety", actor_id=None, now=NOW)


@pytest.mark.parametrize("role", SEEN)
def test_an_office_sees_its_pages_and_the_way_to_them_and_no_others(
    role: str, job: backfill.BatchInfo, sign_in: SignIn
) -> None:
    client = sign_in(make_officer("ruth", role))
    overview = client.get(HERE).content.decode()
    for page in ALL:
        assert client.get(HERE + page).status_code == (200 if page in SEEN[role] else 403), page
        assert (f'href="{HERE}{page}"' in overview) == (page in SEEN[role]), page


def test_an_auditor_acts_nowhere(job: backfill.BatchInfo, sign_in: SignIn, amina: int) -> None:
    auditor = sign_in(make_officer("olga", "auditor"))
    refused = [
        ("registrar-job", [job.id], {"lever": "pause"}),
        ("registrar-badge", ["safety"], {"step": "retire", "reason": "x"}),
        ("registrar-backfill", ["safety"], {"seen": "1"}),
        ("registrar-roles", [], {"step": "give", "account": "amina", "role": "auditor", "organisation": "school"}),
        ("registrar-skill-import", [], {"framework": "bikes"}),
    ]  # fmt: skip
    for name, arguments, data in refused:
        response = auditor.post(reverse(f"microcred_app:{name}", args=arguments), data)
        assert response.status_code == 403, name
    assert backfill.get_batch(job.id).state == "running"
    assert badges.current_badge("safety").life.state == "published"
    assert offices.roles_of(amina) == ()
    for url in (f"jobs/{job.id}", "badges/safety", "badges/safety/back-fill"):
        page = auditor.get(HERE + url).content.decode()
        assert page.count('<form method="post"') == page.count('class="mc-form"') == 0
        assert "Start the back-fill" not in page


def test_a_steward_sees_definitions_and_no_learner(job: backfill.BatchInfo, sign_in: SignIn) -> None:
    steward = sign_in(make_officer("stella", "steward"))
    page = steward.get(HERE + "badges/safety").content.decode()
    assert "Mend part a" in page
    assert "Preview a back-fill" not in page
    assert "history" not in page.lower()
    for url in (
        "badges/safety/back-fill",
        "badges/safety/back-fill.csv",
        "awards.csv",
        "audit.csv",
        f"jobs/{job.id}",
    ):
        response = steward.get(HERE + url)
        assert response.status_code == 403
        assert "Amina" not in response.content.decode()


def test_another_organisation_is_absent_from_every_page(
    job: backfill.BatchInfo, sign_in: SignIn, amina: int
) -> None:
    governed = badges.Governance(owner="Secret of the college")
    badges.govern_badge("brakes", governed, actor_id=None, now=NOW)
    foreign = backfill.start_batch("brakes", actor_id=None, now=NOW)
    award = awards.held_badges(amina)["brakes"]
    school = sign_in(make_officer("ruth"))
    for page in (*ALL, "awards.csv", "audit.csv", "skills/s.b"):
        response = school.get(HERE + page)
        body = b"".join(response).decode() if response.streaming else response.content.decode()
        assert "Secret of the college" not in body, page
        assert "brakes" not in body, page
    for url in (
        "badges/brakes",
        f"jobs/{foreign.id}",
        f"jobs/{foreign.id}/progress",
        f"awards/{award}",
        "badges/brakes/back-fill",
    ):
        assert school.get(HERE + url).status_code == 404, url
    assert school.post(f"{HERE}jobs/{foreign.id}", {"lever": "cancel"}).status_code == 404
    assert school.get(HERE + "roles/", {"organisation": "college"}).status_code == 403
    assert school.post(HERE + "roles/", {"organisation": "college", "step": "give"}).status_code == 403


def test_the_interfaces_behind_the_pages_ask_too(job: backfill.BatchInfo) -> None:
    """A button that is not shown is no protection: whoever calls the functions is asked as well."""
    auditor = make_officer("olga", "auditor")
    foreign = make_officer("otto", issuer_slug="college")
    for person in (auditor, foreign):
        for act in (backfill.pause_batch, backfill.resume_batch, backfill.cancel_batch):
            with pytest.raises(permissions.NotAllowed):
                act(job.id, actor_id=person, now=NOW)
        with pytest.raises(permissions.NotAllowed):
            backfill.undo_batch(job.id, actor_id=person, reason="x", now=NOW)
        with pytest.raises(permissions.NotAllowed):
            backfill.start_batch("safety", actor_id=person, now=NOW)
        with pytest.raises(permissions.NotAllowed):
            badges.retire_badge("safety", reason="x", actor_id=person, now=NOW)
        with pytest.raises(permissions.NotAllowed):
            badges.deprecate_badge("safety", sunset_at=NOW + timedelta(days=1), actor_id=person, now=NOW)
        with pytest.raises(permissions.NotAllowed):
            badges.reinstate_badge("safety", reason="x", actor_id=person, now=NOW)


def test_somebody_without_an_office_learns_nothing(job: backfill.BatchInfo, sign_in: SignIn) -> None:
    for client, status in ((sign_in(), 302), (sign_in(make_user("nobody")), 403)):
        for page in (
            *ALL,
            "awards.csv",
            "audit.csv",
            "audit.jsonl",
            "skills/import",
            f"jobs/{job.id}",
            "badges/safety",
        ):
            assert client.get(HERE + page).status_code == status, page

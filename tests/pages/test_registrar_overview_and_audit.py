"""What needs a registrar, and the log that says who decided what."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app.applets.audit import api as audit
from microcred_app.applets.audit.models import AuditEntry
from tests.fixtures.catalogue import make_user, publish
from tests.fixtures.registrar_world import RegistrarWorld, set_up_registrar_world

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"


@pytest.fixture
def world(catalogue: None) -> RegistrarWorld:
    return set_up_registrar_world(learners=2)


def test_the_overview_says_what_waits(world: RegistrarWorld, sign_in: SignIn) -> None:
    context = sign_in(world.registrar).get(HERE).context
    assert {job.badge_name for job in context["jobs"]} == {"Wheel Truing", "Brake Maintenance"}
    assert (context["dead"], context["failing"]) == (1, 0)
    assert [(trouble.host_name, name) for trouble, name in context["troubles"]] == [
        ("A wallet", "Kim 0 Diallo")
    ]
    assert [(line.count, line.badges) for line in context["failed"]] == [
        (1, ("Brake Maintenance", "Wheel Truing"))
    ]
    assert context["overdue_count"] == 3


def test_the_overview_of_another_organisation_has_none_of_it(world: RegistrarWorld, sign_in: SignIn) -> None:
    response = sign_in(world.other_registrar).get(HERE)
    assert response.context["jobs"] == ()
    assert response.context["troubles"] == []
    assert response.context["failed"] == []
    assert [row.key for row in response.context["overdue"]] == ["foreign"]
    for secret in ("Kim", "Wheel", "Brake", "Safety", "no key"):
        assert secret not in response.content.decode()


def test_entries_are_narrowed_and_taken_away_as_a_file(world: RegistrarWorld, sign_in: SignIn) -> None:
    client = sign_in(world.auditor)
    paused = client.get(HERE + "audit/", {"action": "backfill.paused"})
    assert [(entry.reason, name) for entry, name, _details in paused.context["rows"]] == [
        ("The rule is discussed", "Ruth Diallo")
    ]
    by_ruth = {
        entry.action
        for entry, _name, _details in client.get(HERE + "audit/", {"who": "ruth"}).context["rows"]
    }
    assert "badge.retired" in by_ruth
    assert "badge.published" not in by_ruth
    assert len(client.get(HERE + "audit/", {"thing": "leaving"}).context["rows"]) == 2
    assert client.get(HERE + "audit/", {"since": "2050-01-01"}).context["paging"].count == 0
    assert client.get(HERE + "audit/", {"since": "x"}).status_code == 400
    text = b"".join(client.get(HERE + "audit.csv", {"thing": "old"})).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Action"] for row in rows] == ["badge.retired", "badge.published"]
    assert rows[0]["Reason"] == "Nobody rides them"


def test_the_chain_is_whole_in_words_and_broken_in_words(world: RegistrarWorld, sign_in: SignIn) -> None:
    client = sign_in(world.auditor)
    page = client.get(HERE + "audit/").content.decode()
    assert "Whole" in page
    report = audit.check_database()
    assert f"{report.last}:{report.head}" in page
    entry = AuditEntry.objects.filter(action="badge.retired")
    AuditEntry.objects.filter(pk__in=entry.values("pk"))._raw_delete("default")  # type: ignore[attr-defined]
    page = client.get(HERE + "audit/").content.decode()
    assert "Broken." in page
    assert "is missing" in page


def test_the_whole_chain_leaves_for_those_who_see_all_of_it(world: RegistrarWorld, sign_in: SignIn) -> None:
    assert sign_in(world.auditor).get(HERE + "audit.jsonl").status_code == 403
    root = sign_in(make_user("root", is_superuser=True))
    exported = io.BytesIO(b"".join(root.get(HERE + "audit.jsonl")))
    assert audit.check_file(exported).is_whole


def test_everything_typed_by_somebody_is_shown_as_text(world: RegistrarWorld, sign_in: SignIn) -> None:
    evil = "<script>alert(1)</script>"
    publish("evil", {"outcome": "o.a"}, name=evil, description=evil)
    client = sign_in(world.registrar)
    client.post(HERE + "badges/evil", {"step": "retire", "reason": evil, "notice": evil})
    for page in (
        "",
        "badges/",
        "badges/evil",
        "awards/?q=" + evil,
        "audit/?thing=" + evil,
        "audit/",
        "skills/?q=" + evil,
    ):
        assert evil not in client.get(HERE + page).content.decode(), page

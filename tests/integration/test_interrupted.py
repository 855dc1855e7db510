"""A learner's work stands whatever fails after it, and what is owed is made good."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from demo_site.courses.models import Grade
from microcred_app.applets.attainments.models import Attainment, DueEvaluation
from microcred_app.applets.awards.models import Award
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.course_walk import Browser
from tests.fixtures.wallet import REPOSITORY

from .conftest import Site

#: What may fail on the road from the attainment to the outbox.
STATIONS = (
    "microcred_app.applets.awards.api.find_due",
    "microcred_app.applets.awards.evaluation.read_standings",
    "microcred_app.applets.issuance.api.sign_due",
    "microcred_app.applets.issuance.preparation.take_places",
    "microcred_app.applets.issuance.preparation.BadgePress.sign",
    "microcred_app.applets.issuance.preparation.SelfCheck.require_valid",
    "microcred_app.applets.awards.api.write_awards",
    "microcred_app.applets.issuance.granting.store_with_awards",
    "microcred_app.api.enqueue_many_for_wallets",
)
NOTHING_LEFT = {"attainments": 1, "owed": 0, "awards": ["chain-carer"], "verdicts": ["valid"]}


@pytest.mark.parametrize("station", STATIONS)
def test_a_failure_after_the_attainment_does_not_reach_the_learner(
    site: Site, amina: Browser, monkeypatch: pytest.MonkeyPatch, station: str
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the signing service is away")

    amina.do_unit("chain", but="chain-habits")
    with monkeypatch.context() as patch:
        patch.setattr(station, fail)
        answer = amina.answer("chain-habits")
    assert answer.status_code == 200, answer.content
    assert answer.json()["progress"]["complete"] is True
    assert answer.json()["progress"]["earned"] == []
    marker = DueEvaluation.objects.get()
    assert (marker.tries, marker.last_error) == (1, "RuntimeError: the signing service is away")
    assert Attainment.objects.count() == Grade.objects.count() == 1
    assert [rows.objects.count() for rows in (Award, Credential)] == [0, 0]
    assert "Chain Carer" in amina.open_unit("chain")

    call_command("microcred_worker", "--once", stdout=StringIO())
    assert not DueEvaluation.objects.exists()
    assert [rows.objects.count() for rows in (Attainment, Award, Credential)] == [1, 1, 1]
    shown = amina.call("microcred_unit", "chain-unit", "progress").json()["earned"]
    assert [(badge["badge_key"], badge["issued"]) for badge in shown] == [("chain-carer", True)]

    call_command("microcred_worker", "--once", stdout=StringIO())
    assert Award.objects.count() == Credential.objects.count() == 1


@pytest.mark.timeout(400)  # five processes that each load the whole site
@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("attained, not evaluated", {"attainments": 1, "owed": 1, "awards": [], "verdicts": []}),
        ("evaluated, not signed", {"attainments": 1, "owed": 1, "awards": [], "verdicts": []}),
        ("signed, not awarded", {"attainments": 1, "owed": 1, "awards": [], "verdicts": []}),
        ("awarded, not stored", {"attainments": 1, "owed": 1, "awards": [], "verdicts": []}),
        ("stored, not committed", {"attainments": 1, "owed": 1, "awards": [], "verdicts": []}),
        ("committed, still owed", {**NOTHING_LEFT, "owed": 1}),
        ("committed, not answered", NOTHING_LEFT),
    ],
)
def test_a_killed_process_loses_nothing_and_doubles_nothing(
    tmp_path: Path, point: str, left: dict[str, Any]
) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "MICROCRED_DEMO_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "demo_site.settings",
            "PYTHONPATH": str(REPOSITORY),
        }
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    killed = run("tests.integration.scene", point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert json.loads(run("tests.integration.scene", "report").stdout) == left
    for _again in range(2):
        worker = run("django", "microcred_worker", "--once")
        assert worker.returncode == 0, worker.stderr
    assert json.loads(run("tests.integration.scene", "report").stdout) == NOTHING_LEFT

"""Whoever writes at the same time lengthens one chain: nothing forks, nothing is lost, nobody waits for a review."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from django.conf import settings
from django.db import connection, transaction

from microcred_app.applets.audit import api as audit
from microcred_app.applets.audit.models import AuditActor, AuditEntry
from tests.fixtures.catalogue import NOW, make_user

ROOT = Path(__file__).parents[2]


def record(name: str, actor_id: int | None = None) -> None:
    audit.record("x", object_type="y", object_id=name, actor_id=actor_id, now=NOW)


def test_processes_that_write_at_once_keep_one_chain() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.applets.audit_writer", str(connection.settings_dict["NAME"]), name, "30"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    answers = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], answers
    report = audit.check_database()
    assert report.problem == ""
    # A process that met a busy database leaves its entry waiting; nothing is lost, and the next one places it.
    assert report.entries + report.waiting == 120
    audit.seal_waiting()
    report = audit.check_database()
    assert (report.problem, report.entries, report.waiting) == ("", 120, 0)
    names = list(AuditEntry.objects.order_by("sequence").values_list("object_id", flat=True))
    assert len(set(names)) == 120
    for name in ("one", "other"):  # what one process decided stands in the order in which it was decided
        own = [entry for entry in names if entry.startswith(name)]
        assert own == [f"{name}-{number}{part}" for number in range(30) for part in "ab"]


def test_an_open_decision_holds_up_no_other_decision() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time, whatever is written")
    written, finish = Event(), Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                record("slow")
                written.set()
                assert finish.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert written.wait(30)
        record("quick")
        assert AuditEntry.objects.get(object_id="quick").sequence == 1
        finish.set()
        running.result(30)
    assert AuditEntry.objects.get(object_id="slow").sequence == 2
    assert audit.check_database().is_whole


def test_two_first_decisions_of_one_person_at_once_get_one_reference() -> None:
    ruth = make_user("ruth")
    gate = Barrier(4)

    def decide(number: int) -> None:
        try:
            gate.wait(20)
            with transaction.atomic():
                record(f"d{number}", ruth)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, range(4)))
    assert AuditActor.objects.count() == 1
    audit.seal_waiting()
    report = audit.check_database()
    assert (report.problem, report.entries) == ("", 4)

"""The migration brings entries of before into the chain, can be repeated and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from microcred_app.applets.audit import api as audit
from tests.fixtures.catalogue import NOW

BEFORE = [("microcred_app", "0003_facts_and_batches")]
AFTER = [("microcred_app", "0004_registrar_foundations")]


def migrate(target: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Any]:
    yield migrate(BEFORE)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("microcred_app")
    migrate(newest)


def test_old_entries_get_their_place(before: Any) -> None:
    ruth = get_user_model().objects.create(username="ruth")
    entries = before.get_model("microcred_app", "AuditEntry")
    entries._base_manager.bulk_create(
        entries(
            at=NOW + timedelta(microseconds=number), actor_id=ruth.pk if number % 2 else None, action="x",
            object_type="y", object_id=str(number), reason="ü“\n", details={"n": number, "share": 0.1},
        )
        for number in range(4_500)
    )  # fmt: skip
    migrate(AFTER)
    report = audit.check_database()
    assert (report.problem, report.entries, report.waiting) == ("", 4_500, 0)
    newest = audit.list_entries(limit=2)
    assert [entry.sequence for entry in newest] == [4_500, 4_499]
    assert newest[0].actor_reference != ""
    assert newest[1].actor_reference == ""
    audit.record("x", object_type="y", object_id="later", actor_id=ruth.pk, now=NOW + timedelta(days=1))
    later = audit.list_entries(limit=1)[0]
    assert (later.sequence, later.actor_reference) == (4_501, newest[0].actor_reference)
    assert audit.check_database().is_whole


def test_an_empty_log_and_the_way_back(before: Any) -> None:
    migrate(AFTER)
    assert audit.check_database().is_whole
    audit.record("x", object_type="y", object_id="z", actor_id=None, now=NOW)
    old = migrate(BEFORE)
    assert old.get_model("microcred_app", "AuditEntry")._base_manager.get().object_id == "z"
    migrate(AFTER)
    report = audit.check_database()
    assert (report.problem, report.entries) == ("", 1)

"""The measuring of migrations is ready for the next one: tables can be filled, and a slow migration fails it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import connection

from benchmarks.migrations import APP, fill

needs_mariadb = pytest.mark.skipif(
    "MICROCRED_MARIADB_SOCKET" not in os.environ, reason="tables are filled by MariaDB (make test-mariadb)"
)


def measure(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.migrations", *options], capture_output=True, text=True, check=False
    )


@needs_mariadb
@pytest.mark.django_db(transaction=True)
def test_every_table_can_be_filled() -> None:
    models = list(apps.get_app_config(APP).get_models())
    for model in models:
        model._base_manager.all().delete()  # what migrations made
    try:
        assert len(fill(apps, models, 3)) == len(models)
        counts = {model.__name__: model._base_manager.count() for model in models}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET FOREIGN_KEY_CHECKS = 1")
    single = {name for name, count in counts.items() if count == 1}
    assert single == {"DefinitionStamp", "AuditHead", "WorkerSign", "AnnouncementMark"}
    assert {count for name, count in counts.items() if name not in single} == {3}


@needs_mariadb
def test_a_migration_runs_over_the_rows_that_it_touches() -> None:
    done = measure("--package", "tests.fixtures.example_migrations", "--rows", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    first, second, end = done.stdout.splitlines()
    assert first.startswith("  first ") and "(on an empty database)" in first
    assert second.startswith("  second ") and "(UnitProgress 7, Attainment 7, ReportedFact 7)" in second
    assert end == "Later ones over 7 rows; the limit was 60 s each way."


@needs_mariadb
def test_too_slow_is_a_failure() -> None:
    done = measure("--package", "tests.fixtures.example_migrations", "--rows", "7", "--limit", "0")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TOO SLOW" in done.stdout.splitlines()[1]

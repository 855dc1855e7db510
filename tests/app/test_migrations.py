"""What holds for every migration: from nothing to all tables and back, and no way through for half a history."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from microcred_app.applets.audit import api as audit
from microcred_app.applets.skills.models import DefinitionStamp
from microcred_app.history_checks import check_history

APP = "microcred_app"
FIRST = "0001_initial"
REPLACED = [
    name
    for _app, name in MigrationLoader(None, replace_migrations=False).disk_migrations[APP, FIRST].replaces
]
BEFORE_THE_RELEASE = [FIRST, *REPLACED]


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith(f"{APP}_")}


def recorded() -> set[str]:
    return {name for app, name in MigrationRecorder(connection).applied_migrations() if app == APP}


def pretend(names: Iterable[str]) -> None:
    """The database ran these of our migrations and no others."""
    recorder = MigrationRecorder(connection)
    for name in recorded():
        recorder.record_unapplied(APP, name)
    for name in names:
        recorder.record_applied(APP, name)


@pytest.mark.django_db(transaction=True)
def test_everything_is_taken_back_and_made_again() -> None:
    made = tables()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes(APP)
    try:
        MigrationExecutor(connection).migrate([(APP, None)])
        assert (tables(), recorded()) == (set(), set())
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert tables() == made
    models = apps.get_app_config(APP).get_models(include_auto_created=True)
    assert made >= {model._meta.db_table for model in models}
    report = audit.check_database()
    assert (report.problem, report.entries) == ("", 0)
    assert len(DefinitionStamp.objects.get().value) == 32
    call_command("migrate", APP, verbosity=0, skip_checks=False)  # and the new history is whole


def test_every_migration_can_be_taken_back() -> None:
    migrations = MigrationLoader(None, replace_migrations=False).disk_migrations
    one_way = [
        f"{name}: {operation.describe()}"
        for (app, name), migration in migrations.items()
        for operation in migration.operations
        if app == APP and not operation.reversible
    ]
    assert one_way == []


@pytest.mark.django_db
def test_a_database_that_ran_all_old_migrations_is_at_the_first() -> None:
    pretend(BEFORE_THE_RELEASE)
    assert check_history(None, databases=["default"]) == []
    executor = MigrationExecutor(connection)
    assert executor.migration_plan([(APP, FIRST)]) == []
    assert (APP, FIRST) in executor.loader.applied_migrations


@pytest.mark.django_db
def test_an_empty_database_and_a_new_one_are_left_in_peace() -> None:
    assert check_history(None, databases=["default"]) == []
    pretend([])
    assert check_history(None, databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("ran", [1, 2, 10, 23], ids="up to {}".format)
def test_a_database_that_ran_some_of_them_is_refused_before_anything_happens(ran: int) -> None:
    pretend(BEFORE_THE_RELEASE[:ran])
    with pytest.raises(SystemCheckError) as refusal:
        call_command("migrate", APP, verbosity=0, skip_checks=False)
    told = str(refusal.value)
    assert "microcred.E013" in told
    assert f"stopped at migration {BEFORE_THE_RELEASE[ran - 1]} of" in told
    assert "docs/how-to/upgrade.rst" in told
    assert recorded() == set(BEFORE_THE_RELEASE[:ran])

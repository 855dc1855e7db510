"""``python -m benchmarks.migrations``: each migration over full tables on MariaDB, forwards and back; 1 when too slow.

Run it by ``make bench-migrations``, which starts a private server. The first migration runs on an empty database. For
each later one the tables that it touches are filled as they were before it, with ``--rows`` rows for what learners
leave behind and 5,000 for definitions; then it is run, taken back, and run again. Rows are made by the server itself
(its sequence engine), so filling takes seconds.
"""

from __future__ import annotations

import argparse
import inspect
import itertools
import os
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

APP = "microcred_app"
#: Name, seconds forwards and back, and over what.
Measured = tuple[str, tuple[float, float], str]
LIMIT_SECONDS = 60.0
DEFINITIONS = 5_000
#: What there are thousands of on a large site, not millions.
SMALL = {
    "SkillFramework", "SkillCluster", "Skill", "SkillRelation", "Outcome", "DefinitionStamp", "Issuer", "BadgeImage",
    "Badge", "BadgeVersion", "ScheduledVersion", "HolderDuty", "RequirementMention", "BadgeDraft", "DraftRevision",
    "DraftComment", "Pathway", "Stage", "IssuerKey", "StatusList", "Host", "ClientRegistration", "TargetHealth",
    "RetentionPolicy", "SavedRubric", "CourseReviewRules", "OrganisationRole", "WebhookEndpoint", "OutcomeSource",
    "AuditHead", "AuditActor", "Batch", "BatchSpan", "PreviewRun", "PreviewPiece", "WorkerSign",
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Fill, migrate, go back, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.migrations", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="numbers of some migrations, such as 0002,0005")
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds that each way may take")
    parser.add_argument("--package", default="", help="migrations to run in the place of the app's own")
    options = parser.parse_args(arguments)
    _set_up(options.package)
    missed = 0
    first, *later = _plan()
    for name, seconds, remark in itertools.chain(
        [_run_first(first)], _run_later([first, *later], options.rows, options.only)
    ):
        slow = max(seconds) > options.limit
        missed += slow
        print(
            f"  {name:28} {seconds[0]:7.2f} s, back {seconds[1]:7.2f} s{'  TOO SLOW' if slow else ''}  ({remark})"
        )
        sys.stdout.flush()
    if later:
        print(f"Later ones over {options.rows:,} rows; the limit was {options.limit:g} s each way.")
    else:
        print(f"There is no migration after {first[1]}: nothing was measured over full tables.")
    return int(missed > 0)


def _set_up(package: str) -> None:
    """An empty database, and Django on it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_mariadb"
    import MySQLdb

    with MySQLdb.connect(unix_socket=os.environ["MICROCRED_MARIADB_SOCKET"], user="root") as server:
        server.query("DROP DATABASE IF EXISTS microcred")
        server.query("CREATE DATABASE microcred CHARACTER SET utf8mb4")
    import django
    from django.conf import settings

    if package:
        settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, APP: package}
    django.setup()


def _plan() -> list[tuple[str, str]]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    graph = MigrationExecutor(connection).loader.graph
    return [key for key in graph.forwards_plan(graph.leaf_nodes(APP)[0]) if key[0] == APP]


def _run_first(first: tuple[str, str]) -> Measured:
    """What it needs of other apps is there already."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate([parent.key for parent in executor.loader.graph.node_map[first].parents])
    forwards = _migrate(first)
    backwards = _migrate((APP, None))
    _migrate(first)
    return first[1], (forwards, backwards), "on an empty database"


def _run_later(plan: list[tuple[str, str]], rows: int, only: str) -> Iterator[Measured]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    for before, after in itertools.pairwise(plan):
        if only and not after[1].startswith(tuple(only.split(","))):
            _migrate(after)
            continue
        loader = MigrationExecutor(connection).loader
        apps = loader.project_state([before]).apps
        filled = fill(apps, _touched(loader.get_migration(*after), apps), rows)
        forwards = _migrate(after)
        backwards = _migrate(before)
        _migrate(after)
        yield after[1], (forwards, backwards), ", ".join(filled) or "touches no table with rows"
        _empty()


def _migrate(target: tuple[str, str | None]) -> float:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    begun = time.perf_counter()
    executor.migrate([target])
    return time.perf_counter() - begun


def _touched(migration: Any, apps: Any) -> list[Any]:
    """Models that the migration changes, that its own functions read, or whose tables its SQL names."""
    names: set[str] = set()
    told = ""
    for operation in _flat(migration.operations):
        names.add(str(getattr(operation, "model_name", "") or getattr(operation, "name", "") or "").lower())
        told += f"{getattr(operation, 'sql', '')}{getattr(operation, 'reverse_sql', '')}"
        for function in (getattr(operation, "code", None), getattr(operation, "reverse_code", None)):
            if function is not None:
                module = inspect.getsource(inspect.getmodule(function) or function)
                names |= {found.lower() for found in re.findall(r'get_model\(\s*"\w+",\s*"(\w+)"', module)}
    return [
        model
        for model in apps.get_app_config(APP).get_models()
        if model.__name__.lower() in names or re.search(rf"\b{model._meta.db_table}\b", told)
    ]


def _flat(operations: list[Any]) -> Iterator[Any]:
    for operation in operations:
        yield from _flat(getattr(operation, "database_operations", []))
        yield operation


def fill(apps: Any, models: list[Any], rows: int) -> list[str]:
    """Put *rows* rows into the table of each model, fewer where a large site has few; say how many went where."""
    from django.db import connection

    filled = []
    with connection.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
        for model in models:
            count = _count(model, rows)
            columns = list(model._meta.local_concrete_fields)
            names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
            values = ", ".join(_value(field, rows) for field in columns)
            cursor.execute(
                f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) "
                f"SELECT {values} FROM seq_1_to_{count}"
            )
            filled.append(f"{model.__name__} {count:,}")
        cursor.execute("SET FOREIGN_KEY_CHECKS = 1")
    return filled


def _count(model: Any, rows: int) -> int:
    if model.__name__ in ("DefinitionStamp", "AuditHead", "WorkerSign", "AnnouncementMark"):
        return 1
    return min(rows, DEFINITIONS) if model.__name__ in SMALL else rows


def _value(field: Any, rows: int) -> str:
    """What stands in a column of row ``seq``; whatever is unique counts up."""
    kind = field.get_internal_type()
    if kind in ("ForeignKey", "OneToOneField"):
        if field.null:
            return "NULL"
        target = field.related_model
        wraps = target._meta.app_label == APP and target.__name__ in SMALL and not field.unique
        number = f"(1 + seq MOD {_count(target, rows)})" if wraps else "seq"
        return _value(target._meta.pk, rows).replace("seq", number)
    if field.null and not field.primary_key:
        return "NULL"
    return _plain(field, kind)


def _plain(field: Any, kind: str) -> str:
    from django.db import connection

    if kind == "UUIDField":
        if connection.features.has_native_uuid_field:
            return "CONCAT('00000000-0000-4000-8000-', LPAD(HEX(seq), 12, '0'))"
        return "LPAD(HEX(seq), 32, '0')"
    if kind in ("CharField", "SlugField", "URLField", "EmailField", "TextField"):
        if field.choices:
            return f"'{next(iter(field.flatchoices))[0]}'"
        default = field.get_default() if field.has_default() else ""
        return "CONCAT('x', seq)" if _counts(field) else f"'{default or 'x'}'"
    fixed = {
        "JSONField": "'[]'" if field.default is list else "'{}'",
        "BinaryField": "REPEAT('d', 500)",
        "BooleanField": "0",
        "FloatField": "0.5",
        "DecimalField": "1",
        "DateTimeField": "'2026-01-01 00:00:00'",
        "DateField": "'2026-01-01'",
        "PositiveSmallIntegerField": "1" if field.primary_key else "seq MOD 30000",
    }
    return fixed.get(kind, "seq")


def _counts(field: Any) -> bool:
    """Whether a text differs from row to row: it is unique, alone or together with others."""
    named = [constraint.fields for constraint in field.model._meta.total_unique_constraints]
    return field.unique or (field.name in itertools.chain(*named) and (field.max_length or 16) >= 16)


def _empty() -> None:
    """Take all rows away before the next migration's tables are filled."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
        for table in connection.introspection.table_names(cursor):
            if table.startswith(f"{APP}_"):
                cursor.execute(f"TRUNCATE TABLE {connection.ops.quote_name(table)}")
        cursor.execute("SET FOREIGN_KEY_CHECKS = 1")


if __name__ == "__main__":
    sys.exit(main())

"""System check of the migrations that a database ran before the first release; ``migrate`` asks it before it begins.

Our first migration stands for the 24 that there were before. Django takes a database that ran all of them as being at
it, but of one that ran only some it leaves the first migration out without a word, and would run the ones after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.core import checks
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

__all__ = ["check_history", "register_history_check"]

_APP = "microcred_app"
_FIRST = "0001_initial"


def register_history_check() -> None:
    """Register with Django; checks of databases run only where somebody names a database, as ``migrate`` does."""
    checks.register(check_history, "microcred", checks.Tags.database)


def check_history(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """No database stands in the middle of the migrations that became one."""
    return [message for alias in databases or () for message in _judge(alias)]


def _judge(alias: str) -> list[checks.CheckMessage]:
    replaced = {name for _app, name in import_module(f"{_APP}.migrations.{_FIRST}").Migration.replaces}
    ran = {name for app, name in MigrationRecorder(connections[alias]).applied_migrations() if app == _APP}
    old = ran & (replaced | {_FIRST})
    if not old or replaced <= ran:
        return []
    return [
        checks.Error(
            f"The database {alias!r} stopped at migration {max(old)} of {_APP}; it and the ones up to "
            f"{max(replaced)} became one, which can take only a database that ran all of them, or none.",
            hint=f"Run “migrate {_APP}” with the last version that has {max(replaced)}, then with this one "
            "(docs/how-to/upgrade.rst). If you need nothing in it, start with an empty database.",
            id="microcred.E013",
        )
    ]

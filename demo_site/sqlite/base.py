"""A transaction waits for its turn instead of failing.

SQLite's own default is a deferred transaction: one that reads first and writes later cannot wait for another
writer and fails at once with "database is locked". Django learnt to ask for immediate ones in 5.1
(``transaction_mode``); this backend asks on every version, so that the demo behaves the same on all of them.
"""

from __future__ import annotations

from django.db.backends.sqlite3 import base

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with ``BEGIN IMMEDIATE``."""

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

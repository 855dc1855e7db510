"""Django's SQLite backend, with transactions that take their write lock when they begin."""

"""What a row of the tables that grow with learners takes on disk, its indexes included."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["bytes_of_rows"]


def bytes_of_rows() -> Iterator[tuple[str, int]]:
    """Bytes of a row by the name of its model, as the server tells them."""
    from django.db import connection

    from microcred_app.applets.attainments.models import Attainment, UnitProgress
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.delivery.models import Connection, Delivery
    from microcred_app.applets.issuance.models import Credential

    for model in (Attainment, UnitProgress, Award, Credential, Connection, Delivery):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE TABLE {table}")
            cursor.fetchall()
            cursor.execute(
                "SELECT data_length + index_length FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_name = %s",
                [table],
            )
            size = int(cursor.fetchone()[0])
        yield model.__name__, size // max(1, model._default_manager.count())

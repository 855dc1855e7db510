"""What was published before definitions had a life is in force afterwards, and the way back is open."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.fixtures.catalogue import NOW

APP = "microcred_app"


def migrate_to(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])
    return MigrationExecutor(connection).loader.project_state([(APP, name)]).apps


def neighbours() -> tuple[str, str]:
    """The migration of definitions' life and the one before it, whatever their numbers are."""
    graph = MigrationExecutor(connection).loader.graph
    node = next(node for node in graph.nodes if node[0] == APP and node[1].endswith("_definitions_life"))
    before = next(parent.key for parent in graph.node_map[node].parents if parent.key[0] == APP)
    return before[1], node[1]


@pytest.mark.django_db(transaction=True)
def test_published_badges_stay_published_current_and_in_force() -> None:
    before, after = neighbours()
    leaf = MigrationExecutor(connection).loader.graph.leaf_nodes(APP)[0][1]
    try:
        old = migrate_to(before)
        issuer = old.get_model(APP, "Issuer").objects.create(slug="s", name="S", url="https://s.example")
        image = old.get_model(APP, "BadgeImage").objects.create(sha256="0" * 64, media_type="x", content=b"x")
        badge = old.get_model(APP, "Badge").objects.create(
            key="a", issuer=issuer, kind="micro", created_at=NOW
        )
        badge.current = old.get_model(APP, "BadgeVersion").objects.create(
            badge=badge, number=1, name="A", description="A", image=image, requirement={}, published_at=NOW
        )
        badge.save()
        version = migrate_to(after).get_model(APP, "Badge").objects.get(key="a").current
        assert (version.badge.state, version.effective_at, version.holders_policy) == (
            "published",
            NOW,
            "keep",
        )
        assert migrate_to(before).get_model(APP, "Badge").objects.get(key="a").current.number == 1
    finally:
        migrate_to(leaf)

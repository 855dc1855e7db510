"""Places that were drawn stay where the credentials say, and lists that were drawn from are closed."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.fixtures.catalogue import NOW

from .test_definitions_migration import APP, migrate_to


def neighbours() -> tuple[str, str]:
    graph = MigrationExecutor(connection).loader.graph
    node = next(node for node in graph.nodes if node[0] == APP and node[1].endswith("_places_and_previews"))
    before = next(parent.key for parent in graph.node_map[node].parents if parent.key[0] == APP)
    return before[1], node[1]


@pytest.mark.django_db(transaction=True)
def test_every_credential_keeps_its_place_and_no_list_gives_one_twice() -> None:
    before, after = neighbours()
    leaf = MigrationExecutor(connection).loader.graph.leaf_nodes(APP)[0][1]
    try:
        old = migrate_to(before)

        def make(model: str, **values: object) -> object:
            return old.get_model(APP, model).objects.create(**values)

        issuer = make("Issuer", slug="s", name="S", url="https://s.example")
        image = make("BadgeImage", sha256="0" * 64, media_type="x", content=b"x")
        badge = make("Badge", key="a", issuer=issuer, kind="micro", created_at=NOW)
        version = make(
            "BadgeVersion", badge=badge, number=1, name="A", description="A", image=image, requirement={},
            published_at=NOW, effective_at=NOW,
        )  # fmt: skip
        key = make("IssuerKey", issuer=issuer, did="did:x", multikey="z", sealed_secret=b"", created_at=NOW)
        lists = [
            make("StatusList", issuer=issuer, did="did:x", bits=b"", document=b"", taken=2, created_at=NOW,
                 signed_at=NOW) for _number in range(2)
        ]  # fmt: skip
        make("StatusEntry", status_list=lists[0], index=9)  # drawn for a credential that was never stored
        expected = {}
        for number, (status_list, index) in enumerate([(lists[0], 7), (lists[1], 7), (lists[1], 99)]):
            entry = make("StatusEntry", status_list=status_list, index=index)
            award = make(
                "Award", learner_id=number + 1, version=version, awarded_at=NOW, because={},
                idempotency_key=str(number),
            )  # fmt: skip
            credential = make(
                "Credential", award=award, learner_id=number + 1, issuer_key=key, status_entry=entry,
                uri=f"https://s.example/{number}", document=b"{}", sha256="", issued_at=NOW,
            )  # fmt: skip
            expected[credential.pk] = (status_list.pk, index)
        new = migrate_to(after)
        rows = new.get_model(APP, "Credential").objects
        assert {pk: place for pk, *place in rows.values_list("pk", "status_list_id", "status_index")} == {
            pk: list(place) for pk, place in expected.items()
        }
        assert set(new.get_model(APP, "StatusList").objects.values_list("taken", flat=True)) == {131_072}
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(status_index=99).update(status_index=7)

        again = migrate_to(before).get_model(APP, "Credential").objects
        places = again.values_list("pk", "status_entry__status_list_id", "status_entry__index")
        assert {pk: tuple(place) for pk, *place in places} == expected
        again.all().delete()
    finally:
        migrate_to(leaf)

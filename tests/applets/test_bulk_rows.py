"""Rows written without instances are the rows that instances would have written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from microcred_app.applets import bulk_rows
from microcred_app.applets.awards.models import Award
from microcred_app.applets.bulk_rows import insert_rows
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

NAMES = ("id", "learner", "version", "because", "expires_at", "idempotency_key")


def award_rows(count: int, **changes: Any) -> list[tuple[Any, ...]]:
    version = publish("micro-a", {"outcome": "o.a"}).version_id
    because = changes.get("because", {"requirement": {"outcome": "o.a"}, "said": "“ünï” \\ % %s"})
    return [
        (
            uuid4(),
            number + 1,
            version,
            because,
            NOW + timedelta(days=number) if number % 2 else None,
            f"k{number}",
        )
        for number in range(count)
    ]


def written(shared: dict[str, Any], rows: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        insert_rows(Award, NAMES, rows, shared=shared)


def test_rows_read_back_as_they_were_given() -> None:
    rows, batch = award_rows(4), uuid4()
    written({"awarded_at": NOW, "batch_id": batch}, rows)
    names = ("id", "learner_id", "version_id", "because", "expires_at", "idempotency_key")
    assert list(Award.objects.order_by("idempotency_key").values_list(*names)) == rows
    assert set(Award.objects.values_list("awarded_at", "batch_id")) == {(NOW, batch)}


def test_fields_that_nobody_gives_get_their_default() -> None:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(make_user(), "a")
    row = Credential.objects.get()
    assert (row.holder_binding, row.shared_at, row.revoked_at) == ("email", None, None)
    assert isinstance(row.pk, UUID)
    written({"awarded_at": NOW}, award_rows(1))
    assert Award.objects.get(idempotency_key="k0").batch_id is None


def test_large_pieces_are_cut_and_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_rows, "MAX_BYTES", 500)
    written({"awarded_at": NOW}, award_rows(25, because={"text": "x" * 400}))
    assert Award.objects.count() == 25
    rows = [("x" * 300, 1), ("y" * 300, 2), ("z", 3)]
    assert list(map(len, bulk_rows._pieces(rows, 100))) == [1, 2]
    assert list(map(len, bulk_rows._pieces(rows, 1))) == [1, 1, 1]
    assert list(map(len, bulk_rows._pieces([("x" * 10_000,)], 100))) == [1]


def test_a_conflict_is_an_integrity_error_and_leaves_nothing() -> None:
    rows = award_rows(3)
    with pytest.raises(IntegrityError):
        written({"awarded_at": NOW}, [*rows, (uuid4(), 9, rows[0][2], {}, None, "k1")])
    assert not Award.objects.exists()


@pytest.mark.parametrize("shared", [{"learner": 1}, {"id": uuid4()}])
def test_a_field_given_twice_is_a_programming_error(shared: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="given twice"):
        insert_rows(Award, NAMES, award_rows(1), shared={"awarded_at": NOW, **shared})


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_rows(Award, NAMES, [], shared={})

"""Places in status lists: a secret order, taken in blocks, given once whatever happens to who took them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction

from benchmarks.road.statements import counted
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import status
from microcred_app.applets.issuance.keys import active_key
from microcred_app.applets.issuance.models import IssuerKey, StatusList
from microcred_app.applets.issuance.places import LENGTH, index_of
from tests.fixtures.catalogue import NOW, publish


@pytest.fixture
def key() -> IssuerKey:
    publish("micro-a", {"outcome": "o.a"})
    issuer = badges.current_badge("micro-a").issuer
    made = active_key(issuer.id, issuer.slug, now=NOW)
    status.take_place(made, now=NOW)  # the list is there
    return made


def stamp() -> str:
    return badges.current_definitions().stamp


def spent(places: list[Any]) -> list[tuple[Any, int]]:
    return [(place.list_id, place.index) for place in places]


@pytest.mark.parametrize("seed", [b"\0" * 32, b"seed", bytes(range(32))])
def test_every_number_has_a_place_of_its_own(seed: bytes) -> None:
    assert len({index_of(seed, number) for number in range(LENGTH)}) == LENGTH
    assert max(index_of(seed, number) for number in range(1_000)) < LENGTH


def test_the_order_is_the_seeds_and_tells_nothing() -> None:
    first = [index_of(b"one", number) for number in range(1_000)]
    assert first == [index_of(b"one", number) for number in range(1_000)]
    assert sum(a == b for a, b in zip(first, (index_of(b"two", n) for n in range(1_000)), strict=True)) < 5
    steps = {b - a for a, b in pairwise(first)}
    assert len(steps) > 950, "neighbours in time are no neighbours in the list, and not at a fixed distance"
    assert 0.4 < sum(first) / len(first) / LENGTH < 0.6


@pytest.mark.parametrize("number", [-1, LENGTH])
def test_there_is_no_place_beyond_the_list(number: int) -> None:
    with pytest.raises(ValueError, match="there is no place number"):
        index_of(b"seed", number)


def test_a_block_costs_one_statement_and_its_places_none(key: IssuerKey) -> None:
    taken = status.take_places(key, 1, now=NOW, stamp=stamp())
    current = stamp()
    costs = []
    for _place in range(2 * status.BLOCK):
        with counted() as statements:
            taken += status.take_places(key, 1, now=NOW, stamp=current)
        costs.append((statements.reads, statements.writes))
    assert set(costs) == {(0, 0), (0, 1)}
    assert costs.count((0, 1)) == 2
    assert len(set(spent(taken))) == len(taken)


def test_what_is_taken_in_a_transaction_that_is_rolled_back_is_not_kept(key: IssuerKey) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        status.take_places(key, 3, now=NOW, stamp=stamp())
        raise RuntimeError
    before = StatusList.objects.get().taken
    places = status.take_places(key, 3, now=NOW, stamp=stamp())
    assert StatusList.objects.get().taken == before + status.BLOCK
    assert {index_of(bytes(StatusList.objects.get().seed), before + n) for n in range(3)} == {
        place.index for place in places
    }


def test_inside_a_transaction_exactly_what_is_needed_is_taken(key: IssuerKey) -> None:
    before = StatusList.objects.get().taken
    with transaction.atomic():
        status.take_places(key, 5, now=NOW, stamp=stamp())
    assert StatusList.objects.get().taken == before + 5


def test_a_forked_process_does_not_spend_its_parents_places(
    key: IssuerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    status.take_places(key, 1, now=NOW, stamp=stamp())
    parent = os.getpid()
    monkeypatch.setattr(status.os, "getpid", lambda: parent + 1)
    child = status.take_places(key, 10, now=NOW, stamp=stamp())
    monkeypatch.setattr(status.os, "getpid", lambda: parent)
    assert not set(spent(child)) & set(spent(status.take_places(key, 10, now=NOW, stamp=stamp())))


def test_somebody_elses_places_are_never_ours(key: IssuerKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes take blocks in turn; what one remembers of the counter is out of date each time."""
    real = os.getpid()
    taken: list[Any] = []
    for turn in range(6):
        monkeypatch.setattr(status.os, "getpid", lambda turn=turn: real + turn % 2)
        taken += status.take_places(key, status.BLOCK, now=NOW, stamp=stamp())
    assert len(set(spent(taken))) == 6 * status.BLOCK


def test_threads_share_a_block_and_get_different_places(key: IssuerKey) -> None:
    current = stamp()

    def take(_number: int) -> list[Any]:
        try:
            return [
                place for _turn in range(40) for place in status.take_places(key, 1, now=NOW, stamp=current)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [place for places in pool.map(take, range(4)) for place in places]
    assert len(set(spent(found))) == 160


def test_other_definitions_begin_a_new_block(key: IssuerKey) -> None:
    """Whatever ends a key touches the definitions; nobody must go on under the old ones."""
    status.take_places(key, 1, now=NOW, stamp=stamp())
    before = StatusList.objects.get().taken
    publish("micro-b", {"outcome": "o.b"})
    status.take_places(key, 1, now=NOW, stamp=stamp())
    assert StatusList.objects.get().taken == before + status.BLOCK


def test_a_full_list_is_followed_by_a_new_one_in_the_middle_of_a_chunk(key: IssuerKey) -> None:
    StatusList.objects.update(taken=LENGTH - 3)
    places = status.take_places(key, 10, now=NOW, stamp=stamp())
    lists = [place.list_id for place in places]
    assert sorted(map(lists.count, set(lists))) == [3, 7]
    assert sorted(StatusList.objects.values_list("taken", flat=True))[-1] == LENGTH


def test_nobody_waits_for_ever_where_others_are_always_faster(
    key: IssuerKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "_advance", lambda *_args: None)
    with pytest.raises(Exception, match="No free places"):
        status.take_places(key, 1, now=NOW, stamp=stamp())

"""Status lists that were changed in places are read by other people's libraries, entry for entry."""

import random

import pytest

from microcred_app.ob3.status_list import MINIMUM_ENTRIES, StatusList
from tests.interop.verifiers import read_list_with_node

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("entries", [MINIMUM_ENTRIES, 1_048_576])
@pytest.mark.parametrize("share", [0, 0.01, 0.5])
def test_both_published_readers_find_the_entries_that_are_set(entries: int, share: float) -> None:
    draw = random.Random(7)
    status_list = StatusList.new(entries)
    chosen = set(draw.sample(range(entries), int(entries * share)))
    for index in chosen:
        status_list.set(index)
    status_list.encode()  # from here on, only what changes is compressed again
    for index in (0, 32_767, 32_768, entries - 1):
        status_list.clear(index) if index in chosen else status_list.set(index)
        chosen ^= {index}
    found = read_list_with_node(status_list.encode())
    assert len(found) == 2
    assert all(entries_found == sorted(chosen) for entries_found in found.values())

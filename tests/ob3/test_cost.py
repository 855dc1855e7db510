"""Signing and verifying fit into the request in which a learner finishes a unit (processor time, warm)."""

import time
from collections.abc import Callable

from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import LIST_URL, NOW, signed, signed_list


def milliseconds(work: Callable[[], object]) -> float:
    work()
    samples = []
    for _ in range(15):
        started = time.process_time()
        work()
        samples.append(time.process_time() - started)
    return sorted(samples)[len(samples) // 2] * 1_000


def test_building_and_signing_takes_less_than_12_ms() -> None:
    assert milliseconds(lambda: encode_document(signed())) < 12


def test_verifying_with_its_status_list_takes_less_than_15_ms() -> None:
    data, lists = encode_document(signed()), {LIST_URL: encode_document(signed_list())}
    assert milliseconds(lambda: verify(data, now=NOW, fetch_status_list=lists.__getitem__)) < 15

"""A message follows everything that is committed, and a busy second brings few."""

from __future__ import annotations

import random

import pytest

from microcred_app.wake_up import EVERY, WakeUp


class Post:
    """A clock, and the moments at which messages arrive."""

    def __init__(self) -> None:
        self.now = 0.0
        self.arrivals: list[float] = []
        self.broken = False

    def send(self, seconds: float) -> None:
        if self.broken:
            raise ConnectionError
        self.arrivals.append(self.now + seconds)

    def clock(self) -> float:
        return self.now


@pytest.mark.parametrize("seed", range(20))
def test_a_message_arrives_after_every_call_and_soon(seed: int) -> None:
    chance, post = random.Random(seed), Post()
    wake_up = WakeUp(post.send, post.clock)
    for _call in range(300):
        post.now += chance.expovariate(chance.choice([1.0, 20.0, 200.0]))
        wake_up()
        assert any(post.now <= at <= post.now + EVERY + 0.2 for at in post.arrivals)


def test_many_calls_a_second_bring_few_messages() -> None:
    post = Post()
    wake_up = WakeUp(post.send, post.clock)
    for number in range(1_000):
        post.now = number / 100
        wake_up()
    assert len(post.arrivals) <= 2 * 10 / EVERY + 2


def test_a_message_that_did_not_go_out_covers_nothing() -> None:
    post = Post()
    wake_up = WakeUp(post.send, post.clock)
    post.broken = True
    with pytest.raises(ConnectionError):
        wake_up()
    post.broken = False
    post.now = 0.01
    wake_up()
    assert post.arrivals == [0.01]
    post.now, post.broken = 0.02, True
    with pytest.raises(ConnectionError):
        wake_up()
    post.now, post.broken = 0.03, False
    wake_up()
    assert post.arrivals[-1] >= 0.03

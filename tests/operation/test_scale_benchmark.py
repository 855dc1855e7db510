"""The measured site of ``make bench-scale``: what its events rest on."""

from __future__ import annotations

import pytest

from benchmarks.scale.learners import Learners
from benchmarks.scale.population import ASKED, Scene, Sizes, unit_of


def scene(badges: int = 50) -> Scene:
    return Scene(Sizes(200, 2_000, badges, 5), 1_001, 1, 1, {}, b"", 1, (), 1, b"")


def test_nobody_is_sent_twice_to_the_same_unit_whatever_the_site_grew_from():
    turn = Learners(scene())
    places = turn.places(30, 1_000) + turn.places(100, 2_000) + turn.places(200, 2_000)
    assert len(set(places)) == 330


def test_each_event_is_the_one_outcome_that_is_missing_of_a_badge():
    for place in Learners(scene()).places(100, 2_000):
        learner = place.learner - 1_001
        number = int(place.outcome[1:])
        assert number % ASKED == ASKED - 1
        assert (number // ASKED - learner) % 50 in (1, 2), "not the badge that the learner holds"
        assert unit_of(place.outcome).outcome_key == place.outcome


def test_too_few_learners_are_said_and_not_used_again():
    with pytest.raises(SystemExit, match="too few"):
        Learners(scene()).places(500, 2_000)

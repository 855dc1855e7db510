"""Every address of the app, asked by every kind of person, answers as the table written by hand says.

An address without a line in the table fails, and so does a line without an address: whoever adds one says who may do
what there. Nothing is ever answered with an error of the server, nothing is written through other eyes, and names of
learners and of drafts reach nobody who is not to see them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .addresses import TABLE, WRITES_WHEN_READ, Line
from .walk import Answer, Route, ask, own_routes
from .world import DRAFT_WORD, LEARNER_WORD, PEOPLE, World, set_up_world

#: Who never reads the learner's name or words, and who never reads the school's draft.
KEPT_FROM = {LEARNER_WORD: "nokSrsja", DRAFT_WORD: "nlockvrsjam"}
REFUSED = {"in", "400", "401", "403", "404", "405", "410", "412", "415"}
#: Letting go of what one does not hold is no error, and changes nothing.
FOR_EVERYBODY = {("DELETE", "v1-review-claim", "r"): "204"}
ROOMS = ("api", "microcred/registrar", "")


def expected(text: str) -> dict[str, str]:
    """``200 lR | 403 *``: the answer for each person, by letter; ``*`` is everybody who is not named."""
    found: dict[str, str] = {}
    for part in text.split(" | "):
        status, people = part.split(" ")
        for letter in PEOPLE if people == "*" else people:
            if people != "*" and letter in found:
                raise ValueError(f"{letter} stands twice in “{text}”.")
            found.setdefault(letter, status)
    return found


def room_of(route: Route) -> str:
    return next(room for room in ROOMS if route.route.strip("^").startswith(room))


@pytest.fixture
def world(transactional_db: None, settings: Any) -> World:
    settings.MICROCRED = {
        **settings.MICROCRED,
        "API_READS_PER_MINUTE": 1_000_000,
        "API_WRITES_PER_MINUTE": 1_000_000,
    }
    return set_up_world()


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    eyes = {"borrowed": False}
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_masquerading", lambda _self: eyes["borrowed"])

    def one(route: Route, method: str, letter: str) -> Answer:
        eyes["borrowed"] = letter == "m"
        return ask(world, letter, method, route)

    return one


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    names = {route.name for route in own_routes()}
    assert names - set(TABLE) == set(), "Say in addresses.py who may do what there."
    assert set(TABLE) - names == set()


def test_every_line_names_everybody() -> None:
    for name, line in TABLE.items():
        for text in (line.see, line.do):
            assert set(expected(text)) == set(PEOPLE), name


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("room", ROOMS, ids=["rest", "console", "pages"])
def test_everybody_is_answered_as_the_table_says(room: str, asked: Callable[..., Answer]) -> None:
    wrong = []
    for route in own_routes():
        if room_of(route) == room:
            line = TABLE[route.name]
            for method, text in (("GET", line.see), ("POST", line.do)):
                wrong += list(differences(route, method, expected(text), line, asked))
    assert wrong == []


def differences(
    route: Route, method: str, wanted: dict[str, str], line: Line, asked: Callable[..., Answer]
) -> Iterator[str]:
    """What is not as it should be, in words."""
    for letter, status in wanted.items():
        answer = asked(route, method, letter)
        where = f"{method} {route.name} by {letter} ({PEOPLE[letter]})"
        if answer.status != status:
            yield f"{where}: {answer.status} and not {status}"
        if answer.wrote and letter == "m":
            yield f"{where}: writes"
        if answer.wrote and method == "GET" and route.name not in WRITES_WHEN_READ:
            yield f"{where}: writes, and is only read"
        for word, people in KEPT_FROM.items():
            if letter in people and word in answer.text:
                yield f"{where}: shows {word}"


@pytest.mark.timeout(1200)
def test_other_methods_let_nobody_in_who_may_not(asked: Callable[..., Answer]) -> None:
    wrong = []
    for route in own_routes():
        for method in ("PUT", "PATCH", "DELETE"):
            for letter in "nrm":
                answer = asked(route, method, letter)
                allowed = FOR_EVERYBODY.get((method, route.name, letter))
                if answer.status not in {*REFUSED, allowed} or (letter == "m" and answer.wrote):
                    wrong.append(f"{method} {route.name} by {letter}: {answer.status}, wrote {answer.wrote}")
    assert wrong == []

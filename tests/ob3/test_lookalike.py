"""Names that a reader would take for one another."""

import pytest

from microcred_app.ob3.lookalike import looks_like, nearest

KNOWN = "Technical University of Example"


@pytest.mark.parametrize(
    "name",
    [
        "Technical University of Example",
        "TECHNICAL UNIVERSITY OF EXAMPLE",
        "Тechnical Universitу оf Example",  # three letters are Cyrillic
        "Technica1 University 0f Example",
        "Technical Universlty of Example",
        "Technical  University-of-Example",
        "Technical University of Examples",
        "Tecnical University of Example",
        "Ｔechnical University of Example",
        "Téchnical University of Example",
        "Technical Univers\u200bity of Example",
    ],
)
def test_what_would_be_read_as_the_known_name_is_found(name: str) -> None:
    assert looks_like(name, KNOWN)


@pytest.mark.parametrize(
    "name", ["", "University of Example", "Technical University of Elsewhere", "Example", "山田大学"]
)
def test_other_names_are_other_names(name: str) -> None:
    assert not looks_like(name, KNOWN)


@pytest.mark.parametrize(("name", "known"), [("MIT", "MTU"), ("ETH", "ETA"), ("", "")])
def test_short_names_must_be_the_same(name: str, known: str) -> None:
    assert not looks_like(name, known)


def test_a_very_long_name_costs_no_more_than_its_beginning() -> None:
    assert not looks_like("x" * 5_000_000, KNOWN)


def test_the_known_name_is_told() -> None:
    assert nearest("A sch00l", ["A college", "A school"]) == "A school"
    assert nearest("Elsewhere", ["A college", "A school"]) == ""

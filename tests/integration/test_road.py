"""What happens when a learner finishes, whoever or whatever finishes last."""

from __future__ import annotations

from tests.fixtures.course_walk import Browser

from .conftest import Site


def test_walk(site: Site, amina: Browser) -> None:
    amina.do_unit("chain")
    amina.do_unit("puncture", but="puncture-last-stretch")
    answer = amina.answer("puncture-last-stretch").json()
    assert answer["progress"]["complete"], answer
    print([b["name"] for b in answer["progress"]["earned"]])

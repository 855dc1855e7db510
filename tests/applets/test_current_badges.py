"""What can be earned now is kept in the process, and never believed for longer than it is true."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges import current
from microcred_app.applets.skills import api as skills
from tests.fixtures.catalogue import NOW, publish

RULE = {"outcome": "o.a"}


def keys_mentioning(*pairs: tuple[str, str]) -> list[str]:
    return [badge.key for badge in badges.badges_mentioning(pairs)]


def as_another_process_sees_it(monkeypatch: pytest.MonkeyPatch, kept: current.CurrentBadges) -> None:
    monkeypatch.setattr(current, "_kept", kept)


def test_asking_again_takes_one_small_question_and_parses_nothing() -> None:
    publish("one", RULE)
    keys_mentioning(("outcome", "o.a"))
    with CaptureQueriesContext(connection) as captured:
        assert keys_mentioning(("outcome", "o.a")) == ["one"]
    assert [query["sql"] for query in captured] == [
        "SELECT value FROM microcred_app_definitionstamp WHERE id = 1"
    ]


def test_another_process_notices_a_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    publish("one", RULE)
    before = current.current_definitions()
    publish("two", {"any": [{"outcome": "o.a"}, {"badge": "one"}]})
    as_another_process_sees_it(monkeypatch, before)
    assert keys_mentioning(("outcome", "o.a"), ("badge", "one")) == ["one", "two"]


@pytest.mark.parametrize("change", ["issuer", "outcome"])
def test_another_process_notices_new_words(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    published = publish("one", RULE)
    before = current.current_definitions()
    if change == "issuer":
        badges.define_issuer(slug="school", name="A renamed school", url="https://school.example")
    else:
        skills.define_outcome(key="o.a", statement="Mend it well", skill_key="s.a", now=NOW)
    as_another_process_sees_it(monkeypatch, before)
    assert badges.current_badge("one").issuer.name == (
        "A renamed school" if change == "issuer" else "A school"
    )
    names = badges.names_for([published.requirement])
    assert names.outcomes["o.a"] == ("Mend it well" if change == "outcome" else "Mend part a of a bicycle")


def test_a_publication_that_is_rolled_back_leaves_no_trace() -> None:
    publish("one", RULE)
    with pytest.raises(RuntimeError, match="change of mind"), transaction.atomic():
        publish("two", RULE)
        assert keys_mentioning(("outcome", "o.a")) == ["one", "two"]
        raise RuntimeError("change of mind")
    assert keys_mentioning(("outcome", "o.a")) == ["one"]


def test_an_older_version_can_still_be_read() -> None:
    first = publish("one", RULE)
    second = publish("one", {"outcome": "o.b"})
    assert keys_mentioning(("outcome", "o.a")) == []
    found = badges.versions_by_id([first.version_id, second.version_id])
    assert [found[pk].number for pk in (first.version_id, second.version_id)] == [1, 2]

"""What can be earned now is kept in the process, and never believed for longer than it is true."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges import current, version_reader
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


def test_a_process_that_knows_nothing_reads_all_versions_in_one_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With their skills, however many these are; what is read equals what is known."""
    skills.define_skill(key="s.x", framework_key="bikes", name="Skill x")
    for number in range(12):
        publish(f"b{number}", RULE, skill_keys=("s.a", "s.b", "s.x")[: number % 3 + 1])
    known = current.current_definitions()
    badges.forget_versions()
    as_another_process_sees_it(monkeypatch, current.CurrentBadges())
    with CaptureQueriesContext(connection) as captured:
        found = current.current_definitions()
    asked = [query["sql"] for query in captured if 'FROM "microcred_app_badgeversion"' in query["sql"]]
    asked += [query["sql"] for query in captured if "FROM `microcred_app_badgeversion`" in query["sql"]]
    assert len(asked) == 1
    assert found.by_key == known.by_key
    assert [len(badge.skill_keys) for badge in found.by_version.values()][:3] == [1, 2, 3]


def test_one_publication_among_many_reads_one_version_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        publish(f"b{number}", RULE)
    before = current.current_definitions()
    kept = dict(version_reader._kept)
    publish("new", RULE)
    as_another_process_sees_it(monkeypatch, before)
    version_reader._kept.clear()
    version_reader._kept.update(kept)
    with CaptureQueriesContext(connection) as captured:
        assert len(current.current_definitions().by_key) == 6
    about_versions = [
        query["sql"] for query in captured if "badgeversion" in query["sql"].split(" WHERE ")[0]
    ]
    assert len(about_versions) == 2


def test_more_unknown_versions_than_a_few_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_reader, "FEW", 2)
    for number in range(5):
        publish(f"b{number}", RULE)
    known = current.current_definitions()
    first = next(iter(version_reader._kept))
    for identity in list(version_reader._kept):
        if identity != first:
            del version_reader._kept[identity]
    as_another_process_sees_it(monkeypatch, current.CurrentBadges())
    assert current.current_definitions().by_key == known.by_key


def test_the_number_of_kept_versions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_reader, "KEPT_VERSIONS", 3)
    for number in range(6):
        publish(f"b{number}", RULE)
    badges.forget_versions()
    as_another_process_sees_it(monkeypatch, current.CurrentBadges())
    assert len(current.current_definitions().by_key) == 6
    assert len(version_reader._kept) == 3

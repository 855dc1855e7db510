"""The pages on which many awards are taken back: preview, confirmation, progress; narrowed to one's organisations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from tests.fixtures.catalogue import do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import finish_job

SignIn = Callable[..., Client]
LIST = "/microcred/registrar/awards/"
NEW = "/microcred/registrar/recalls/new"
ALL = "/microcred/registrar/recalls/"


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


@pytest.fixture
def kims() -> list[int]:
    publish("safety", {"outcome": "o.a"}, name="Safety <b>first</b>")
    found = [make_user(f"kim{number}") for number in range(3)]
    for person in found:
        do_unit(person, "a")
    return found


def confirm(client: Client, query: str = "badge=safety", **changes: str):
    preview = client.get(f"{NEW}?{query}").context["preview"]
    form = {"seal": preview.seal, "count": str(preview.awards), "reason": "The check was wrong"}
    return client.post(f"{NEW}?{query}", form | changes)


def test_from_the_list_to_the_last_award(ruth: Client, kims: list[int]) -> None:
    assert f"{NEW}?badge=safety" in ruth.get(LIST, {"badge": "safety"}).content.decode()
    page = ruth.get(NEW, {"badge": "safety"}).content.decode()
    assert "Safety &lt;b&gt;first&lt;/b&gt;: 3" in page
    answer = confirm(ruth)
    assert answer.status_code == 302
    assert "0 of 3 awards" in ruth.get(answer["Location"]).content.decode()
    assert 'data-progress="' in ruth.get(answer["Location"] + "/progress").content.decode()
    [recall] = backfill.list_recalls(issuer_slugs=None)
    finish_job(recall.id, timezone.now())
    page = ruth.get(answer["Location"]).content.decode()
    assert "3 of 3 awards" in page
    assert "The check was wrong" in page
    assert "data-progress=" not in ruth.get(answer["Location"] + "/progress").content.decode()
    assert answer["Location"] in ruth.get(ALL).content.decode()
    assert not [person for person in kims if awards.held_badges(person)]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"count": "2"}, "Type the number"),
        ({"count": "²"}, "Type the number"),
        ({"count": ""}, "Type the number"),
        ({"reason": " "}, "Give a reason"),
        ({"seal": "0" * 64}, "Look again"),
        ({"seal": ""}, "Look again"),
    ],
)
def test_a_form_that_is_not_right_begins_nothing(
    ruth: Client, kims: list[int], changes: dict[str, str], says: str
) -> None:
    answer = confirm(ruth, **changes)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert backfill.list_recalls(issuer_slugs=None) == ()


def test_selections_of_nothing_and_odd_days_are_said(ruth: Client, kims: list[int]) -> None:
    assert "nothing to take back" in ruth.get(NEW, {"q": "nobody at all"}).content.decode()
    assert ruth.get(NEW, {"since": "yesterday"}).status_code == 400
    assert ruth.post(f"{NEW}?since=yesterday", {}).status_code == 400


def test_strangers_auditors_and_other_organisations(sign_in: SignIn, ruth: Client, kims: list[int]) -> None:
    auditor, other = sign_in(make_officer("olga", "auditor")), sign_in(make_user("sam"))
    location = confirm(ruth)["Location"]
    assert NEW not in auditor.get(LIST).content.decode()
    assert auditor.get(NEW, {"badge": "safety"}).status_code == 403
    assert auditor.post(location).status_code == 403
    for client in (sign_in(), other):
        for address in (NEW, ALL, location, location + "/progress"):
            assert client.get(address).status_code in (302, 403)


def test_another_organisation_sees_and_takes_nothing(sign_in: SignIn, ruth: Client, kims: list[int]) -> None:
    from microcred_app.applets.badges import api as badges

    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    otto = sign_in(make_officer("otto", issuer_slug="college"))
    location = confirm(ruth)["Location"]
    for address in (location, location + "/progress"):
        assert otto.get(address).status_code == 404
    assert otto.post(location).status_code == 404
    assert otto.get(NEW, {"badge": "safety"}).context["preview"].awards == 0
    assert location not in otto.get(ALL).content.decode()


def test_cancelling_and_what_is_over(ruth: Client, kims: list[int]) -> None:
    location = confirm(ruth)["Location"]
    assert ruth.post(location).status_code == 302
    assert ruth.post(location).status_code == 409
    assert all(awards.held_badges(person) for person in kims)


def test_forms_are_protected(sign_in: SignIn, kims: list[int]) -> None:
    from django.contrib.auth import get_user_model

    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    client.force_login(get_user_model().objects.get(pk=make_officer("ruth")))
    assert client.post(f"{NEW}?badge=safety", {}).status_code == 403

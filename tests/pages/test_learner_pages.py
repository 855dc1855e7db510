"""The learner's badges and pathways."""

from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

SignIn = Callable[..., Client]


@pytest.fixture
def road(amina: int) -> None:
    publish("micro-a", {"outcome": "o.a"})
    publish("micro-b", {"outcome": "o.b"})
    publish("macro", {"all": [{"badge": "micro-a"}, {"badge": "micro-b"}]}, kind="macro")
    pathways.define_pathway(
        key="road",
        title="The road",
        description="Two steps",
        badge_key="macro",
        stages=[("First", "badge", "micro-a"), ("Second", "badge", "micro-b")],
        now=NOW,
    )


@pytest.mark.usefixtures("road")
def test_badges_are_private_until_shared_and_named_on_every_button(amina: int, sign_in: SignIn) -> None:
    do_unit(amina, "a")
    page = sign_in(amina).get("/microcred/my/").content.decode()
    assert "Private: only you can see it." in page
    assert 'Send to my wallet<span class="mc-hidden">: Badge micro-a</span>' in page
    assert "Badge micro-a" not in sign_in(make_user("ben")).get("/microcred/my/").content.decode()


@pytest.mark.usefixtures("road")
def test_a_pathway_shows_what_is_done_and_can_be_followed_and_left(amina: int, sign_in: SignIn) -> None:
    do_unit(amina, "a")
    client = sign_in(amina)
    assert "1 of 2 done" in client.get("/microcred/my/pathways/road").content.decode()
    page = client.post("/microcred/my/pathways/road/follow", follow=True).content.decode()
    assert "Leave this pathway" in page
    page = client.post("/microcred/my/pathways/road/follow", {"leave": "1"}, follow=True).content.decode()
    assert "Your badges stay yours" in page
    assert "Follow this pathway" in page


def test_an_unknown_pathway_is_answered_kindly(amina: int, sign_in: SignIn) -> None:
    assert sign_in(amina).get("/microcred/my/pathways/nothing").status_code == 404


@pytest.mark.parametrize("url", ["/microcred/my/", "/microcred/review/", "/microcred/my/pathways/road"])
def test_strangers_are_asked_to_sign_in(url: str, sign_in: SignIn) -> None:
    assert sign_in().get(url).status_code == 302

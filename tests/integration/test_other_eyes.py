"""While somebody looks through a learner's eyes, no handler and no page writes anything for that learner.

Handlers and addresses are read from the code, so one that is added is asked as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from microcred_xblock.check import CheckBlock
from microcred_xblock.evidence import EvidenceBlock
from microcred_xblock.unit import UnitBlock
from tests.fixtures.catalogue import do_unit, make_user, publish
from tests.fixtures.course_walk import COURSE

from .conftest import Site

#: Machines with tokens of their own, and pages for anybody: no session is asked who it is.
NO_SESSION = (
    "microcred/wallets/", "microcred/oid4vci/", "microcred/exchanges/", ".well-known/", "microcred/vc-api/",
    "microcred/operate/", "microcred/oauth/",
)  # fmt: skip
METHODS = ("post", "put", "patch", "delete")


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        else:
            yield route, one


def filled(route: str) -> str:
    """An address of this route."""
    values = {"uuid": str(UUID(int=1)), "int": "1", "slug": "first", "str": "x", "path": "x"}
    parts = []
    for part in route.rstrip("$").split("<"):
        kind, _, rest = part.partition(">")
        parts.append(values[kind.partition(":")[0]] + rest if rest or ":" in kind else part)
    return "/" + "".join(parts)


def state() -> dict[str, Any]:
    found = apps.get_app_config("microcred_app").get_models()
    return {model.__name__: list(models.QuerySet(model).order_by("pk").values()) for model in found}


def own_addresses() -> list[str]:
    everything = {route: filled(route) for route, _one in addresses(get_resolver()) if "microcred" in route}
    return sorted(path for route, path in everything.items() if not route.startswith(NO_SESSION))


@pytest.mark.django_db
def test_the_walk_finds_the_addresses() -> None:
    found = own_addresses()
    assert len(found) > 100
    assert "/microcred/my/data.zip" in found


def test_no_address_writes_anything(site: Site, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    publish_and_earn = make_user("walker", is_superuser=True, is_staff=True)
    browser = Client(raise_request_exception=False)
    browser.force_login(get_user_model().objects.get(pk=publish_and_earn))
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_masquerading", lambda _self: True)
    settings.MICROCRED = {**settings.MICROCRED, "API_WRITES_PER_MINUTE": 100_000}
    before = state()
    wrote, crashed = [], []
    for path in own_addresses():
        for method in METHODS:
            answer = getattr(browser, method)(path, json.dumps({}), content_type="application/json")
            if answer.status_code >= 500:
                crashed.append((method, path))
            elif answer.status_code not in (400, 403, 404, 405, 410, 412, 415):
                wrote.append((method, path, answer.status_code))
            form = (
                browser.post(path, {"reason": "x", "name": "x", "wanted": "yes"})
                if method == "post"
                else None
            )
            if form is not None and form.status_code not in (400, 403, 404, 405, 410, 412, 415):
                wrote.append(("form", path, form.status_code))
    assert crashed == []
    assert wrote == []
    assert state() == before


def handlers() -> list[tuple[str, str]]:
    blocks = (
        ("microcred_unit", UnitBlock),
        ("microcred_check", CheckBlock),
        ("microcred_evidence", EvidenceBlock),
    )
    return [
        (kind, name)
        for kind, block in blocks
        for name in sorted(dir(block))
        if getattr(getattr(block, name, None), "_is_xblock_handler", False)
    ]


PLACES = {
    "microcred_unit": "chain-unit",
    "microcred_check": "chain-gauge",
    "microcred_evidence": "chain-note",
}


#: What course staff do there as themselves, for the learner they look at; the grant says who gave it.
STAFF_ACT = ("microcred_check", "give_attempt")


def test_the_walk_finds_the_handlers() -> None:
    assert len(handlers()) > 12


@pytest.mark.parametrize(("kind", "name"), handlers())
def test_no_handler_writes_anything(site: Site, kind: str, name: str) -> None:
    from demo_site.courses import roles
    from tests.integration.test_strangers import look_as

    browser = site.browser("author")
    roles.enrol(site.user("author").pk, COURSE)
    look_as(site, browser, "amina")
    before, kept = state(), site.kept()
    answer = browser.call(
        kind, PLACES[kind], name, {"answer": "chain", "text": "x", "score": 1, "seconds": 5}
    )
    assert answer.status_code < 500, answer.content[:300]
    after = state()
    if (kind, name) == STAFF_ACT:
        (grant,) = after.pop("AttemptGrant")
        assert grant["given_by_id"] == site.user("author").pk
        del before["AttemptGrant"]
    assert after == before
    assert site.kept() == kept


def test_a_learner_s_own_eyes_may(transactional_db: None) -> None:
    """The walk would notice: the same request without other eyes changes something."""
    from tests.fixtures.catalogue import set_up_catalogue

    set_up_catalogue()
    publish("first", {"outcome": "o.a"})
    learner = make_user("zora")
    do_unit(learner, "a")
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=learner))
    before = state()
    assert browser.post("/microcred/my/reminders", {"reminders": "off"}).status_code == 302
    assert state() != before

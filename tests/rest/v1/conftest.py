"""The interface in front of a school with badges, pathways, an award and people with offices."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue

API = "/api/microcred/v1/"
Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def school(transactional_db: None) -> None:
    cache.clear()
    set_up_catalogue()
    publish("micro-a", {"outcome": "o.a"}, skill_keys=("s.a",))
    publish("micro-b", {"outcome": "o.b"})
    publish("macro", {"all": [{"badge": "micro-a"}, {"badge": "micro-b"}]}, kind="macro")
    publish("placed", {"signoff": "placement", "role": "assessor"})
    pathways.define_pathway(
        key="road",
        title="The road",
        description="Two steps",
        badge_key="macro",
        stages=[("First", "badge", "micro-a"), ("Second", "badge", "micro-b")],
        now=NOW,
    )


@pytest.fixture
def amina() -> int:
    """A learner who holds micro-a."""
    learner = make_user("amina")
    do_unit(learner, "a")
    return learner


@pytest.fixture
def ruth() -> int:
    """The school's registrar."""
    return make_officer("ruth")


@pytest.fixture
def call() -> Call:
    """Ask an address as somebody, or as nobody; the status and the answer. CSRF is checked as on a live site."""

    def ask(method: str, address: str, person: int | None = None, body: Any = None, **query: Any) -> Any:
        client = Client(enforce_csrf_checks=True)
        headers = {}
        if person is not None:
            client.force_login(get_user_model().objects.get(pk=person))
            client.cookies["csrftoken"] = "t" * 32
            headers = {"x-csrftoken": "t" * 32}
        options: dict[str, Any] = {"headers": headers}
        if body is not None:
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        asked = f"{API}{address}?{urlencode(query, doseq=True)}" if query else API + address
        response = client.generic(method, asked, **options)
        return response.status_code, response.json() if response.content else None, response

    return ask

"""The VC-API in front of a site with one issued credential, and a stranger's credentials beside it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client, override_settings

from tests.fixtures.catalogue import make_user, set_up_catalogue

Post = Callable[..., Any]
API = "/microcred/vc-api"


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    cache.clear()
    set_up_catalogue()


@pytest.fixture
def post() -> Post:
    """Send JSON (or bytes as they are) to an endpoint; the answer. CSRF is checked as on a live site."""

    def send(path: str, body: Any, client: Client | None = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = headers.pop("content_type", "application/json")
        return (client or Client(enforce_csrf_checks=True)).generic(
            "POST", f"{API}/{path}", data, content_type=kind, headers=headers
        )

    return send


@pytest.fixture
def issuing_on(settings: Any) -> Any:
    """The operator has switched issuing on."""
    with override_settings(MICROCRED={**settings.MICROCRED, "VC_API_ISSUE": True}):
        yield


@pytest.fixture
def caller() -> Callable[..., Client]:
    """A signed-in account with these permissions of the app, whose browser checks CSRF; its token in a header."""

    def enter(*permissions: str) -> Client:
        user = get_user_model().objects.get(pk=make_user("caller"))
        for codename in permissions:
            user.user_permissions.add(
                Permission.objects.get(codename=codename, content_type__app_label="microcred_app")
            )
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        client.cookies["csrftoken"] = "t" * 32
        return client

    return enter

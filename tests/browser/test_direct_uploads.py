"""The browser's half of uploads past the site: the real script, the real site, and a server that speaks S3."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page, Route

import microcred_xblock
from microcred_app import api
from microcred_app.applets.evidence.models import EvidenceFile
from tests.fixtures.catalogue import make_user
from tests.rest.test_direct_uploads import store, store_address  # noqa: F401
from tests.rest.test_tus import PART, SPEC, course, task  # noqa: F401

pytestmark = pytest.mark.browser
SCRIPT = Path(microcred_xblock.__file__).parent / "static" / "js" / "upload.js"
SEND = """async ({grant, token, body}) => {
  const bytes = Uint8Array.from(atob(body), one => one.charCodeAt(0));
  const told = [];
  const going = window.MicrocredUpload({
    file: new File([bytes], "wheel.png", {lastModified: 5}),
    endpoint: "/microcred/uploads/", grant, piece: 1500, id: "",
    headers: () => ({"X-CSRFToken": token}),
    progress: (sent, total) => told.push([sent, total]), waits: () => told.push("waits"),
  });
  const id = await going.done;
  return {id, told};
}"""


@pytest.fixture
def page(browser: Browser, live_server: Any, store: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:  # noqa: F811
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    amina = make_user("amina")
    client = Client()
    client.force_login(get_user_model().objects.get(pk=amina))
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    # The site's policy names where scripts may send to; an operator adds the store's address there.
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    context.add_cookies(
        [
            {"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
            {"name": django_settings.CSRF_COOKIE_NAME, "value": "a" * 32, "url": live_server.url},
        ]
    )
    opened = context.new_page()
    opened.goto("/microcred/about/")
    opened.add_script_tag(path=SCRIPT)
    yield opened
    context.close()


def send(page: Page, body: bytes) -> dict[str, Any]:
    learner = get_user_model().objects.get(username="amina").pk
    grant = api.upload_grant(learner, SPEC, PART, task()).grant
    found: dict[str, Any] = page.evaluate(
        SEND, {"grant": grant, "token": "a" * 32, "body": base64.b64encode(body).decode()}
    )
    return found


def picture() -> bytes:
    """Some pieces long."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (40, 40), os.urandom(4_800)).save(out, "PNG")
    return out.getvalue()


def test_pieces_go_to_the_store_without_the_sites_cookies_and_headers(page: Page) -> None:
    puts: list[Any] = []
    patches: list[str] = []
    page.on("request", lambda request: puts.append(request) if request.method == "PUT" else None)
    page.on("request", lambda request: patches.append(request.url) if request.method == "PATCH" else None)
    body = picture()
    found = send(page, body)
    assert EvidenceFile.objects.get().size == len(body)
    assert found["told"][-1] == [len(body), len(body)]
    assert len(puts) == -(-len(body) // 1_000) and not patches
    for request in puts:
        names = set(request.all_headers())
        assert not names & {"cookie", "x-csrftoken", "tus-resumable", "authorization"}


def test_a_store_out_of_reach_is_gone_round(page: Page) -> None:
    """A firewall that does not know the store's address: after two tries the pieces go through the site."""
    tried: list[str] = []

    def unreachable(route: Route) -> None:
        if route.request.method == "PUT":
            tried.append(route.request.url)
            route.abort("connectionrefused")
        else:
            route.continue_()

    page.context.route("**/*", unreachable)
    body = picture()
    found = send(page, body)
    assert len(tried) == 2
    assert "waits" in found["told"]
    assert EvidenceFile.objects.get().size == len(body)


def test_what_the_site_refuses_is_refused_with_its_sentence(page: Page) -> None:
    with pytest.raises(Exception, match="refused"):
        send(page, b"MZ" + bytes(2_500))
    assert not EvidenceFile.objects.exists()

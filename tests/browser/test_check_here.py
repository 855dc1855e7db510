"""A badge checked by the visitor's own browser: Chromium, its Web Crypto, and answers that the test spoils."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from microcred_app.ob3.dids import did_web, verification_method_id
from microcred_app.ob3.verification import verify
from tests.fixtures import demo_state
from tests.fixtures.accessibility import violations
from tests.fixtures.browser_check import (
    CODES,
    ISSUER,
    SITE,
    STRANGER,
    Json,
    Web,
    badge,
    list_with,
    status_list,
)
from tests.fixtures.demo import Demo
from tests.ob3.samples import CREDENTIAL, INDEX, LIST_URL, NOW

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_a_badge_that_holds_is_green_check_by_check(web: Web) -> None:
    verdict, checks = web.check(badge())
    assert verdict == "valid"
    assert tuple(checks) == CODES
    assert {outcome for outcome, _reason in checks.values()} == {"passed"}
    assert checks["status"][1] == "status.clear"
    # Nothing but the page's own files, the issuer's document and the issuer's list was asked for.
    own = {f"{SITE}/page", f"{SITE}/verifier.js", f"{SITE}/credential", f"{SITE}/favicon.ico"}
    assert set(web.asked) - own == {web.did, LIST_URL}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Close reading", b"Close Reading"),
        (b"Example University", b"Example Universitv"),
        ("Zoë".encode(), b"Zoe"),
        (b"2026-03-01T09:00:00Z", b"2026-03-01T09:00:01Z"),
    ],
)
def test_one_letter_changed_is_invalid(web: Web, old: bytes, new: bytes) -> None:
    whole = json.dumps(badge(), ensure_ascii=False).encode()
    assert old in whole
    verdict, checks = web.check(whole.replace(old, new, 1))
    assert verdict == "invalid"
    assert checks["signature"] == ("failed", "signature.mismatch")
    assert checks["status"] == ("could_not_check", "status.not_looked_up")
    assert LIST_URL not in web.asked


def test_a_revoked_badge_is_revoked(web: Web) -> None:
    web.answers[LIST_URL] = json.dumps(status_list(INDEX)).encode()
    verdict, checks = web.check(badge())
    assert (verdict, checks["status"]) == ("invalid", ("failed", "status.revoked"))
    assert checks["signature"][0] == "passed"


def test_the_bit_beside_it_is_somebody_elses(web: Web) -> None:
    web.answers[LIST_URL] = json.dumps(status_list(INDEX - 1, INDEX + 1)).encode()
    assert web.check(badge())[0] == "valid"


LISTS: dict[str, Callable[[], Json | bytes]] = {
    "another issuer's": lambda: status_list(issuer=did_web("https://other.example"), signer=STRANGER),
    "in the issuer's name, by a stranger": lambda: status_list(signer=STRANGER),
    "of another address": lambda: status_list(list_url=f"{LIST_URL}2"),
    "about something else": lambda: status_list(purposes=("suspension",)),
    "not signed": lambda: {name: value for name, value in status_list().items() if name != "proof"},
    "with no proof in it": lambda: {**status_list(), "proof": []},
    "over": lambda: status_list(valid_until=NOW + timedelta(days=1)),
    "with an end that is no time": lambda: list_with(validUntil="never"),
    "with an end that is a list": lambda: list_with(validUntil=["2099-01-01T00:00:00Z"]),
    "with no beginning": lambda: list_with(validFrom=None),
    "no JSON": lambda: b"<html>",
    "the badge itself": badge,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_says_nothing_is_never_green(web: Web, name: str) -> None:
    made = LISTS[name]()
    web.answers[LIST_URL] = made if isinstance(made, bytes) else json.dumps(made).encode()
    verdict, checks = web.check(badge())
    assert (verdict, checks["status"]) == ("undetermined", ("could_not_check", "status.unreliable"))


def test_a_list_that_ends_later_is_relied_on_until_then(web: Web) -> None:
    web.answers[LIST_URL] = json.dumps(status_list(valid_until=NOW + timedelta(days=20_000))).encode()
    assert web.check(badge())[0] == "valid"


def test_a_list_or_an_issuer_that_does_not_answer_is_never_green(web: Web) -> None:
    listed = web.answers.pop(LIST_URL)
    verdict, checks = web.check(badge())
    assert (verdict, checks["status"]) == ("undetermined", ("could_not_check", "status.not_fetched"))
    web.answers[LIST_URL] = listed
    del web.answers[web.did]
    verdict, checks = web.check(badge())
    assert verdict == "undetermined"
    assert checks["signature"] == ("passed", "signature.holds")  # with the key that the proof names …
    assert checks["key_ownership"] == ("could_not_check", "key.issuer_unreachable")  # … whoever owns it
    assert checks["issuer"][0] == checks["status"][0] == "could_not_check"


def without(*names: str) -> Callable[[Json], Json]:
    def change(document: Json) -> Json:
        proof = {name: value for name, value in document["proof"][0].items() if name not in names}
        return {**document, "proof": [proof]}

    return change


def proof_with(**members: Any) -> Callable[[Json], Json]:
    return lambda document: {**document, "proof": [{**document["proof"][0], **members}]}


FORGERIES: dict[str, Callable[[Json], Json]] = {
    "no proof": lambda d: {name: value for name, value in d.items() if name != "proof"},
    "an empty list of proofs": lambda d: {**d, "proof": []},
    "a proof that is a text": lambda d: {**d, "proof": ["z"]},
    "no proofValue": without("proofValue"),
    "no purpose": without("proofPurpose"),
    "another purpose": proof_with(proofPurpose="authentication"),
    "another time of signing": proof_with(created="2026-03-01T09:00:02Z"),
    "a member that no signature covers": proof_with(nonce="1"),
    "a term without a meaning": lambda d: {**d, "grade": "A"},
    "somebody else's key": proof_with(verificationMethod=verification_method_id(ISSUER, STRANGER.public_key)),
    "somebody else's issuer": lambda d: {
        **d,
        "issuer": {**d["issuer"], "id": did_web("https://other.example")},
    },
    "another holder": lambda d: {
        **d,
        "credentialSubject": {**d["credentialSubject"], "id": "did:example:thief"},
    },
    "no status entry": lambda d: {name: value for name, value in d.items() if name != "credentialStatus"},
    "another place in the list": lambda d: {
        **d,
        "credentialStatus": {**d["credentialStatus"], "statusListIndex": "1"},
    },
    "the purpose of another list": lambda d: {
        **d,
        "credentialStatus": {**d["credentialStatus"], "statusPurpose": "message"},
    },
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_invalid_here_and_for_the_site(web: Web, name: str) -> None:
    forged = FORGERIES[name](badge())
    verdict, checks = web.check(forged)
    assert verdict == "invalid"
    known = json.loads(web.answers[web.did])
    report = verify(
        json.dumps(forged), now=NOW, resolve_did=lambda did: known, fetch_status_list=web.answers.__getitem__
    )
    assert report.verdict == "invalid"
    assert checks["signature"][0] != "passed"


def test_a_suite_or_a_context_that_is_not_known_is_never_green(web: Web) -> None:
    verdict, checks = web.check(proof_with(cryptosuite="none")(badge()))
    assert (verdict, checks["signature"]) == ("undetermined", ("could_not_check", "proof.unsupported"))
    strange = badge()
    strange["@context"] = [*strange["@context"], "https://learn.example.edu/own-context"]
    verdict, checks = web.check(strange)
    assert verdict == "undetermined"
    assert checks["contexts"] == ("could_not_check", "contexts.unknown")
    assert checks["signature"] == ("could_not_check", "contexts.unknown")
    assert "https://learn.example.edu/own-context" not in web.asked


@pytest.mark.parametrize("junk", [b"", b"[]", b"null", b"{}", b'{"issuer": 1}', b"\xff\xfe", b"[" * 100_000])
def test_junk_is_answered(web: Web, junk: bytes) -> None:
    verdict, checks = web.check(junk)
    assert verdict in ("invalid", "undetermined")
    assert checks["structure"][0] == "failed"


def test_a_giant_is_answered(web: Web) -> None:
    """A list as long as the bound admits: it is refused or judged, and the page does not break."""
    verdict, checks = web.check({**badge(), "evidence": [0] * 600_000})
    assert verdict in ("invalid", "undetermined")
    assert checks["signature"][0] != "passed"
    verdict, checks = web.check(b'{"a":"' + b"x" * 2_100_000 + b'"}')
    assert (verdict, checks) == (
        "undetermined",
        {"structure": ("could_not_check", "document.unreachable")},
    )


def test_an_expired_badge_and_one_of_the_future(web: Web) -> None:
    verdict, checks = web.check(badge(valid_until=NOW + timedelta(days=1)))
    assert (verdict, checks["validity_period"]) == ("invalid", ("failed", "validity.expired"))
    verdict, checks = web.check(badge(valid_from=NOW + timedelta(days=3000)))
    assert (verdict, checks["validity_period"]) == ("invalid", ("failed", "validity.not_yet"))


def test_addresses_that_a_badge_chooses_are_https(web: Web) -> None:
    plain = badge(status=replace(CREDENTIAL.status, list_url=LIST_URL.replace("https:", "http:")))
    assert web.check(plain)[1]["status"] == ("could_not_check", "status.not_fetched")
    assert not [url for url in web.asked if url.startswith("http:")]


# On the demo's own pages -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def state(demo: Demo) -> dict[str, str]:
    return json.loads(demo.run_inside(Path(demo_state.__file__)))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_button_on_the_verify_page(
    visit: Visit, state: dict[str, str], width: int, tmp_path: Path
) -> None:
    page = visit("", state["credential"], width=width)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    assert not [url for url in loaded if "verifier" in url]
    page.get_by_role("button", name="Check it in my browser").click()
    result = page.locator("[data-verifier-result]")
    expect(result.locator("[data-verdict=valid]")).to_be_visible()
    expect(result.locator(".mc-check--passed")).to_have_count(8)
    expect(result.get_by_text("nobody has changed a letter")).to_be_visible()
    expect(result).to_contain_text("did:key:")
    assert [url for url in loaded if url.endswith("verifier.js")]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_changed_letter_on_the_way_is_seen(visit: Visit, state: dict[str, str]) -> None:
    page = visit("", state["credential"])

    def spoil(route: Route) -> None:
        response = route.fetch()
        route.fulfill(
            response=response, body=response.body().replace(b"Bicycle Inspector", b"Bicycle inspector")
        )

    page.route("**/credentials/*?format=json", spoil)
    page.get_by_role("button", name="Check it in my browser").click()
    expect(page.locator("[data-verifier-result] [data-verdict=invalid]")).to_be_visible()
    expect(page.locator("[data-check=signature]")).to_contain_text("something was changed")
    assert violations(page) == []


def test_a_program_that_does_not_come_is_said(visit: Visit, state: dict[str, str]) -> None:
    page = visit("", state["credential"])
    page.route("**/verifier.js", lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Check it in my browser").click()
    expect(page.get_by_text("The program for this could not be loaded.")).to_be_visible()


def test_the_saved_page_checks_itself_with_and_without_a_network(
    visit: Visit, browser: Browser, state: dict[str, str], tmp_path: Path
) -> None:
    page = visit("", state["credential"])
    with page.expect_download() as download:
        page.get_by_role("link", name="A page that checks itself").click()
    saved = tmp_path / "check.html"
    download.value.save_as(saved)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        alone = context.new_page()
        alone.goto(saved.as_uri())
        expect(alone.locator("[data-verdict=valid]")).to_be_visible()
        assert violations(alone) == []
        context.set_offline(True)
        alone.reload()
        expect(alone.locator("[data-verdict=undetermined]")).to_be_visible()
        expect(alone.locator("[data-check=signature].mc-check--passed")).to_be_visible()
        expect(alone.locator("[data-check=status].mc-check--could_not_check")).to_be_visible()
        text = saved.read_text(encoding="utf-8")
        carried = re.search(r'data-credential="([^"]+)"', text)
        assert carried
        changed = base64.b64decode(carried[1]).replace(b"Bicycle Inspector", b"Bicycle inspector")
        saved.write_text(text.replace(carried[1], base64.b64encode(changed).decode()), encoding="utf-8")
        alone.reload()
        expect(alone.locator("[data-verdict=invalid]")).to_be_visible()
    finally:
        context.close()

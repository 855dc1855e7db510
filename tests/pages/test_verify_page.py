"""What a stranger, a machine, the holder and the registrar get at a credential's address."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]


@pytest.fixture
def credential(amina: int) -> issuance.IssuedCredential:
    publish("micro-a", {"outcome": "o.a"}, name="Tyre <b>expert</b>")
    do_unit(amina, "a")
    found = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert found is not None
    return found


def address(credential: issuance.IssuedCredential) -> str:
    return reverse("microcred_app:credential", args=[credential.id])


def share(credential: issuance.IssuedCredential) -> None:
    issuance.share_credential(credential.learner_id, credential.id, now=NOW)


def test_a_private_badge_is_shown_to_nobody_but_its_holder_and_the_registrar(
    credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    stranger, other = sign_in(), sign_in(make_user("ben"))
    holder, registrar = sign_in(amina), sign_in(make_user("ruth"), "view_award")
    for client in (stranger, other):
        response = client.get(address(credential))
        assert response.status_code == 403
        assert b"Amina" not in response.content
        assert (
            client.get(address(credential), headers={"accept": "application/json"}).json()["code"]
            == "not_shared"
        )
    for client in (holder, registrar):
        assert "Amina Diallo" in client.get(address(credential)).content.decode()


def test_a_stranger_sees_who_what_why_and_each_check(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    page = sign_in().get(address(credential)).content.decode()
    for said in ("Amina Diallo", "A school", "Mend part a of a bicycle", "Valid now", "Skill a"):
        assert said in page
    assert page.count("mc-check--passed") == 8
    assert "Tyre &lt;b&gt;expert&lt;/b&gt;" in page
    assert "<b>expert</b>" not in page


def test_a_revoked_badge_says_so(credential: issuance.IssuedCredential, sign_in: SignIn) -> None:
    share(credential)
    awards.reverse_award(credential.award_id, actor_id=make_officer("ruth"), reason="Secret reason", now=NOW)
    page = sign_in().get(address(credential)).content.decode()
    assert "Revoked" in page
    assert "mc-check--failed" in page
    assert "Valid now" not in page
    assert "Secret reason" not in page


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/json"),
        ("*/*", "application/vc+ld+json"),
        ("", "application/vc+ld+json"),
        ("application/vc", "application/vc"),
        ("application/ld+json, text/html", "application/ld+json"),
    ],
)
def test_a_machine_gets_the_signed_bytes(
    credential: issuance.IssuedCredential, accept: str, content_type: str
) -> None:
    share(credential)
    response = Client().get(address(credential), headers={"accept": accept})
    assert response.content == credential.document
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    again = Client().get(
        address(credential), headers={"accept": accept, "if-none-match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_download_is_the_signed_bytes_even_for_a_browser(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    assert sign_in().get(address(credential) + "?format=json").content == credential.document


@pytest.mark.parametrize(
    "wanted",
    ["x", "41868c34-2eae-401a-9a1e-731d80d68cd9", "%00", "..%2f..%2fetc", "41868c34", "a" * 400, "<script>"],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unknown_or_malformed_address_is_answered_kindly(wanted: str, accept: str) -> None:
    response = Client().get(f"/microcred/credentials/{wanted}", headers={"accept": accept})
    assert response.status_code == 404
    assert b"Traceback" not in response.content
    assert b"<script>" not in response.content


def test_everything_a_verifier_follows_is_there_for_machines(
    credential: issuance.IssuedCredential, amina: int
) -> None:
    document = json.loads(credential.document)
    client = Client(headers={"accept": "*/*"})

    def get(url: str) -> dict:
        response = client.get(url.replace("http://127.0.0.1:8000", ""))
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response.json() if "json" in response.headers["Content-Type"] else {}

    status = get(document["credentialStatus"]["statusListCredential"])
    assert status["issuer"] == document["issuer"]["id"]
    achievement = get(document["credentialSubject"]["achievement"]["id"])
    assert achievement["criteria"] == document["credentialSubject"]["achievement"]["criteria"]
    get(document["credentialSubject"]["achievement"]["image"]["id"])


def test_a_picture_is_served_so_that_it_cannot_run(credential: issuance.IssuedCredential) -> None:
    response = Client().get(reverse("microcred_app:achievement-image", args=["micro-a", 1]))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_status_list_answers_304_to_who_has_it(credential: issuance.IssuedCredential) -> None:
    url = json.loads(credential.document)["credentialStatus"]["statusListCredential"]
    path = url.replace("http://127.0.0.1:8000", "")
    first = Client().get(path)
    assert Client().get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    awards.reverse_award(credential.award_id, actor_id=make_officer("ruth"), reason="x", now=NOW)
    assert Client().get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_only_the_holder_shares_and_hides(
    credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    url = reverse("microcred_app:share", args=[credential.id])
    assert sign_in().post(url).status_code == 302  # to the sign-in page
    assert sign_in(make_user("ben")).post(url).status_code == 404
    assert issuance.get_credential(credential.id).shared_at is None
    answer = sign_in(amina).post(url, headers={"accept": "application/json"}).json()
    assert answer["shared"] is True
    assert answer["verify_url"] == credential.uri
    assert answer["qr_svg"].startswith("<svg")
    assert Client().get(address(credential), headers={"accept": "text/html"}).status_code == 200
    sign_in(amina).post(url, {"visibility": "private"})
    assert Client().get(address(credential), headers={"accept": "text/html"}).status_code == 403


def test_sharing_leads_back_inside_the_site_only(
    credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    url = reverse("microcred_app:share", args=[credential.id])
    response = sign_in(amina).post(url, {"next": "https://evil.example/"})
    place = f"{reverse('microcred_app:my-badges')}#badge-{credential.award_id}"
    assert response.headers["Location"] == place

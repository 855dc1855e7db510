"""What is taken along from a credential: files, certificate, embedded badge."""

import json
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.ob3.baking import unbake
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]
EVIL = 'Tyre </script><script>alert("1")</script> & <b>“expert”</b>'
NAMES = [
    "credential-file",
    "credential-token",
    "credential-saved-check",
    "credential-baked",
    "credential-certificate",
]


@pytest.fixture
def credential(amina: int) -> issuance.IssuedCredential:
    publish("micro-a", {"outcome": "o.a"}, name=EVIL)
    do_unit(amina, "a")
    found = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert found is not None
    return found


def at(name: str, credential: issuance.IssuedCredential) -> str:
    return reverse(f"microcred_app:{name}", args=[credential.id])


def share(credential: issuance.IssuedCredential) -> None:
    issuance.share_credential(credential.learner_id, credential.id, now=NOW)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_private_badge_is_handed_to_strangers(
    credential: issuance.IssuedCredential, sign_in: SignIn, name: str, amina: int
) -> None:
    for client in (sign_in(), sign_in(make_user("ben"))):
        response = client.get(at(name, credential))
        assert response.status_code == 403
        assert b"Amina" not in response.content
    assert sign_in(amina).get(at(name, credential)).status_code == 200


@pytest.mark.parametrize("name", [*NAMES, "credential-embed"])
def test_what_does_not_exist_is_not_found(sign_in: SignIn, name: str) -> None:
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert sign_in().get(reverse(f"microcred_app:{name}", args=[wrong])).status_code == 404


def test_the_file_is_what_was_signed_and_the_picture_carries_it(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    file = sign_in().get(at("credential-file", credential))
    assert file.content == credential.document
    assert file.headers["Content-Disposition"].startswith("attachment")
    picture = sign_in().get(at("credential-baked", credential))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert unbake(picture.content).content == credential.document
    assert "sandbox" in picture.headers["Content-Security-Policy"]


def test_a_certificate_is_one_file_without_anything_from_elsewhere(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    response = sign_in().get(at("credential-certificate", credential) + "?download")
    text = response.content.decode()
    assert response.headers["Content-Disposition"].startswith("attachment")
    for said in ("Amina Diallo", "A school", "Mend part a of a bicycle", credential.uri, credential.sha256):
        assert said in text
    assert "<script" not in text
    assert "&lt;/script&gt;" in text
    assert 'src="http' not in text
    assert "stylesheet" not in text
    assert "@page" in text
    assert "default-src 'none'" in text


def test_the_certificate_of_a_revoked_badge_says_so(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    awards.reverse_award(credential.award_id, actor_id=make_officer("ruth"), reason="x", now=NOW)
    assert (
        "NOT valid when this sheet was made"
        in sign_in().get(at("credential-certificate", credential)).content.decode()
    )


def test_an_embedded_badge_may_stand_in_a_frame_and_runs_nothing(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    response = sign_in().get(at("credential-embed", credential))
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script" not in response.content.decode()
    assert "Valid now" in response.content.decode()


def test_an_embedded_badge_that_is_private_again_shows_nothing_not_even_to_its_holder(
    credential: issuance.IssuedCredential, sign_in: SignIn, amina: int
) -> None:
    response = sign_in(amina).get(at("credential-embed", credential))
    assert response.status_code == 403
    assert "Amina" not in response.content.decode()
    assert "Tyre" not in response.content.decode()


def test_the_verify_page_stays_out_of_frames(credential: issuance.IssuedCredential, sign_in: SignIn) -> None:
    share(credential)
    assert sign_in().get(at("credential", credential)).headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")


def oembed(client: Client, url: str, **more: str) -> object:
    return client.get(reverse("microcred_app:oembed"), {"url": url, **more})


def test_oembed_gives_a_frame_for_a_shared_badge(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    answer = oembed(sign_in(), credential.uri, maxwidth="200").json()
    assert (answer["type"], answer["width"]) == ("rich", 200)
    assert answer["html"].startswith("<iframe ")
    assert "<script" not in answer["html"]


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/microcred/credentials/1", "javascript:alert(1)", "http://[::1", "x" * 5_000],
)
def test_oembed_knows_addresses_of_this_site_only(sign_in: SignIn, url: str) -> None:
    assert oembed(sign_in(), url).status_code == 404


def test_oembed_says_nothing_of_a_private_badge(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    response = oembed(sign_in(), credential.uri)
    assert response.status_code == 403
    assert b"Tyre" not in response.content


def test_machines_read_the_page_and_a_name_cannot_break_out_of_it(
    credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    share(credential)
    page = sign_in().get(at("credential", credential)).content.decode()
    data = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(data)["@type"] == "EducationalOccupationalCredential"
    assert json.loads(data)["name"] == EVIL
    assert "Amina" not in data
    assert '<script>alert("1")' not in page
    assert 'property="og:image"' in page


def test_only_the_holder_is_shown_how_to_embed(
    credential: issuance.IssuedCredential, sign_in: SignIn, amina: int
) -> None:
    share(credential)
    assert "embed-frame" not in sign_in().get(at("credential", credential)).content.decode()
    page = sign_in(amina).get(at("credential", credential)).content.decode()
    snippet = unescape(page.split('id="embed-picture"')[1].split(">", 1)[1].split("</textarea>")[0])
    assert 'alt="' in snippet
    assert "<script>" not in snippet


def test_public_documents_may_be_kept_for_minutes_and_are_asked_for_by_digest(
    credential: issuance.IssuedCredential,
) -> None:
    for address in (
        reverse("microcred_app:issuer", args=["school"]),
        reverse("microcred_app:achievement", args=["micro-a", 1]),
    ):
        first = Client().get(address, headers={"accept": "application/json"})
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        again = Client().get(
            address, headers={"accept": "application/json", "if-none-match": first.headers["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")

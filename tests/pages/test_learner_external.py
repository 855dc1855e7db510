"""Badges of other issuers: verified, bound to whoever they are made out to, or refused with words."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from microcred_app import external
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.ob3.baking import bake_png, bake_svg
from microcred_app.ob3.documents import Subject, build_achievement_credential
from microcred_app.ob3.identity import hashed_email, plain_name
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.jwt_credential import sign_jwt
from microcred_app.ob3.serialization import encode_document
from tests.fixtures.catalogue import do_unit, make_user, publish
from tests.ob3.samples import ACHIEVEMENT, ISSUER, NOW, PLAIN, signed
from tests.pages.png import tiny_png

SignIn = Callable[..., Client]
PAGE = "/microcred/my/elsewhere/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


def credential(email: str = "amina@example.org", **changes: Any) -> Any:
    subject = Subject(identifiers=(hashed_email(email, "k9Vx2"), plain_name("Amina")))
    return replace(PLAIN, subject=subject, **changes)


def document(**changes: Any) -> bytes:
    return encode_document(signed(credential(**changes)))


@pytest.fixture(autouse=True)
def rule(catalogue: None) -> None:
    publish("exchange", {"external": ACHIEVEMENT.id, "issuer": ISSUER})


def bring(client: Client, data: bytes, name: str = "badge.json") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize("kind", ["file", "text", "png", "svg"])
def test_a_badge_made_out_to_the_learner_counts_and_awards(kind: str, amina: int, sign_in: SignIn) -> None:
    client, data = sign_in(amina), document()
    if kind == "text":
        page = client.post(PAGE, {"text": data.decode()}, follow=True).content.decode()
    else:
        files = {"file": data, "png": bake_png(tiny_png(), data), "svg": bake_svg(SVG, data)}
        page = bring(client, files[kind]).content.decode()
    assert "counts from now on" in page
    assert "Example University" in page
    assert "Counts towards: Badge exchange" in page
    assert set(awards.held_badges(amina)) == {"exchange"}
    details = audit.list_entries(action="external.kept")[0].details
    assert (details["issuer"], details["achievement"]) == (ISSUER, ACHIEVEMENT.id)


def test_brought_twice_it_is_one_and_it_can_be_taken_out_and_brought_again(
    amina: int, sign_in: SignIn
) -> None:
    client = sign_in(amina)
    bring(client, document())
    bring(client, document())
    (kept,) = external.list_kept(amina)
    assert (
        "does not count any more" in client.post(f"{PAGE}{kept.fact_id}/forget", follow=True).content.decode()
    )
    assert external.list_kept(amina) == ()
    assert client.post(f"{PAGE}{kept.fact_id}/forget").status_code == 404
    bring(client, document())
    assert len(external.list_kept(amina)) == 1


def test_nobody_takes_out_another_persons_badge(amina: int, sign_in: SignIn) -> None:
    bring(sign_in(amina), document())
    (kept,) = external.list_kept(amina)
    assert sign_in(make_user("ben")).post(f"{PAGE}{kept.fact_id}/forget").status_code == 404
    assert len(external.list_kept(amina)) == 1


def refused(amina: int, sign_in: SignIn, data: bytes, said: str) -> None:
    response = bring(sign_in(amina), data)
    assert response.status_code == 400
    assert said in response.content.decode(), response.content.decode()[-4000:]
    assert external.list_kept(amina) == ()
    assert not awards.held_badges(amina)


def test_a_badge_made_out_to_somebody_else_is_refused(amina: int, sign_in: SignIn) -> None:
    refused(amina, sign_in, document(email="ben@example.org"), "not made out to the e-mail address")


def test_an_account_whose_address_is_not_confirmed_binds_nothing(amina: int) -> None:
    from django.contrib.auth import get_user_model

    badge = external.read_badge(document(), now=timezone.now())
    get_user_model().objects.filter(pk=amina).update(is_active=False)
    with pytest.raises(external.ExternalRefused, match="Confirm the e-mail address"):
        external.keep_badge(amina, badge, now=timezone.now())


def test_a_badge_for_a_did_alone_is_refused(amina: int, sign_in: SignIn) -> None:
    other = replace(PLAIN, subject=Subject(id="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"))
    refused(amina, sign_in, encode_document(signed(other)), "not made out to the e-mail address")


def test_a_changed_badge_is_refused_with_what_failed(amina: int, sign_in: SignIn) -> None:
    changed = json.loads(document())
    changed["credentialSubject"]["achievement"]["name"] = "Surgery"
    refused(amina, sign_in, json.dumps(changed).encode(), "This badge is not valid")


def test_an_address_put_into_somebody_elses_badge_breaks_its_signature(amina: int, sign_in: SignIn) -> None:
    stolen = signed(credential(email="ben@example.org"))
    stolen["credentialSubject"]["identifier"] = signed(credential())["credentialSubject"]["identifier"]
    refused(amina, sign_in, encode_document(stolen), "This badge is not valid")


def test_an_expired_badge_is_refused(amina: int, sign_in: SignIn) -> None:
    data = document(valid_until=NOW + timedelta(days=1))
    refused(amina, sign_in, data, "This badge is not valid")


def test_what_could_not_be_checked_does_not_count(amina: int, sign_in: SignIn) -> None:
    from tests.ob3.samples import StatusEntry

    data = document(status=StatusEntry("https://status.example/1", 5))
    refused(amina, sign_in, data, "could not be checked")


def test_a_badge_issued_here_need_not_be_brought(amina: int, sign_in: SignIn) -> None:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    own = issuance.credential_of_award(awards.held_badges(amina)["micro-a"])
    assert own is not None
    page = bring(sign_in(amina), own.document)
    assert page.status_code == 400
    assert "issued here" in page.content.decode()


def test_the_plain_address_and_an_unsalted_hash_bind_too() -> None:
    from microcred_app.external import _names

    assert _names({"identityType": "emailAddress", "hashed": False, "identityHash": "A@b.org"}, "a@b.org")
    digest = external._digest("a@b.org", "").decode()
    assert _names({"identityType": "emailAddress", "hashed": True, "identityHash": digest.upper()}, "a@b.org")
    assert not _names({"identityType": "name", "hashed": False, "identityHash": "a@b.org"}, "a@b.org")
    assert not _names({"identityType": "emailAddress", "hashed": True, "identityHash": "a@b.org"}, "a@b.org")
    for odd in (None, 7, ["a@b.org"], {"x": 1}, "\ud800"):
        assert not _names({"identityType": "emailAddress", "hashed": True, "identityHash": odd}, "a@b.org")
        assert not _names({"identityType": odd, "identityHash": "a@b.org", "salt": odd}, "a@b.org")


def bomb() -> bytes:
    """A PNG whose badge is compressed: a few bytes that unpack to many."""
    packed = zlib.compress(b"A" * 5_000_000)
    body = b"iTXt" + b"openbadgecredential\0\1\0\0\0" + packed
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    png = tiny_png()
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize(
    "data",
    [
        b" ",
        b"\x00",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"credentialSubject": 5, "type": "OpenBadgeCredential"}',
        b"\xff\xfe\x00",
        b"a.b.c",
        b"eyJhbGciOiJub25lIn0.e30.",
        base64.b64encode(b"x" * 3000),
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 400,
        tiny_png(),
        bomb(),
        SVG,
        b"<svg",
        b'<!DOCTYPE x [<!ENTITY a "&b;">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><script>alert(1)</script></html>",
        bake_svg(SVG, b'{"a": 1}'),
        bake_svg(SVG, b"a.b.c"),
        b"x" * (external.MAX_BYTES + 1),
        b'{"@context": "' + b"a" * 200_000 + b'"}',
    ],
    ids=lambda data: repr(data[:24]),
)
def test_hostile_input_is_refused_in_words_and_quickly(data: bytes, amina: int, sign_in: SignIn) -> None:
    response = bring(sign_in(amina), data)
    assert response.status_code == 400
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "<script>" not in page
    assert external.list_kept(amina) == ()


def test_pasted_text_is_not_lost_and_not_executed(amina: int, sign_in: SignIn) -> None:
    page = sign_in(amina).post(PAGE, {"text": "</textarea><script>x</script>"}).content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;" in page
    both = {"text": "x", "file": SimpleUploadedFile("b.json", b"{}")}
    assert "You gave both" in sign_in(amina).post(PAGE, both).content.decode()


def test_names_of_others_are_escaped_and_cleaned(amina: int, sign_in: SignIn) -> None:
    achievement = replace(ACHIEVEMENT, name='<img src=x onerror="alert(1)">')
    page = bring(sign_in(amina), document(achievement=achievement)).content.decode()
    assert "&lt;img" in page
    assert "<img src=x" not in page


def test_a_token_counts_like_a_document(amina: int, sign_in: SignIn) -> None:
    from tests.ob3.samples import METHOD, SIGNER

    known = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"  # a token has to name somebody
    subject = Subject(id=known, identifiers=(hashed_email("amina@example.org", "k9Vx2"),))
    unsigned = build_achievement_credential(replace(PLAIN, subject=subject))
    token = sign_jwt(unsigned, EddsaJoseSigner(SIGNER), key_id=METHOD)
    page = sign_in(amina).post(PAGE, {"text": token.decode()}, follow=True).content.decode()
    assert "counts from now on" in page
    assert set(awards.held_badges(amina)) == {"exchange"}

"""Everything a learner holds, as a file that is readable without this site."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

from django.test import Client

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.learning import takeaway
from microcred_app.ob3.baking import unbake
from tests.fixtures.catalogue import do_unit, make_officer, make_user, publish

SignIn = Callable[..., Client]


def download(client: Client) -> zipfile.ZipFile:
    response = client.get("/microcred/my/badges.zip")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return archive


def test_documents_go_in_byte_for_byte_and_pictures_carry_them(amina: int, sign_in: SignIn) -> None:
    publish("micro-a", {"outcome": "o.a"}, name='Care & "repair" <b>')
    publish("micro-b", {"outcome": "o.b"})
    do_unit(amina, "a")
    do_unit(amina, "b")
    archive = download(sign_in(amina))
    held = awards.list_awards(learner_id=amina)
    for award in held:
        folder = f"badges/{award.badge.key}-{award.id[:8]}"
        document = archive.read(f"{folder}/credential.json")
        signed = issuance.credential_of_award(award.id)
        assert signed is not None
        assert document == signed.document
        assert json.loads(document)["type"]
        assert unbake(archive.read(f"{folder}/badge.svg")).content == document
    page = archive.read("index.html").decode()
    assert "Care &amp; &quot;repair&quot; &lt;b&gt;" in page
    assert "<script" not in page
    assert len(archive.namelist()) == 2 * len(held) + 1


def test_revoked_badges_are_marked_and_other_peoples_absent(amina: int, sign_in: SignIn) -> None:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    award = awards.list_awards(learner_id=amina)[0]
    awards.reverse_award(award.id, actor_id=make_officer(), reason="Copied.", now=award.awarded_at)
    assert "revoked by its issuer" in download(sign_in(amina)).read("index.html").decode()
    empty = download(sign_in(make_user("ben")))
    assert empty.namelist() == ["index.html"]
    assert "There is no badge yet" in empty.read("index.html").decode()


def test_the_file_is_bounded_and_says_so(amina: int, sign_in: SignIn, monkeypatch: object) -> None:
    publish("micro-a", {"outcome": "o.a"})
    publish("micro-b", {"outcome": "o.b"})
    do_unit(amina, "a")
    do_unit(amina, "b")
    monkeypatch.setattr(takeaway, "MAX_BADGES", 1)  # type: ignore[attr-defined]
    monkeypatch.setattr(takeaway, "MAX_PICTURES", 0)  # type: ignore[attr-defined]
    archive = download(sign_in(amina))
    assert len(archive.namelist()) == 2
    assert "newest 1 badges" in archive.read("index.html").decode()


def test_strangers_are_asked_to_sign_in(sign_in: SignIn) -> None:
    assert sign_in().get("/microcred/my/badges.zip").status_code == 302

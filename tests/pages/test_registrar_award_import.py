"""The console's import: a preview that writes nothing, a yes to exactly that, and everything else refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from microcred_app.applets.imports.models import ImportedAward, ImportRun
from tests.fixtures.catalogue import make_officer, make_user

SignIn = Callable[..., Client]
ADDRESS = "/microcred/registrar/import/"
HEADING = b"email,badge,issued,id\n"
TABLE = HEADING + b"amina@example.org,<b>Welding</b>,2024-02-03,1\nother@example.org,Welding,2024-02-03,2\n"


def choose(client: Client, data: bytes = TABLE, **more: str) -> HttpResponse:
    files = SimpleUploadedFile("awards.csv", data, "text/csv")
    answer: HttpResponse = client.post(ADDRESS, {"organisation": "school", "files": files, **more})
    return answer


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]


def test_look_then_say_yes(sign_in: SignIn, amina: int) -> None:
    client = sign_in(make_officer("ruth"))
    page = choose(client).content.decode()
    assert not ImportRun.objects.exists()
    assert "&lt;b&gt;Welding&lt;/b&gt;" in page
    assert "other@example.org" in page
    form = {"token": hidden(page, "token"), "seen": hidden(page, "seen"), "answer": "yes"}
    assert client.post(f"{ADDRESS}confirm", form).status_code == 302
    assert ImportedAward.objects.count() == 2
    again = client.post(f"{ADDRESS}confirm", form)
    assert again.status_code == 404, "a token works once"
    mine = sign_in(amina).get("/microcred/my/elsewhere/").content.decode()
    assert "What other systems gave you" in mine
    assert "&lt;b&gt;Welding&lt;/b&gt;" in mine
    assert "awards.csv" in client.get(ADDRESS).content.decode()


def test_saying_no_forgets_the_files(sign_in: SignIn) -> None:
    client = sign_in(make_officer("ruth"))
    page = choose(client).content.decode()
    form = {"token": hidden(page, "token"), "seen": hidden(page, "seen")}
    assert client.post(f"{ADDRESS}confirm", form | {"answer": "no"}).status_code == 302
    assert client.post(f"{ADDRESS}confirm", form | {"answer": "yes"}).status_code == 404
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "change", [{"token": "x"}, {"token": ""}, {"token": "é"}, {"seen": "x"}, {"seen": ""}]
)
def test_a_yes_to_something_else_writes_nothing(sign_in: SignIn, change: dict[str, str]) -> None:
    client = sign_in(make_officer("ruth"))
    page = choose(client).content.decode()
    form = {"token": hidden(page, "token"), "seen": hidden(page, "seen"), "answer": "yes"} | change
    assert client.post(f"{ADDRESS}confirm", form).status_code in (400, 404)
    assert not ImportRun.objects.exists()


def test_nobody_confirms_what_somebody_else_chose(sign_in: SignIn) -> None:
    page = choose(sign_in(make_officer("ruth"))).content.decode()
    form = {"token": hidden(page, "token"), "seen": hidden(page, "seen"), "answer": "yes"}
    assert sign_in(make_officer("rita")).post(f"{ADDRESS}confirm", form).status_code == 404
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b'{"type": 1}', b"email,badge,issued\nx,y,z\n", b"\xff\xfe\x00"]
)
def test_a_bad_file_is_refused_in_words(sign_in: SignIn, data: bytes) -> None:
    answer = choose(sign_in(make_officer("ruth")), data)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_who_may_not(sign_in: SignIn) -> None:
    for person in (make_user("stranger"), make_officer("stella", "steward"), make_officer("olga", "auditor")):
        client = sign_in(person)
        assert client.get(ADDRESS).status_code == 403
        assert choose(client).status_code == 403
    otto = sign_in(make_officer("otto", issuer_slug="college"))
    assert choose(otto).status_code == 403
    assert choose(sign_in(make_officer("ruth")), organisation="nothing").status_code == 404
    assert not ImportRun.objects.exists()

"""The pages on which a list of people is handed in, looked at, started, watched, mended and undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.signoff_lists import api as lists
from microcred_app.applets.signoff_lists.models import SignOffList
from microcred_app.jobs import work
from tests.fixtures.catalogue import make_officer, make_user, publish

SignIn = Callable[..., Client]
PAGE = "/microcred/registrar/lists/"
TASK = "placement\tassessor"


@pytest.fixture
def ruth(catalogue: None, sign_in: SignIn) -> Client:
    publish("placed", {"signoff": "placement", "role": "assessor"}, name="Placed <b>well</b>")
    return sign_in(make_officer("ruth"))


def hand_in(client: Client, text: bytes | str, **fields: object):
    upload = SimpleUploadedFile("p<b>.csv", text.encode() if isinstance(text, str) else text)
    return client.post(PAGE, {"task": TASK, "file": upload, **fields})


def finish(address: str) -> None:
    while work(address.rsplit("/", 1)[1], clock=timezone.now, seconds=60):
        pass


def test_from_the_file_to_the_badge_and_back(ruth: Client, amina: int) -> None:
    answer = hand_in(ruth, "learner,day\namina,\n<script>x</script>,\namina@example.org,1.2.2026\n")
    assert answer.status_code == 302
    address = answer["Location"]
    page = ruth.get(address).content.decode()
    assert "Sign off 1 person" in page
    assert "Earns: Placed &lt;b&gt;well&lt;/b&gt;." in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page
    assert not awards.held_badges(amina)
    assert ruth.post(address, {"lever": "start", "count": "1", "reason": " "}).status_code == 409
    assert ruth.post(address, {"lever": "start", "count": "2", "reason": "x"}).status_code == 409
    assert ruth.post(address, {"lever": "start", "count": "²", "reason": "x"}).status_code == 409
    assert ruth.post(address, {"lever": "start", "count": "1", "reason": "Seen by me"}).status_code == 302
    assert 'data-progress="' in ruth.get(f"{address}/progress").content.decode()
    assert ruth.post(address, {"lever": "pause"}).status_code == 302
    assert ruth.post(address, {"lever": "resume"}).status_code == 302
    finish(address)
    page = ruth.get(address).content.decode()
    assert "1 person signed off" in " ".join(page.replace("<strong>", "").replace("</strong>", "").split())
    assert "Seen by me" in page
    assert set(awards.held_badges(amina)) == {"placed"}
    assert ruth.post(address, {"lever": "undo", "reason": ""}).status_code == 409
    assert ruth.post(address, {"lever": "undo", "reason": "Wrong list"}).status_code == 302
    finish(address)
    assert "Wrong list" in ruth.get(address).content.decode()
    assert not awards.held_badges(amina)
    assert address in ruth.get(PAGE).content.decode()


def test_rows_that_cannot_be_done_come_back_as_a_sheet_that_can_be_mended(ruth: Client, amina: int) -> None:
    address = hand_in(ruth, "amina\n=HYPERLINK(1),2026-01-01,A reason\n")["Location"]
    response = ruth.get(f"{address}/mend")
    sheet = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(sheet)))
    assert rows[0] == ["learner", "day", "reason", "evidence", "row", "problem"]
    assert rows[1][:5] == ["'=HYPERLINK(1)", "2026-01-01", "A reason", "", "2"]
    assert "no open account" in rows[1][5]
    mended = hand_in(ruth, sheet.replace("'=HYPERLINK(1)", "amina"))["Location"]
    assert "Sign off 1 person" in ruth.get(mended).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"task": ""}, "Choose what you sign off"),
        ({"task": "other\tassessor"}, "No published rule asks for this"),
        ({"task": "placement\x00\tassessor"}, "No published rule asks for this"),
        ({"file": ""}, "Nobody is named"),
        ({"pasted": "amina"}, "not both"),
        ({"file": "", "pasted": "day;reason\n1;2"}, "no column for the learners"),
    ],
)
def test_a_form_that_is_not_right_takes_nothing(ruth: Client, fields: dict[str, str], said: str) -> None:
    answer = hand_in(ruth, "amina", **fields)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not SignOffList.objects.exists()


def test_a_pasted_list_is_a_list_too_and_can_be_thrown_away(ruth: Client, amina: int) -> None:
    address = ruth.post(
        PAGE, {"task": TASK, "pasted": "amina\r\nnobody\ud800".encode("utf-8", "ignore").decode()}
    )["Location"]
    assert "Sign off 1 person" in ruth.get(address).content.decode()
    assert ruth.post(address, {"lever": "drop"})["Location"] == PAGE
    assert ruth.get(address).status_code == 404
    assert not SignOffList.objects.exists()


@pytest.mark.parametrize(
    "query", ["rows=x", "rows=will", "rows=not", "rows=done", "after=1", "rows=will&after=0"]
)
def test_rows_are_narrowed_and_paged(ruth: Client, amina: int, query: str) -> None:
    address = hand_in(ruth, "amina\nnobody\n")["Location"]
    assert ruth.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["after=x", "after=%00", "after=9999999999999999999999"])
def test_a_place_that_is_none_is_refused(ruth: Client, amina: int, query: str) -> None:
    address = hand_in(ruth, "amina\nnobody\n")["Location"]
    assert ruth.get(f"{address}?{query}").status_code in (200, 400)
    assert ruth.get(f"{PAGE}?{query}").status_code == 400


def test_a_long_list_is_read_in_pages_of_fifty(ruth: Client) -> None:
    for number in range(60):
        make_user(f"kim{number}")
    address = hand_in(ruth, "\n".join(f"kim{number}" for number in range(60)))["Location"]
    page = ruth.get(address).content.decode()
    assert "kim49" in page
    assert "kim50" not in page
    assert "kim50" in ruth.get(f"{address}?after=50").content.decode()


def test_nobody_else_reaches_a_list(ruth: Client, amina: int, sign_in: SignIn) -> None:
    address = hand_in(ruth, "amina")["Location"]
    badges.define_issuer(slug="other", name="Other", url="https://other.example", email="o@other.example")
    for client, status in (
        (sign_in(make_officer("otto", issuer_slug="other")), 404),
        (sign_in(make_officer("ada", role="auditor")), 403),
        (sign_in(amina), 403),
        (sign_in(), 302),
    ):
        for place in (address, f"{address}/progress", f"{address}/mend"):
            assert client.get(place).status_code == status, place
        assert client.post(address, {"lever": "start", "count": "1", "reason": "x"}).status_code == status
    assert not awards.held_badges(amina)


def test_a_rule_without_a_sign_off_is_explained(sign_in: SignIn) -> None:
    page = sign_in(make_officer("ruth")).get(PAGE).content.decode()
    assert "No published badge asks for a sign-off" in page
    assert "add the part “Sign-off” to its rule" in page


def test_the_command_looks_first_and_signs_off_when_told(
    ruth: Client, amina: int, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("learner\namina\nnobody\n")
    options = {"key": "placement", "role": "assessor", "by": "ruth"}
    call_command("microcred_sign_off_list", str(file), dry_run=True, **options)
    said = capsys.readouterr().out
    assert "1 can be signed off, 1 of them earn a badge now; 1 cannot be done" in said
    assert "row 3: nobody: unknown" in said
    assert not SignOffList.objects.exists()
    call_command("microcred_sign_off_list", str(file), reason="Seen", **options)
    assert "done: 1 signed off, 1 awards, 0 passed over" in capsys.readouterr().out
    assert set(awards.held_badges(amina)) == {"placed"}
    for wrong in (
        {"by": "amina", "reason": "x"},
        {"by": "nobody", "reason": "x"},
        {"reason": ""},
        {"key": "other", "reason": "x"},
    ):
        with pytest.raises(CommandError):
            call_command("microcred_sign_off_list", str(file), **(options | wrong))
    with pytest.raises(CommandError):
        call_command("microcred_sign_off_list", str(tmp_path / "none.csv"), reason="x", **options)
    assert SignOffList.objects.count() == 1
    assert lists.get_list(str(SignOffList.objects.get().pk)).state == "done"

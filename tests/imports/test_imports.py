"""Badges of other systems: every shape is read, nothing is half written, the same again changes nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges import api as badges
from microcred_app.applets.imports import api as imports
from microcred_app.applets.imports.models import ImportedAward, ImportedDefinition, ImportRun
from microcred_app.applets.imports.records import Found, read_moment
from microcred_app.applets.issuance.models import Credential
from microcred_app.permissions.api import NotAllowed
from tests.fixtures.catalogue import NOW, make_officer, make_user, set_up_catalogue

SCHOOL = imports.ImportChoice("school")
CREDLY = "Badge Template ID,Badge Template Name,First Name,Recipient Email,Issued At,Expires At,State,Issued Badge ID\n"
ROW = "t-1,Safe Welding,Amina,{email},2024-01-31 12:00:00 UTC,2027-01-31,{state},b-{n}\n"


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()


def file(content: Any, name: str = "export.json") -> imports.SourceFile:
    text = content if isinstance(content, str) else json.dumps(content)
    return imports.SourceFile(name, text.encode())


def credly(*rows: str) -> imports.SourceFile:
    return file(CREDLY + "".join(rows), "credly.csv")


def row(n: int, email: str = "", state: str = "accepted") -> str:
    return ROW.format(n=n, email=email or f"p{n}@example.org", state=state)


def run(*files: imports.SourceFile, actor: int | None = None, **options: Any) -> imports.ImportReport:
    return imports.import_awards(actor, files, SCHOOL, now=NOW, **options)


def nothing_written() -> bool:
    return not (
        ImportRun.objects.exists() or ImportedDefinition.objects.exists() or ImportedAward.objects.exists()
    )


BADGE = {
    "type": "BadgeClass",
    "id": "https://old.example/badges/1",
    "name": "Safe Welding",
    "description": "Welds",
    "criteria": {"narrative": "Show a seam."},
    "issuer": {"type": "Issuer", "name": "Old school"},
}
OB2 = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://old.example/assertions/1",
    "recipient": {"type": "email", "hashed": False, "identity": "Amina@Example.org"},
    "badge": BADGE["id"],
    "issuedOn": "2021-03-01T10:00:00Z",
    "expires": "2031-03-01T10:00:00Z",
}
HASHED = OB2 | {
    "id": "https://old.example/assertions/2",
    "recipient": {
        "type": "email",
        "hashed": True,
        "salt": "abc",
        "identity": "sha256$" + hashlib.sha256(b"amina@example.orgabc").hexdigest(),
    },
    "badge": BADGE,
}
OB3 = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "id": "urn:uuid:1",
    "issuer": {"id": "did:web:old.example", "name": "Old school"},
    "validFrom": "2025-01-01T00:00:00Z",
    "credentialSubject": {
        "identifier": [
            {"identityType": "emailAddress", "hashed": False, "identityHash": "amina@example.org"}
        ],
        "achievement": {
            "id": "urn:uuid:a",
            "type": ["Achievement"],
            "name": "Wheel truing",
            "description": "Trues",
        },
    },
}
TOKEN = (
    "eyJhbGciOiJFZERTQSJ9."
    + base64.urlsafe_b64encode(json.dumps(OB3).encode()).decode().rstrip("=")
    + ".c2ln"
)
BADGR = {
    "status": {"success": True},
    "result": [
        {
            "entityType": "BadgeClass",
            "entityId": "x",
            "openBadgeId": "https://badgr.example/b/1",
            "name": "Oiling",
        },
        {
            "entityType": "Assertion",
            "entityId": "y",
            "openBadgeId": "https://badgr.example/a/1",
            "badgeclass": "x",
            "badgeclassOpenBadgeId": "https://badgr.example/b/1",
            "recipient": {"identity": "sha256$00", "hashed": True, "plaintextIdentity": "amina@example.org"},
            "issuedOn": "2022-05-05T05:05:05.123456Z",
            "revoked": False,
        },
    ],
}
MOODLE = {
    "badges": [
        {
            "id": 7,
            "name": "Rim brakes",
            "description": "Adjusts them",
            "issuername": "Moodle site",
            "issuerurl": "https://moodle.example",
            "email": "amina@example.org",
            "uniquehash": "abc123",
            "dateissued": 1700000000,
            "dateexpire": None,
        }
    ]
}


@pytest.mark.parametrize(
    ("files", "formats", "name", "issued"),
    [
        ([file([BADGE, OB2])], ("ob2",), "Safe Welding", datetime(2021, 3, 1, 10, tzinfo=UTC)),
        (
            [file(BADGE, "b.json"), file(OB2, "a.json")],
            ("ob2",),
            "Safe Welding",
            datetime(2021, 3, 1, 10, tzinfo=UTC),
        ),
        ([file(HASHED)], ("ob2",), "Safe Welding", datetime(2021, 3, 1, 10, tzinfo=UTC)),
        ([file(OB3)], ("ob3",), "Wheel truing", datetime(2025, 1, 1, tzinfo=UTC)),
        ([file(TOKEN, "vc.jwt")], ("ob3",), "Wheel truing", datetime(2025, 1, 1, tzinfo=UTC)),
        ([file(BADGR)], ("badgr",), "Oiling", datetime(2022, 5, 5, 5, 5, 5, 123456, tzinfo=UTC)),
        ([file(MOODLE)], ("moodle",), "Rim brakes", datetime.fromtimestamp(1700000000, UTC)),
        (
            [credly(row(1, "amina@example.org"))],
            ("credly",),
            "Safe Welding",
            datetime(2024, 1, 31, 12, tzinfo=UTC),
        ),
        (
            [file("email;badge;issued\namina@example.org;Own table;2024-02-03\n", "own.csv")],
            ("table",),
            "Own table",
            datetime(2024, 2, 3, tzinfo=UTC),
        ),
    ],
)
def test_every_shape_is_read(
    files: list[imports.SourceFile], formats: tuple[str, ...], name: str, issued: datetime
) -> None:
    amina = make_user("amina")
    report = run(*files)
    assert (report.formats, report.new_awards, report.with_account) == (formats, 1, 1)
    held = imports.held_elsewhere(amina)
    assert [(one.name, one.issued_at) for one in held] == [(name, issued)]
    assert not Award.objects.exists(), "nothing enters the ledger"
    assert not Credential.objects.exists(), "nothing is signed"


def test_a_preview_writes_nothing_and_says_the_same() -> None:
    make_user("amina")
    files = [file([BADGE, OB2])]
    seen = imports.preview_import(None, files, SCHOOL)
    assert nothing_written()
    assert run(*files, seen=seen.seen) == seen


def test_the_same_again_changes_nothing_in_whichever_order() -> None:
    first = run(credly(row(1), row(2), row(1)))
    assert (first.new_awards, first.repeated) == (2, 1)
    before = list(ImportedAward.objects.order_by("pk").values())
    again = run(credly(row(2), row(1)))
    assert (again.new_awards, again.known_awards, again.changes_anything) == (0, 2, False)
    assert list(ImportedAward.objects.order_by("pk").values()) == before
    assert ImportRun.objects.count() == 1


def test_where_it_came_from_is_kept() -> None:
    source = credly(row(1))
    run(source, actor=make_officer("ruth"))
    kept = ImportRun.objects.get()
    assert kept.files == [
        {
            "name": "credly.csv",
            "sha256": hashlib.sha256(source.content).hexdigest(),
            "bytes": len(source.content),
        }
    ]
    award = ImportedAward.objects.get()
    assert (award.origin, award.run_id, award.email) == ("b-1", kept.pk, "p1@example.org")
    assert len(award.sha256) == 64


def test_a_later_file_may_say_that_it_was_revoked() -> None:
    run(credly(row(1)))
    report = run(credly(row(1, state="revoked")))
    assert report.newly_revoked == 1
    assert ImportedAward.objects.get().revoked_at == NOW
    assert run(credly(row(1, state="revoked"))).changes_anything is False


def test_whoever_signs_up_later_gets_what_waits() -> None:
    report = run(credly(row(1)))
    assert report.without_account == ("p1@example.org",)
    person = make_user("p1")
    assert imports.match_waiting("school") == 1
    assert len(imports.held_elsewhere(person)) == 1


def test_an_address_that_two_accounts_have_is_nobodys() -> None:
    make_user("one", email="p1@example.org")
    make_user("two", email="p1@example.org")
    assert run(credly(row(1))).with_account == 0


def test_a_broken_row_at_90_000_is_told_and_nothing_is_written() -> None:
    """Line 90,000 is the 89,999th row below the heading."""
    rows = [row(n) for n in range(2, 90_000)]
    broken = credly(
        *rows,
        "t-1,Safe Welding,Amina,p@example.org,31/01/2024,,accepted,b\n",
        *map(row, range(100_000, 100_010)),
    )
    with pytest.raises(imports.ImportRefused) as refused:
        run(broken)
    assert refused.value.problems == (
        "credly.csv, line 90000: “31/01/2024” is no date. Write it as in 2026-03-31.",
    )
    assert nothing_written()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CREDLY + row(1) + 't-1,"never closed,x\n', "line 3: The row cannot be read"),
        (CREDLY + row(1) + "t-1,too,few\n", "line 3: It has 3 cells, the heading has 8."),
        (CREDLY + row(1, "nobody"), "line 2: “nobody” is no e-mail address."),
        (CREDLY + ",,Amina,a@example.org,2024-01-01,,,\n", "line 2: It names no badge."),
        ("name,when\nx,y\n", "There is no column for email, issued"),
        (CREDLY.encode() + b"t-1,Sch\xf6n,A,a@example.org,2024-01-01,,,\n", "line 2: This is not UTF-8"),
        (CREDLY + "t-1," + "x" * 30_000 + ",A,a@example.org,2024-01-01,,,1\n", "The row cannot be read"),
        ('{"type": "Assertion"', "This is not JSON"),
        ("[" * 200 + "]" * 200, "export.csv"),
        ('{"type": "Assertion", "type": "x"}', "export.csv"),
        (json.dumps(OB2 | {"recipient": "x"}), "It does not say who received it."),
        (json.dumps(OB2 | {"issuedOn": "yesterday", "badge": BADGE}), "no date of issue"),
        (json.dumps(OB2), "is in none of the files"),
        (json.dumps({"hello": 1}), "This is no badge and no award"),
        (json.dumps([]), "There is no badge"),
        (json.dumps(OB3 | {"credentialSubject": {"id": "did:key:x"}}), "holds no achievement"),
        ("eyJ.%%%.x", "export.csv"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content: str | bytes, said: str) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(imports.ImportRefused) as refused:
        run(imports.SourceFile("export.csv", data))
    assert said in "\n".join([str(refused.value), *refused.value.problems])
    assert nothing_written()


@pytest.mark.parametrize("data", [b"", b"  \n", b"\x00\x01\x02", b"\xff\xfe"])
def test_files_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(imports.ImportRefused):
        run(imports.SourceFile("x", data))
    assert nothing_written()


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcred_app.applets.imports.records.MOST_AWARDS", 3)
    with pytest.raises(imports.ImportRefused, match="Split the files"):
        run(credly(*(row(n) for n in range(9))))
    monkeypatch.setattr("microcred_app.applets.imports.importing.MOST_BYTES", 10)
    with pytest.raises(imports.ImportRefused, match="larger than"):
        run(credly(row(1)))
    assert nothing_written()


def test_an_import_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, _all: int) -> None:
        raise RuntimeError("the machine goes down")

    with pytest.raises(RuntimeError):
        run(credly(*(row(n) for n in range(1_500))), progress=stop)
    assert nothing_written()


def test_what_changed_since_the_preview_is_not_written() -> None:
    seen = imports.preview_import(None, [credly(row(1))], SCHOOL).seen
    with pytest.raises(imports.ImportRefused, match="changed since you looked"):
        run(credly(row(1), row(2)), seen=seen)
    assert nothing_written()


def test_drafts_begin_with_what_the_other_system_says() -> None:
    actor = make_officer("ruth")
    choice = imports.ImportChoice("school", make_drafts=True)
    imports.import_awards(actor, [file([BADGE, OB2])], choice, now=NOW)
    draft = badges.get_draft("safe-welding")
    assert (draft.content["name"], draft.content["criteria_intro"]) == ("Safe Welding", "Show a seam.")
    assert "https://old.example/badges/1" in draft.content["purpose"]
    assert ImportedDefinition.objects.get().draft_key == "safe-welding"


@pytest.mark.parametrize("role", ["steward", "reviewer", "auditor"])
def test_only_a_registrar_of_the_organisation_imports(role: str) -> None:
    for actor in (make_officer("x", role), make_officer("otto", issuer_slug="college"), make_user("nobody")):
        with pytest.raises(NotAllowed):
            run(credly(row(1)), actor=actor)
        with pytest.raises(NotAllowed):
            imports.preview_import(actor, [credly(row(1))], SCHOOL)
    assert nothing_written()


@pytest.mark.parametrize(
    "text", ["03/04/2026", "", "x", "99999999999999999999", "0", True, None, 1.5, "0001-01-01"]
)
def test_a_date_that_may_mean_two_is_none(text: object) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "credly.csv"
    path.write_bytes(credly(row(1), row(2)).content)
    say: Callable[..., str] = _command
    assert "nothing was written" in say(str(path), "--dry-run")
    assert nothing_written()
    assert "2 new awards" in say(str(path))
    assert "0 new awards, 2 known" in say(str(path))
    path.write_text("nonsense")
    with pytest.raises(CommandError, match="no column"):
        say(str(path))
    with pytest.raises(CommandError):
        say(str(tmp_path / "none.csv"))


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("microcred_import_awards", *arguments, "--organisation", "school", stdout=out)
    return out.getvalue()


def test_problems_are_counted_but_not_all_told() -> None:
    found = Found()
    for n in range(80):
        found.refuse("x", str(n))
    assert (len(found.problems), found.problem_count) == (50, 80)

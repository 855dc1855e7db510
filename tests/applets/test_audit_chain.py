"""The audit log is a chain: whatever is changed, removed, inserted or moved is found and named."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.audit import api as audit
from microcred_app.applets.audit import chain
from microcred_app.applets.audit.models import AuditActor, AuditEntry, AuditHead
from tests.fixtures.catalogue import NOW, make_user

TABLE = "microcred_app_auditentry"


def write(count: int = 5, *, actor_id: int | None = None, begin: int = 1) -> None:
    for number in range(begin, begin + count):
        audit.record(
            "badge.published",
            object_type="badge",
            object_id=f"badge-{number}",
            actor_id=actor_id,
            now=NOW + timedelta(seconds=number),
            reason="Über Brücken — “why”",
            details={"number": number, "share": 0.1, "nothing": None},
            issuer_slug="school",
        )


def tamper(statement: str, *values: Any) -> None:
    """What somebody with the database and without this software does."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{table}", TABLE), values)


def problem() -> str:
    return audit.check_database().problem


def test_an_entry_gets_its_place_when_its_decision_is_committed() -> None:
    with transaction.atomic():
        write(2)
        assert {row.sequence for row in AuditEntry.objects.all()} == {None}
    assert [row.sequence for row in AuditEntry.objects.order_by("pk")] == [1, 2]
    first, second = AuditEntry.objects.order_by("pk")
    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.entry_hash
    report = audit.check_database()
    assert (report.is_whole, report.entries, report.last, report.head) == (True, 2, 2, second.entry_hash)


def test_a_decision_that_is_rolled_back_leaves_no_entry() -> None:
    write(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        write(1, begin=2)
        raise RuntimeError
    write(1, begin=3)
    assert [row.object_id for row in AuditEntry.objects.order_by("sequence")] == ["badge-1", "badge-3"]
    assert audit.check_database().is_whole


def test_an_entry_that_a_dying_process_left_waiting_gets_its_place_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("microcred_app.applets.audit.api.seal_waiting", lambda: 0)
    write(2)
    monkeypatch.undo()
    report = audit.check_database()
    assert (report.is_whole, report.entries, report.waiting) == (True, 0, 2)
    write(1, begin=3)
    assert [row.object_id for row in AuditEntry.objects.order_by("sequence")] == [
        "badge-1", "badge-2", "badge-3",
    ]  # fmt: skip
    assert audit.check_database().entries == 3


def test_the_form_that_is_hashed_never_changes() -> None:
    content = chain.content_of(
        at=NOW, actor="a1", issuer="school", action="x", object_type="badge", object_id="b",
        reason="Ü", details={"b": 1, "a": [True, None, 0.5]},
    )  # fmt: skip
    said = (
        '{"action":"x","actor":"a1","at":"2026-03-02T09:30:00.000000+00:00","details":{"a":[true,null,0.5],"b":1},'
        '"issuer":"school","object_id":"b","object_type":"badge","previous":"' + "0" * 64 + '",'
        '"reason":"\\u00dc","sequence":1}'
    )
    assert chain.canonical(chain.link(content, sequence=1, previous=chain.GENESIS)) == said.encode()
    assert (
        chain.entry_hash(content, sequence=1, previous=chain.GENESIS)
        == hashlib.sha256(said.encode()).hexdigest()
        == "24d750d91a794bfe60dfaba503961cf9dcdddb718a6c302d49a1594c7baace22"
    )


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'Another reason'",
        "at = '2020-01-01 00:00:00'",
        "action = 'badge.praised'",
        "object_id = 'badge-9'",
        "actor_reference = 'somebody else'",
        "issuer_slug = 'college'",
        "details = '{\"number\": 4}'",
    ],
)
def test_a_changed_entry_is_named(change: str) -> None:
    write()
    tamper(f"UPDATE {{table}} SET {change} WHERE sequence = 3")
    assert problem() == "Entry 3: what it says was changed after it was written."


def test_a_changed_entry_whose_hash_was_made_to_fit_breaks_the_next() -> None:
    write()
    row = AuditEntry.objects.get(sequence=3)
    row.reason = "Another"
    content = chain.content_of(
        at=row.at, actor=row.actor_reference, issuer=row.issuer_slug, action=row.action,
        object_type=row.object_type, object_id=row.object_id, reason=row.reason, details=row.details,
    )  # fmt: skip
    own = chain.entry_hash(content, sequence=3, previous=row.previous_hash)
    tamper("UPDATE {table} SET reason = 'Another', entry_hash = %s WHERE sequence = 3", own)
    assert problem().startswith("Entry 4: it names another entry before it than entry 3.")


def test_a_removed_entry_is_named() -> None:
    write()
    tamper("DELETE FROM {table} WHERE sequence = 3")
    assert problem().startswith("Entry 3 is missing: after entry 2 comes entry 4")


def test_removed_entries_at_the_end_are_named() -> None:
    write()
    tamper("DELETE FROM {table} WHERE sequence >= 4")
    assert problem() == "Entry 4 is missing: the log ends at entry 3, but 5 were written."


def test_an_emptied_log_is_noticed() -> None:
    write()
    tamper("DELETE FROM {table}")
    assert problem().startswith("Entry 1 is missing")


COPIED = (
    "INSERT INTO {table} (at, actor_id, actor_reference, issuer_slug, action, object_type, object_id, reason, details,"
    " digest, sequence, previous_hash, entry_hash) SELECT at, actor_id, actor_reference, issuer_slug, action,"
    " object_type, 'forged', reason, details, digest, %s, previous_hash, entry_hash FROM {table} WHERE sequence = 5"
)


def test_an_inserted_entry_is_named_whether_it_claims_a_place_or_waits_for_one() -> None:
    write()
    tamper(COPIED, 6)
    assert problem() == (
        "After entry 5, the one that was written last, entries were inserted into the table."
    )
    tamper("DELETE FROM {table} WHERE sequence = 6")
    tamper(COPIED, None)
    assert "was not written by this software" in problem()
    write(1, begin=6)
    assert AuditEntry.objects.get(sequence=6).object_id == "badge-6"  # the forged one gets no place
    assert "was not written by this software" in problem()


def test_an_entry_inserted_in_the_middle_is_named() -> None:
    write()
    tamper("UPDATE {table} SET sequence = sequence + 10 WHERE sequence > 3")
    tamper("UPDATE {table} SET sequence = sequence - 9 WHERE sequence > 3")
    tamper(COPIED.replace("sequence = 5", "sequence = 1"), 4)
    assert problem().startswith("Entry 4: it names another entry before it")


def test_entries_that_changed_places_are_named() -> None:
    write()
    tamper("UPDATE {table} SET sequence = 100 WHERE sequence = 2")
    tamper("UPDATE {table} SET sequence = 2 WHERE sequence = 3")
    tamper("UPDATE {table} SET sequence = 3 WHERE sequence = 100")
    assert problem().startswith("Entry 2: it names another entry before it than entry 1.")


def test_entries_cannot_be_changed_through_the_app() -> None:
    write(1)
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(AppendOnlyViolation):
            attempt()
    with pytest.raises(AppendOnlyViolation):
        AuditEntry.objects.update(reason="x")


def test_the_log_still_verifies_when_the_account_of_the_decider_is_gone() -> None:
    ruth = make_user("ruth")
    write(2, actor_id=ruth)
    before = AuditEntry.objects.order_by("pk")[0]
    assert before.actor_id == ruth
    assert str(ruth) != before.actor_reference
    get_user_model().objects.get(pk=ruth).delete()
    after = AuditEntry.objects.order_by("pk")[0]
    assert after.actor_id is None
    assert after.actor_reference == before.actor_reference
    assert AuditActor.objects.get().user_id is None
    assert audit.check_database().is_whole
    assert len({entry.actor_reference for entry in audit.list_entries()}) == 1


def test_details_that_no_database_gives_back_unchanged_are_refused() -> None:
    for details in ({"x": float("nan")}, {"x": "a" * 600_000}):
        with pytest.raises(ValueError, match=r"JSON|details"):
            audit.record("x", object_type="y", object_id="z", actor_id=None, now=NOW, details=details)
    audit.record("x", object_type="y", object_id="z", actor_id=None, now=NOW, details={1: (1, 2)})  # type: ignore[dict-item]
    assert audit.list_entries()[0].details == {"1": [1, 2]}
    assert audit.check_database().is_whole


def test_one_decision_costs_a_bounded_number_of_statements(django_assert_max_num_queries: Any) -> None:
    ruth = make_user("ruth")
    write(1, actor_id=ruth)
    with transaction.atomic(), django_assert_max_num_queries(2):
        write(1, actor_id=ruth, begin=2)
    with django_assert_max_num_queries(12):  # with both commits
        write(1, actor_id=ruth, begin=3)


def test_entries_are_found_by_object_action_person_and_organisation() -> None:
    ruth = make_user("ruth")
    write(2, actor_id=ruth)
    audit.record("role.given", object_type="role", object_id="r", actor_id=None, now=NOW)
    assert len(audit.list_entries()) == 3
    assert [e.object_id for e in audit.list_entries(object_type="badge", object_id="badge-1")] == ["badge-1"]
    assert [e.action for e in audit.list_entries(action="role.given")] == ["role.given"]
    assert len(audit.list_entries(actor_id=ruth)) == 2
    assert len(audit.list_entries(issuer_slugs={"school"})) == 2
    assert audit.list_entries(issuer_slugs=set()) == ()
    assert [e.object_id for e in audit.list_entries(limit=1, offset=1)] == ["badge-1"]


# --- export and the command ---------------------------------------------------------------------------------


def export(path: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("microcred_audit", "export", str(path), *arguments, stdout=out)
    return out.getvalue()


def verify(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("microcred_audit", "verify", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_an_export_can_be_checked_with_nothing_of_ours(tmp_path: Path) -> None:
    write(3)
    path = tmp_path / "log.jsonl"
    assert "3 entries" in export(path)
    assert path.stat().st_mode & 0o077 == 0
    previous = "0" * 64
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        members = json.loads(line)
        own = members.pop("hash")
        text = json.dumps(members, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == own
        assert (members["sequence"], members["previous"]) == (number, previous)
        previous = own
    assert verify(str(path))[0] == 0


def test_an_export_is_not_overwritten(tmp_path: Path) -> None:
    write(1)
    path = tmp_path / "log.jsonl"
    path.write_text("precious")
    with pytest.raises(CommandError, match="exists"):
        export(path)
    assert path.read_text() == "precious"


def test_a_part_of_the_log_is_exported_and_checked(tmp_path: Path) -> None:
    write(2)
    audit.record("x", object_type="y", object_id="later", actor_id=None, now=NOW + timedelta(days=2))
    audit.record("x", object_type="y", object_id="last", actor_id=None, now=NOW + timedelta(days=9))
    path = tmp_path / "part.jsonl"
    export(path, "--from", "2026-03-03", "--to", "2026-03-04")
    assert [json.loads(line)["object_id"] for line in path.read_text().splitlines()] == ["later"]
    code, said = verify(str(path))
    assert code == 0
    assert "entries 3 to 3" in said
    with pytest.raises(CommandError, match=r"2026-03-31"):
        export(tmp_path / "x", "--from", "yesterday")


def edited(path: Path, edit: Any) -> str:
    lines = path.read_text().splitlines()
    path.write_text("\n".join(edit(lines)) + "\n")
    return str(path)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda rows: [rows[0], rows[1].replace("badge-2", "badge-9"), *rows[2:]], "Line 2, entry 2: what it says"),
        (lambda rows: [rows[0], *rows[2:]], "Entry 2 is missing: after entry 1 comes entry 3 (Line 2, entry 3)"),
        (lambda rows: [rows[0], rows[2], rows[1]], "Entry 2 is missing"),
        (lambda rows: [rows[0], rows[0], *rows[1:]], "Line 2, entry 1: entry 1 stands after entry 1"),
    ],
)  # fmt: skip
def test_a_file_somebody_worked_on_is_found_out(edit: Any, said: str, tmp_path: Path) -> None:
    write(3)
    path = tmp_path / "log.jsonl"
    export(path)
    code, told = verify(edited(path, edit), "--only-file")
    assert code == 1
    assert said in told


def test_a_database_that_was_rewritten_is_found_out_by_an_earlier_export(tmp_path: Path) -> None:
    write(3)
    path = tmp_path / "log.jsonl"
    export(path)
    noted = audit.check_database()
    AuditHead.objects.all().delete()
    tamper("DELETE FROM {table}")
    write(4, begin=5)
    assert verify()[0] == 0  # the forged log agrees with itself …
    code, said = verify(str(path))
    assert code == 1  # … and not with what left the house
    assert "the database says something else" in said
    code, said = verify("--anchor", f"{noted.last}:{noted.head}")
    assert code == 1
    assert "The log was rewritten" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"{]\n", "Line 1 is not JSON"),
        (b"\xff\xfe\x00\x01\n", "Line 1 is not JSON"),
        (b"[" * 200_000 + b"\n", "Line 1 is not JSON"),
        (b'{"sequence": 1}\n', "Line 1 is not an entry"),
        (b"x" * 1_100_000, "Line 1 is longer than any entry"),
    ],
)
def test_a_file_that_is_no_export_is_refused_in_words(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    code, told = verify(str(path))
    assert code == 2
    assert said in told


def test_a_file_with_values_of_the_wrong_kind_is_refused_in_words(tmp_path: Path) -> None:
    write(1)
    path = tmp_path / "log.jsonl"
    export(path)
    members = json.loads(path.read_text())
    for change in ({"sequence": "1"}, {"sequence": True}, {"hash": None}, {"previous": 7}):
        path.write_text(json.dumps(members | change) + "\n")
        assert verify(str(path))[0] == 2
    path.write_text(json.dumps(members | {"at": {"deep": [1]}, "details": "text"}) + "\n")
    assert verify(str(path))[0] == 1


def test_the_command_says_where_the_chain_ends_so_that_it_can_be_noted() -> None:
    write(2)
    code, said = verify()
    assert code == 0
    assert f"2:{AuditEntry.objects.get(sequence=2).entry_hash}" in said
    tamper("UPDATE {table} SET reason = 'x' WHERE sequence = 1")
    code, said = verify()
    assert (code, said) == (1, "Entry 1: what it says was changed after it was written.")
    for anchor in ("x", "3", "0:aa", "1:zz"):
        assert verify("--anchor", anchor)[0] == 2

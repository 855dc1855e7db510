"""The commands around bundles: they show, ask, and say what was refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from microcred_app.applets.awards.models import Award
from microcred_app.applets.badges.models import Badge
from tests.bundle.conftest import Desk
from tests.fixtures.catalogue import do_unit, make_officer, make_user


@pytest.fixture
def path(desk: Desk) -> Path:
    path = desk.folder / "bundle.yaml"
    path.write_bytes(desk.text)
    return path


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def test_apply_shows_the_plan_and_asks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _prompt: "")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("microcred_apply", path)
    assert not Badge.objects.exists()
    monkeypatch.setattr("builtins.input", lambda _prompt: "y")
    out = run("microcred_apply", path, "--actor", _named("registrar"))
    assert "+ badges part (publishes a version): 0 hold it now" in out
    assert out.endswith("Applied.\n")
    assert Badge.objects.count() == 3


def test_plan_tells_each_field_and_what_is_missing(desk: Desk, path: Path) -> None:
    run("microcred_apply", path, "--yes")
    desk.data["badges"][1].update(cap=7, purpose="")
    path.write_bytes(desk.text)
    out = run("microcred_plan", path)
    assert "~ badges part (publishes a version): 0 hold it now, 0 would gain it, 0 would not qualify" in out
    assert "    cap: 100 → 7\n" in out
    assert "! not ready: Purpose: Say what holding it is good for" in out
    assert "0 new, 1 changed, 9 unchanged; 0 on this site" in out


def test_plan_says_whom_a_new_rule_would_concern(desk: Desk, path: Path) -> None:
    desk.apply()
    for name, letter in (("amina", "a"), ("ben", "b"), ("kim", "b")):
        do_unit(make_user(name), letter)
    desk.data["badges"][1].update(requirement={"outcome": "o.b"})
    path.write_bytes(desk.text)
    held = Award.objects.count()
    out = run("microcred_plan", path)
    assert "1 hold it now, 2 would gain it, 1 would not qualify any more" in out
    assert "    1 person holds an earlier version and keeps it as it is.\n" in out
    desk.data["badges"][1].update(holders_policy="replace")
    path.write_bytes(desk.text)
    assert "    1 person holds an earlier version and receives the new one; the old one is" in run(
        "microcred_plan", path
    )
    assert Award.objects.count() == held


def test_export_without_a_file_goes_to_standard_output(path: Path) -> None:
    run("microcred_apply", path, "--yes")
    text = run("microcred_export")
    assert "data:image/svg+xml;base64," in text
    path.write_text(text)
    assert "0 new, 0 changed, 10 unchanged" in run("microcred_plan", path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"badges: 7", b"issuer: {}"])
@pytest.mark.parametrize("command", ["microcred_plan", "microcred_apply"])
def test_a_file_that_is_no_bundle_is_refused(path: Path, content: bytes, command: str) -> None:
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"bundle\.yaml"):
        run(command, path, *(["--yes"] if command == "microcred_apply" else []))


def test_what_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("microcred_plan", path.with_name("none.yaml"))
    with pytest.raises(CommandError, match="no user 'nobody'"):
        run("microcred_apply", path, "--yes", "--actor", "nobody")
    with pytest.raises(CommandError, match="cannot be written"):
        run("microcred_export", path / "below" / "a-file.yaml")


def _named(name: str) -> str:
    make_officer(name)
    return name

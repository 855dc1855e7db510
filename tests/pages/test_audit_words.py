"""Every decision that the code writes into the audit log has a word for people, and so has what it is about."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import microcred_app
from microcred_app.pages.registrar.audit_words import ACTIONS, THINGS, action_word

HERE = Path(microcred_app.__file__).parent
NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")


def written_down() -> Iterator[tuple[str, str]]:
    """Names of decisions and of things, as pairs with the parameter that takes them, in files that write the log."""
    for path in HERE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "audit.record(" not in source:
            continue
        for call in ast.walk(ast.parse(source)):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name != "record" and not name.startswith("_"):
                continue
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            for value in [*call.args[:1], *filter(None, [named.get("action")])]:
                for constant in ast.walk(value):
                    if isinstance(constant, ast.Constant) and NAME.match(str(constant.value)):
                        yield "action", str(constant.value)
            thing = named.get("object_type")
            if isinstance(thing, ast.Constant):
                yield "thing", str(thing.value)


def test_every_decision_and_every_thing_has_a_word() -> None:
    found = set(written_down())
    assert len(found) > 90  # the reading of the code still works
    assert sorted(name for kind, name in found if kind == "action" and name not in ACTIONS) == []
    assert sorted(name for kind, name in found if kind == "thing" and name not in THINGS) == []


def test_what_has_no_word_is_shown_as_it_is_stored() -> None:
    assert action_word("of.a.plugin") == "of.a.plugin"

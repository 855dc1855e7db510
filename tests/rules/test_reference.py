"""The reference of requirements is true: its examples are read, and its mistakes are refused in its words."""

import re
import textwrap
from pathlib import Path

import pytest

from microcred_app import rules
from microcred_app.rules.json_form import _MEMBERS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "requirements.rst").read_text(
    encoding="utf-8"
)
BLOCK = r"(?:::|:class: refused)\n\n((?:   .*\n|\n)+)"
BLOCKS = [textwrap.dedent(found).strip() for found in re.findall(BLOCK, PAGE)]
EXAMPLES = [block for block in BLOCKS if "→" not in block]
MISTAKES = [block.split("\n→ ") for block in BLOCKS if "→" in block]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_requirement(text: str) -> None:
    tree = rules.read_yaml(text)
    assert rules.read_yaml(rules.write_yaml(tree)) == tree
    assert rules.read_json(rules.write_json(tree)) == tree


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_every_mistake_is_refused_in_these_words(text: str, message: str) -> None:
    with pytest.raises(rules.RequirementError) as caught:
        rules.read_yaml(text)
    assert str(caught.value).startswith(message)


def test_every_kind_and_every_member_has_an_example() -> None:
    assert len(EXAMPLES) >= 15
    assert len(MISTAKES) >= 5
    shown = {name for text in EXAMPLES for name in re.findall(r"(\w+):(?:\s|$)", text)}
    assert shown >= {name for members in _MEMBERS.values() for name in members} | {"weight"}

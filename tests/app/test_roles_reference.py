"""The documented table of roles is the one in force."""

from pathlib import Path

from microcred_app.permissions.api import ACTIONS_OF_ROLE, Action, Role

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "roles.rst"


def test_the_reference_says_what_the_code_allows() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    rule = next(line for line in text.splitlines() if line.startswith("=====") and " " in line)
    columns = [len(part) for part in rule.split()]
    documented: dict[str, set[str]] = {}
    for line in text.split("In a course\n")[0].splitlines():  # the table of organisations is the first
        if line[: columns[0]].strip() in [action.value for action in Action]:
            cells, begin = [], 0
            for width in columns:
                cells.append(line[begin : begin + width].strip())
                begin += width + 1
            documented[cells[0]] = {
                role.value for role, cell in zip(Role, cells[1:], strict=True) if cell == "yes"
            }
    assert documented == {
        action.value: {role.value for role in Role if action in ACTIONS_OF_ROLE[role]} for action in Action
    }

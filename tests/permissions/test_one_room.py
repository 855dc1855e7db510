"""Nobody decides beside the room: what the platform, Django and the offices say about accounts is asked there alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from microcred_app.permissions import api as permissions

APP = Path(permissions.__file__).resolve().parents[1]
#: What says who may do what; and the rooms that may ask for it.
ASKED = {
    "is_course_staff", "is_reviewer", "is_masquerading", "is_enrolled",
    "has_perm", "has_perms", "is_superuser", "is_staff", "user_permissions",
}  # fmt: skip
MAY_ASK = ("permissions/", "platform_roles/", "compat.py")
DECORATORS = re.compile(r"permission_required|staff_member_required|user_passes_test|UserPassesTestMixin")


def sources() -> list[Path]:
    return [path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts]


def asked_in(path: Path) -> set[str]:
    names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    return names & ASKED


def test_the_walk_sees_the_room_itself() -> None:
    assert {"is_course_staff", "is_reviewer"} <= asked_in(APP / "permissions" / "courses.py")
    assert asked_in(APP / "permissions" / "site.py") == {"has_perm"}


def test_nobody_else_asks_the_platform_or_django_who_may() -> None:
    beside = {}
    for path in sources():
        place = path.relative_to(APP).as_posix()
        if not place.startswith(MAY_ASK) and (found := asked_in(path)):
            beside[place] = found
    assert beside == {}


def test_no_decorator_of_django_decides() -> None:
    assert [path.name for path in sources() if DECORATORS.search(path.read_text())] == []


def test_nobody_reads_the_table_of_offices_beside_its_room() -> None:
    readers = {
        path.relative_to(APP).parts[:2] for path in sources() if "OrganisationRole" in path.read_text()
    }
    assert readers <= {("applets", "offices"), ("people", "merging.py")}


def test_no_template_decides_by_what_an_account_is() -> None:
    word = re.compile(r"user\.(is_staff|is_superuser)|\bperms\.")
    pages = [*APP.rglob("*.html"), *APP.rglob("*.mako")]
    assert pages
    assert [path.name for path in pages if word.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("role", list(permissions.Role))
def test_every_office_sees_definitions_and_only_registrars_decide_everything(role: permissions.Role) -> None:
    actions = permissions.ACTIONS_OF_ROLE[role]
    assert permissions.Action.VIEW_DEFINITIONS in actions
    assert (actions == set(permissions.Action)) == (role is permissions.Role.REGISTRAR)

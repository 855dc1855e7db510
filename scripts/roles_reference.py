"""Write docs/reference/roles.rst from microcred_app/permissions, or, with ``--check``, fail when it is stale.

The comments (``#:``) above each action are what the page says of it; an action without one, and an action that nothing
asks for, is refused. Where each is asked is read from the sources.
"""

import ast
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
APP = HERE / "microcred_app"
ROOM = APP / "permissions"
PAGE = HERE / "docs" / "reference" / "roles.rst"
sys.path.insert(0, str(HERE))

# After the path: the script runs where the app is not installed.
from microcred_app.permissions.actions import Action, CourseAction, SiteAction  # noqa: E402
from microcred_app.permissions.roles import (  # noqa: E402
    ACTIONS_OF_COURSE_ROLE,
    ACTIONS_OF_ROLE,
    SITE_PERMISSIONS,
    SITE_WIDE_PERMISSIONS,
    CourseRole,
    Role,
)

TEXT = """Roles
=====

Written by ``make roles-reference`` from ``microcred_app/permissions``; ``make check`` fails when it is stale. Functions
that decide something ask for the action themselves; pages only show what they would allow.

For an organisation
-------------------

A role is held for one organisation.

{ORGANISATIONS}

* A **registrar** answers for everything the organisation issues.
* A **steward** looks after definitions and sees no learner.
* A **reviewer** judges: drafts that others wrote, and learners where a rule asks for a sign-off. Evidence inside a
  course is judged by the course's staff and reviewers and needs no role; a course's staff may open it to the reviewers
  of one organisation as well (docs/how-to/review.rst).
* An **auditor** sees everything and changes nothing.

Skill frameworks belong to the whole site: whoever may manage skills for one organisation may import and retire them.

Give the first role at the command line; registrars give the others::

   ./manage.py lms microcred_roles give ruth acme registrar
   ./manage.py lms microcred_roles list acme
   ./manage.py lms microcred_roles take ruth acme registrar

Giving and taking stands in the audit log of the organisation.

In a course
-----------

Who is what to a course, the platform says: by its course roles, or by openedx-authz for courses whose flag
``authz.enable_course_authoring`` is on. There a role counts in whichever width it was given: for a course, for all
courses of an organisation (``course-v1:Org+*``) or for all (``course-v1:*``).

{COURSES}

* A **learner** is enrolled in the course, and acts for nobody else.
* **staff** are staff and instructors of the course, and global staff.
* A **reviewer** has a role for judging alone, where the platform has one. Open edX has none: its staff judge.
* **organisation** is a registrar or reviewer of the organisation to which the course's staff opened its evidence.

For the whole site
------------------

Superusers may do everything. Django permissions grant an action for every organisation, or for the site:

{SITE}

A closed account may do nothing, whatever it holds.

What each action is
-------------------

{ACTIONS}

Through other eyes
------------------

Staff who look through a learner's eyes see what the learner sees, and nothing is written, whatever they hold.

What is no permission
---------------------

One's own badges, evidence and wallets are one's own: rooms that keep them ask whose they are. Nobody judges their own
work or approves their own draft, and who stepped back from a learner judges none of theirs. A link to a file, a grant
to upload and the token for figures let in whoever has them, for what they name.

For developers
--------------

``microcred_app.permissions.api``: ``require(actor_id, Action.PUBLISH, issuer_slug)`` at the beginning of a function
that decides (raises ``NotAllowed``, HTTP 403); ``require_somewhere(actor_id, action)`` gives the ``Scope`` by which a
list is narrowed in its query (``scope.filter_slugs``); ``may`` decides what a page shows. ``actor_id=None`` is the
operator at the command line. For a course: ``may_in_course(user_id, CourseAction.JUDGE, course_key)`` and
``courses_with(user_id, action)``. Whatever writes calls ``refuse_other_eyes()`` first, or ``may_act`` where a learner
writes their own record. A new address needs a line in ``tests/permissions/addresses.py``, which says who may do what
there.
"""


def meanings() -> dict[StrEnum, str]:
    """What each action is, from the comment above it; raises ValueError where there is none."""
    source = (ROOM / "actions.py").read_text(encoding="utf-8")
    lines, kinds = source.splitlines(), {kind.__name__: kind for kind in (Action, CourseAction, SiteAction)}
    found: dict[StrEnum, str] = {}
    for body in ast.parse(source).body:
        if not isinstance(body, ast.ClassDef):
            continue
        for node in body.body:
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            said, row = [], node.lineno - 2
            while lines[row].strip().startswith("#:"):
                said.insert(0, lines[row].strip().removeprefix("#:").strip())
                row -= 1
            if not said:
                raise ValueError(f"{node.targets[0].id} has no comment that says what it means.")
            found[kinds[body.name][node.targets[0].id]] = " ".join(said)
    return found


def askers() -> dict[StrEnum, list[str]]:
    """The rooms that ask for each action; raises ValueError for one that nothing asks for."""
    found: dict[StrEnum, set[str]] = {}
    for path in sorted(APP.rglob("*.py")):
        if "migrations" in path.parts or (ROOM in path.parents and path.name in ("actions.py", "roles.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute):
                continue
            kind = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            for actions in (Action, CourseAction, SiteAction):
                if kind == actions.__name__ and node.attr in actions.__members__:
                    found.setdefault(actions[node.attr], set()).add(room_of(path))
    unasked = [one for one in (*Action, *CourseAction, *SiteAction) if one not in found]
    if unasked:
        raise ValueError(f"Nothing asks for {', '.join(unasked)}: ask for it, or take it away.")
    return {action: sorted(rooms) for action, rooms in found.items()}


def room_of(path: Path) -> str:
    """The room in which a file stands, as people of the project call it."""
    parts = path.relative_to(APP).with_suffix("").parts
    if parts[0] in ("applets", "pages", "rest") and len(parts) > 2:
        return f"{parts[0]}.{parts[1]}"
    return parts[0] if len(parts) > 1 or parts[0] != "__init__" else "microcred_app"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A simple table."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    rule = " ".join("=" * width for width in widths)
    written = [
        " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    return "\n".join([rule, written[0], rule, *written[1:], rule])


def said(actions: Iterable[StrEnum], rooms: dict[StrEnum, list[str]], meant: dict[StrEnum, str]) -> str:
    """What each action is, and where it is asked."""
    return "\n\n".join(
        f"``{action.value}``\n    {meant[action]}\n\n    Asked in: {', '.join(rooms[action])}."
        for action in actions
    )


def page() -> str:
    """The whole page: the prose below, with what the code says in its places."""
    meant, rooms = meanings(), askers()
    places = {
        "ORGANISATIONS": table(
            ["action", *Role],
            [[one, *("yes" if one in ACTIONS_OF_ROLE[role] else "" for role in Role)] for one in Action],
        ),
        "COURSES": table(
            ["action", *CourseRole],
            [
                [one, *("yes" if one in ACTIONS_OF_COURSE_ROLE[role] else "" for role in CourseRole)]
                for one in CourseAction
            ],
        ),
        "SITE": table(
            ["action", "Django permission"],
            [*((one, f"``{name}``") for one, name in {**SITE_WIDE_PERMISSIONS, **SITE_PERMISSIONS}.items())],
        ),
        "ACTIONS": "\n\n".join(said(kind, rooms, meant) for kind in (Action, CourseAction, SiteAction)),
    }
    text = TEXT
    for name, written in places.items():
        text = text.replace(f"{{{name}}}", written)
    return text


def main() -> int:
    """Write or compare; says what to do when the page is stale."""
    wanted = page()
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/reference/roles.rst is stale: run make roles-reference")
    return 1


if __name__ == "__main__":
    sys.exit(main())

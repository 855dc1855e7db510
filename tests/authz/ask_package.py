"""Run by the Python that has openedx-authz: give roles in it, and print what our door then answers, as JSON.

What the platform would have is stood in for: its table of course roles (empty, because roles were moved), its flag (on
for every course but one), and its list of courses. The package, its policies and its tables are real.
"""

import json
import sys
import types
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

COURSES = {
    "course-v1:Acme+A+1": "Acme",
    "course-v1:Acme+B+1": "Acme",
    "course-v1:Acme+KEPT+1": "Acme",
    "course-v1:AcmeToo+A+1": "AcmeToo",
}
NOT_MOVED = "course-v1:Acme+KEPT+1"
GIVEN = {
    "one": ("course_staff", "course-v1:Acme+A+1"),
    "organisation": ("course_admin", "course-v1:Acme+*"),
    "everywhere": ("course_staff", "course-v1:*"),
    "researcher": ("course_data_researcher", "course-v1:Acme+*"),
    "nothing": ("", ""),
}


def module(path: str, **names: Any) -> types.ModuleType:
    """A module that can be imported, with its packages."""
    for depth in range(1, path.count(".") + 1):
        sys.modules.setdefault(
            ".".join(path.split(".")[:depth]), types.ModuleType(path.split(".")[depth - 1])
        )
    made = types.ModuleType(path)
    vars(made).update(names)
    sys.modules[path] = made
    return made


def set_up() -> None:
    """Django with the package in it, a database in memory, and stand-ins for the platform."""
    import openedx_authz

    settings.configure(
        SECRET_KEY="x",
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "openedx_authz.engine.apps.CasbinAdapterConfig",
            "openedx_authz.apps.OpenedxAuthzConfig",
            "stand_in",
            "organizations",
            "waffle",
        ],
        MIGRATION_MODULES={"openedx_authz": None, "casbin_adapter": None},
        CASBIN_MODEL=str(Path(openedx_authz.__file__).parent / "engine/config/model.conf"),
        CASBIN_AUTO_LOAD_POLICY_INTERVAL=0,
        CASBIN_AUTO_SAVE_POLICY=True,
        OPENEDX_AUTHZ_CONTENT_LIBRARY_MODEL="stand_in.ContentLibrary",
        OPENEDX_AUTHZ_COURSE_OVERVIEW_MODEL="stand_in.CourseOverview",
        ROOT_URLCONF="stand_in",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()


def fill() -> None:
    """The platform as the package and our door meet it, and its list of courses."""
    from opaque_keys.edx.keys import CourseKey
    from stand_in.models import CourseOverview

    none = types.SimpleNamespace(objects=types.SimpleNamespace(filter=lambda **_wanted: []))
    module("common.djangoapps.student.models", CourseAccessRole=none)
    module("openedx.core.djangoapps.content.course_overviews.models", CourseOverview=CourseOverview)
    module("openedx.core.toggles", enable_authz_course_authoring=lambda key: str(key) != NOT_MOVED)
    nobody = type("Role", (), {"__init__": lambda self, key: None, "has_user": lambda self, user: False})
    module("common.djangoapps.student.roles", CourseStaffRole=nobody, CourseInstructorRole=nobody)
    call_command("migrate", run_syncdb=True, verbosity=0)
    for key, org in COURSES.items():
        CourseOverview.objects.create(id=CourseKey.from_string(key), org=org)


def main() -> None:
    """Give, ask, print."""
    set_up()
    fill()
    call_command("load_policies")
    from django.contrib.auth import get_user_model
    from opaque_keys.edx.keys import CourseKey
    from openedx_authz.api.users import assign_role_to_user_in_scope, unassign_role_from_user

    from microcred_app.platform_roles.course_roles import CourseOffice, courses_of, holds_course_office

    def answers(user: Any) -> dict[str, Any]:
        each = [
            key
            for key in COURSES
            if holds_course_office(user, CourseKey.from_string(key), CourseOffice.REVIEWER)
        ]
        return {"each": sorted(each), "listed": list(courses_of(user, CourseOffice.REVIEWER))}

    found = {}
    for name, (role, scope) in GIVEN.items():
        user = get_user_model().objects.create_user(name)
        if role:
            assign_role_to_user_in_scope(name, role, scope)
        found[name] = answers(user)
    unassign_role_from_user("organisation", *GIVEN["organisation"])
    found["taken"] = answers(get_user_model().objects.get(username="organisation"))
    print(json.dumps(found))


if __name__ == "__main__":
    main()

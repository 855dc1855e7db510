"""``seed_demo``: everything the demo needs is there afterwards, however often it is run."""

from __future__ import annotations

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from demo_site.accounts import DEMO_ACCOUNTS
from demo_site.courses import assets, roles
from demo_site.courses.models import Role
from demo_site.courses.tree import course_keys
from demo_site.runtime import olx
from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices

__all__ = ["Command"]

LEARNERS = ("amina", "ben")
REGISTRARS = "Registrars"


class Command(BaseCommand):
    """Makes the demo's people, imports its course, gives roles, and fills in badges where the app can."""

    help = (
        "Make the demo's accounts, course, roles and badges. Running it again changes nothing that is there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--course", type=Path, default=settings.BASE_DIR / "course", help="folder with course.xml"
        )
        parser.add_argument(
            "--reset-content",
            action="store_true",
            help="import the course again, over what was changed in Studio; learners' progress stays",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["course"]
        with transaction.atomic():
            self._make_accounts()
            self._make_registrars()
            course_key = self._import_course(folder, again=options["reset_content"])
            if course_key is not None:
                self._give_roles(course_key)
        bundle = folder / "bundle.yaml"
        if "microcred_apply" in get_commands() and bundle.is_file():
            # A demo must start in any year, also after the date on which its badges want to be reviewed.
            call_command(
                "microcred_apply",
                str(bundle),
                "--yes",
                "--despite-readiness",
                stdout=self.stdout,
                stderr=self.stderr,
            )
            self._give_offices()
        if course_key is not None and "microcred_outline" in get_commands():
            # As a platform does after an import: which unit proves which outcome.
            call_command("microcred_outline", str(course_key), "--sources", stdout=StringIO())
        self.stdout.write(self.style.SUCCESS("The demo is ready."))

    def _make_accounts(self) -> None:
        """Existing accounts keep their password; somebody may have changed it."""
        for account in DEMO_ACCOUNTS:
            user, created = get_user_model().objects.get_or_create(
                username=account.username,
                defaults={
                    "first_name": account.first_name,
                    "last_name": account.last_name,
                    "email": account.email,
                },
            )
            if created:
                user.set_password(settings.DEMO_PASSWORD)
                user.save(update_fields=["password"])

    def _make_registrars(self) -> None:
        group, _created = Group.objects.get_or_create(name=REGISTRARS)
        group.permissions.set(Permission.objects.filter(content_type__app_label="microcred_app"))
        get_user_model().objects.get(username="registrar").groups.add(group)

    def _give_offices(self) -> None:
        """The registrar writes badges, and the reviewer is the second person who approves them."""
        ids = dict(get_user_model().objects.values_list("username", "pk"))
        for issuer in badges.list_issuers():
            for name in ("registrar", "reviewer"):
                offices.give_role(ids[name], issuer.slug, name, actor_id=None, now=timezone.now())

    def _import_course(self, folder: Path, *, again: bool) -> CourseKey | None:
        if not (folder / "course.xml").is_file():
            self.stderr.write(f"No course to import: {folder / 'course.xml'} is missing.")
            return None
        try:
            course_key = olx.read_course_key(folder)
            if again or course_key not in course_keys():
                olx.import_course(folder)
                self.stdout.write(f"Imported {course_key}.")
            else:
                assets.copy_assets(course_key, folder / "static")
        except olx.OlxError as error:
            raise CommandError(str(error)) from error
        return course_key

    def _give_roles(self, course_key: CourseKey) -> None:
        ids = dict(get_user_model().objects.values_list("username", "pk"))
        for name in LEARNERS:
            roles.enrol(ids[name], course_key)
        roles.give_role(ids["author"], course_key, Role.STAFF)
        roles.give_role(ids["reviewer"], course_key, Role.REVIEWER)

"""Give, take and list roles for organisations."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices
from microcred_app.errors import MicrocredError
from microcred_app.permissions import api as permissions


class Command(BaseCommand):
    """Shell around the offices applet; the way to the first registrar of an organisation."""

    help = "give|take USERNAME ORGANISATION ROLE, or list ORGANISATION."

    def add_arguments(self, parser: ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        for task in ("give", "take"):
            sub = tasks.add_parser(task)
            sub.add_argument("username")
            sub.add_argument("organisation", help="the organisation's key (slug)")
            sub.add_argument("role", choices=[role.value for role in permissions.Role])
        tasks.add_parser("list").add_argument("organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organisation = badges.get_issuer(options["organisation"]).slug
            if options["task"] == "list":
                self._list(organisation)
            else:
                self._change(options["task"], options["username"], organisation, options["role"])
        except MicrocredError as error:
            raise CommandError(str(error)) from error

    def _change(self, task: str, username: str, organisation: str, role: str) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        act = offices.give_role if task == "give" else offices.take_role
        act(user.pk, organisation, role, actor_id=None, now=timezone.now())
        said = "is now" if task == "give" else "is no longer"
        self.stdout.write(f"{username} {said} {role} of {organisation}.")

    def _list(self, organisation: str) -> None:
        held = offices.list_roles(organisation)
        names = dict(
            get_user_model()
            .objects.filter(pk__in=[one.user_id for one in held])
            .values_list("pk", "username")
        )
        for one in held:
            self.stdout.write(f"{one.role.value}: {names.get(one.user_id, one.user_id)}")
        if not held:
            self.stdout.write(f"Nobody holds a role for {organisation}.")

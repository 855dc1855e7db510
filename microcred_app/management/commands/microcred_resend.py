"""Send deliveries again that were given up, for example after a wallet was away for days."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery import api as delivery
from microcred_app.errors import MicrocredError


class Command(BaseCommand):
    """Shell around delivery; revoked badges and disconnected wallets are left alone."""

    help = "Sends deliveries again that were given up; narrow them by organisation, wallet, reason or badge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", default="", help="only badges of this organisation (key)")
        parser.add_argument("--wallet", default="", help="only this wallet (base address)")
        parser.add_argument("--code", default="", help="only this reason, as in host_unreachable")
        parser.add_argument("--badge", default="", help="only this badge (key)")
        parser.add_argument(
            "--delivery", action="append", default=[], help="this delivery (id); may be repeated"
        )
        parser.add_argument("--reason", default="", help="kept in the audit log")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be sent again, and why it failed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            slugs = [badges.get_issuer(options["organisation"]).slug] if options["organisation"] else None
            wanted = delivery.TroubleFilter(
                slugs, "dead", options["wallet"], options["code"], options["badge"]
            )
            if options["dry_run"]:
                self._tell(wanted, set(options["delivery"]))
                return
            done = self._resend(wanted, options)
        except MicrocredError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.sent} to be sent again, {done.left} left alone.")

    @staticmethod
    def _resend(wanted: delivery.TroubleFilter, options: dict[str, Any]) -> delivery.Resent:
        given: dict[str, Any] = {"actor_id": None, "now": timezone.now(), "reason": options["reason"]}
        if options["delivery"]:
            return delivery.resend(options["delivery"], issuer_slugs=wanted.issuer_slugs, **given)
        return delivery.resend_all(wanted, **given)

    def _tell(self, wanted: delivery.TroubleFilter, only: set[str]) -> None:
        offset = 0
        while found := delivery.list_troubles(wanted, limit=500, offset=offset):
            for trouble in found:
                if only and trouble.id not in only:
                    continue
                said = "would be sent" if trouble.can_be_resent else "is left alone"
                self.stdout.write(
                    f"{trouble.id} {said}: “{trouble.badge_name}” to {trouble.host_url}, "
                    f"{trouble.attempts} tries, {trouble.code} {trouble.detail}".rstrip()
                )
            offset += len(found)
        if not only:
            self.stdout.write(f"{delivery.count_resendable(wanted)} would be sent again.")

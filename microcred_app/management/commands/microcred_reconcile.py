"""Compare what wallet hosts hold with what was delivered; deliver again what is missing or another copy there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.offices import api as offices
from microcred_app.errors import MicrocredError


class Command(BaseCommand):
    """Shell around delivery. Reads one wallet after the other; run it again after an interruption."""

    help = (
        "Compares wallets with what was delivered into them. What is missing, or held as another copy than was sent "
        "last, is delivered again, what its owner deleted there included: use it when a host has lost data, and look "
        "first with --dry-run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", default="", help="only badges of this organisation (key)")
        parser.add_argument("--wallet", default="", help="only this wallet host (base address)")
        parser.add_argument("--learner", default="", help="only this learner (user name or e-mail address)")
        parser.add_argument("--reason", default="", help="kept in the audit log")
        parser.add_argument("--dry-run", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            slugs = [badges.get_issuer(options["organisation"]).slug] if options["organisation"] else None
            learners = [offices.find_account(options["learner"])] if options["learner"] else None
        except MicrocredError as error:
            raise CommandError(str(error)) from error
        wallets = list(
            delivery.wallets_delivered_to(
                issuer_slugs=slugs, host_url=options["wallet"], learner_ids=learners
            )
        )
        missing = differing = sent = unread = 0
        for connection_id in wallets:
            found = delivery.compare_wallet(connection_id, now=timezone.now(), issuer_slugs=slugs)
            unread += bool(found.code)
            missing += len(found.missing)
            differing += len(found.differing)
            if not options["dry_run"] and found.to_send:
                sent += delivery.deliver_missing(
                    found, actor_id=None, now=timezone.now(), reason=options["reason"]
                )
            said = found.code or f"{found.held} of {found.delivered} held, {len(found.missing)} missing"
            if found.differing:
                said += f", {len(found.differing)} held as another copy"
            self.stdout.write(f"{connection_id} at {found.host_name}: {said}")
        self.stdout.write(
            f"{len(wallets)} wallets, {unread} could not be read to the end, {missing} badges missing, "
            f"{differing} held as another copy, "
            f"{sent} to be delivered again."
        )

"""Encryption keys and signing keys: seal anew, list, rotate, revoke."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.sealed_rows import count_older, reseal_all
from microcred_app.errors import MicrocredError
from microcred_app.vault import VaultError

_BEFORE = """\
This takes the key {key} of {organisation} out of its DID document, now.
  - {count} credential(s) that it signed still count. From now on no verifier accepts them, until they are signed anew
    under the same address and id, which begins at once. Wallets that badges are pushed to get the new ones;
    a copy that a holder downloaded, or fetched with a wallet app, has to be fetched again.
  - Badges that were taken back stay taken back; expired ones stay as they are.
  - A date cannot part honest signatures from forged ones: whoever has the key writes any date.
  - Other sites may keep the DID document for a while (here: at most {minutes} minutes).
{limit}"""
_DID_KEY = """\
  - ATTENTION: this issuer is a did:key: the identifier is the key. Strangers resolve it without asking this site, so
    signatures by it stay mathematically right for ever. Every place in its status lists is set, but a forgery that
    names no status list cannot be told from an honest one. The issuer gets a NEW identifier. Tell those who rely on
    the old one, and serve the site under https with a host name: then issuers are did:web and keys can be replaced.
"""


class Command(BaseCommand):
    """Shell around the vault and the keys of issuance. See docs/how-to/keys.rst."""

    help = (
        "reseal [--check] | list ORGANISATION | rotate ORGANISATION | revoke ORGANISATION KEY --reason TEXT"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        sub = tasks.add_parser("reseal", help="encrypt stored secrets with the newest key of the settings")
        sub.add_argument(
            "--check", action="store_true", help="change nothing; fail if an older key is needed"
        )
        for task in ("list", "rotate", "revoke"):
            sub = tasks.add_parser(task)
            sub.add_argument("organisation", help="the organisation's key (slug)")
            if task == "rotate":
                sub.add_argument("--token", default="", help="the key is in a token: pkcs11:token=…;object=…")
                sub.add_argument("--make", action="store_true", help="let the token make it")
                sub.add_argument(
                    "--leave-token", action="store_true", help="go back to a key in the database"
                )
            if task == "revoke":
                sub.add_argument("key", help="the public key as `list` shows it (z6Mk…)")
                sub.add_argument("--reason", required=True, help="kept in the audit log")
                sub.add_argument("--yes", action="store_true", help="do it; without, say what would follow")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['task']}")(options)
        except (MicrocredError, VaultError) as error:
            raise CommandError(str(error)) from error

    def _reseal(self, options: dict[str, Any]) -> None:
        if options["check"]:
            older = count_older()
            if older:
                raise CommandError(f"{older} secret(s) still need an older key. Run `microcred_keys reseal`.")
            self.stdout.write("Every secret is sealed with the newest key. Older keys can be removed.")
            return
        unreadable = 0
        for done in reseal_all():
            unreadable += done.unreadable
            if done.changed or done.unreadable:
                self.stdout.write(
                    f"{done.table}.{done.column}: {done.changed} sealed anew, {done.unreadable} unreadable."
                )
        if unreadable:
            raise CommandError(
                f"{unreadable} secret(s) open with no key in MICROCRED['KEY_ENCRYPTION_KEYS']. "
                "Put the key back that sealed them, and run this again."
            )
        self.stdout.write("Every secret is sealed with the newest key. Older keys can be removed.")

    def _list(self, options: dict[str, Any]) -> None:
        for key in issuance.list_keys(options["organisation"]):
            ended = f", until {key.ended_at:%Y-%m-%d %H:%M} UTC" if key.ended_at else ""
            where = ", in a token" if key.in_token else ""
            self.stdout.write(
                f"{key.multikey}  {key.state}{where}, from {key.created_at:%Y-%m-%d %H:%M} UTC{ended}  {key.did}"
            )

    def _rotate(self, options: dict[str, Any]) -> None:
        badges.get_issuer(options["organisation"])
        key = issuance.rotate_key(
            options["organisation"],
            actor_id=None,
            now=timezone.now(),
            token_uri=options["token"],
            make=options["make"],
            leave_token=options["leave_token"],
        )
        self.stdout.write(f"{key.multikey} signs for {options['organisation']} from now on.")
        if key.did.startswith("did:key:"):
            self.stdout.write(
                "This issuer is a did:key, so it has a new identifier now. What it signed under the old one goes on "
                "verifying."
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        organisation, key = options["organisation"], options["key"]
        now = timezone.now()
        count = issuance.would_be_affected(organisation, key, now=now)
        limit = _DID_KEY if _did_of(organisation, key).startswith("did:key:") else ""
        self.stdout.write(
            _BEFORE.format(key=key, organisation=organisation, count=count, minutes=5, limit=limit)
        )
        if not options["yes"]:
            raise CommandError("Nothing was changed. Say --yes to do it.")
        done = issuance.revoke_key(organisation, key, reason=options["reason"], actor_id=None, now=now)
        self.stdout.write(
            f"Revoked. {done.successor.multikey} signs now; {done.lists} status list(s) secured."
        )
        signed = 0
        while more := issuance.sign_anew_due(timezone.now()):
            signed += more
            self.stdout.write(f"{signed} of {done.to_sign_anew} signed anew.")
        self.stdout.write(f"Done: {signed} credential(s) signed anew.")


def _did_of(organisation: str, key: str) -> str:
    return next((one.did for one in issuance.list_keys(organisation) if one.multikey == key), "")

"""``run_demo``: one command from an empty folder to a running demo, and one Ctrl-C to end all of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from demo_site.accounts import DEMO_ACCOUNTS

__all__ = ["Command"]

HOST = "127.0.0.1"
SECONDS_TO_STOP = 5


class Command(BaseCommand):
    """Migrates, seeds, and serves LMS, Studio, wallet host and delivery worker until it is interrupted."""

    help = "Prepare and run the whole demo: LMS and Studio, the wallet host and the delivery worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of LMS and Studio (8000)")
        parser.add_argument("--wallet-port", type=int, default=8001, help="port of the wallet host (8001)")

    def handle(self, *args: Any, **options: Any) -> None:
        self._settle_addresses(options["port"], options["wallet_port"])
        server = self._open_server(options["port"])
        _require_free_port(options["wallet_port"])
        children: list[subprocess.Popen[bytes]] = []
        # SIGINT too: a shell that starts the demo in the background has it ignored, and Python then leaves it so.
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, _interrupt)
        try:
            # The wallet host is another site with a database of its own: it gets ready while this one does.
            children.append(_start("-m", "demo_site.wallet_host", *self._wallet_arguments(options)))
            call_command("migrate", interactive=False, verbosity=0)
            call_command("seed_demo", stdout=self.stdout, stderr=self.stderr)
            children.append(_start(str(settings.BASE_DIR / "manage.py"), "microcred_worker"))
            self._introduce()
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            server.server_close()
            _stop(children)

    def _wallet_arguments(self, options: dict[str, Any]) -> list[str]:
        return ["--port", str(options["wallet_port"]), "--data", str(settings.VAR / "wallet")]

    def _settle_addresses(self, port: int, wallet_port: int) -> None:
        """Credentials carry the site's address, so settings must know the port: begin anew if they do not."""
        wanted = {
            "MICROCRED_DEMO_URL": os.environ.get("MICROCRED_DEMO_URL") or f"http://{HOST}:{port}",
            "MICROCRED_DEMO_WALLET": os.environ.get("MICROCRED_DEMO_WALLET")
            or f"http://{HOST}:{wallet_port}",
        }
        if (wanted["MICROCRED_DEMO_URL"], wanted["MICROCRED_DEMO_WALLET"]) != (
            settings.DEMO_URL,
            settings.WALLET_URL,
        ):
            os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **wanted})
        os.environ.update(wanted)

    def _open_server(self, port: int) -> ThreadedWSGIServer:
        from demo_site.wsgi import application

        try:
            server = ThreadedWSGIServer((HOST, port), _QuietHandler, connections_override=None)
        except OSError as error:
            raise CommandError(
                f"Port {port} on {HOST} cannot be used ({error.strerror}). Choose another one with --port."
            ) from error
        server.daemon_threads = True
        server.set_app(application)
        return server

    def _introduce(self) -> None:
        lines = ["", f"  LMS      {settings.DEMO_URL}/", f"  Studio   {settings.DEMO_URL}/studio/"]
        lines.append(f"  Wallet   {settings.WALLET_URL}/")
        lines += ["", "  Accounts (one click on the sign-in page, or this password):"]
        lines += [f"    {a.username:<10} {a.first_name} {a.last_name}, {a.role}" for a in DEMO_ACCOUNTS]
        lines += [f"    password   {settings.DEMO_PASSWORD}", ""]
        lines += [f"  Mails are files in {settings.EMAIL_FILE_PATH}", "  Ctrl-C stops everything.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    """A process of the demo, away from the terminal's group: Ctrl-C reaches this one, which stops them in order."""
    return subprocess.Popen([sys.executable, *arguments], cwd=settings.REPOSITORY, start_new_session=True)


def _require_free_port(port: int) -> None:
    """A wallet host that cannot listen would end unseen, and sending a badge would fail much later."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {HOST} cannot be used ({error.strerror}). Choose another one with --wallet-port."
            ) from error


class _QuietHandler(WSGIRequestHandler):
    """Logs what went wrong and not every picture."""

    # An answer leaves in several writes; without this the second waits 40 ms for the browser's acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        if len(args) > 1 and str(args[1]).startswith("5"):
            super().log_message(format, *args)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """SIGTERM ends the demo as Ctrl-C does."""
    raise KeyboardInterrupt


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every process to end, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

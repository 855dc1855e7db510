"""Run the wallet host: ``python -m demo_site.wallet_host --port 8001``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

__all__ = ["main"]


class _QuietHandler(WSGIRequestHandler):
    """Says nothing about requests that went well."""

    # An answer leaves in several writes; without this the second waits 40 ms for the browser's acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        if len(args) > 1 and str(args[1]).startswith("5"):
            sys.stderr.write(f"{format % args}\n")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo_site.wallet_host", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=8001, help="port to listen on; 0 takes a free one (default 8001)"
    )
    parser.add_argument(
        "--data", type=Path, help="folder for database and secret (default demo_site/var/wallet)"
    )
    parser.add_argument("--public-url", default="", help="address under which people reach it")
    parser.add_argument("--faults", default="", help="file with faults to act out (for tests)")
    return parser.parse_args()


def main() -> None:
    """Bind first, so that the address is known before Django reads it; then prepare the database and serve."""
    options = _parse()
    try:
        server = ThreadedWSGIServer((options.host, options.port), _QuietHandler)
    except OSError as error:
        raise SystemExit(
            f"Port {options.port} cannot be used ({error}). Choose another with --port."
        ) from error
    url = (options.public_url or f"http://{options.host}:{server.server_port}").rstrip("/")
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo_site.wallet_host.settings"
    os.environ["SATCHEL_URL"] = url
    os.environ["SATCHEL_FAULTS"] = options.faults
    if options.data is not None:
        os.environ["SATCHEL_DATA"] = str(options.data)
    _serve(server, url)


def _serve(server: ThreadedWSGIServer, url: str) -> None:
    import django
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command

    django.setup()
    # This wallet keeps no history of its tables: they are made when they are missing.
    call_command("migrate", run_syncdb=True, verbosity=0)
    from .accounts import create_people

    create_people()
    server.set_app(StaticFilesHandler(WSGIHandler()))
    signal.signal(signal.SIGTERM, _end)
    print(f"Satchel is listening on {url}", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()

"""What people do during a soak, in one process of the site: ``prepare PORT``, ``feed SECONDS RATE``, and ``report``.

Learners come, connect a wallet, do two units and look at their badge as strangers do; every fifth award is taken back.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.road.population import NOW  # noqa: E402
from microcred_app.applets.attainments.models import DueEvaluation  # noqa: E402
from microcred_app.applets.awards import api as awards  # noqa: E402
from microcred_app.applets.delivery.models import Connection, Delivery, Host  # noqa: E402
from microcred_app.applets.issuance import api as issuance  # noqa: E402
from microcred_app.operation import read_health  # noqa: E402
from microcred_app.vault import encrypt  # noqa: E402
from tests.chaos.hosts import MOODS  # noqa: E402
from tests.fixtures.catalogue import do_unit, make_officer, publish, set_up_catalogue  # noqa: E402

HTML = {"accept": "text/html,*/*;q=0.8"}


def prepare(port: str) -> None:
    call_command("migrate", verbosity=0)
    set_up_catalogue()
    publish("first", {"outcome": "o.a"})
    publish("second", {"outcome": "o.b"})
    publish("both", {"all": [{"badge": "first"}, {"badge": "second"}]}, kind="macro")
    make_officer("ruth")
    for number in range(len(MOODS)):
        url = f"http://127.0.0.1:{int(port) + number}"
        Host.objects.create(
            base_url=url,
            name=f"Host {number}",
            description_fresh_until=NOW,
            authorisation_url=url,
            token_url=url,
            registration_url=url,
        )


def feed(seconds: str, rate: str) -> None:
    """At most *rate* learners per second for *seconds*; a line of counts at the end."""
    settings.ALLOWED_HOSTS = ["*"]
    from django.contrib.auth import get_user_model

    accounts = get_user_model().objects
    ruth = accounts.get(username="ruth").pk
    hosts = list(Host.objects.order_by("pk"))
    stranger = Client()
    begun, number, seen, taken_back = time.monotonic(), 0, 0, 0
    while time.monotonic() - begun < float(seconds):
        number += 1
        # Without a password: hashing one takes longer than everything else that happens here.
        learner = accounts.create(username=f"learner{number}", email=f"l{number}@example.org").pk
        _connect(learner, hosts[number % len(hosts)])
        for letter in "ab":
            do_unit(learner, letter, now=timezone.now())
        held = awards.held_badges(learner)
        credential = issuance.credential_of_award(held["first"]) if "first" in held else None
        if credential is not None:
            issuance.share_credential(learner, credential.id, now=timezone.now())
            page = stranger.get(f"/microcred/credentials/{credential.id}", headers=HTML)
            token = stranger.get(f"/microcred/credentials/{credential.id}?format=jwt")
            seen += page.status_code == token.status_code == 200
            if number % 5 == 0:
                awards.reverse_award(held["first"], actor_id=ruth, reason="Soak", now=timezone.now())
                taken_back += 1
        time.sleep(max(0.0, begun + number / float(rate) - time.monotonic()))
    print(json.dumps({"learners": number, "pages": seen, "taken_back": taken_back}))


def _connect(learner: int, host: Host) -> None:
    Connection.objects.create(
        learner_id=learner,
        host=host,
        open_key=f"{learner}:{host.pk}",
        auto_send=True,
        sealed_access_token=encrypt("token"),
        connected_at=timezone.now(),
        access_expires_at=timezone.now() + timedelta(days=1),
    )


def report() -> None:
    """What is left over now."""
    open_rows = Delivery.objects.exclude(state="delivered").exclude(last_code="called_off")
    states: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    print(
        json.dumps(
            {
                "deliveries": states,
                "left": open_rows.count(),
                "markers": DueEvaluation.objects.count(),
                "well": read_health(timezone.now()).well,
            }
        )
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"prepare": prepare, "feed": feed, "report": report}[command](*arguments)

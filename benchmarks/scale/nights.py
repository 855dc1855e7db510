"""What runs at night or from cron, each until nothing is left of it, on the full tables."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from .bulk_sql import fill, identifier
from .population import Scene

__all__ = ["NightTime", "measure_nights"]

OTHER_BADGE = "https://other.example/achievements/1"


@dataclass(frozen=True)
class NightTime:
    """One job: seconds by the clock, how many things it did, and what these are."""

    name: str
    seconds: float
    count: int
    things: str


def measure_nights(scene: Scene) -> Iterator[NightTime]:
    """Every job once, the expensive ones with a night's work before them."""
    folder = Path(tempfile.mkdtemp(prefix="nights-", dir=tempfile.gettempdir()))
    rechecks = _facts_to_recheck(scene, max(20, scene.sizes.learners // 400))
    system = _system_that_exports(scene)
    jobs: list[tuple[str, str, Callable[[], int]]] = [
        ("insights counted from nothing", "rounds", _insights),
        ("reminders", "holders told", _reminders),
        ("status lists, profiles and definitions as files", "files", lambda: _static(folder)),
        ("the same, nothing changed", "files", lambda: _static(folder)),
        ("list of awards for a system, everything", "lines", lambda: _export(system, folder, "--full")),
        ("list of awards for a system, a day's changes", "lines", lambda: _export(system, folder)),
        ("every award as a sheet", "lines", _sheet),
        ("recheck of other issuers' badges, without the network", "asked", lambda: _recheck(rechecks)),
        ("cleanup of uploads, evidence, offers and tokens", "rounds", _cleanup),
        ("audit log as a file", "entries", lambda: _audit(folder)),
        # The last one: a round does some of what stands above.
        ("the worker's round (--once)", "round", _worker_round),
    ]
    try:
        for name, things, work in jobs:
            begun = time.perf_counter()
            count = work()
            yield NightTime(name, time.perf_counter() - begun, count, things)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _worker_round() -> int:
    from django.core.management import call_command

    call_command("microcred_worker", "--once", stdout=StringIO())
    return 1


def _insights() -> int:
    from django.utils import timezone

    from microcred_app.applets.insights.api import refresh_figures

    refresh_figures(timezone.now(), from_nothing=True)
    return 1


def _reminders() -> int:
    from django.utils import timezone

    from microcred_app.applets.issuance.api import remind_due

    told = 0
    while sent := remind_due(timezone.now()):
        told += sent
    return told


def _static(folder: Path) -> int:
    from microcred_app.static_export import write_static

    done = write_static(folder / "static")
    return done.changed + done.same


def _export(system: str, folder: Path, *options: str) -> int:
    from django.core.management import call_command

    said = StringIO()
    call_command("microcred_export_awards", system, str(folder), *options, stdout=said)
    return int(said.getvalue().split()[0])


def _sheet() -> int:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(headers={"accept": "text/html"})
    officer, _made = get_user_model().objects.get_or_create(
        username="scale-head", defaults={"is_superuser": True, "is_staff": True}
    )
    client.force_login(officer)
    answer: Any = client.get("/microcred/registrar/awards.csv")
    return sum(piece.count(b"\n") for piece in answer) - 1


def _recheck(rows: int) -> int:
    from django.utils import timezone

    from microcred_app.external_recheck import recheck_badges

    asked = 0
    while done := recheck_badges(timezone.now, limit=100).total:
        asked += done
    if asked < rows:
        raise SystemExit(f"{asked} of {rows} badges were asked about.")
    return asked


def _cleanup() -> int:
    from django.utils import timezone

    from microcred_app.applets.evidence.api import apply_retention, expire_uploads
    from microcred_app.applets.offers.api import sweep
    from microcred_app.applets.webhooks.api import note_expired

    expire_uploads(timezone.now())
    apply_retention(timezone.now())
    sweep(timezone.now())
    note_expired(timezone.now())
    return 1


def _audit(folder: Path) -> int:
    from django.core.management import call_command

    place = folder / "audit.jsonl"
    call_command("microcred_audit", "export", str(place), stdout=StringIO())
    with place.open("rb") as file:
        return sum(1 for _line in file)


def _facts_to_recheck(scene: Scene, count: int) -> int:
    """Badges of "other" issuers whose list is this site's own, so that everything but the network is measured."""
    from django.utils import timezone

    from microcred_app.applets.attainments.models import FactWatch, ReportedFact
    from microcred_app.external_recheck import revocation_subject

    now = timezone.now()
    if ReportedFact.objects.filter(key=OTHER_BADGE).exists():  # a site that was kept
        return int(FactWatch.objects.filter(fact__key=OTHER_BADGE).update(check_at=now))
    fill(
        ReportedFact,
        {
            "id": identifier("fact"),
            "learner_id": f"({scene.first_learner} + seq)",
            "kind": ["external"],
            "key": [OTHER_BADGE],
            "at": [now],
            "recorded_at": [now],
            "idempotency_key": "SHA2(CONCAT('fact', seq), 256)",
        },
        0,
        count,
    )
    subject = revocation_subject(json.loads(scene.document))
    fill(
        FactWatch,
        {"fact_id": identifier("fact"), "subject": [subject], "check_at": [now]},
        0,
        count,
    )
    return count


def _system_that_exports(scene: Scene) -> str:
    """A system to which one of ten learners agreed to be named."""
    from django.utils import timezone

    from microcred_app.applets.webhooks import api as webhooks
    from microcred_app.applets.webhooks.models import EmailConsent, WebhookEndpoint

    now = timezone.now()
    if known := WebhookEndpoint.objects.first():  # a site that was kept
        WebhookEndpoint.objects.filter(pk=known.pk).update(exported_until=now)
        return str(known.pk)
    webhooks.create_endpoint(
        "school",
        name="Staff system",
        url="https://staff.example/hook",
        events=["badge.awarded"],
        asks_email=True,
        actor_id=None,
        now=now,
    )
    system = WebhookEndpoint.objects.get()
    WebhookEndpoint.objects.update(paused_at=now, exported_until=now)
    fill(
        EmailConsent,
        {
            "learner_id": f"({scene.first_learner} + seq * 10)",
            "endpoint_id": [system.pk],
            "given_at": [now - timedelta(days=30)],  # or all of their awards would be news of the day
        },
        0,
        scene.sizes.learners // 10,
    )
    return str(system.pk)

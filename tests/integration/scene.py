"""What the killed-process tests do inside a demo site's own process and database file.

``python -m tests.integration.scene POINT`` prepares the site, lets a learner finish a unit and dies by SIGKILL at
POINT, in the middle of the request; ``… report`` prints what the database holds then, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from io import StringIO
from typing import Any, NoReturn
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models exist after setup
from django.utils import timezone  # noqa: E402

from microcred_app.api import verify_credential  # noqa: E402
from microcred_app.applets.attainments.models import Attainment, DueEvaluation  # noqa: E402
from microcred_app.applets.awards.models import Award  # noqa: E402
from microcred_app.applets.issuance.models import Credential  # noqa: E402
from tests.fixtures.course_walk import Browser, enrolled_learner  # noqa: E402

#: Where the process dies: the name of what it was about to call.
POINTS = {
    "attained, not evaluated": "microcred_app.api.evaluate_now",
    "evaluated, not signed": "microcred_app.applets.issuance.preparation.BadgePress.sign",
    "signed, not awarded": "microcred_app.applets.awards.api.write_awards",
    "awarded, not stored": "microcred_app.applets.issuance.granting.store_with_awards",
    "stored, not committed": "microcred_app.api.enqueue_many_for_wallets",
    "committed, still owed": "microcred_app.applets.attainments.api.forget_evaluations",
    "committed, not answered": "microcred_app.learning.units.earned_badges",
}


def die(*_args: Any, **_kwargs: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives SIGKILL")


def finish_and_die(point: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=StringIO())
    learner = Browser(enrolled_learner("kim"))
    learner.do_unit("chain", but="chain-habits")
    with patch(POINTS[point], die):
        learner.answer("chain-habits")


def report() -> None:
    now = timezone.now()
    found = {
        "attainments": Attainment.objects.count(),
        "owed": DueEvaluation.objects.count(),
        "awards": list(Award.objects.values_list("version__badge__key", flat=True)),
        "verdicts": [
            verify_credential(bytes(row.document), now=now).verdict for row in Credential.objects.all()
        ],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    report() if sys.argv[1] == "report" else finish_and_die(sys.argv[1])

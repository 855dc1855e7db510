"""What the rehearsal does inside each site's own process: ``python -m tests.operation.restore_scene PART``.

``earn`` makes a site, with a badge, evidence and a shared credential; ``report`` says what a site holds and whether it
holds good; ``go-on`` earns another badge; ``rotate`` is the way out of lost keys. Each prints one line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from io import StringIO
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.operation.restore_settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models exist after setup
from django.utils import timezone  # noqa: E402

from microcred_app.api import run_pending_evaluations, verify_credential  # noqa: E402
from microcred_app.applets.attainments.models import DueEvaluation  # noqa: E402
from microcred_app.applets.audit import api as audit  # noqa: E402
from microcred_app.applets.awards.models import Award  # noqa: E402
from microcred_app.applets.evidence import api as evidence  # noqa: E402
from microcred_app.applets.evidence.models import EvidenceFile  # noqa: E402
from microcred_app.applets.issuance import api as issuance  # noqa: E402
from microcred_app.applets.issuance.models import Credential  # noqa: E402
from tests.fixtures.course_walk import Browser, enrolled_learner  # noqa: E402


def earn() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=StringIO())
    learner = enrolled_learner("kim")
    browser = Browser(learner)
    browser.do_unit("inspect")  # its photo waits for a reviewer
    browser.do_unit("chain")
    row = Credential.objects.get()
    issuance.share_credential(learner.pk, str(row.pk), now=timezone.now())
    return report()


def report() -> dict[str, Any]:
    now = timezone.now()
    files = {}
    for file in EvidenceFile.objects.filter(removed_at=None):
        (kept,) = [one for one in evidence.own_files(file.submission.learner_id) if one.size == file.size]
        stored = hashlib.sha256(b"".join(evidence.read_own_file(kept))).hexdigest()
        files[str(file.pk)] = stored == file.sha256
    orphans, missing = evidence.find_orphans(now)
    audit.seal_waiting()
    return {
        "awards": sorted(Award.objects.values_list("version__badge__key", flat=True)),
        "documents": {
            str(row.pk): hashlib.sha256(bytes(row.document)).hexdigest() for row in Credential.objects.all()
        },
        "verdicts": [
            verify_credential(bytes(row.document), now=now).verdict for row in Credential.objects.all()
        ],
        "files": files,
        "orphans": len(orphans),
        "missing": len(missing),
        "log": audit.check_database().is_whole,
        "owed": DueEvaluation.objects.count(),
        "errors": sorted({row.last_error.split(":")[0] for row in DueEvaluation.objects.all()}),
    }


def go_on() -> dict[str, Any]:
    Browser(enrolled_learner("lee")).do_unit("chain")
    run_pending_evaluations(now=timezone.now())
    return report()


def rotate() -> dict[str, Any]:
    issuer = Award.objects.first().version.badge.issuer.slug
    call_command("microcred_keys", "rotate", issuer, stdout=StringIO())
    run_pending_evaluations(now=timezone.now())
    return report()


PARTS = {"earn": earn, "report": report, "go-on": go_on, "rotate": rotate}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]]()))

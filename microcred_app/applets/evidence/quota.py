"""Room for evidence, counted so that two uploads at once cannot both take the last of it.

Room is taken when an upload begins, by one conditional UPDATE for each scope; whoever comes second finds no row to
update. It is given back when the upload ends without a file, or when the file goes.
"""

from __future__ import annotations

from django.db import OperationalError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .errors import QuotaReached
from .models import EvidenceFile
from .upload_models import StorageUse, Upload

__all__ = ["give_back", "open_counters", "recount", "take"]

_ATTEMPTS = 5


def open_counters(learner_id: int, course_key: str) -> None:
    """Make sure that there is something to count with; call it outside the transaction that takes room.

    A row that is made there and exists already is locked for reading on MySQL, and two who then want to write to it
    wait for each other. For the same reason each row is made by a transaction of its own: made together, the first
    would stay locked while the second waits for somebody who is taking room, and who wants the first. Several who
    make the same row at once can still wait in a ring for the gap it goes into; the server then ends one of them,
    which looks again and usually finds the row.
    """
    wanted = {f"learner:{learner_id}", f"course:{course_key}"}
    for attempt in range(_ATTEMPTS):
        try:
            there = StorageUse.objects.filter(scope__in=wanted).values_list("scope", flat=True)
            for scope in wanted.difference(there):
                StorageUse.objects.bulk_create([StorageUse(scope=scope)], ignore_conflicts=True)
        except OperationalError:
            # Inside somebody else's transaction everything before this is gone, too: only its owner can begin anew.
            if attempt == _ATTEMPTS - 1 or transaction.get_connection().in_atomic_block:
                raise
        else:
            return


def take(learner_id: int, course_key: str, size: int) -> None:
    """Take room for *size* bytes, or raise :class:`QuotaReached` and take none; the counters are there already."""
    limits = settings()
    mine = _(
        "Your evidence fills the room this site gives you. Remove files you no longer need, or ask your course team."
    )
    ours = _("This course has no room for more files. Tell your course team.")
    with transaction.atomic():
        for scope, limit, message in (
            (f"learner:{learner_id}", limits.evidence_learner_bytes, mine),
            (f"course:{course_key}", limits.evidence_course_bytes, ours),
        ):
            fits = StorageUse.objects.filter(scope=scope, taken__lte=limit - size)
            if not fits.update(taken=F("taken") + size):
                raise QuotaReached(message)


def give_back(learner_id: int, course_key: str, size: int) -> None:
    """Give room back; never below nothing."""
    if size <= 0:
        return
    scopes = [f"learner:{learner_id}", f"course:{course_key}"]
    with transaction.atomic():
        for scope in scopes:
            rows = StorageUse.objects.filter(scope=scope)
            if not rows.filter(taken__gte=size).update(taken=F("taken") - size):
                rows.update(taken=0)


def recount() -> int:
    """Count everything anew from files and open uploads; how many counters were wrong."""
    right: dict[str, int] = {}
    stored = EvidenceFile.objects.filter(removed_at=None)
    for learner, course, size in stored.values_list(
        "submission__learner_id", "submission__course_key"
    ).annotate(Sum("size")):
        _add(right, learner, course, size)
    waiting = Upload.objects.filter(state=Upload.OPEN)
    for learner, course, size in waiting.values_list("learner_id", "course_key").annotate(Sum("length")):
        _add(right, learner, course, size)
    wrong = 0
    with transaction.atomic():
        for row in StorageUse.objects.select_for_update():
            taken = right.pop(row.scope, 0)
            if row.taken != taken:
                wrong += 1
                StorageUse.objects.filter(pk=row.pk).update(taken=taken)
        StorageUse.objects.bulk_create(
            [StorageUse(scope=scope, taken=taken) for scope, taken in right.items()]
        )
    return wrong + len(right)


def _add(right: dict[str, int], learner: int, course: str, size: int) -> None:
    for scope in (f"learner:{learner}", f"course:{course}"):
        right[scope] = right.get(scope, 0) + size

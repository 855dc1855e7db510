"""The site that is measured: learners, units, attainments, awards, signed documents, wallets, pathways, the log.

Every badge asks for four outcomes. A learner has ten attainments: all four of one badge, which they hold, and three of
each of the two badges after it. So each learner is one unit away from two badges, and any event can earn one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .bulk_sql import fill, identifier

__all__ = [
    "EACH",
    "Place",
    "Scene",
    "Sizes",
    "add_attainments",
    "missing_outcome",
    "set_the_scene",
    "unit_of",
]

#: Attainments of a learner, and outcomes of a badge.
EACH, ASKED = 10, 4
UNITS_OF_A_COURSE = 20
FAMILY = "'Diallo','Okafor','Nguyen','Garcia','Schmidt','Haddad','Rossi','Kowalska'"
GIVEN = "'Amina','Ben','Chi','Dora','Emil','Farah','Gita','Hugo','Ines','Jun','Kim'"


@dataclass(frozen=True)
class Sizes:
    """How large the site is."""

    learners: int
    attainments: int
    badges: int
    pathways: int


@dataclass(frozen=True)
class Scene:
    """Where the rows are that bulk statements refer to, and the one award that was really granted and signed."""

    sizes: Sizes
    first_learner: int
    first_outcome: int
    first_version: int
    because: dict[str, Any]
    document: bytes
    issuer_key: int
    lists: tuple[str, ...]
    host: int
    token: bytes


@dataclass(frozen=True)
class Place:
    """One event to come: this learner completes the unit of this outcome, and earns a badge by it."""

    learner: int
    outcome: str


def set_the_scene(sizes: Sizes, wallet_address: str) -> Scene:
    """Definitions, accounts, wallets, pathways and the log; no attainment yet."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from benchmarks.road.population import add_badges, add_outcomes
    from microcred_app.applets.badges.models import BadgeVersion
    from microcred_app.applets.skills.models import Outcome

    add_outcomes(sizes.badges * ASKED)
    micro = [
        (f"b{n}", {"all": [{"outcome": f"o{n * ASKED + step}"} for step in range(ASKED)]})
        for n in range(sizes.badges)
    ]
    macro = [
        (f"p{n}", {"all": [{"badge": f"b{(n * 7 + step * 13) % sizes.badges}"} for step in range(4)]})
        for n in range(sizes.pathways)
    ]
    add_badges(micro)
    add_badges(macro)
    first_outcome = _consecutive(Outcome.objects.filter(key__startswith="o"), sizes.badges * ASKED)
    versions = BadgeVersion.objects.filter(badge__key__startswith="b")
    first_version = _consecutive(versions, sizes.badges)
    users = get_user_model()
    newest = users.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    first = newest + 1_000
    fill(
        users,
        {
            "id": f"{first} + seq",
            "username": "CONCAT('learner', seq)",
            "email": "CONCAT('learner', seq, '@example.org')",
            "first_name": f"ELT(1 + seq MOD 11, {GIVEN})",
            "last_name": f"CONCAT(ELT(1 + seq MOD 8, {FAMILY}), ' ', seq)",
            "password": ["!"],
        },
        0,
        sizes.learners,
    )
    because, document, key_id, lists = _really_granted(sizes)
    host, token = _wallet_host(wallet_address)
    scene = Scene(sizes, first, first_outcome, first_version, because, document, key_id, lists, host, token)
    _pathways(scene, timezone.now())
    _log_and_jobs(scene, timezone.now())
    return scene


def add_attainments(scene: Scene, first: int, count: int) -> None:
    """Attainments from the *first* on, with the units, awards, documents, wallets and deliveries that go with them."""
    from django.utils import timezone

    from microcred_app.applets.attainments.models import Attainment, UnitProgress

    now = timezone.now()
    learner = f"({scene.first_learner} + seq DIV {EACH})"
    step = f"(seq MOD {EACH})"
    badge = f"((seq DIV {EACH} + IF({step} < 4, 0, IF({step} < 7, 1, 2))) MOD {scene.sizes.badges})"
    number = f"({badge} * {ASKED} + IF({step} < 4, {step}, IF({step} < 7, {step} - 4, {step} - 7)))"
    moment = "(UTC_TIMESTAMP(6) - INTERVAL (86400 + (seq * 7919) MOD 31536000) SECOND)"
    course = f"CONCAT('course-v1:Scale+C', {number} DIV {UNITS_OF_A_COURSE}, '+1')"
    unit = f"CONCAT('block-v1:Scale+C', {number} DIV {UNITS_OF_A_COURSE}, '+1+type@microcred_unit+block@u', {number})"
    title = f"CONCAT('Unit ', {number})"
    fill(
        Attainment,
        {
            "id": identifier("attainment"),
            "learner_id": learner,
            "outcome_id": f"({scene.first_outcome} + {number})",
            "score": [0.9],
            "attained_at": moment,
            "course_key": course,
            "source_usage_key": unit,
            "source_title": title,
            "minutes": [10],
            "idempotency_key": "SHA2(CONCAT('attainment', seq), 256)",
        },
        first,
        count,
    )
    parts = f"JSON_ARRAY(JSON_OBJECT('usage_key', CONCAT({unit}, '-1'), 'kind', 'check', 'title', 'Check'))"
    fill(
        UnitProgress,
        {
            "learner_id": learner,
            "unit_usage_key": unit,
            "course_key": course,
            "outcome_key": f"CONCAT('o', {number})",
            "title": title,
            "minutes": [10],
            "parts": parts,
            "started_at": f"({moment} - INTERVAL 9 MINUTE)",
            "completed_at": moment,
        },
        first,
        count,
    )
    learners = -(-first // EACH), -(-(first + count) // EACH)
    _awards(scene, learners[0], learners[1] - learners[0], now)


def missing_outcome(scene: Scene, number: int, turn: int) -> Place:
    """What learner *number* lacks for the first or second (*turn* 1 or 2) badge that they nearly have."""
    badge = (number + turn) % scene.sizes.badges
    return Place(scene.first_learner + number, f"o{badge * ASKED + ASKED - 1}")


def unit_of(outcome: str) -> Any:
    """The unit that proves the outcome, with one check."""
    from microcred_app.api import PartSpec, UnitSpec

    number = int(outcome[1:])
    course = f"Scale+C{number // UNITS_OF_A_COURSE}+1"
    usage_key = f"block-v1:{course}+type@microcred_unit+block@u{number}"
    return UnitSpec(
        usage_key=usage_key,
        course_key=f"course-v1:{course}",
        outcome_key=outcome,
        title=f"Unit {number}",
        minutes=10,
        parts=(PartSpec(f"{usage_key}-1", "check", "Check"),),
    )


def _awards(scene: Scene, first: int, count: int, now: Any) -> None:
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.delivery.models import Connection, Delivery
    from microcred_app.applets.issuance.models import Credential

    if count <= 0:
        return
    learner = f"({scene.first_learner} + seq)"
    moment = "(UTC_TIMESTAMP(6) - INTERVAL (3600 + (seq * 7919) MOD 31536000) SECOND)"
    fill(
        Award,
        {
            "id": identifier("award"),
            "learner_id": learner,
            "version_id": f"({scene.first_version} + seq MOD {scene.sizes.badges})",
            "awarded_at": moment,
            "because": [scene.because],
            "idempotency_key": "SHA2(CONCAT('award', seq), 256)",
            # One of a hundred ends soon: what a night's reminders look for.
            "expires_at": "IF(seq MOD 100 = 7, UTC_TIMESTAMP(6) + INTERVAL (1 + seq MOD 20) DAY, NULL)",
        },
        first,
        count,
    )
    lists = ", ".join(f"'{one}'" for one in scene.lists)
    fill(
        Credential,
        {
            "id": identifier("credential"),
            "award_id": identifier("award"),
            "learner_id": learner,
            "issuer_key_id": [scene.issuer_key],
            "status_list_id": f"CAST(ELT(1 + seq DIV 131072, {lists}) AS UUID)",
            "status_index": "(seq MOD 131072)",
            "uri": "CONCAT('https://badges.example/microcred/credentials/', MD5(CONCAT('credential', seq)))",
            "document": [scene.document],
            "sha256": [hashlib.sha256(scene.document).hexdigest()],
            "issued_at": moment,
        },
        first,
        count,
    )
    # Every second learner has a wallet and got the badge there.
    first_holder, last_holder = -(-first // 2), -(-(first + count) // 2)
    holders = last_holder - first_holder
    if holders <= 0:
        return
    fill(
        Connection,
        {
            "id": identifier("wallet"),
            "learner_id": f"({scene.first_learner} + seq * 2)",
            "host_id": [scene.host],
            "open_key": f"CONCAT({scene.first_learner} + seq * 2, ':{scene.host}')",
            "sealed_access_token": [scene.token],
            "access_expires_at": [now + timedelta(days=7)],
            "auto_send": [True],
            "connected_at": [now],
        },
        first_holder,
        holders,
    )
    fill(
        Delivery,
        {
            "id": identifier("delivery"),
            "credential_id": identifier("credential", "seq * 2"),
            "connection_id": identifier("wallet"),
            "state": ["delivered"],
            "attempts": [1],
            "created_at": [now],
            "delivered_at": [now],
        },
        first_holder,
        holders,
    )


def _really_granted(sizes: Sizes) -> tuple[dict[str, Any], bytes, int, tuple[str, ...]]:
    """Grant and sign one award on the usual road: what it says of its reasons, and its document, go into all others."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from microcred_app.api import record_part
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.issuance import status
    from microcred_app.applets.issuance.models import Credential, StatusList
    from microcred_app.applets.issuance.places import LENGTH

    person = get_user_model().objects.create(
        username="first", email="first@example.org", first_name="Fay", last_name="First"
    )
    for step in range(ASKED):
        unit = unit_of(f"o{step}")
        record_part(person.pk, unit, unit.parts[0].usage_key, score=0.9, now=timezone.now())
    award = Award.objects.get(learner_id=person.pk)
    credential = Credential.objects.get(award=award)
    key = credential.issuer_key
    lists = []
    for _number in range(-(-sizes.learners // LENGTH)):
        opened = status._open_list(key, timezone.now())
        StatusList.objects.filter(pk=opened.pk).update(taken=LENGTH)
        lists.append(str(opened.pk))
    return award.because, bytes(credential.document), key.pk, tuple(lists)


def _wallet_host(address: str) -> tuple[int, bytes]:
    from benchmarks.road.population import NOW
    from microcred_app.applets.delivery.models import Host
    from microcred_app.vault import encrypt

    host = Host.objects.create(
        base_url=address,
        name="Far side",
        description_fresh_until=NOW,
        authorisation_url=address,
        token_url=address,
        registration_url=address,
    )
    return host.pk, encrypt("token")


def _pathways(scene: Scene, now: Any) -> None:
    from microcred_app.applets.badges.models import Badge
    from microcred_app.applets.pathways.models import Following, Pathway, Stage
    from microcred_app.applets.skills.stamp import touch_definitions

    sizes = scene.sizes
    badges = dict(Badge.objects.filter(key__startswith="p").values_list("key", "pk"))
    Pathway.objects.bulk_create(
        Pathway(key=f"way{n}", title=f"Pathway {n}", badge_id=badges[f"p{n}"]) for n in range(sizes.pathways)
    )
    ways = dict(Pathway.objects.values_list("key", "pk"))
    Stage.objects.bulk_create(
        (
            Stage(
                pathway_id=ways[f"way{n}"],
                position=step,
                title=f"Stage {step}",
                kind="badge",
                key=f"b{(n * 7 + step * 13) % sizes.badges}",
            )
            for n in range(sizes.pathways)
            for step in range(4)
        ),
        batch_size=500,
    )
    if ways:
        fill(
            Following,
            {
                "pathway_id": f"({min(ways.values())} + seq MOD {sizes.pathways})",
                "learner_id": f"({scene.first_learner} + seq * 4)",
                "followed_at": [now],
            },
            0,
            sizes.learners // 4,
        )
    touch_definitions()


def _log_and_jobs(scene: Scene, now: Any) -> None:
    """A log of half as many decisions as there are learners, and two hundred jobs that are done."""
    from microcred_app.applets.audit.models import AuditEntry, AuditHead
    from microcred_app.applets.backfill.models import Batch

    begun = AuditHead.objects.values_list("sequence", flat=True).first() or 0
    entries = scene.sizes.learners // 2
    fill(
        AuditEntry,
        {
            "at": "(UTC_TIMESTAMP(6) - INTERVAL (seq * 37) SECOND)",
            "issuer_slug": ["school"],
            "action": "ELT(1 + seq MOD 4, 'badge.published', 'award.reversed', 'batch.started', 'role.given')",
            "object_type": ["award"],
            "object_id": "CONCAT('thing', seq)",
            "reason": ["As the board decided"],
            "details": [{"count": 1}],
            "digest": "SHA2(CONCAT('entry', seq), 256)",
            "sequence": f"({begun + 1} + seq)",
            "previous_hash": "SHA2(CONCAT('entry', seq), 256)",
            "entry_hash": "SHA2(CONCAT('entry', seq + 1), 256)",
        },
        0,
        entries,
    )
    AuditHead.objects.update_or_create(
        id=1, defaults={"sequence": begun + entries, "entry_hash": hashlib.sha256(b"entry").hexdigest()}
    )
    Batch.objects.bulk_create(
        Batch(
            version_id=scene.first_version + n % scene.sizes.badges,
            state="done",
            started_at=now - timedelta(hours=n),
            finished_at=now - timedelta(hours=n),
            hold_until=now,
            total=1_000,
        )
        for n in range(200)
    )


def _consecutive(rows: Any, count: int) -> int:
    """The first id of rows that were written in one go, and whose ids the bulk statements may count on."""
    ids = sorted(rows.order_by().values_list("pk", flat=True))
    assert len(ids) == count, f"{len(ids)} rows where {count} were written"
    assert ids[-1] - ids[0] == count - 1, "the ids are not consecutive"
    return int(ids[0])

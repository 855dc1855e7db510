"""Definitions and learners in bulk, written straight into the tables: they are what is measured upon, not measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

__all__ = [
    "NOW",
    "add_attainments",
    "add_badges",
    "add_learners",
    "add_outcomes",
    "connect_wallets",
    "owe_evaluations",
]

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


def add_outcomes(count: int) -> list[str]:
    """Outcomes of one skill; their keys."""
    from microcred_app.applets.badges import api as badges
    from microcred_app.applets.skills import api as skills
    from microcred_app.applets.skills.models import Outcome, Skill

    badges.define_issuer(
        slug="school", name="A school", url="https://school.example", email="a@school.example"
    )
    skills.define_framework(key="f", name="Skills")
    skills.define_skill(key="s", framework_key="f", name="A skill")
    skill = Skill.objects.get()
    keys = [f"o{number}" for number in range(count)]
    Outcome.objects.bulk_create(
        (Outcome(key=key, statement=f"Do {key}", skill=skill, created_at=NOW) for key in keys), batch_size=500
    )
    return keys


def add_badges(rules_by_key: Iterable[tuple[str, Any]]) -> int:
    """Published badges with these requirements; how many."""
    from microcred_app import rules
    from microcred_app.applets.badges.images import keep_picture
    from microcred_app.applets.badges.models import Badge, BadgeVersion, Issuer, RequirementMention
    from microcred_app.applets.skills.models import Skill
    from microcred_app.applets.skills.stamp import touch_definitions

    issuer, picture = Issuer.objects.get(), keep_picture(_PICTURE)
    wanted = list(rules_by_key)
    Badge.objects.bulk_create(
        (Badge(key=key, issuer=issuer, kind="micro", created_at=NOW) for key, _rule in wanted), batch_size=500
    )
    badges = (
        Badge.objects.in_bulk([key for key, _rule in wanted], field_name="key")
        if len(wanted) < 500
        else {badge.key: badge for badge in Badge.objects.all()}
    )
    nodes = {key: rules.parse_requirement(rule) for key, rule in wanted}
    BadgeVersion.objects.bulk_create(
        (
            BadgeVersion(
                badge=badges[key],
                number=1,
                name=f"Badge {key}",
                description="Measured",
                achievement_type="Badge",
                image_id=picture.sha256,
                image_alt="A square",
                requirement=rules.to_json(nodes[key]),
                published_at=NOW,
                effective_at=NOW,
            )
            for key, _rule in wanted
        ),
        batch_size=500,
    )
    versions = (
        {
            row.badge_id: row
            for row in BadgeVersion.objects.filter(badge__in=[badges[k].pk for k in nodes][:900])
        }
        if len(wanted) < 900
        else {row.badge_id: row for row in BadgeVersion.objects.all()}
    )
    skill = Skill.objects.get()
    link = BadgeVersion.skills.through
    link.objects.bulk_create(
        (link(badgeversion_id=versions[badges[key].pk].pk, skill_id=skill.pk) for key in nodes),
        batch_size=500,
    )
    for key in nodes:
        badges[key].current = versions[badges[key].pk]
    Badge.objects.bulk_update([badges[key] for key in nodes], ["current"], batch_size=300)
    RequirementMention.objects.bulk_create(
        (
            RequirementMention(version=versions[badges[key].pk], kind=kind, key=mentioned)
            for key, node in nodes.items()
            for kind, mentioned in sorted(rules.mentions(node))
        ),
        batch_size=500,
    )
    touch_definitions()
    return len(nodes)


def add_learners(count: int) -> list[int]:
    """Accounts; their ids."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    before = users.count()
    users.bulk_create(
        (
            get_user_model()(
                username=f"l{before + number}",
                email=f"l{before + number}@example.org",
                first_name="Kim",
                last_name=f"Learner {number}",
            )
            for number in range(count)
        ),
        batch_size=500,
    )
    return list(users.order_by("pk").values_list("pk", flat=True)[before:])


def add_attainments(learner_ids: Sequence[int], outcome_keys: Sequence[str]) -> None:
    """Each learner has met each of these outcomes."""
    from microcred_app.applets.attainments.models import Attainment
    from microcred_app.applets.skills.models import Outcome

    outcomes = {row.key: row.pk for row in Outcome.objects.filter(key__in=outcome_keys)}
    Attainment.objects.bulk_create(
        (
            Attainment(
                learner_id=learner,
                outcome_id=outcomes[key],
                score=0.9,
                attained_at=NOW,
                course_key="course-v1:Bench+B+1",
                source_usage_key=f"block-v1:Bench+B+1+type@microcred_unit+block@{key}",
                source_title=f"Unit {key}",
                minutes=10,
                idempotency_key=uuid4().hex * 2,
            )
            for learner in learner_ids
            for key in outcome_keys
        ),
        batch_size=500,
    )


def owe_evaluations(learner_ids: Sequence[int], outcome_key: str) -> None:
    """As if each learner had met the outcome just now and nobody had evaluated it yet."""
    from microcred_app.applets.attainments.models import DueEvaluation

    DueEvaluation.objects.bulk_create(
        (
            DueEvaluation(learner_id=learner, kind="outcome", key=outcome_key, created_at=NOW)
            for learner in learner_ids
        ),
        batch_size=500,
    )


def connect_wallets(learner_ids: Sequence[int]) -> None:
    """Each learner has a wallet that wants every new badge."""
    from microcred_app.applets.delivery.models import Connection, Host

    address = "https://wallet.example"
    host, _created = Host.objects.get_or_create(
        base_url=address,
        defaults={
            "name": "A wallet",
            "description_fresh_until": NOW,
            "authorisation_url": f"{address}/authorise",
            "token_url": f"{address}/token",
            "registration_url": f"{address}/register",
        },
    )
    Connection.objects.bulk_create(
        Connection(
            learner_id=learner, host=host, auto_send=True, connected_at=NOW, open_key=f"{learner}:{host.pk}"
        )
        for learner in learner_ids
    )

"""Columns that many tables of the first release have; frozen as the tables are."""

from __future__ import annotations

import uuid
from typing import Any

import django
from django.conf import settings
from django.db import models


def row_id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def uuid_id() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def person(
    on_delete: Any, *, kind: type[models.ForeignKey] = models.ForeignKey, **options: Any
) -> models.ForeignKey:
    """An account of the platform; without a constraint in the database, because its tables are not ours."""
    return kind(
        db_constraint=False, on_delete=on_delete, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


def perhaps_person(*, kind: type[models.ForeignKey] = models.ForeignKey) -> models.ForeignKey:
    """An account that may be gone, or never was."""
    return person(models.SET_NULL, kind=kind, null=True)


def check_constraint(rule: models.Q, name: str) -> models.CheckConstraint:
    """Django 5.1 renamed the argument; 4.2 knows only the old name."""
    return models.CheckConstraint(**{"condition" if django.VERSION >= (5, 1) else "check": rule}, name=name)


def outbox_row() -> list[tuple[str, models.Field]]:
    """How every kind of outbox keeps what is to be sent."""
    states = [("pending", "Pending"), ("claimed", "Claimed"), ("delivered", "Delivered"), ("dead", "Dead")]
    return [
        ("state", models.CharField(choices=states, default="pending", max_length=16)),
        ("created_at", models.DateTimeField()),
        ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
        ("claim_token", models.CharField(blank=True, max_length=32)),
        ("claimed_at", models.DateTimeField(blank=True, null=True)),
        ("claimed_by", models.CharField(blank=True, max_length=128)),
        ("lease_until", models.DateTimeField(blank=True, null=True)),
        ("attempts", models.PositiveIntegerField(default=0)),
        ("delivered_at", models.DateTimeField(blank=True, null=True)),
        ("last_code", models.CharField(blank=True, max_length=64)),
        ("last_detail", models.CharField(blank=True, max_length=400)),
    ]


def attempt_row() -> list[tuple[str, models.Field]]:
    """How every kind of outbox keeps its tries."""
    return [
        ("started_at", models.DateTimeField()),
        ("finished_at", models.DateTimeField()),
        ("worker", models.CharField(blank=True, max_length=128)),
        ("outcome", models.CharField(max_length=32)),
        ("code", models.CharField(blank=True, max_length=64)),
        ("http_status", models.PositiveSmallIntegerField(blank=True, null=True)),
        ("note", models.CharField(blank=True, max_length=400)),
    ]

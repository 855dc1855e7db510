"""The Celery task is a trigger: it does what the worker does."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import DeliveryAttempt
from microcred_app.tasks import deliver_due_task
from tests.delivery.conftest import Connect
from tests.fixtures.wallet import WalletHost


def test_the_task_delivers_what_is_due(
    connect: Connect, learner: int, credential: UUID, wallet_host: WalletHost
):
    connection = connect(learner, now=timezone.now())
    delivery.send_credential(learner, credential, connection.id, now=timezone.now())
    deliver_due_task.apply(throw=True)
    assert len(wallet_host.kept("amina")) == 1
    assert DeliveryAttempt.objects.get().worker.startswith("celery-")


def test_the_task_has_the_name_that_workers_of_older_and_newer_versions_share():
    assert deliver_due_task.name == "microcred_app.tasks.deliver_due_task"

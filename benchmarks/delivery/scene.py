"""Learners with real credentials and connected wallets; what is measured comes after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.road.population import NOW, add_attainments, add_badges, add_learners, add_outcomes

__all__ = ["credentials_of", "due_rows", "wallets_at"]


def credentials_of(learners: int) -> None:
    """As many learners with one signed credential each."""
    from microcred_app.applets.backfill import api as backfill

    add_outcomes(1)
    people = add_learners(learners)
    add_attainments(people, ["o0"])
    add_badges([("measured", {"outcome": "o0"})])
    batch = backfill.start_batch("measured", actor_id=None, now=NOW)
    while backfill.work(batch.id, clock=lambda: datetime.now(UTC), seconds=60.0):
        pass


def wallets_at(base_url: str) -> None:
    """Every holder of a credential has a wallet at *base_url*."""
    from microcred_app.applets.delivery.models import Connection, Host
    from microcred_app.applets.issuance.models import Credential
    from microcred_app.vault import encrypt

    host = Host.objects.create(
        base_url=base_url,
        name="Far side",
        description_fresh_until=NOW,
        authorisation_url=base_url,
        token_url=base_url,
        registration_url=base_url,
    )
    token = encrypt("token")
    holders = Credential.objects.values_list("learner_id", flat=True)
    Connection.objects.bulk_create(
        (
            Connection(
                learner_id=learner,
                host=host,
                open_key=f"{learner}:{host.pk}",
                sealed_access_token=token,
                connected_at=NOW,
                access_expires_at=datetime.now(UTC) + timedelta(days=1),
            )
            for learner in holders
        ),
        batch_size=500,
    )


def due_rows() -> int:
    """One due row for each credential and wallet of its holder; earlier rows are forgotten."""
    from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt
    from microcred_app.applets.issuance.models import Credential

    DeliveryAttempt.objects.all()._raw_delete("default")
    Delivery.objects.all()._raw_delete("default")
    wallets: dict[int, list[Connection]] = {}
    for wallet in Connection.objects.all():
        wallets.setdefault(wallet.learner_id, []).append(wallet)
    rows = (
        Delivery(credential_id=pk, connection=wallet, created_at=NOW, next_attempt_at=NOW)
        for pk, learner in Credential.objects.values_list("pk", "learner_id")
        for wallet in wallets.get(learner, ())
    )
    return len(Delivery.objects.bulk_create(rows, batch_size=500))

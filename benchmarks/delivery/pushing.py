"""One worker process against a host that takes 50 ms for each push, with 32 connections."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Pushing", "measure_plain", "measure_pushing"]

CONNECTIONS = 32


@dataclass(frozen=True)
class Pushing:
    """What one run came to: pushes per second of wall clock, and milliseconds of CPU for each."""

    per_second: float
    cpu_milliseconds: float


def measure_pushing(rows: int) -> Pushing:
    """Push every due row; each ends as delivered, with its attempt in the database."""
    from microcred_app.applets.delivery.models import Delivery, DeliveryAttempt
    from microcred_app.applets.delivery.outbound_guard import OutboundGuard
    from microcred_app.applets.delivery.pump import Pump
    from microcred_app.applets.delivery.wallet_lane import WalletLane

    pump = Pump(
        WalletLane(),
        worker="bench",
        guard=OutboundGuard(admit_loopback=True),
        clock=lambda: datetime.now(UTC),
        connections=CONNECTIONS,
    )
    wall, cpu = time.perf_counter(), time.process_time()
    done = pump.run(seconds=600)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert done.delivered == rows, done
    assert Delivery.objects.filter(state="delivered").count() == rows
    assert DeliveryAttempt.objects.filter(outcome="delivered").count() == rows
    return Pushing(rows / wall, cpu / rows * 1000)


def measure_plain(base_url: str, rows: int) -> Pushing:
    """The same documents posted by a pooled HTTP client with as many threads, and nothing else."""
    import urllib3

    from microcred_app.applets.issuance.models import Credential

    documents = [bytes(body) for body in Credential.objects.values_list("document", flat=True)[:rows]]
    pool = urllib3.PoolManager(maxsize=CONNECTIONS)
    headers = {"Authorization": "Bearer token", "Content-Type": "application/json"}

    def post(part: list[bytes]) -> None:
        for document in part:
            answer = pool.request(
                "POST", f"{base_url}/ims/ob/v3p0/credentials", body=document, headers=headers
            )
            assert answer.status == 201

    threads = [threading.Thread(target=post, args=(documents[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Pushing(
        len(documents) / (time.perf_counter() - wall), (time.process_time() - cpu) / len(documents) * 1000
    )

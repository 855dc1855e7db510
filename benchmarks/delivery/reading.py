"""What strangers read: the verify page, and a status list of 131,072 entries with and without a change."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

__all__ = ["measure_status_list", "measure_verify_page"]


def _median(call: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _round in range(rounds):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds) * 1000


def measure_verify_page(rounds: int = 60) -> float:
    """Milliseconds of server time for the page of one shared credential."""
    from django.test import Client
    from django.utils import timezone

    from microcred_app.applets.issuance.models import Credential

    credential = Credential.objects.order_by("pk").first()
    assert credential is not None
    Credential.objects.filter(pk=credential.pk).update(shared_at=timezone.now())
    path = "/" + credential.uri.split("/", 3)[3]
    client = Client()
    assert client.get(path, headers={"accept": "text/html"}).status_code == 200
    return _median(lambda: client.get(path, headers={"accept": "text/html"}), rounds)


def measure_status_list(rounds: int = 200) -> tuple[float, float]:
    """Milliseconds for the whole list, and for an answer that nothing changed."""
    from django.test import Client

    from microcred_app.applets.issuance.models import StatusList
    from microcred_app.applets.issuance.status import list_url

    found = StatusList.objects.first()
    assert found is not None
    assert len(bytes(found.bits)) * 8 == 131_072
    path = "/" + list_url(found.pk).split("/", 3)[3]
    client = Client()
    first = client.get(path)
    assert first.status_code == 200
    tag = first.headers["ETag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    whole = _median(lambda: client.get(path), rounds)
    return whole, _median(lambda: client.get(path, headers={"if-none-match": tag}), rounds)

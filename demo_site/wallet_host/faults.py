"""Misbehaves on request, so that tests can see what an issuer does about it.

The file named by ``SATCHEL_FAULTS`` holds ``{"rules": [...]}`` and is read anew for every request. A rule has
``id``, ``path`` (prefix), ``method``, ``kind``, and optionally ``times`` (how often, default always), ``status``,
``retry_after``, ``description`` and ``seconds``. Kinds:

status       answer with ``status`` and an Imsx_StatusInfo
garbage      answer 200 with a page that is no credential
hang         say nothing for ``seconds``
drip         send a body one byte at a time for ``seconds``
lost_answer  do everything, then say nothing for ``seconds``: the push arrived, the answer does not
garble       do everything, then answer as ``garbage``
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from . import settings
from .status_info import refuse

__all__ = ["FaultMiddleware"]

_PAGE = b"<!doctype html><title>Welcome</title><p>Please sign in to the hotel's network."


class FaultMiddleware:
    """Acts out the first rule that matches a request and has not been used up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._used: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        rule = self._take(request)
        if rule is None:
            return self.get_response(request)
        kind = rule["kind"]
        if kind in ("lost_answer", "garble"):
            self.get_response(request)
        return self._misbehave(kind, rule)

    def _take(self, request: HttpRequest) -> dict[str, Any] | None:
        path = Path(settings.FAULTS_FILE)
        if not path.exists():
            return None
        rules = json.loads(path.read_text(encoding="utf-8"))["rules"]
        with self._lock:
            for rule in rules:
                matches = request.path.startswith(rule["path"]) and request.method == rule.get(
                    "method", "POST"
                )
                if matches and self._used[rule["id"]] < rule.get("times", 1_000_000):
                    self._used[rule["id"]] += 1
                    return dict(rule)
        return None

    @staticmethod
    def _misbehave(kind: str, rule: dict[str, Any]) -> HttpResponseBase:
        seconds = float(rule.get("seconds", 5))
        if kind in ("hang", "lost_answer"):
            time.sleep(seconds)
            return HttpResponse(status=504)
        if kind == "drip":
            return StreamingHttpResponse(_drip(seconds), content_type="application/json")
        if kind in ("garbage", "garble"):
            return HttpResponse(_PAGE, content_type="text/html")
        response = refuse(
            int(rule["status"]), rule.get("description", "This is a fault acted out for a test.")
        )
        if "retry_after" in rule:
            response["Retry-After"] = str(rule["retry_after"])
        return response


def _drip(seconds: float) -> Iterator[bytes]:
    until = time.monotonic() + seconds
    yield b"{"
    while time.monotonic() < until:
        time.sleep(0.05)
        yield b" "
    yield b"}"

"""Messages of webhooks before the npm library of the standard, which nobody here wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from microcred_app.applets.webhooks.signature import new_secret, signed_headers
from tests.interop.verifiers import run_client

pytestmark = pytest.mark.interop
BODY = json.dumps({"type": "badge.awarded", "name": "Grüße"}, ensure_ascii=False)


def message(secret: str, *keys: str, minutes_old: int = 0, **changes: Any) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(minutes=minutes_old)
    headers = signed_headers("msg_1", BODY.encode(), keys=keys, at=at)
    return {"secret": secret, "body": BODY, "headers": headers, **changes}


def test_it_accepts_what_was_signed_and_nothing_else() -> None:
    old, new = new_secret(), new_secret()
    told = {
        "messages": [
            message(new, new),
            message(old, new, old),
            message(new, new, old),
            message(old, new),
            message(new, new, minutes_old=10),
            message(new, new, body=BODY.replace("awarded", "revoked")),
        ]
    }
    found = [entry["verified"] for entry in run_client("webhook.mjs", told)["found"]]
    assert found == ["badge.awarded"] * 3 + [""] * 3

"""What is sent verifies with the library of Standard Webhooks, and nothing else does."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from microcred_app.applets.webhooks.signature import new_secret, pseudonym, signed_headers

BODY = '{"type":"badge.awarded","name":"Grüße"}'.encode()


def now() -> datetime:
    return datetime.now(UTC)


def test_the_library_of_the_standard_accepts_a_message() -> None:
    secret = new_secret()
    headers = signed_headers("msg_1", BODY, keys=(secret,), at=now())
    assert Webhook(secret).verify(BODY.decode(), headers)["type"] == "badge.awarded"


def test_a_vector_that_the_specification_publishes() -> None:
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        keys=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_during_a_rotation_both_secrets_verify() -> None:
    new, old = new_secret(), new_secret()
    headers = signed_headers("msg_1", BODY, keys=(new, old), at=now())
    for secret in (new, old):
        Webhook(secret).verify(BODY.decode(), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY.decode(), headers)


@pytest.mark.parametrize("forged", ["body", "id", "timestamp"])
def test_a_forged_part_is_found_out(forged: str) -> None:
    secret = new_secret()
    headers = signed_headers("msg_1", BODY, keys=(secret,), at=now())
    body = BODY.decode()
    if forged == "body":
        body = body.replace("awarded", "revoked")
    if forged == "id":
        headers["webhook-id"] = "msg_2"
    if forged == "timestamp":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_a_message_that_is_played_again_later_is_too_old() -> None:
    secret = new_secret()
    headers = signed_headers("msg_1", BODY, keys=(secret,), at=now() - timedelta(minutes=6))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY.decode(), headers)


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _number in range(50)}
    assert len(made) == 50
    assert all(24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64 for secret in made)


def test_a_pseudonym_belongs_to_one_key_and_one_kind() -> None:
    assert pseudonym("key", "learner", "7") == pseudonym("key", "learner", "7")
    names = {
        pseudonym("key", "learner", "7"),
        pseudonym("key", "award", "7"),
        pseudonym("other", "learner", "7"),
    }
    assert len(names) == 3

"""What an operator may set, and what is said about mistakes."""

from typing import Any

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from microcred_app.conf import settings
from microcred_app.vault import VaultError, decrypt, encrypt

KEY_A, KEY_B = "A" * 43 + "=", "B" * 42 + "A="


def configured(**values: Any) -> override_settings:
    return override_settings(MICROCRED=values)


#: A site around Microcred of which nothing is to be said.
GOOD_SITE: dict[str, Any] = {
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://r"}
    },
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Badges <badges@lms.example.edu>",
    "CSP_STATIC_ENFORCE": "",
    "ALLOWED_HOSTS": ["lms.example.edu", "127.0.0.1"],
}


def found(**values: Any) -> set[str]:
    with configured(**values), override_settings(**GOOD_SITE):
        return {message.id for message in checks.run_checks(tags=["microcred"])}


def test_an_unknown_setting_is_refused_by_name() -> None:
    with configured(PUBLIC_BASE_URI="x"), pytest.raises(ImproperlyConfigured, match="PUBLIC_BASE_URI"):
        settings()


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://lms.example.edu", True),
        ("https://lms.example.edu/", True),
        ("http://lms.example.edu", False),
        ("https://127.0.0.1", False),
        ("https://[::1]", False),
        ("https://localhost", False),
    ],
)
def test_only_a_public_https_host_issues_as_did_web(url: str, public: bool) -> None:
    with configured(PUBLIC_BASE_URL=url):
        assert settings().has_public_https_address is public
        assert not settings().public_base_url.endswith("/")


def test_good_settings_raise_no_message() -> None:
    assert found(PUBLIC_BASE_URL="https://lms.example.edu", KEY_ENCRYPTION_KEYS=[KEY_A]) == set()


def test_each_mistake_has_its_message(tmp_path: Any) -> None:
    good = {"PUBLIC_BASE_URL": "https://lms.example.edu", "KEY_ENCRYPTION_KEYS": [KEY_A]}
    assert found(**good, NONSENSE=1) == {"microcred.E001"}
    assert found(**(good | {"PUBLIC_BASE_URL": "lms.example.edu"})) == {"microcred.E002"}
    assert found(**(good | {"PUBLIC_BASE_URL": "http://127.0.0.1:8000"})) == {"microcred.W001"}
    assert found(**(good | {"KEY_ENCRYPTION_KEYS": []})) == {"microcred.E003"}
    assert found(**(good | {"KEY_ENCRYPTION_KEYS": ["short"]})) == {"microcred.E003"}
    assert found(**good, EVIDENCE_STORAGE="nowhere") == {"microcred.E004"}
    public = {
        "microcred_evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media" / "evidence"},
        }
    }
    with override_settings(MEDIA_ROOT=str(tmp_path / "media"), STORAGES=public):
        assert found(**good) == {"microcred.E005"}


def test_secrets_open_with_the_old_key_after_a_new_one_was_put_first() -> None:
    with configured(KEY_ENCRYPTION_KEYS=[KEY_A]):
        sealed = encrypt("secret")
    with configured(KEY_ENCRYPTION_KEYS=[KEY_B, KEY_A]):
        assert decrypt(sealed) == "secret"
    with configured(KEY_ENCRYPTION_KEYS=[KEY_B]), pytest.raises(VaultError, match="does not open"):
        decrypt(sealed)
    with configured(KEY_ENCRYPTION_KEYS=[KEY_A]), pytest.raises(VaultError):
        decrypt(sealed[:-2] + b"AA")


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        (["satchel", "https://satchel.example/back", "Satchel"], True),
        (["bag", "bag.example:/back", "Bag"], True),
        (["dev", "http://127.0.0.1:5000/back", "A wallet at work on this machine"], True),
        (["satchel", "http://satchel.example/back", "Satchel"], False),
        (["satchel", "javascript:alert(1)", "Satchel"], False),
        (["satchel", "https://satchel.example/back#x", "Satchel"], False),
        (["satchel", "/back", "Satchel"], False),
        (["satchel", "https://satchel.example/back"], False),
        (["satchel", "https://satchel.example/back", ""], False),
    ],
)
def test_a_registered_wallet_has_an_exact_address_that_runs_no_script(entry: list[str], good: bool) -> None:
    messages = found(
        PUBLIC_BASE_URL="https://lms.example.edu", KEY_ENCRYPTION_KEYS=[KEY_A], WALLET_CLIENTS=[entry]
    )
    assert messages == (set() if good else {"microcred.E006"})

"""No line of the logs names a person: the road is walked, and everything that was logged is read."""

from __future__ import annotations

import logging
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from microcred_app import api
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.people import retire_account
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish
from tests.fixtures.registrar_world import fail_delivery
from tests.fixtures.review_world import hand_in, save_text

SECRETS = ("zebedee", "quillfeather", "zebedee@quill.example", "my own words", "photo.png")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, logger="microcred_app")
    caplog.set_level(logging.DEBUG, logger="microcred")
    caplog.set_level(logging.DEBUG, logger="microcred_xblock")
    return caplog


def own(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith("microcred")]


def assert_nobody_named(caplog: pytest.LogCaptureFixture) -> None:
    for record in own(caplog):
        said = " ".join([record.getMessage(), record.exc_text or "", str(record.args)]).lower()
        assert not any(word in said for word in SECRETS), said


def test_the_road_names_nobody(
    lines: pytest.LogCaptureFixture, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("first", {"outcome": "o.b"})
    learner = make_user("zebedee", last_name="Quillfeather", email="zebedee@quill.example")
    save_text(learner, "My own words")
    hand_in(learner)
    do_unit(learner, "b")
    row = Credential.objects.get()
    issuance.share_credential(learner, str(row.pk), now=NOW)
    fail_delivery(learner, str(row.award_id), timezone.now())
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=learner))
    for path in (
        "my/",
        "my/wallets/",
        "my/data.zip",
        "my/evidence/",
        f"credentials/{row.pk}",
        "my/data.zipp",
    ):
        browser.get(f"/microcred/{path}")
    call_command("microcred_worker", "--once", stdout=StringIO())

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the signer is away")

    monkeypatch.setattr("microcred_app.applets.issuance.preparation.BadgePress.sign", broken)
    publish("second", {"outcome": "o.c"})
    do_unit(learner, "c")
    api.run_pending_evaluations(now=timezone.now())
    monkeypatch.undo()
    retire_account(learner, now=timezone.now())
    assert len(own(lines)) >= 3  # something was said
    assert any(record.levelno >= logging.ERROR for record in own(lines))
    assert_nobody_named(lines)


def test_the_reading_would_notice(lines: pytest.LogCaptureFixture) -> None:
    logging.getLogger("microcred_app.somewhere").info("Sent to %s", "zebedee@quill.example")
    with pytest.raises(AssertionError):
        assert_nobody_named(lines)

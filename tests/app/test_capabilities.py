"""The published table is the one in the code, and names every lane there is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from microcred_app import capabilities
from microcred_app.applets.delivery.wallet_lane import WalletLane
from microcred_app.applets.mailing.api import MailLane
from microcred_app.applets.vendors.api import VendorLane
from microcred_app.applets.webhooks.api import WebhookLane

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "targets.rst"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == capabilities.as_rst(), (
        "run: python -m microcred_app.capabilities > docs/reference/targets.rst"
    )


def test_every_lane_has_an_entry() -> None:
    lanes = {one.lane for one in capabilities.CAPABILITIES if one.lane}
    assert lanes == {WalletLane.name, WebhookLane.name, MailLane.name, VendorLane.name}


def test_nothing_is_left_unsaid() -> None:
    for one in capabilities.CAPABILITIES:
        assert all(getattr(one, field.name) for field in fields(one) if field.name != "lane"), one.kind

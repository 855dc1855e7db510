"""A school with an account at a vendor, a mapped badge, and a learner who agreed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from microcred_app.applets.delivery.api import WorkDone, pump_lane
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.vendors.models import VendorIssue
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish, set_up_catalogue

from .simulator import KEY, SERVICE, Vendor, running_vendor

Run = Callable[..., WorkDone]
GUARD = OutboundGuard(admit_loopback=True, seconds=30.0)


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()
    publish("safety", {"outcome": "o.a"}, name="Safety")


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running_vendor() as found:
        yield found


@pytest.fixture
def amina() -> int:
    return make_user("amina")


@dataclass
class Account:
    """One account in use."""

    id: str
    vendor: Vendor

    def row(self, place: int = 0) -> VendorIssue:
        return VendorIssue.objects.get(account_id=self.id, place=place)


def open_account(vendor: Vendor, kind: str = "credly", **more: str) -> Account:
    """Add an account, read its templates, map the badge."""
    if kind == "badgr":
        vendor.key = SERVICE
    account = vendors.add_account(
        "school", kind=kind, name="Badges of the school", key=vendor.key, base_url=vendor.address(kind),
        organisation_key="org-1", actor_id=None, now=NOW, **more,
    )  # fmt: skip
    vendors.sync_templates(account.id, actor_id=None, now=NOW, guard=GUARD)
    vendors.map_badge(account.id, "safety", "501", actor_id=None, now=NOW)
    return Account(account.id, vendor)


@pytest.fixture(params=["credly", "accredible", "badgr"])
def account(request: pytest.FixtureRequest, vendor: Vendor) -> Account:
    assert vendor.key == KEY
    return open_account(vendor, request.param)


@pytest.fixture
def agreed(account: Account, amina: int) -> Account:
    """Amina holds the badge and agreed: one order waits."""
    do_unit(amina, "a")
    assert vendors.agree_to_vendor(amina, account.id, now=NOW) == 1
    return account


@pytest.fixture
def run() -> Run:
    """Work on what is due at a moment; the clock stands still."""

    def work(now: datetime = NOW) -> WorkDone:
        moment = now + timedelta(seconds=1)
        return pump_lane(
            vendors.VendorLane(),
            clock=lambda: moment,
            worker="test",
            seconds=20,
            stop=threading.Event(),
            guard=GUARD,
        )

    return work

"""Badges of learners who agreed are issued by vendors, once each, and taken back; whatever a vendor answers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app.api import record_refresher
from microcred_app.applets import sealed_rows
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.terms import Terms
from microcred_app.applets.delivery.lane import Done
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.push import Outcome
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.vendors.models import (
    VendorAccount,
    VendorAttempt,
    VendorIssue,
    VendorMapping,
    VendorTemplate,
)
from microcred_app.operation import read_figures, read_health
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, unit

from .conftest import GUARD, Account, Run, open_account
from .simulator import KEY, Vendor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def revoke(learner_id: int) -> None:
    ruth = make_officer("ruth")
    awards.reverse_award(
        awards.held_badges(learner_id)["safety"], actor_id=ruth, reason="Somebody else did it", now=NOW
    )


def ordered(account: Account) -> tuple[str, str]:
    row = account.row()
    return row.state, row.last_code


def test_templates_are_read_to_the_last_page(account: Account) -> None:
    found = vendors.list_templates_of(account.id, actor_id=None)
    assert [(one.key, one.name, one.gone) for one in found] == [
        ("502", "Brakes", False),
        ("501", "Workshop Safety", False),
    ]


def test_an_award_is_issued_and_its_name_there_is_kept(agreed: Account, run: Run) -> None:
    assert run().delivered == 1
    (badge,) = agreed.vendor.standing
    assert (badge["template"], badge["email"]) == ("501", "amina@example.org")
    assert "Amina" in json.dumps(badge["body"])
    row = agreed.row()
    assert (row.state, row.last_code, row.external_key) == ("delivered", "issued", "b1")
    assert run(NOW + DAY).total == 0


def test_without_agreement_nothing_leaves(account: Account, amina: int, run: Run) -> None:
    do_unit(amina, "a")
    assert run().total == 0
    assert not VendorIssue.objects.exists()
    assert account.vendor.badges == {}
    (choice,) = vendors.choices_for(amina)
    assert (choice.name, choice.given_at) == ("Badges of the school", None)
    assert vendors.choices_for(make_user("bruno")) == ()


def test_a_new_badge_is_issued_by_itself_after_agreement(agreed: Account, amina: int, run: Run) -> None:
    publish("brakes", {"outcome": "o.b"}, name="Brakes")
    vendors.map_badge(agreed.id, "brakes", "502", actor_id=None, now=NOW)
    do_unit(amina, "b")
    run()
    assert sorted(one["template"] for one in agreed.vendor.standing) == ["501", "502"]


def test_what_waits_is_not_issued_after_a_withdrawal(agreed: Account, amina: int, run: Run) -> None:
    vendors.withdraw_from_vendor(amina, agreed.id, now=NOW)
    assert run().total == 0
    assert ordered(agreed) == ("dead", "no_consent")
    assert agreed.vendor.badges == {}
    assert vendors.agree_to_vendor(amina, agreed.id, now=NOW) == 1, "and goes on with a new agreement"
    assert run().delivered == 1


def test_a_withdrawal_holds_for_a_row_that_is_tried_again(agreed: Account, amina: int, run: Run) -> None:
    agreed.vendor.answers = [((503, {}, {}), False)]
    run()
    vendors.withdraw_from_vendor(amina, agreed.id, now=NOW)
    run(NOW + HOUR)
    assert ordered(agreed) == ("dead", "no_consent")
    assert agreed.vendor.badges == {}


@pytest.mark.parametrize("answer", [(0, {}, b""), (502, {}, b"<html>"), (201, {}, b"<html>")])
def test_an_answer_that_was_lost_does_not_issue_twice(agreed: Account, answer: Any, run: Run) -> None:
    agreed.vendor.answers = [(answer, True)]
    run()
    assert agreed.row().state == "pending"
    run(NOW + HOUR)
    assert ordered(agreed) == ("delivered", "already_issued")
    assert len(agreed.vendor.badges) == 1
    assert agreed.row().external_key == "b1"


def test_a_worker_that_died_does_not_issue_twice(agreed: Account, run: Run) -> None:
    lane = vendors.VendorLane()
    (job,) = lane.claim(NOW, 10, "dead worker", avoid=())
    lane.send(job, now=NOW, guard=GUARD)  # and then the machine is switched off
    run(NOW + HOUR)
    assert ordered(agreed) == ("delivered", "already_issued")
    assert len(agreed.vendor.badges) == 1


def test_what_was_issued_for_another_award_is_not_taken_for_this_one(
    agreed: Account, amina: int, run: Run
) -> None:
    """Two badges of the school are the same template there."""
    run()
    publish("brakes", {"outcome": "o.b"}, name="Brakes")
    vendors.map_badge(agreed.id, "brakes", "501", actor_id=None, now=NOW)
    agreed.vendor.answers = [((500, {}, {}), False)]
    do_unit(amina, "b")
    run()
    run(NOW + HOUR)
    keys = set(VendorIssue.objects.values_list("external_key", flat=True))
    assert keys == {"b1", "b2"}
    assert len(agreed.vendor.badges) == 2


def test_a_refused_key_stops_the_account_and_a_new_one_starts_it(
    agreed: Account, run: Run, amina: int
) -> None:
    old, agreed.vendor.key = agreed.vendor.key, "another:key"
    agreed.vendor.tokens.clear()
    run()
    row = agreed.row()
    assert (row.state, row.last_code, row.next_attempt_at) == ("pending", "key_refused", None)
    assert vendors.get_account(agreed.id, actor_id=None, now=NOW).alarm == "key_refused"
    asked = len(agreed.vendor.asked)
    run(NOW + DAY)
    assert len(agreed.vendor.asked) == asked, "a refused key is not tried again and again"
    assert read_health(NOW + 2 * DAY).overdue["vendor"] == 0.0, "it waits for a person, not for a worker"
    vendors.rotate_key(agreed.id, key="another:key", actor_id=None, now=NOW + DAY)
    assert run(NOW + DAY).delivered == 1
    assert vendors.get_account(agreed.id, actor_id=None, now=NOW).alarm == ""
    assert old not in json.dumps(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_refusal_of_the_old_key_says_nothing_about_the_new_one(agreed: Account, run: Run) -> None:
    lane = vendors.VendorLane()
    (job,) = lane.claim(NOW, 10, "slow worker", avoid=())
    vendors.rotate_key(agreed.id, key=agreed.vendor.key, actor_id=None, now=NOW)
    lane.record([Done(job, Outcome("reconnect", "key_refused", 401), NOW, NOW, "")], worker="slow worker")
    assert VendorAccount.objects.get().key_refused_at is None
    assert run(NOW).delivered == 1


def test_a_vendor_that_is_too_busy_is_left_until_it_says(agreed: Account, run: Run) -> None:
    agreed.vendor.answers = [((429, {"Retry-After": "600"}, {}), False)]
    run()
    assert agreed.row().last_code == "too_busy"
    run(NOW + timedelta(minutes=9))
    assert agreed.row().state == "pending"
    run(NOW + timedelta(minutes=12))
    assert ordered(agreed) == ("delivered", "issued")


WORDS = {
    "credly": {"data": {"message": "amina@example.org is blocked", "errors": [{"message": f"see {KEY}"}]}},
    "accredible": {"errors": ["amina@example.org is blocked", f"see {KEY}"]},
    "badgr": {"status": {"description": "amina@example.org is blocked"}, "validationErrors": [f"see {KEY}"]},
}


def test_a_refusal_is_final_and_keeps_the_vendors_words_without_key_and_address(
    agreed: Account, run: Run
) -> None:
    kind = VendorAccount.objects.get().kind
    agreed.vendor.answers = [((422, {}, WORDS[kind]), False)]
    run()
    assert ordered(agreed) == ("dead", "refused")
    note = VendorAttempt.objects.get().note
    assert "is blocked" in note
    assert "amina@" not in note
    if kind != "badgr":  # the simulator's own key for this account is another one there
        assert KEY not in note
    assert vendors.count_given_up(permissions.EVERYWHERE) == 1
    with pytest.raises(vendors.AccountRefused, match="number changed"):
        vendors.resend_orders(agreed.id, actor_id=None, now=NOW, seen=7)
    assert vendors.resend_orders(agreed.id, actor_id=None, now=NOW, seen=1) == 1
    run(NOW + HOUR)
    assert ordered(agreed)[0] == "delivered"


def test_a_template_that_is_gone_is_seen_and_alarms(agreed: Account, run: Run) -> None:
    agreed.vendor.templates.pop("501")
    run()
    assert ordered(agreed) == ("dead", "template_missing")
    vendors.sync_templates(agreed.id, actor_id=None, now=NOW, guard=GUARD)
    assert VendorTemplate.objects.get(external_key="501").gone_at == NOW
    assert vendors.get_account(agreed.id, actor_id=None, now=NOW).alarm == "template_missing"
    with pytest.raises(vendors.AccountRefused):
        vendors.map_badge(agreed.id, "safety", "501", actor_id=None, now=NOW)
    vendors.map_badge(agreed.id, "safety", "502", actor_id=None, now=NOW)
    vendors.resend_orders(agreed.id, actor_id=None, now=NOW, seen=1)
    run(NOW + HOUR)
    assert agreed.vendor.standing[0]["template"] == "502"


def test_a_revoked_badge_is_revoked_there(agreed: Account, amina: int, run: Run) -> None:
    run()
    revoke(amina)
    run(NOW + HOUR)
    assert agreed.vendor.standing == []
    row = agreed.row(place=1)
    assert (row.state, row.last_code) == ("delivered", "revoked_there")
    assert "Somebody else" not in json.dumps(agreed.vendor.bodies), "a reason may speak of the learner"


def test_a_badge_that_is_revoked_before_it_was_tried_is_never_issued(
    agreed: Account, amina: int, run: Run
) -> None:
    revoke(amina)
    run()
    assert ordered(agreed) == ("dead", "called_off")
    assert (agreed.vendor.badges, VendorIssue.objects.count()) == ({}, 1)


def test_a_revocation_finds_what_was_issued_by_an_answer_that_was_lost(
    agreed: Account, amina: int, run: Run
) -> None:
    agreed.vendor.answers = [((0, {}, b""), True)]
    run()
    revoke(amina)
    VendorIssue.objects.filter(place=0).update(state="dead", next_attempt_at=None)
    run(NOW + HOUR)
    assert agreed.vendor.standing == []


def test_a_revocation_waits_for_its_issue(agreed: Account, amina: int, run: Run) -> None:
    agreed.vendor.answers = [((503, {}, {}), False)]
    run()
    revoke(amina)
    run(NOW + timedelta(seconds=2))
    assert agreed.row(place=1).attempts == 0
    run(NOW + HOUR)
    run(NOW + 2 * HOUR)
    assert (ordered(agreed), agreed.row(place=1).state) == (("dead", "called_off"), "delivered")
    assert agreed.vendor.standing == []


def test_several_accounts_of_one_organisation_are_agreed_to_one_by_one(
    vendor: Vendor, amina: int, run: Run
) -> None:
    first, second = open_account(vendor, "credly"), open_account(vendor, "accredible")
    do_unit(amina, "a")
    vendors.agree_to_vendor(amina, first.id, now=NOW)
    run()
    assert len(vendor.badges) == 1
    vendors.agree_to_vendor(amina, second.id, now=NOW)
    run()
    assert len(vendor.badges) == 2


def test_a_next_page_on_another_host_is_not_asked_for(vendor: Vendor) -> None:
    vendor.next_page = "https://evil.example/v1/organizations/org-1/badge_templates/"
    with pytest.raises(vendors.VendorUnreachable, match="another host"):
        open_account(vendor)
    assert not VendorTemplate.objects.exists()


def test_pages_that_go_in_circles_end(vendor: Vendor) -> None:
    vendor.next_page = f"{vendor.url}/credly/v1/organizations/org-1/badge_templates/?filter=state::active"
    open_account(vendor)
    assert len(vendor.asked) < 50


@pytest.mark.parametrize("days", [5, -1, 400])
def test_a_key_that_ends_alarms_before(vendor: Vendor, days: int, settings: Any, client: Client) -> None:
    token = "a-token-of-enough-characters"
    settings.MICROCRED = {**settings.MICROCRED, "METRICS_TOKEN": token}
    account = open_account(vendor)
    VendorAccount.objects.update(key_expires_at=timezone.now() + timedelta(days=days))
    wanted = {5: "key_ends", -1: "key_ended", 400: ""}[days]
    now = timezone.now()
    assert vendors.get_account(account.id, actor_id=None, now=now).alarm == wanted
    told = client.get("/microcred/operate/health", headers={"authorization": f"Bearer {token}"}).json()
    assert told["status"] == ("warn" if wanted else "pass")
    assert told.get("warnings", []) == ([f"vendor:{account.id}:{wanted}"] if wanted else [])
    assert client.get("/microcred/operate/health").json() == {"status": "pass"}, (
        "strangers learn nothing of it"
    )
    assert len(read_figures(now).health.warnings) == bool(wanted)


def test_keys_are_sealed_and_sealed_anew_with_all_other_secrets(vendor: Vendor) -> None:
    open_account(vendor)
    row = VendorAccount.objects.get()
    assert KEY.encode() not in bytes(row.sealed_key)
    assert (VendorAccount, "sealed_key") in sealed_rows.sealed_columns()
    assert KEY not in repr(vendors.get_account(str(row.pk), actor_id=None, now=NOW))


def test_a_removed_account_forgets_its_key_and_issues_nothing(agreed: Account, run: Run, amina: int) -> None:
    vendors.remove_account(agreed.id, actor_id=None, now=NOW)
    assert run().total == 0
    row = VendorAccount.objects.get()
    assert bytes(row.sealed_key) == b""
    with pytest.raises(vendors.AccountNotFound):
        vendors.get_account(agreed.id, actor_id=None, now=NOW)
    assert vendors.choices_for(amina) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "nobody"},
        {"name": " "},
        {"name": "x" * 101},
        {"key": ""},
        {"key": "two\nlines"},
        {"key": "x" * 2001},
        {"organisation_key": ""},
        {"base_url": "http://vendor.example"},
        {"base_url": "https://user:pass@vendor.example"},
        {"base_url": "https://vendor.example/v1?x=1"},
        {"key_expires_on": "tomorrow"},
        {"key_expires_on": "2026-02-31"},
        {"key_expires_on": "2020-01-01"},
        {"key_expires_on": "9999-12-31"},
    ],
)
def test_an_account_that_cannot_be_used_is_refused(change: dict[str, str], settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "ALLOW_LOOPBACK_TARGETS": False}
    values = {"kind": "credly", "name": "A", "key": "k", "organisation_key": "org", **change}
    with pytest.raises(vendors.AccountRefused):
        vendors.add_account("school", actor_id=None, now=NOW, **values)  # type: ignore[arg-type]
    assert not VendorAccount.objects.exists()


def test_an_address_inside_the_own_network_is_not_contacted() -> None:
    """Refused when it is resolved, which is when it matters: a name may lead there later."""
    made = vendors.add_account(
        "school", kind="accredible", name="A", key="k", base_url="https://10.0.0.1/v1", actor_id=None, now=NOW
    )
    with pytest.raises(vendors.VendorUnreachable):
        vendors.sync_templates(made.id, actor_id=None, now=NOW, guard=OutboundGuard(seconds=2.0))


def test_only_whoever_manages_the_organisations_accounts_sees_them(vendor: Vendor) -> None:
    account = open_account(vendor)
    stranger, ruth = make_user("stranger"), make_officer("ruth")
    for deed in (
        lambda: vendors.get_account(account.id, actor_id=stranger, now=NOW),
        lambda: vendors.rotate_key(account.id, key="k", actor_id=stranger, now=NOW),
        lambda: vendors.sync_templates(account.id, actor_id=stranger, now=NOW),
        lambda: vendors.remove_account(account.id, actor_id=stranger, now=NOW),
        lambda: vendors.map_badge(account.id, "safety", "", actor_id=stranger, now=NOW),
        lambda: vendors.list_orders(account.id, actor_id=stranger),
        lambda: vendors.resend_orders(account.id, actor_id=stranger, now=NOW, seen=0),
    ):
        with pytest.raises(vendors.AccountNotFound):
            deed()
    with pytest.raises(permissions.NotAllowed):
        vendors.add_account("school", kind="credly", name="A", key="k", actor_id=stranger, now=NOW)
    assert vendors.get_account(account.id, actor_id=ruth, now=NOW).name == "Badges of the school"
    assert VendorMapping.objects.count() == 1


def test_a_badge_of_another_organisation_is_not_mapped(vendor: Vendor) -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("foreign", {"outcome": "o.a"}, name="Foreign", issuer_slug="college")
    account = open_account(vendor)
    with pytest.raises(vendors.AccountRefused):
        vendors.map_badge(account.id, "foreign", "501", actor_id=None, now=NOW)


def test_an_agreement_is_for_accounts_that_could_issue_something(vendor: Vendor, amina: int) -> None:
    account = open_account(vendor)
    for key in (account.id, "nonsense", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(vendors.AccountNotFound):
            vendors.agree_to_vendor(amina, key, now=NOW)


def test_a_renewal_is_issued_there_with_its_own_days(vendor: Vendor, amina: int, run: Run) -> None:
    publish("safety", {"outcome": "o.a"}, name="Safety", terms=Terms(expires_after="P1Y"))
    account = open_account(vendor, "accredible")
    do_unit(amina, "a")
    vendors.agree_to_vendor(amina, account.id, now=NOW)
    run()
    record_refresher(amina, unit("a"), score=1.0, now=NOW + 300 * DAY)
    run(NOW + 300 * DAY)
    ends = [badge["body"]["credential"]["expired_on"] for badge in vendor.badges.values()]
    assert len(ends) == 2
    assert ends[0] < ends[1]

"""What registrar, holder and stranger see of a suspended badge."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.catalogue import do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import finish_job

SignIn = Callable[..., Client]
NEW = "/microcred/registrar/recalls/new"


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


@pytest.fixture
def credential(amina: int) -> issuance.IssuedCredential:
    publish("short", {"outcome": "o.a"}, name="Short <b>one</b>", terms=Terms(document_days=30))
    do_unit(amina, "a", now=timezone.now())
    found = issuance.credential_of_award(awards.held_badges(amina)["short"])
    assert found is not None
    issuance.share_credential(amina, found.id, now=timezone.now())
    return found


def award_page(credential: issuance.IssuedCredential) -> str:
    return reverse("microcred_app:registrar-award", args=[credential.award_id])


def suspend(client: Client, credential: issuance.IssuedCredential, **changes: str):
    form = {"do": "suspend", "reason": "Secret reason", "told": "We look <i>again</i>"} | changes
    return client.post(award_page(credential), form)


def test_the_registrar_sees_until_when_copies_verify_and_suspends(
    ruth: Client, credential: issuance.IssuedCredential
) -> None:
    page = ruth.get(award_page(credential)).content.decode()
    assert "Copies elsewhere verify until" in page
    assert suspend(ruth, credential).status_code == 302
    page = ruth.get(award_page(credential)).content.decode()
    for said in ("Suspended since", "Secret reason", "Lift the suspension", "Award suspended"):
        assert said in page
    page = ruth.get("/microcred/registrar/awards/", {"state": "suspended"}).content.decode()
    assert "suspended" in page and "do=lift" in page
    answer = ruth.post(award_page(credential), {"do": "lift", "reason": "Fine"})
    assert answer.status_code == 302
    assert "Held since" in ruth.get(award_page(credential)).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": " "}, "Give a reason"),
        ({"planned_end": "tomorrow"}, "Write the day as"),
        ({"planned_end": "2020-01-01"}, "a day after today"),
        ({"told": "x" * 2001}, "below 2000"),
    ],
)
def test_a_form_that_is_not_right_changes_nothing(
    ruth: Client, credential: issuance.IssuedCredential, changes: dict[str, str], says: str
) -> None:
    answer = suspend(ruth, credential, **changes)
    assert answer.status_code == 400
    assert says in answer.content.decode().replace(",", "")
    assert awards.get_award(credential.award_id).suspended_at is None


def test_a_stranger_sees_suspended_and_never_green(
    ruth: Client, credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    stranger = sign_in()
    address = reverse("microcred_app:credential", args=[credential.id])
    assert "This copy ends on" in stranger.get(address).content.decode()
    suspend(ruth, credential)
    page = stranger.get(address).content.decode()
    assert "Suspended: not valid now" in page and "mc-verdict--suspended" in page
    assert "mc-verdict--valid" not in page and "Valid now" not in page
    for private in ("Secret reason", "We look"):
        assert private not in page
    for name in ("credential-embed", "credential-certificate"):
        said = stranger.get(reverse(f"microcred_app:{name}", args=[credential.id])).content.decode()
        assert "uspended" in said or "SUSPENDED" in said
        assert "Valid" not in said
    machine = stranger.get(address, headers={"accept": "application/vc+ld+json"})
    assert machine.content == credential.document
    token = stranger.get(address, headers={"accept": "application/vc+jwt"})
    assert token.status_code == 200


def test_the_holder_reads_what_is_meant_for_them_with_a_contact(
    ruth: Client, credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    suspend(ruth, credential)
    page = sign_in(amina).get("/microcred/my/").content.decode()
    assert "suspended this badge on" in page
    assert "We look &lt;i&gt;again&lt;/i&gt;" in page
    assert "Secret reason" not in page
    assert "Send to my wallet" not in page


def test_a_pathway_says_why_a_badge_does_not_count(
    ruth: Client, credential: issuance.IssuedCredential, amina: int, sign_in: SignIn
) -> None:
    publish("macro", {"all": [{"badge": "short"}, {"outcome": "o.b"}]}, kind="macro")
    pathways.define_pathway(
        key="road",
        title="Road",
        description="",
        badge_key="macro",
        stages=[("First", "badge", "short")],
        now=timezone.now(),
    )
    suspend(ruth, credential)
    page = sign_in(amina).get("/microcred/pathways/road").content.decode()
    assert "it is suspended: it does not count here" in page


def test_many_are_looked_at_and_suspended(
    ruth: Client, credential: issuance.IssuedCredential, sign_in: SignIn
) -> None:
    for number in range(2):
        do_unit(make_user(f"kim{number}"), "a", now=timezone.now())
    query = "badge=short&do=suspend"
    seen = ruth.get(f"{NEW}?{query}")
    assert "Copies elsewhere verify until" in seen.content.decode()
    assert len(seen.context["copies"]) == 3
    form = {"seal": seen.context["preview"].seal, "count": "3", "reason": "Checked", "told": "Wait"}
    answer = ruth.post(f"{NEW}?{query}", form)
    assert answer.status_code == 302
    [job] = backfill.list_recalls(issuer_slugs=None)
    finish_job(job.id, timezone.now())
    assert awards.count_awards(awards.AwardFilter(None, state="suspended"), most=9) == 3
    assert "suspended" in ruth.get(answer["Location"]).content.decode()
    assert ruth.get(f"{NEW}?badge=short&do=nonsense").context["kind"] == "revoke"


def test_a_badge_whose_copies_last_says_what_to_do(ruth: Client, amina: int) -> None:
    publish("lasting", {"outcome": "o.c"})
    do_unit(amina, "c")
    award = awards.held_badges(amina)["lasting"]
    page = ruth.get(reverse("microcred_app:registrar-award", args=[award])).content.decode()
    assert "Copies of this badge do not end by themselves" in page
    page = ruth.get(f"{NEW}?badge=lasting&do=suspend").content.decode()
    assert "Publish a version whose credentials are valid" in page


def test_a_hosted_assertion_says_that_it_is_not_valid_now(
    ruth: Client, credential: issuance.IssuedCredential
) -> None:
    from microcred_app.applets.delivery.models import HostedAssertion

    row = HostedAssertion.objects.create(
        credential_id=credential.id, handle="h" * 43, created_at=timezone.now()
    )
    address = reverse("microcred_app:ob2-assertion", args=[row.handle])
    before = json.loads(ruth.get(address).content)
    suspend(ruth, credential)
    after = json.loads(ruth.get(address).content)
    assert after["expires"] < before["expires"]
    assert after["expires"] <= (timezone.now() + timedelta(seconds=1)).isoformat()


def test_a_key_that_does_not_open_leaves_the_award_suspended_and_says_what_to_do(
    ruth: Client, credential: issuance.IssuedCredential, settings: Any
) -> None:
    suspend(ruth, credential)
    other = "A" * 43 + "="
    with override_settings(MICROCRED={**settings.MICROCRED, "KEY_ENCRYPTION_KEYS": [other]}):
        answer = ruth.post(award_page(credential), {"do": "lift", "reason": "Fine"})
    assert answer.status_code == 503
    assert "does not open" in answer.content.decode() and "Nothing was changed" in answer.content.decode()
    assert awards.get_award(credential.award_id).suspended_at is not None
    assert ruth.post(award_page(credential), {"do": "lift", "reason": "Fine"}).status_code == 302
    assert awards.get_award(credential.award_id).suspended_at is None

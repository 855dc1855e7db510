"""The browser's own check holds a badge against the published schema, and judges each endorsement in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from microcred_app.ob3.achievements import Profile
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import did_document, did_web, verification_method_id
from microcred_app.ob3.documents import CredentialSchema, StatusEntry, build_achievement_credential
from microcred_app.ob3.endorsements import EndorsementCredential, build_endorsement_credential
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.verification import verify
from tests.fixtures.browser_check import ISSUER, METHOD, STRANGER, Json, Web, badge, status_list
from tests.ob3.samples import CREDENTIAL, NOW, SIGNER

pytestmark = pytest.mark.browser


def resigned(document: Json) -> Json:
    """*document* signed anew, whatever is in it."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return sign(unsigned, SIGNER, verification_method=METHOD, created=NOW)


def achievement_with(**members: Any) -> Callable[[Json], Json]:
    def change(document: Json) -> Json:
        subject = document["credentialSubject"]
        achievement = {**subject["achievement"], **members}
        return {**document, "credentialSubject": {**subject, "achievement": achievement}}

    return change


SHAPES: dict[str, Callable[[Json], Json]] = {
    "an unknown kind of achievement": achievement_with(achievementType="Medal"),
    "a picture that is a text": achievement_with(image="https://example.edu/picture.png"),
    "an alignment to nothing": achievement_with(alignment=[{"type": ["Alignment"], "targetName": "x"}]),
    "a language that is none": achievement_with(inLanguage="English"),
    "a date of award that is none": lambda d: {**d, "awardedDate": "2026-03-01"},
    "a result without type": lambda d: {
        **d,
        "credentialSubject": {**d["credentialSubject"], "result": [{"value": "3"}]},
    },
    "criteria that are a number": achievement_with(criteria={"id": "https://x.example/a", "narrative": 5}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_the_published_schema_does_not_admit_is_invalid_here_and_for_the_site(
    web: Web, name: str
) -> None:
    changed = SHAPES[name](badge())
    verdict, checks = web.check(changed)
    assert (verdict, checks["schema"]) == ("invalid", ("failed", "schema.violated"))
    report = verify(json.dumps(changed), now=NOW, schemas=bundled_validators())
    assert report.check("schema").reason == "schema.violated"


def test_badges_of_other_issuers_in_their_spelling_satisfy_it(web: Web) -> None:
    """Single values where sets are usual, an own kind of achievement, words that the schema does not know."""
    subject = badge()["credentialSubject"]
    achievement = {**subject["achievement"], "achievementType": "ext:Medal", "type": "Achievement"}
    changed = resigned({**badge(), "credentialSubject": {**subject, "achievement": achievement}})
    assert web.check(changed)[0] == "valid"


def test_a_schema_that_is_not_inside_is_never_green_and_never_fetched(web: Web) -> None:
    address = "https://learn.example.edu/own-schema.json"
    declared = replace(
        CREDENTIAL, issuer=replace(CREDENTIAL.issuer, id=ISSUER), schemas=(CredentialSchema(address),)
    )
    document = sign(build_achievement_credential(declared), SIGNER, verification_method=METHOD, created=NOW)
    verdict, checks = web.check(document)
    assert (verdict, checks["schema"]) == ("undetermined", ("could_not_check", "schema.unknown"))
    assert address not in web.asked


ENDORSER = Ed25519Signer(bytes(range(1, 33)))
ENDORSER_ID = did_web("https://guild.example.org")
ENDORSER_DOCUMENT = "https://guild.example.org/.well-known/did.json"
GUILD_LIST = "https://guild.example.org/status/1"


def endorsement(signer: Ed25519Signer = ENDORSER, issuer: str = ENDORSER_ID, **changes: Any) -> Json:
    said = EndorsementCredential(
        id="urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0002",
        name="Vouched for",
        issuer=Profile(issuer, "The guild"),
        valid_from=NOW,
        endorses=CREDENTIAL.achievement.id,
        comment="We teach the same.",
    )
    method = verification_method_id(issuer, signer.public_key)
    unsigned = build_endorsement_credential(replace(said, **changes))
    return sign(unsigned, signer, verification_method=method, created=NOW)


def endorsed(*endorsements: Json) -> Json:
    return badge(achievement=replace(CREDENTIAL.achievement, endorsements=endorsements))


@pytest.fixture
def guild(web: Web) -> Web:
    """The web with the endorser's document in it."""
    document = did_document(ENDORSER_ID, [ENDORSER.public_key])
    web.answers[ENDORSER_DOCUMENT] = json.dumps(document).encode()
    return web


def test_an_endorsement_that_holds_has_its_line_and_names_the_endorser(guild: Web) -> None:
    document = endorsed(endorsement())
    assert guild.endorsements(document) == ("valid", ["passed"])
    expect(guild.page.locator("[data-check=endorsements] bdi")).to_have_text("The guild")


ENDORSEMENTS: dict[str, Callable[[], Json]] = {
    "not signed": lambda: {**endorsement(), "proof": []},
    "changed": lambda: {**endorsement(), "name": "Praised"},
    "in the endorser's name, by a stranger": lambda: endorsement(STRANGER),
    "of something else": lambda: endorsement(endorses="https://elsewhere.example/achievement"),
    "over": lambda: endorsement(valid_until=NOW + timedelta(days=1)),
    "of the future": lambda: endorsement(valid_from=NOW + timedelta(days=3000)),
}


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_an_endorsement_that_does_not_hold_is_red_and_takes_no_badge_away(guild: Web, name: str) -> None:
    document = endorsed(ENDORSEMENTS[name](), endorsement())
    assert guild.endorsements(document) == ("valid", ["failed", "passed"])
    known = {ISSUER: guild.did, ENDORSER_ID: ENDORSER_DOCUMENT}
    report = verify(
        json.dumps(document),
        now=NOW + timedelta(days=100),
        resolve_did=lambda did: json.loads(guild.answers[known[did]]),
        fetch_status_list=guild.answers.__getitem__,
    )
    assert report.verdict == "valid"
    assert [one.outcome for one in report.checks_of("endorsements")] == ["failed", "passed"]


def test_an_endorsement_that_was_taken_back_is_red(guild: Web) -> None:
    document = endorsed(endorsement(status=StatusEntry(GUILD_LIST, 7)))
    fields: Json = {"list_url": GUILD_LIST, "issuer": ENDORSER_ID, "signer": ENDORSER}
    guild.answers[GUILD_LIST] = json.dumps(status_list(**fields)).encode()
    assert guild.endorsements(document) == ("valid", ["passed"])
    guild.answers[GUILD_LIST] = json.dumps(status_list(7, **fields)).encode()
    assert guild.endorsements(document) == ("valid", ["failed"])
    del guild.answers[GUILD_LIST]
    assert guild.endorsements(document) == ("valid", ["could_not_check"])


def test_an_endorser_who_does_not_answer_is_never_green(web: Web) -> None:
    assert web.endorsements(endorsed(endorsement())) == ("valid", ["could_not_check"])
    expect(web.page.locator("[data-check=endorsements].mc-check--could_not_check")).to_have_count(1)
    assert web.page.locator("[data-check=endorsements] bdi").count() == 0, "whose it is, is not known"


def test_nobody_is_asked_in_the_name_of_a_badge_that_is_not_certain(guild: Web) -> None:
    document = {**endorsed(endorsement()), "name": "Another"}
    verdict, outcomes = guild.endorsements(document)
    assert (verdict, outcomes) == ("invalid", ["could_not_check"])
    assert ENDORSER_DOCUMENT not in guild.asked


def test_endorsements_of_endorsements_are_judged_each_and_not_without_end(guild: Web) -> None:
    inner = endorsement(endorses="urn:uuid:0a4bd7d2-3a6a-4a43-93c5-4c1f0c0e0002", id="urn:uuid:in")
    assert guild.endorsements(endorsed(endorsement(endorsements=(inner,))))[1] == ["passed", "passed"]
    many = [endorsement(id=f"urn:uuid:{number}") for number in range(25)]
    verdict, outcomes = guild.endorsements(endorsed(*many))
    assert (verdict, outcomes) == ("valid", ["passed"] * 20 + ["could_not_check"])
    assert len([url for url in guild.asked if url == ENDORSER_DOCUMENT]) == 2, "once for each badge"
    nested = endorsement()
    for number in range(5):
        nested = endorsement(id=f"urn:uuid:{number}", endorsements=(nested,))
    outcomes = guild.endorsements(endorsed(nested))[1]
    assert outcomes[-1] == "could_not_check"
    assert len(outcomes) == 4

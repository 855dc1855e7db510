"""Every kind satisfies the official schemas of both families; what differs is said in ``docs/reference``."""

import pytest

from microcred_app.ob3.schema import bundled_validators
from tests.interop.kinds import JOSE_SIGNERS, claims_of, made_here, unsigned
from tests.interop.kinds import token as token_of
from tests.interop.verifiers import strict_problems
from tests.ob3.test_nested import badge_of_holder, record, second_badge, token

pytestmark = pytest.mark.interop

_FOLDER = "https://purl.imsglobal.org/spec/"
ADDRESSES = {
    "endorsement": f"{_FOLDER}ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json",
    "record": f"{_FOLDER}clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json",
}
BADGE = f"{_FOLDER}ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


@pytest.mark.parametrize("name", list(unsigned()))
def test_the_published_schema_is_satisfied(name: str) -> None:
    assert bundled_validators()[ADDRESSES.get(name, BADGE)](made_here()[name]) == []


@pytest.mark.parametrize("name", [name for name in unsigned() if name != "record"])
def test_the_strict_schema_is_satisfied(name: str) -> None:
    kind = "endorsementcredential" if name == "endorsement" else "achievementcredential"
    assert strict_problems(made_here()[name], kind) == []


@pytest.mark.parametrize("algorithm", JOSE_SIGNERS)
def test_the_payload_of_a_token_satisfies_both(algorithm: str) -> None:
    payload = claims_of(token_of(algorithm))
    assert bundled_validators()[BADGE](payload) == []
    assert strict_problems(payload, "achievementcredential") == []


def test_the_schema_of_records_does_not_know_envelopes() -> None:
    """A difference between CLR 2.0's schema and VCDM 2.0, which allows envelopes wherever a credential stands."""
    document = record(second_badge(), token(badge_of_holder()))
    assert bundled_validators()[ADDRESSES["record"]](document) != []

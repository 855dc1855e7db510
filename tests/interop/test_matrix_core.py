"""@digitalcredentials/verifier-core (VerifierPlus, Learner Credential Wallet) accepts every kind, and no mutation.

It issues nothing: what its makers issue is signed with @digitalbazaar/vc, which `test_matrix` covers.
"""

from functools import cache

import pytest

from microcred_app.ob3.contexts import CLR_2_0_1, bundled_contexts
from microcred_app.ob3.dids import did_web_url
from tests.interop.kinds import (
    DID_WEB,
    NOT_VALID,
    REVOKED_LIST,
    WEB_DOCUMENT,
    Json,
    changed,
    made_here,
    unsigned,
)
from tests.interop.verifiers import run_matrix_core
from tests.ob3.samples import LIST_URL

pytestmark = pytest.mark.interop

KINDS = list(unsigned())


@cache
def results() -> list[Json]:
    # It has no CLR context of its own; where that can be fetched, it is.
    clr = dict(bundled_contexts().document(CLR_2_0_1))
    documents = {did_web_url(DID_WEB): WEB_DOCUMENT, LIST_URL: REVOKED_LIST, CLR_2_0_1: clr}
    return run_matrix_core([*made_here().values(), *changed()], documents)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_accepted_or_its_reason_is_seen(name: str) -> None:
    result = results()[KINDS.index(name)]
    assert result["verified"] == (name not in NOT_VALID), result
    assert result["status"]["valid_signature"] is True
    if name == "revoked":
        assert result["status"]["revocation_status"] is False
    if name == "expired":
        assert result["status"]["expiration"] is False


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_satisfies_the_schema_that_it_applies(name: str) -> None:
    assert all(results()[KINDS.index(name)]["schema"])


@pytest.mark.parametrize("number", range(len(changed())))
def test_no_mutation_is_accepted(number: int) -> None:
    assert not results()[len(KINDS) + number]["verified"]

"""Two of everything at the same moment: one code gives one token, one offer one wallet, one nonce one use."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.making import MAX_WRONG_CODES
from microcred_app.applets.offers.models import Offer
from tests.fixtures.credentials import earn_badge, make_learner
from tests.fixtures.wallet_app import PRE_AUTHORISED, AppWallet

pytestmark = pytest.mark.django_db(transaction=True)
WALLETS = 6


@pytest.fixture
def links(db: None) -> offers.OfferLinks:
    cache.clear()
    now = timezone.now()
    learner = make_learner()
    badge = issuance.get_credential(str(earn_badge(learner, now=now)))
    made = offers.make_offer(learner, badge.award_id, now=now)
    found = offers.links_of(learner, made.id, now=now)
    assert found is not None
    return found


def new_wallet() -> AppWallet:
    return AppWallet(now=timezone.now(), issuer=offers.issuer_id())


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    answers: list[Any] = []
    start = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> None:
        try:
            start.wait()
            answers.append(step())
        finally:
            connection.close()

    threads = [Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(steps)
    return answers


def test_one_code_gives_one_token(links: offers.OfferLinks):
    code = new_wallet().read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    answers = at_once(*[lambda: new_wallet().ask_token(**{"pre-authorized_code": code})] * WALLETS)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (WALLETS - 1)


def test_digits_guessed_by_many_at_once_are_counted_each():
    """Guesses that run beside each other would otherwise be counted as one, and the bound be none."""
    cache.clear()
    now, learner = timezone.now(), make_learner()
    badge = issuance.get_credential(str(earn_badge(learner, now=now)))
    made = offers.make_offer(learner, badge.award_id, guarded=True, now=now)
    links = offers.links_of(learner, made.id, now=now)
    assert links is not None
    code = new_wallet().read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    wrong = "000000" if links.tx_code != "000000" else "000001"

    def guess() -> Any:
        return new_wallet().ask_token(**{"pre-authorized_code": code}, tx_code=wrong)

    assert {answer.status_code for answer in at_once(*[guess] * WALLETS)} == {400}
    assert Offer.objects.get(pk=made.id).wrong_codes >= MAX_WRONG_CODES
    assert offers.get_offer(learner, made.id, now=timezone.now()).state == "blocked"
    right = new_wallet().ask_token(**{"pre-authorized_code": code}, tx_code=links.tx_code)
    assert (right.status_code, right.json()["error"]) == (400, "invalid_grant")


def test_one_exchange_gives_one_wallet_the_badge(links: offers.OfferLinks):
    import json
    from urllib.parse import parse_qs, urlsplit

    address = json.loads(parse_qs(urlsplit(links.lcw).query)["request"][0])["protocols"]["vcapi"]
    asked = []
    for _wallet in range(WALLETS):
        wallet = new_wallet()
        question = wallet.post_json(address, {}).json()["verifiablePresentationRequest"]
        vp = wallet.presentation(question["challenge"], question["domain"])
        asked.append(lambda w=wallet, p=vp: w.post_json(address, {"verifiablePresentation": p}))
    answers = at_once(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * (WALLETS - 1)
    assert Credential.objects.exclude(holder_binding="email").count() == 1


def test_one_nonce_is_used_once_and_one_key_gets_one_credential(links: offers.OfferLinks):
    wallet = new_wallet()
    token, nonce = wallet.token_for(links.oid4vci), wallet.nonce()
    proof = wallet.proof(nonce=nonce)
    answers = at_once(*[lambda: wallet.ask_credential(token, proof)] * WALLETS)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (WALLETS - 1)
    fresh = [wallet.proof() for _request in range(WALLETS)]
    again = at_once(*[lambda p=p: wallet.ask_credential(token, p) for p in fresh])
    assert {answer.status_code for answer in again} == {200}
    assert Credential.objects.exclude(holder_binding="email").count() == 1


def test_both_formats_at_once_are_one_credential_each(links: offers.OfferLinks):
    wallet = new_wallet()
    token = wallet.token_for(links.oid4vci)
    proofs = [wallet.proof() for _ask in range(WALLETS)]
    names = ["open_badge", "open_badge_jwt"] * (WALLETS // 2)

    def ask(name: str, proof: str) -> Callable[[], Any]:
        return lambda: wallet.ask_credential(token, proof, credential_configuration_id=name)

    answers = at_once(*map(ask, names, proofs))
    assert {answer.status_code for answer in answers} == {200}, [answer.content for answer in answers]
    bound = Credential.objects.exclude(holder_binding="email").values_list("holder_binding", flat=True)
    assert sorted(name.partition(":")[0] for name in bound) == ["did", "jwt"]

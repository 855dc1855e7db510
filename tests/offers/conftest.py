"""A learner with a badge, an offer of it, and a wallet app that comes for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.core.cache import cache
from django.utils import timezone

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from tests.fixtures.credentials import earn_badge, make_learner
from tests.fixtures.wallet_app import AppWallet


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """The real clock: the endpoints read it themselves."""
    return timezone.now()


@pytest.fixture
def learner(db: None) -> int:
    return make_learner()


@pytest.fixture
def credential(learner: int, now: datetime) -> issuance.IssuedCredential:
    pk: UUID = earn_badge(learner, now=now)
    return issuance.get_credential(str(pk))


@pytest.fixture
def offer(learner: int, credential: issuance.IssuedCredential, now: datetime) -> offers.OfferInfo:
    return offers.make_offer(learner, credential.award_id, now=now)


@pytest.fixture
def links(learner: int, offer: offers.OfferInfo, now: datetime) -> offers.OfferLinks:
    found = offers.links_of(learner, offer.id, now=now)
    assert found is not None
    return found


@pytest.fixture
def wallet(now: datetime) -> AppWallet:
    return AppWallet(now=now, issuer=offers.issuer_id())

"""Every test here starts with a small catalogue and real transactions, because the road runs on commit."""

from __future__ import annotations

import pytest

from tests.fixtures.catalogue import set_up_catalogue


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()

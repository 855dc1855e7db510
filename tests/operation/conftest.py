"""A site with something in its outboxes."""

import pytest

from tests.fixtures.catalogue import set_up_catalogue


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()

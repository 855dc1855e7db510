"""Every test here starts with a small catalogue and real transactions, because the road runs on commit."""

import pytest

from tests.fixtures.catalogue import set_up_catalogue
from tests.fixtures.review_world import OfficesOnly


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()


@pytest.fixture
def offices_only(monkeypatch: pytest.MonkeyPatch) -> OfficesOnly:
    """Who judges and who is staff of the course is who is put into its sets."""
    people = OfficesOnly()
    people.install(monkeypatch)
    return people


@pytest.fixture
def judges(offices_only: OfficesOnly) -> set[int]:
    """Who reviews the course: whoever is put into the set."""
    return offices_only.judges

"""Every test here starts with a small catalogue and real transactions, because the road runs on commit."""

from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.catalogue import set_up_catalogue


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()


@pytest.fixture
def evidence_folder(settings: Any, tmp_path: Path) -> Path:
    """Where this test's evidence is stored."""
    folder = tmp_path / "evidence"
    stores = {**settings.STORAGES}
    options = {**stores["microcred_evidence"]["OPTIONS"], "location": folder}
    stores["microcred_evidence"] = {**stores["microcred_evidence"], "OPTIONS": options}
    settings.STORAGES = stores
    return folder

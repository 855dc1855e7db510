"""The npm verifiers are installed before the first test that needs them."""

import pytest

from tests.interop.verifiers import install_verifiers


@pytest.fixture(scope="session", autouse=True)
def npm_verifiers() -> None:
    install_verifiers()

"""Fixtures of the block tests."""

from __future__ import annotations

import pytest

from microcred_xblock import bridge

from .fake_app import FakeApp, OutcomeInfo


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """A site with badges, whose catalogue holds one outcome."""
    double = FakeApp()
    double.outcomes["read-tyre"] = OutcomeInfo(
        "read-tyre", "Read the size of a tyre", "wheels", "Wheels", ("Tyre reader",)
    )
    monkeypatch.setattr(bridge, "available", lambda: True)
    monkeypatch.setattr(bridge, "app", lambda: double)
    return double


@pytest.fixture
def no_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that has the blocks and not the app."""
    monkeypatch.setattr(bridge, "available", lambda: False)

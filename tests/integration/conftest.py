"""The seeded demo site in the test's own process, with a database whose transactions really commit."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from demo_site.courses.models import Grade, LearnerState
from microcred_app.applets.attainments.models import Attainment, DueEvaluation, PartResult, UnitProgress
from microcred_app.applets.awards.models import Award
from microcred_app.applets.delivery.models import Delivery
from microcred_app.applets.evidence.models import EvidenceFile, Review, Submission
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.course_walk import Browser

RECORDS = (
    LearnerState, Grade, UnitProgress, PartResult, Attainment, DueEvaluation, Award, Credential,
    Submission, EvidenceFile, Review, Delivery,
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """The demo site with its course, badges and people."""

    folder: Path

    def user(self, name: str) -> Any:
        return get_user_model().objects.get(username=name)

    def browser(self, name: str = "", *, raise_exceptions: bool = False) -> Browser:
        """The browser of somebody; nobody's without a name. A crash is an answer 500, as for real people."""
        return Browser(self.user(name) if name else None, raise_exceptions=raise_exceptions)

    def kept(self) -> dict[str, Any]:
        """Everything that anybody's work has led to, to compare before and after."""
        rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in RECORDS}
        return rows | {"files": self.stored_files()}

    def stored_files(self) -> list[str]:
        """Names of the evidence files in storage."""
        found = (self.folder / "evidence").rglob("*")
        return sorted(str(path.relative_to(self.folder)) for path in found if path.is_file())


@pytest.fixture
def site(transactional_db: None, tmp_path: Path, settings: Any) -> Site:
    """The demo as ``make demo`` prepares it."""
    stores = {**settings.STORAGES}
    for alias, folder in (
        ("default", "files"),
        ("course_assets", "assets"),
        ("microcred_evidence", "evidence"),
    ):
        options = {**stores[alias]["OPTIONS"], "location": tmp_path / folder}
        stores[alias] = {**stores[alias], "OPTIONS": options}
    settings.STORAGES = stores
    call_command("seed_demo", stdout=StringIO(), stderr=StringIO())
    return Site(tmp_path)


@pytest.fixture
def amina(site: Site) -> Browser:
    """A learner's browser."""
    return site.browser("amina")


@pytest.fixture
def nobody(site: Site) -> Client:
    """A browser in which nobody is signed in."""
    return Client()

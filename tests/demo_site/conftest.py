"""A course of toys, people of all kinds, and a browserless client for each."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock

from demo_site.courses import roles
from demo_site.courses.models import Role
from demo_site.runtime import olx
from tests.fixtures.chromium import NO_DEVICES

from .toy_blocks import ToyBlock, ToyBox

OLX = """
<course url_name="run" org="Org" course="Toys" display_name="Toys">
  <chapter url_name="c" display_name="Chapter">
    <sequential url_name="s" display_name="Lesson">
      <vertical url_name="first" display_name="First unit">
        <html url_name="words" display_name="Words"><![CDATA[<p>Read & <img src="/static/pic.png"></p>]]></html>
        <toy url_name="toy" display_name="Robot" options='["a", "b"]' weight="10"/>
        <toy url_name="secret" display_name="Hidden" visible_to_staff_only="true"/>
      </vertical>
      <vertical url_name="second" display_name="Second unit">
        <toy_box url_name="box" display_name="Box">
          <toy url_name="inner" display_name="Inner"/>
          <toy url_name="inner-secret" display_name="Inner hidden" visible_to_staff_only="true"/>
          <html url_name="inner-words" display_name="More words"><p>Inside</p></html>
        </toy_box>
      </vertical>
    </sequential>
  </chapter>
</course>
"""


@dataclass(frozen=True)
class ToyCourse:
    """The imported course and shortcuts to its blocks."""

    key: CourseKey
    folder: Path

    def block(self, block_type: str, block_id: str) -> UsageKey:
        return self.key.make_usage_key(block_type, block_id)

    def handler(self, usage_key: UsageKey, name: str) -> str:
        return reverse("lms:handler", args=[self.key, usage_key, name])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; inside a container it runs as root and cannot have a sandbox."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", *NO_DEVICES],
    }


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy blocks are installed for the length of a test."""
    module = ToyBlock.__module__
    entries = [
        EntryPoint("toy", f"{module}:{ToyBlock.__name__}", XBlock.entry_point),
        EntryPoint("toy_box", f"{module}:{ToyBox.__name__}", XBlock.entry_point),
    ]
    monkeypatch.setattr(XBlock, "extra_entry_points", [(entry.name, entry) for entry in entries])


@pytest.fixture
def course(db: None, toys: None, tmp_path: Path, settings: Any) -> ToyCourse:
    """The toy course, imported and published."""
    stores = {**settings.STORAGES}
    for alias in ("default", "course_assets"):
        stores[alias] = {**stores[alias], "OPTIONS": {"location": tmp_path / alias, "base_url": None}}
    settings.STORAGES = stores
    folder = tmp_path / "olx"
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "pic.png").write_bytes(b"\x89PNG picture")
    (folder / "course.xml").write_text(OLX, encoding="utf-8")
    return ToyCourse(olx.import_course(folder), folder)


@pytest.fixture
def person(db: None) -> Callable[[str], Any]:
    """Makes accounts."""

    def make(name: str) -> Any:
        return get_user_model().objects.create_user(
            name, f"{name}@example.org", "secret", first_name=name.title(), last_name="Test"
        )

    return make


@pytest.fixture
def learner(person: Callable[[str], Any], course: ToyCourse) -> Any:
    """Somebody enrolled."""
    user = person("lea")
    roles.enrol(user.pk, course.key)
    return user


@pytest.fixture
def author(person: Callable[[str], Any], course: ToyCourse) -> Any:
    """Course staff."""
    user = person("aud")
    roles.give_role(user.pk, course.key, Role.STAFF)
    return user


@pytest.fixture
def as_learner(learner: Any) -> Client:
    """The learner's browser."""
    return _signed_in(learner)


@pytest.fixture
def as_author(author: Any) -> Client:
    """The author's browser."""
    return _signed_in(author)


@pytest.fixture
def as_stranger(person: Callable[[str], Any]) -> Client:
    """The browser of somebody who has an account and nothing to do with the course."""
    return _signed_in(person("stranger"))


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client

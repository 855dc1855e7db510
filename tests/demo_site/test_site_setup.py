"""What the site stands on: secrets that last, languages that exist, a plugin that is really loaded."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import resolve

from demo_site import languages, plugin_wiring, secret_files
from demo_site.platform import DemoPlatform
from microcred_app.compat import Person

from .conftest import ToyCourse


def test_a_secret_is_made_once_even_by_processes_that_start_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_files.encryption_key(tmp_path), range(16)))
    assert len(keys) == 1
    assert secret_files.encryption_key(tmp_path) in keys


def test_a_secret_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    secret_files.django_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_an_empty_secret_file_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_files, "_WAIT_SECONDS", 0)
    (tmp_path / "secret-key").touch()
    with pytest.raises(RuntimeError, match="Delete it and start again"):
        secret_files.django_secret(tmp_path)


def test_only_languages_with_a_catalogue_are_offered(tmp_path: Path) -> None:
    for code in ("de", "ar", "pt_BR", "xx"):
        folder = tmp_path / "translations" / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").touch()
    assert [code for code, _ in languages.offered(tmp_path)] == ["en", "ar", "de", "pt-br"]


def test_microcred_is_loaded_through_its_entry_points() -> None:
    assert apps.get_app_config("microcred_app").name == "microcred_app"
    assert resolve("/microcred/my/").namespaces == ["microcred_app"]


def test_without_the_entry_points_the_site_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin_wiring, "get_plugin_apps", lambda project_type: ["completion.apps.Config"])
    with pytest.raises(ImproperlyConfigured, match=r"pip install -e \."):
        plugin_wiring.plugin_apps()


def test_the_platform_adapter_answers_for_people_and_courses(
    course: ToyCourse, learner: Any, author: Any
) -> None:
    platform, key = DemoPlatform(), str(course.key)
    toy = str(course.block("toy", "toy"))
    assert platform.is_enrolled(learner.pk, key) and not platform.is_enrolled(author.pk, key)
    assert platform.is_course_staff(author.pk, key) and not platform.is_course_staff(learner.pk, key)
    assert platform.reviewable_courses(author.pk) == (key,)
    assert platform.course_title(key) == "Toys"
    assert platform.course_title("course-v1:Gone+Gone+gone") == "course-v1:Gone+Gone+gone"
    assert (platform.learner_name(learner.pk), platform.learner_email(learner.pk)) == (
        "Lea Test",
        "lea@example.org",
    )
    assert (platform.learner_name(0), platform.learner_email(0)) == ("", "")
    assert platform.people([learner.pk, 0]) == {
        learner.pk: Person(platform.learner_name(learner.pk), platform.learner_email(learner.pk))
    }
    assert platform.unit_url(toy) == f"/courses/{key}/jump_to/{toy}"


def test_a_reviewers_decision_is_recorded_for_the_learner(course: ToyCourse, learner: Any) -> None:
    from completion.models import BlockCompletion

    from demo_site.courses.models import Grade

    platform, toy = DemoPlatform(), course.block("toy", "toy")
    platform.submit_completion(learner.pk, str(toy), 1.0)
    platform.submit_grade(learner.pk, str(toy), 3, 4)
    platform.submit_grade(learner.pk, str(toy), 1, 4)
    assert BlockCompletion.objects.get(user=learner).completion == 1.0
    assert Grade.objects.get(user=learner).earned == 3

"""The how-to for sites without Tutor, followed: install, set and run what it says, and the site works."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.packaging.test_wheel import ROOT, UV, wheel

__all__ = ["wheel"]

PAGE = (ROOT / "docs" / "how-to" / "install.rst").read_text("utf-8")
MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
SITE = """
from edx_django_utils.plugins import add_plugins, get_plugin_apps
SECRET_KEY = "x" * 50
ALLOWED_HOSTS = ["lms.example.edu"]
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.staticfiles",
    *get_plugin_apps("lms.djangoapp"),
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER + "/db.sqlite3"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = "badges@lms.example.edu"
ROOT_URLCONF = "microcred_app.urls"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = FOLDER + "/static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""


def said_in_page(after: str) -> str:
    """The literal block that follows these words."""
    block = PAGE.split(after)[1].split("::\n\n", 1)[1]
    lines = block.splitlines()
    end = next((number for number, line in enumerate(lines) if line and not line.startswith(" ")), len(lines))
    return textwrap.dedent("\n".join(lines[:end]))


@pytest.mark.parametrize("django", ["Django>=4.2,<4.3", "Django>=5.2,<5.3"])
def test_the_words_of_the_page_lead_to_a_site_that_works(wheel: Path, tmp_path: Path, django: str) -> None:
    """With either of the supported lines of Django: a migration may be written so that one cannot read it."""
    environment = tmp_path / "env"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = str(environment / "bin" / "python")
    commands = said_in_page("Without Tutor\n").splitlines()
    requirement = re.fullmatch(r'pip install "microcred\[(.*)\]"', commands[0])
    assert requirement
    subprocess.run(
        [
            UV,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            f"microcred[{requirement.group(1)}] @ {wheel.as_uri()}",
            django,
        ],
        check=True,
    )

    settings = said_in_page("Three are\nneeded").replace("/openedx/media-private", str(tmp_path / "private"))
    make_key = re.search(r"python -c '(.*)'", settings)
    assert make_key
    key = subprocess.run(
        [python, "-c", make_key.group(1)], check=True, capture_output=True, text=True
    ).stdout.strip()
    settings = settings.replace("…", key)
    (tmp_path / "site_settings.py").write_text(f"FOLDER = {str(tmp_path)!r}\n{SITE}\n{settings}", "utf-8")
    (tmp_path / "manage.py").write_text(MANAGE, "utf-8")

    for command in commands[1:]:
        words = command.removeprefix("./manage.py lms ").split()
        done = subprocess.run([python, "manage.py", *words], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        if "check" in words:
            assert "no issues" in done.stdout + done.stderr
    assert (tmp_path / "static" / "microcred_app" / "learner" / "learner.css").exists()
    worker = [python, "manage.py", "microcred_worker", "--once"]
    done = subprocess.run(worker, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]

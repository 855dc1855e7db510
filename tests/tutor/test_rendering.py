"""What Tutor 20, 21 and 22 write with the plugin: settings that hold, a worker, a way for uploads, a link."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core import checks
from django.test import override_settings

from microcred_app.conf import settings
from tests.app.test_settings_and_checks import GOOD_SITE

REPOSITORY = Path(__file__).parents[2]
VENVS = REPOSITORY / "tutor" / ".venvs"
VERSIONS = ("20", "21", "22")
pytestmark = pytest.mark.tutor


@dataclass(frozen=True)
class Rendered:
    """An environment that Tutor wrote."""

    root: Path

    def text(self, path: str) -> str:
        return (self.root / "env" / path).read_text(encoding="utf-8")

    def service(self) -> Any:
        return yaml.safe_load(self.text("local/docker-compose.prod.yml"))["services"].get("microcred-worker")

    def config(self) -> Any:
        return yaml.safe_load((self.root / "config.yml").read_text(encoding="utf-8"))

    def settings(self, service: str = "lms", **before: Any) -> dict[str, Any]:
        """The settings that the plugin's lines leave behind, run after *before*."""
        whole = self.text(f"apps/openedx/settings/{service}/production.py")
        lines = whole.split("# Microcred begins")[1].split("# Microcred ends")[0]
        names: dict[str, Any] = {"json": json, **before}
        exec(compile(lines, "settings", "exec"), names)
        return names


def tutor(version: str, root: Path, *arguments: str) -> str:
    program = VENVS / version / "bin" / "tutor"
    if not program.exists():
        pytest.fail(f"There is no {program}: run make tutor-venvs.")
    plugins = root.with_name(f"{root.name}-plugins")
    plugins.mkdir(exist_ok=True)
    environment = os.environ | {"TUTOR_ROOT": str(root), "TUTOR_PLUGINS_ROOT": str(plugins)}
    done = subprocess.run(
        [str(program), *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module", params=VERSIONS)
def plain(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """As the plugin comes, on a host with https."""
    root = tmp_path_factory.mktemp(f"tutor{request.param}")
    tutor(request.param, root, "plugins", "enable", "mfe", "microcred")
    tutor(request.param, root, "config", "save", "-s", "ENABLE_HTTPS=true", "-s", "LMS_HOST=lms.example.edu")
    return Rendered(root)


@pytest.fixture(scope="module", params=VERSIONS)
def changed(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """With every value that an operator is likely to set."""
    root = tmp_path_factory.mktemp(f"tutor{request.param}")
    tutor(request.param, root, "plugins", "enable", "mfe", "microcred")
    values = {
        "ENABLE_HTTPS": "true",
        "LMS_HOST": "lms.example.edu",
        "MICROCRED_WORKER": "cron",
        "MICROCRED_EVIDENCE_STORAGE": "s3",
        "MICROCRED_EVIDENCE_BUCKET": "evidence",
        "MICROCRED_EVIDENCE_OPTIONS": '{"endpoint_url": "https://s3.example.edu"}',
        "MICROCRED_UPLOAD_PIECE_MB": "8",
        "MICROCRED_MENU_TEXT": "Mis insignias",
        "MICROCRED_SETTINGS": '{"TWO_PERSON_APPROVAL": true, "SUGGESTED_HOSTS": [["It\'s \\"W\\"", "https://w.example"]]}',
    }
    tutor(
        version := request.param,
        root,
        "config",
        "save",
        *(f"-s{name}={value}" for name, value in values.items()),
    )
    assert version in VERSIONS
    return Rendered(root)


def said(names: dict[str, Any]) -> list[str]:
    site = GOOD_SITE | {"STORAGES": names["STORAGES"], "MEDIA_ROOT": "/openedx/media/"}
    with override_settings(MICROCRED=names["MICROCRED"], **(site | {"ALLOWED_HOSTS": ["lms.example.edu"]})):
        settings()
        return [str(message.id) for message in checks.run_checks(tags=["microcred"])]


@pytest.mark.parametrize("service", ["lms", "cms"])
def test_settings_hold_and_evidence_is_private(plain: Rendered, service: str) -> None:
    names = plain.settings(service, STORAGES={"default": {"BACKEND": "a"}, "staticfiles": {"BACKEND": "b"}})
    assert names["MICROCRED"]["PUBLIC_BASE_URL"] == "https://lms.example.edu"
    assert set(names["STORAGES"]) == {"default", "staticfiles", "microcred_evidence"}
    assert said(names) == []


def test_a_platform_that_names_storages_one_by_one_keeps_them(plain: Rendered) -> None:
    names = plain.settings(DEFAULT_FILE_STORAGE="their.Default", STATICFILES_STORAGE="their.Static")
    assert names["STORAGES"]["default"] == {"BACKEND": "their.Default"}
    assert names["STORAGES"]["staticfiles"] == {"BACKEND": "their.Static"}
    assert "DEFAULT_FILE_STORAGE" not in names  # Django refuses both ways at once


def test_the_sealing_key_is_made_once(plain: Rendered) -> None:
    keys = plain.config()["MICROCRED_KEY_ENCRYPTION_KEYS"]
    version = plain.root.name.removeprefix("tutor")[:2]
    tutor(version, plain.root, "config", "save")
    assert plain.config()["MICROCRED_KEY_ENCRYPTION_KEYS"] == keys
    with override_settings(MICROCRED={"KEY_ENCRYPTION_KEYS": keys}):
        from microcred_app.vault import decrypt, encrypt

        assert decrypt(encrypt("x")) == "x"


def test_a_worker_runs_beside_the_platform(plain: Rendered) -> None:
    service = plain.service()
    assert service["command"] == ["./manage.py", "lms", "microcred_worker"]
    assert any(mount.startswith("../../data/openedx-media-private:") for mount in service["volumes"])
    kinds = [part for part in yaml.safe_load_all(plain.text("k8s/deployments.yml")) if part]
    (worker,) = [part for part in kinds if part["metadata"]["name"] == "microcred-worker"]
    pod = worker["spec"]["template"]["spec"]
    assert (worker["kind"], pod["containers"][0]["args"][-1]) == ("Deployment", "microcred_worker")
    names = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in pod["containers"][0]["volumeMounts"]} <= names


def test_cron_takes_the_place_of_the_worker(changed: Rendered) -> None:
    assert changed.service() is None
    kinds = [part for part in yaml.safe_load_all(changed.text("k8s/deployments.yml")) if part]
    (job,) = [part for part in kinds if part["metadata"]["name"] == "microcred-worker"]
    assert (job["kind"], job["spec"]["schedule"]) == ("CronJob", "* * * * *")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["args"][-1] == "--once"


def test_what_operators_set_arrives(changed: Rendered) -> None:
    names = changed.settings(STORAGES={})
    bucket = names["STORAGES"]["microcred_evidence"]["OPTIONS"]
    assert bucket["bucket_name"] == "evidence"
    assert bucket["endpoint_url"] == "https://s3.example.edu"
    assert bucket["querystring_auth"] is True
    assert names["MICROCRED"]["EVIDENCE_CHUNK_BYTES"] == 8_000_000
    with override_settings(MICROCRED=names["MICROCRED"]):
        assert settings().two_person_approval
        assert settings().suggested_hosts == (('It\'s "W"', "https://w.example"),)
    assert "django-storages[s3]" in changed.text("build/openedx/Dockerfile")


def test_caddy_is_left_alone_while_pieces_are_small(plain: Rendered) -> None:
    assert "microcred" not in plain.text("apps/caddy/Caddyfile")


def test_large_pieces_open_caddy_for_uploads_only(changed: Rendered) -> None:
    found = changed.text("apps/caddy/Caddyfile")
    block = found.split("handle /microcred/uploads* {")[1].split("handle_path")[0]
    assert "max_size 9MB" in block
    assert found.count("max_size 4MB") == 1


def test_the_image_holds_the_package(plain: Rendered) -> None:
    assert 'pip install "microcred[metrics,speed]"' in plain.text("build/openedx/Dockerfile")


@pytest.mark.parametrize("slot", ["header_desktop_user_menu.v1", "header_learning_user_menu.v1"])
def test_the_menus_have_a_link(plain: Rendered, slot: str) -> None:
    page = plain.text("plugins/mfe/build/mfe/env.config.jsx")
    block = page.split(f"org.openedx.frontend.layout.{slot}")[1].split("addPlugins")[0]
    assert "href={microcredLink.address}" in block
    link = json.loads(page.split("const microcredLink = ")[1].split(";\n")[0])
    assert link == {"address": "https://lms.example.edu/microcred/my/", "text": "My badges"}


def test_the_link_says_what_the_operator_wants(changed: Rendered) -> None:
    assert '"text": "Mis insignias"' in changed.text("plugins/mfe/build/mfe/env.config.jsx")


@pytest.mark.parametrize("version", VERSIONS)
def test_launching_migrates_and_checks(version: str) -> None:
    program = (
        "from tutor import hooks\n"
        "import tutormicrocred.plugin\n"
        "print([task for service, task in hooks.Filters.CLI_DO_INIT_TASKS.iterate() if service == 'lms'][-1])"
    )
    python = VENVS / version / "bin" / "python"
    done = subprocess.run([str(python), "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == (
        "./manage.py lms migrate microcred_app && ./manage.py lms check --tag microcred"
    ), done.stderr

"""The wheel holds every file that the code reads, and works where nothing else is installed."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")
DATA = {
    "microcred_xblock": ("static", "templates", "translations"),
    "microcred_app": ("static", "templates", "mako_templates", "locale", "ob3/contexts", "ob3/schemas"),
}

CLEAN_RUN = """
import json, sys
from importlib.metadata import entry_points
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "microcred_app"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    MICROCRED={"KEY_ENCRYPTION_KEYS": ["A" * 43 + "="]}, USE_TZ=True, ROOT_URLCONF="microcred_app.urls",
    STATIC_URL="/s/",
)
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.template.loader import get_template
get_template("microcred_app/verify/credential.html")
from microcred_app.ob3.contexts import bundled_contexts
from microcred_app.rules import parse_requirement
from xblock.test.tools import TestRuntime
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData
blocks = {}
for point in entry_points(group="xblock.v1"):
    if point.name.startswith("microcred_"):
        cls = point.load()
        runtime = TestRuntime(services={"field-data": KvsFieldData(DictKeyValueStore())})
        block = cls(runtime, scope_ids=ScopeIds("u", point.name, "d", "u"))
        blocks[point.name] = [block.display_name, len(cls.open_local_resource("static/css/microcred.css").read())]
print(json.dumps({
    "file": __import__("microcred_app").__file__,
    "blocks": blocks,
    "contexts": "https://www.w3.org/ns/credentials/v2" in bundled_contexts(),
    "plugins": sorted(p.name for g in ("lms.djangoapp", "cms.djangoapp") for p in entry_points(group=g)
                      if p.value.startswith("microcred_app")),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    # The working tree, not the last commit, is what is being tested.
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    changed = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, changed):
        source, target = ROOT / name, copy / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    # uv builds it, because an environment that tox or uv made has no pip.
    build = [UV, "build", "--wheel", "--quiet", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*build, "--out-dir", str(folder), str(copy)], check=True)
    return next(folder.glob("microcred-*.whl"))


def test_every_data_file_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for package, folders in DATA.items():
        for folder in folders:
            base = ROOT / package / folder
            real = base.resolve()
            wanted |= {
                f"{package}/{folder}/{path.relative_to(real)}" for path in real.rglob("*") if path.is_file()
            }
    wanted = {name for name in wanted if not name.endswith((".pyc", ".mo"))}
    assert len(wanted) > 60
    assert wanted - packed == set()


def test_nothing_else_of_the_repository_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"microcred_app", "microcred_xblock"}


def test_blocks_and_app_load_from_the_wheel_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    python = venv / "bin" / "python"
    lock = ROOT / "requirements" / "base.txt"
    subprocess.run([UV, "pip", "install", "--quiet", "--python", python, "-r", lock, wheel], check=True)
    done = subprocess.run(
        [python, "-c", CLEAN_RUN], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert str(venv) in found["file"]
    assert set(found["blocks"]) == {"microcred_unit", "microcred_check", "microcred_evidence"}
    assert all(size > 500 for _name, size in found["blocks"].values())
    assert found["contexts"] is True
    assert found["plugins"] == ["microcred_app", "microcred_app"]

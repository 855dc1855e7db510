"""With the real openedx-authz: what is listed is what is allowed course by course, however widely a role was given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
A, B, TOO = "course-v1:Acme+A+1", "course-v1:Acme+B+1", "course-v1:AcmeToo+A+1"


def python_3_12() -> str:
    named = [os.environ.get("AUTHZ_PYTHON", ""), shutil.which("python3.12") or ""]
    kept = sorted((Path.home() / ".pyenv" / "versions").glob("3.12*/bin/python"))
    for candidate in (*named, *map(str, kept)):
        if (
            candidate
            and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0
        ):
            return candidate
    return ""


@pytest.fixture(scope="module")
def found() -> Any:
    python = python_3_12()
    if not python:
        pytest.skip("openedx-authz needs Python 3.12, and none was found; name one in AUTHZ_PYTHON.")
    make = ["make", "--silent", ".venv-authz/.ready", f"AUTHZ_PYTHON={python}"]
    subprocess.run(make, cwd=REPOSITORY, check=True, timeout=300)
    done = subprocess.run(
        [".venv-authz/bin/python", "tests/authz/ask_package.py"],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("person", "reached"),
    [
        ("one", [A]),
        ("organisation", [A, B]),
        ("everywhere", [A, B, TOO]),
        ("researcher", []),
        ("nothing", []),
        ("taken", []),
    ],
)
def test_what_is_listed_is_what_is_allowed(found: Any, person: str, reached: list[str]) -> None:
    assert found[person] == {"each": reached, "listed": reached}

"""What is committed is what the sources and the locked packages give, and carries the contexts that the app pins."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "browser_verifier"
BUILT = ROOT / "microcred_app/static/microcred_app/verify"
pytestmark = pytest.mark.interop


@pytest.fixture(scope="session")
def packages() -> None:
    installed, lock = SOURCES / "node_modules/.package-lock.json", SOURCES / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=SOURCES, check=True, capture_output=True)


@pytest.mark.parametrize("name", ["verifier.js", "verifier.licences.txt"])
def test_building_again_gives_the_same_bytes(packages: None, tmp_path: Path, name: str) -> None:
    subprocess.run(["node", SOURCES / "build.mjs", tmp_path], check=True, capture_output=True, timeout=120)
    assert (tmp_path / name).read_bytes() == (BUILT / name).read_bytes(), (
        "run “make verifier” and commit the result"
    )


def test_the_contexts_in_it_are_those_that_the_app_pins() -> None:
    program = (BUILT / "verifier.js").read_text(encoding="utf-8")
    index = json.loads((ROOT / "microcred_app/ob3/contexts/index.json").read_text())
    carried = set(re.findall(r'url:"([^"]+)",sha256:"([0-9a-f]{64})"', program))
    assert {"https://www.w3.org/ns/credentials/v2"} < {url for url, _digest in carried}
    assert all(index[url]["sha256"] == digest for url, digest in carried)


def test_the_schema_in_it_is_the_one_that_the_app_pins() -> None:
    program = (BUILT / "verifier.js").read_text(encoding="utf-8")
    index = json.loads((ROOT / "microcred_app/ob3/schemas/index.json").read_text())
    [(address, digest)] = re.findall(r'address:"([^"]+)",sha256:"([0-9a-f]{64})"', program)
    assert index[address]["sha256"] == digest
    assert "achievementType" in program


def test_it_can_stand_inside_a_page() -> None:
    program = (BUILT / "verifier.js").read_text(encoding="utf-8")
    assert program.isascii()
    assert "</script" not in program.lower()
    assert "<!--" not in program
    assert len(program) < 250_000


def test_every_package_in_it_has_its_licence_beside_it() -> None:
    text = (BUILT / "verifier.licences.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\S+) \d+\.\d+\.\d+ \(([A-Za-z0-9.-]+)\)$", text, re.MULTILINE))
    assert {name for name, _licence in named} >= {
        "jsonld",
        "rdf-canonize",
        "base58-universal",
        "@cfworker/json-schema",
    }
    assert {licence for _name, licence in named} <= {"BSD-3-Clause", "MIT", "ISC", "Apache-2.0"}

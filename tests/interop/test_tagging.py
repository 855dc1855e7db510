"""Frameworks become taxonomies in the platform's own content tagging, and what it exports becomes a framework."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import django
import pytest

from microcred_app.applets.skills.formats import tagging
from microcred_app.applets.skills.formats.detection import parse_files
from microcred_app.applets.skills.formats.rows import SourceFile

SITE = Path(__file__).with_name("tagging_site.py")
NAMES = {
    "f:a": "Brakes; rims > hubs",
    "f:b": "brakes, rims › hubs",
    "f:c": "=SUM(1)",
    "own": "Zoë's\twheels",
    "f:d": "Deep",
    "f:e": "Deeper",
}
BROADER = {"f:b": ["f:a"], "f:c": ["f:b"], "f:d": ["f:c"], "f:e": ["f:d"]}


@pytest.mark.skipif(
    django.VERSION < (5, 1) and sys.version_info >= (3, 12),
    reason="the platform's tagging for Python 3.12 (openedx-core 1.15) is for Django 5.1 and newer",
)
def test_the_platform_imports_what_is_written_and_exports_what_is_read() -> None:
    tags = tagging.arrange(NAMES, BROADER, prefix="f:")
    written = {"csv": tagging.write_csv(tags), "json": tagging.write_json(tags, name="Skills")}
    run = subprocess.run(
        [sys.executable, str(SITE)], input=json.dumps(written), capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout)
    for name, answer in told.items():
        assert answer["done"], (name, answer["log"])
        for kind in ("csv", "json"):
            file = SourceFile(f"t.{kind}", answer[kind].encode())
            found, parsed = parse_files([file], format_name="auto", prefix="f:", today=date(2026, 3, 2))
            assert (found, parsed.problems.count) == ("tagging", 0)
            assert {row.key for row in parsed.skills} == set(NAMES)
            assert {(row.source, row.target) for row in parsed.relations} == {
                ("f:b", "f:a"), ("f:c", "f:b"), ("f:d", "f:b"), ("f:e", "f:b"),
            }  # fmt: skip

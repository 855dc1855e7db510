"""Every figure that the dashboard shows is exported, and every exported figure is on it and in the how-to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.utils import timezone

from microcred_app.applets.delivery.models import Delivery, DeliveryAttempt, TargetHealth, WorkerSign
from microcred_app.operation import read_figures
from microcred_app.rest.figures import as_text

from .test_health_and_figures import waiting

__all__ = ["waiting"]

DOCS = Path(__file__).parents[2] / "docs"
DASHBOARD = json.loads((DOCS / "operate" / "grafana-dashboard.json").read_text("utf-8"))


def exported(page: str) -> dict[str, set[str]]:
    """Names of figures with the labels they have."""
    found: dict[str, set[str]] = {}
    for line in page.splitlines():
        name, labels = (
            re.fullmatch(r"(microcred_\w+)(?:\{(.*)\})? .*", line).groups() if line[0] != "#" else ("", "")
        )  # type: ignore[union-attr]
        if name:
            found.setdefault(name, set()).update(re.findall(r"(\w+)=", labels or ""))
    return found


def full_page(row: Delivery) -> str:
    now = timezone.now()
    WorkerSign.objects.create(seen_at=now)
    TargetHealth.objects.create(target="wallet:1", failures_in_row=5, changed_at=now)
    DeliveryAttempt.objects.create(delivery=row, started_at=now, finished_at=now, outcome="retry")
    return as_text(read_figures(now)).decode()


def expressions() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_the_dashboard_shows_what_is_exported_and_all_of_it(waiting: Any) -> None:
    known = exported(full_page(waiting))
    shown = {name for text in expressions() for name in re.findall(r"microcred_\w+", text)}
    assert shown == set(known)
    for text in expressions():
        (name,) = set(re.findall(r"microcred_\w+", text))
        by = re.search(r"by \(([\w, ]+)\)", text)
        labels = set(re.findall(r"(\w+)=~?\"", text)) | set(by.group(1).split(", ") if by else [])
        assert labels <= known[name], text


def test_states_that_are_asked_for_exist(waiting: Any) -> None:
    page = full_page(waiting)
    for text in expressions():
        for states in re.findall(r'state=~?"([^"]+)"', text):
            for state in states.split("|"):
                assert f'state="{state}"' in page


def test_the_how_to_names_every_figure(waiting: Any) -> None:
    said = (DOCS / "how-to" / "operate.rst").read_text("utf-8")
    for name in exported(full_page(waiting)):
        assert f"``{name}``" in said


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells

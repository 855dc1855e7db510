"""Puts the app's steps into the platform's filters without taking anybody else's out.

Called while the platform's settings are made: nothing here may read Django's settings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["STEPS", "place_steps", "place_templates"]

_HERE = "microcred_app.platform_pages.filters."
#: Which step is called by which filter.
STEPS: dict[str, str] = {
    "org.openedx.learning.instructor.dashboard.tabs.requested.v1": f"{_HERE}InstructorTab",
    "org.openedx.learning.instructor.dashboard.render.started.v1": f"{_HERE}LegacyInstructorTab",
    "org.openedx.learning.home.enrollment.api.rendered.v1": f"{_HERE}EnrollmentBadges",
}
TEMPLATES = Path(__file__).resolve().parent.parent / "mako_templates"


def place_steps(settings: Any) -> None:
    """Add each step once, at the end of its filter's pipeline, in whichever of its three forms that is written.

    A filter that somebody turned into one step (a text) keeps it and becomes a list. ``fail_silently`` stays as it is
    where somebody decided it; otherwise our failing must not take a page of the platform down.
    """
    filters = dict(getattr(settings, "OPEN_EDX_FILTERS_CONFIG", None) or {})
    for name, step in STEPS.items():
        found = filters.get(name)
        if isinstance(found, str):
            found = {"pipeline": [found]}
        elif isinstance(found, list | tuple):
            found = {"pipeline": list(found)}
        else:
            found = dict(found or {})
        pipeline = found.get("pipeline") or []
        pipeline = [pipeline] if isinstance(pipeline, str) else list(pipeline)
        if step not in pipeline:
            pipeline.append(step)
        filters[name] = {"fail_silently": True, **found, "pipeline": pipeline}
    settings.OPEN_EDX_FILTERS_CONFIG = filters


def place_templates(settings: Any) -> None:
    """Let the legacy instructor dashboard, which is drawn by Mako, find the tab's template."""
    folders = getattr(settings, "MAKO_TEMPLATE_DIRS_BASE", None)
    if isinstance(folders, list) and TEMPLATES not in folders:
        folders.append(TEMPLATES)

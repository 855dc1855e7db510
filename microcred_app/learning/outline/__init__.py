"""An existing course becomes micro-units: proposed as a sheet, edited by its author, built all at once or not at all.

* :mod:`.proposal`  what stands in the course, one line per page, as CSV
* :mod:`.sheet`     the edited CSV, with what is wrong in which line
* :mod:`.building`  the units and outcomes of a sheet without faults
* :mod:`.walking`   courses that changed, looked through for units that came or went
"""

from __future__ import annotations

from .building import OutlineRefused, build_outline
from .proposal import (
    NoSuchCourse,
    NotAuthor,
    Proposal,
    propose_units,
    require_author,
    sync_sources,
    write_sheet,
)
from .sheet import COLUMNS, MAX_ROWS, OutlinePlan, PlannedUnit, plan_outline
from .walking import note_course_changed, waiting_courses, walk_changed

__all__ = [
    "COLUMNS",
    "MAX_ROWS",
    "NoSuchCourse",
    "NotAuthor",
    "OutlinePlan",
    "OutlineRefused",
    "PlannedUnit",
    "Proposal",
    "build_outline",
    "note_course_changed",
    "plan_outline",
    "propose_units",
    "require_author",
    "sync_sources",
    "waiting_courses",
    "walk_changed",
    "write_sheet",
]

"""An existing course becomes micro-units: proposed as a sheet, edited by its author, built all at once or not at all.

* :mod:`.proposal`  what stands in the course, one line per page, as CSV
* :mod:`.sheet`     the edited CSV, with what is wrong in which line
* :mod:`.building`  the units and outcomes of a sheet without faults
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
    "plan_outline",
    "propose_units",
    "require_author",
    "sync_sources",
    "write_sheet",
]

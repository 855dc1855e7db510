"""Builds what a sheet plans: outcomes, units, and who did it, in one go or not at all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.applets.audit import api as audit
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.skills import api as skills
from microcred_app.compat import NewUnit, platform
from microcred_app.errors import MicrocredError

from .proposal import require_author
from .sheet import OutlinePlan, PlannedUnit, plan_outline

__all__ = ["OutlineRefused", "build_outline"]


class OutlineRefused(MicrocredError):
    """The sheet has faults; ``plan`` tells them."""

    code = "outline_refused"

    def __init__(self, message: str, plan: OutlinePlan) -> None:
        super().__init__(message)
        self.plan = plan


def build_outline(
    course_key: str, content: bytes, *, author_id: int, now: datetime, name: str = "units.csv"
) -> tuple[str, ...]:
    """Build every unit of the sheet in the course's draft; their usage keys. Nobody sees them before publishing.

    The sheet is read anew against the course as it is now: what was looked at may have changed since. Raises
    :class:`OutlineRefused` when a line is wrong and changes nothing, and :class:`.NotAuthor`.
    The platform goes last, inside our transaction: when it fails, our outcomes go with it.
    """
    require_author(author_id, course_key)
    plan = plan_outline(course_key, content, name=name)
    if plan.problem_count or not plan.units:
        raise OutlineRefused(
            _("Nothing was built: mend the lines that are named.")
            if plan.problem_count
            else _("Nothing was built: no line says yes under “make”."),
            plan,
        )
    with transaction.atomic():
        outcomes = _outcomes(plan, author_id, now)
        units = [(unit, unit.outcome_key or outcomes[unit.statement]) for unit in plan.units]
        audit.record(
            "course.units_built",
            object_type="course",
            object_id=course_key,
            actor_id=author_id,
            now=now,
            details={"units": len(units), "new_outcomes": len(plan.new_outcomes)},
        )
        keys = platform().build_units(
            course_key, [_new_unit(unit, outcome) for unit, outcome in units], author_id=author_id
        )
        for key, (unit, outcome) in zip(keys, units, strict=True):
            authoring.register_source(
                authoring.SourceInfo(key, course_key, outcome, unit.title, unit.minutes), now=now
            )
    return keys


def _outcomes(plan: OutlinePlan, author_id: int, now: datetime) -> dict[str, str]:
    """The key of each new statement. One that the catalogue has in the same words is used and not doubled."""
    keys: dict[str, str] = {}
    for unit in plan.units:
        if unit.outcome_key or unit.statement in keys:
            continue
        same = skills.outcomes_worded(unit.statement)
        keys[unit.statement] = (
            same[0].key
            if same
            else skills.create_outcome(
                statement=unit.statement, skill_key=unit.skill_key, actor_id=author_id, now=now
            ).key
        )
    return keys


def _new_unit(unit: PlannedUnit, outcome_key: str) -> NewUnit:
    return NewUnit(
        page=unit.page.usage_key,
        fields={
            "display_name": unit.title,
            "outcome_key": outcome_key,
            "outcome_statement": unit.statement,
            "estimated_minutes": unit.minutes,
        },
        wraps=tuple(block.usage_key for block in unit.blocks),
        adds=unit.adds,
    )

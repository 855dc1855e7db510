"""Read a whole framework from files: seen before it happens, in one transaction, again and again.

A preview and an import go the same way and give the same report; only the import writes. Whatever is wrong
anywhere in the files leaves the database as it was. Reading the same file again changes nothing; reading its next
edition updates what changed, adds what is new, and lists what is not there any more. Nothing is ever removed:
badges may mention it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .field_form import shorten, tidy_line
from .formats.detection import parse_files
from .formats.rows import Problem, SourceFile
from .import_plan import Plan, make_plan
from .import_report import FrameworkChoice, ImportRefused, ImportReport
from .import_writing import write_plan
from .models import SkillFramework
from .stamp import touch_definitions

__all__ = ["import_skills", "preview_import"]


def preview_import(
    files: Sequence[SourceFile],
    framework: FrameworkChoice,
    *,
    format_name: str = "auto",
    retire_missing: bool = False,
    now: datetime,
) -> ImportReport:
    """What :func:`import_skills` would do with the same arguments. Writes nothing, raises nothing."""
    return _plan(files, framework, format_name, retire_missing, now).report


def import_skills(
    files: Sequence[SourceFile],
    framework: FrameworkChoice,
    *,
    format_name: str = "auto",
    retire_missing: bool = False,
    actor_id: int | None,
    now: datetime,
) -> ImportReport:
    """Read the files into the framework, all or nothing, with one entry in the audit log.

    Raises :class:`ImportRefused` with the whole report when there is any problem, and
    :class:`~microcred_app.permissions.api.NotAllowed`.
    """
    permissions.require_somewhere(actor_id, permissions.Action.MANAGE_SKILLS)
    try:
        with transaction.atomic():
            return _import(files, framework, format_name, retire_missing, actor_id, now)
    except IntegrityError as error:
        # A key that was free a moment ago is not any more.
        problem = Problem(framework.key, _("Somebody else wrote skills at the same time. Try again."))
        raise ImportRefused(
            ImportReport(framework.key, format_name, problems=(problem,), problem_count=1)
        ) from error


def _import(
    files: Sequence[SourceFile],
    framework: FrameworkChoice,
    format_name: str,
    retire_missing: bool,
    actor_id: int | None,
    now: datetime,
) -> ImportReport:
    # First of all, because it is also the lock by which two writers of definitions wait for one another:
    # what the plan reads below is still true when it is written.
    touch_definitions()
    plan = _plan(files, framework, format_name, retire_missing, now)
    if not plan.report.can_import:
        raise ImportRefused(plan.report)
    source = f"{plan.report.format}: " + ", ".join(
        f"{tidy_line(file.name)} (SHA-256 {hashlib.sha256(file.content).hexdigest()})" for file in files
    )
    values = {**plan.framework_values, "source": shorten(source, 500), "imported_at": now}
    row, _created = SkillFramework.objects.update_or_create(key=framework.key, defaults=values)
    write_plan(plan, row, now=now)
    audit.record(
        "skills.imported",
        object_type="framework",
        object_id=framework.key,
        actor_id=actor_id,
        now=now,
        details={"source": source, **_counts(plan.report)},
        issuer_slug=permissions.acting_for(actor_id, permissions.Action.MANAGE_SKILLS),
    )
    return plan.report


def _plan(
    files: Sequence[SourceFile],
    framework: FrameworkChoice,
    format_name: str,
    retire_missing: bool,
    now: datetime,
) -> Plan:
    found, parsed = parse_files(
        files,
        format_name=format_name,
        prefix=f"{framework.key}:",
        today=now.astimezone(UTC).date(),
    )
    return make_plan(parsed, framework, format_name=found, retire_missing=retire_missing)


def _counts(report: ImportReport) -> dict[str, int]:
    return {
        "new": len(report.new),
        "changed": len(report.changed),
        "unchanged": report.unchanged,
        "missing": len(report.missing),
        "retired": len(report.retired),
        "relations_added": report.relations_added,
        "relations_removed": report.relations_removed,
    }

"""What an import would do or did, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .errors import SkillError
from .formats.rows import Problem

__all__ = ["FrameworkChoice", "ImportRefused", "ImportReport", "SkillChange"]


@dataclass(frozen=True)
class FrameworkChoice:
    """The framework to read into. What is empty is taken from the file, or stays as it is."""

    key: str
    name: str = ""
    url: str = ""
    version: str = ""
    language: str = ""


@dataclass(frozen=True)
class SkillChange:
    """One skill that changes: old and new value of each field."""

    key: str
    name: str
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class ImportReport:
    """What a file means for a framework. Nothing is written while ``problem_count`` is above zero.

    ``missing`` are skills of the framework that the file does not list any more; they stay unless the import was
    asked to retire them, in which case ``retired`` are those that were in use until now. ``duplicates`` are
    sentences about skills that look like others; they hinder nothing.
    """

    framework_key: str
    format: str
    new: tuple[str, ...] = ()
    changed: tuple[SkillChange, ...] = ()
    unchanged: int = 0
    missing: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    relations_added: int = 0
    relations_removed: int = 0
    relations_left_out: int = 0
    duplicates: tuple[str, ...] = ()
    duplicate_count: int = 0
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = field(default=0)

    @property
    def can_import(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problem_count


class ImportRefused(SkillError):
    """The file has problems; :attr:`report` has them all, and the database is as it was."""

    code = "import_refused"

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        first = str(report.problems[0]) if report.problems else ""
        super().__init__(
            _("Nothing was imported. Problems: {count}. The first: {first}").format(
                count=report.problem_count, first=first
            )
        )

"""The course as one learner sees it: sections, units, ticks, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass

from completion.services import CompletionService
from opaque_keys.edx.keys import UsageKey
from xblock.core import XBlock

from demo_site.runtime.runtime import LmsRuntime

__all__ = ["Outline", "Section", "Subsection", "UnitLine", "course_outline"]


@dataclass(frozen=True)
class UnitLine:
    """One unit, and whether the learner has completed it."""

    usage_key: UsageKey
    title: str
    complete: bool
    staff_only: bool


@dataclass(frozen=True)
class Subsection:
    """A sequential and its units."""

    title: str
    units: tuple[UnitLine, ...]

    @property
    def says_no_more_than_its_unit(self) -> bool:
        """Whether a heading above its only unit would just repeat that unit's title."""
        return len(self.units) == 1 and self.units[0].title == self.title


@dataclass(frozen=True)
class Section:
    """A chapter and its subsections."""

    title: str
    subsections: tuple[Subsection, ...]


@dataclass(frozen=True)
class Outline:
    """All of a course that one person may see."""

    title: str
    sections: tuple[Section, ...]

    @property
    def units(self) -> tuple[UnitLine, ...]:
        """Every unit in reading order."""
        return tuple(
            unit
            for section in self.sections
            for subsection in section.subsections
            for unit in subsection.units
        )

    @property
    def done(self) -> int:
        """How many units are complete."""
        return sum(unit.complete for unit in self.units)

    @property
    def next_unit(self) -> UnitLine | None:
        """The first unit that is not complete, or the first at all; None in an empty course."""
        units = self.units
        return next((unit for unit in units if not unit.complete), units[0] if units else None)


def course_outline(runtime: LmsRuntime) -> Outline | None:
    """The outline for the runtime's viewer, None when there is no such course."""
    root = runtime.store.tree.root()
    course = runtime.get_block(root.usage_key) if root is not None else None
    if course is None:
        return None
    completion = runtime.completion_service()
    return Outline(
        title=course.display_name_with_default,
        sections=tuple(
            Section(
                chapter.display_name_with_default,
                tuple(
                    Subsection(
                        sequential.display_name_with_default,
                        tuple(_unit_line(unit, completion) for unit in sequential.get_children()),
                    )
                    for sequential in chapter.get_children()
                ),
            )
            for chapter in course.get_children()
        ),
    )


def _unit_line(unit: XBlock, completion: CompletionService | None) -> UnitLine:
    return UnitLine(
        usage_key=unit.scope_ids.usage_id,
        title=unit.display_name_with_default,
        complete=_is_complete(unit, completion),
        staff_only=bool(unit.visible_to_staff_only),
    )


def _is_complete(unit: XBlock, completion: CompletionService | None) -> bool:
    """A unit without anything to complete is not complete: a tick on an empty page would be a lie."""
    if completion is None or not completion.get_completable_children(unit):
        return False
    return bool(completion.vertical_is_complete(unit))

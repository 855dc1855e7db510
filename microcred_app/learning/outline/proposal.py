"""What stands in a course, proposed as micro-units: one line per page that has no unit yet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.skills import api as skills
from microcred_app.compat import CourseBlock, platform
from microcred_app.errors import MicrocredError
from microcred_app.permissions import api as permissions
from microcred_app.spreadsheet import cell

__all__ = [
    "COLUMNS",
    "UNIT",
    "NoSuchCourse",
    "NotAuthor",
    "Proposal",
    "blocks_by_key",
    "propose_units",
    "require_author",
    "sync_sources",
    "write_sheet",
]

COLUMNS = (
    "page",
    "section",
    "make",
    "title",
    "outcome",
    "statement",
    "skill",
    "minutes",
    "blocks",
    "add",
)
UNIT = "microcred_unit"
PAGE = "vertical"
MOST_MINUTES = 30
WORDS_PER_MINUTE = 180
#: Minutes of blocks whose content says nothing about their length.
_MINUTES = {"video": 3.0, "problem": 1.5, "microcred_check": 0.75, "microcred_evidence": 2.0}
#: What nobody completes, or what is no content of a unit.
_LEFT_OUT = frozenset({"discussion", UNIT})


class NoSuchCourse(MicrocredError):
    """The platform has no course of this key, or it is empty."""

    code = "no_such_course"
    http_status = 404


class NotAuthor(MicrocredError):
    """Only people who author the course may read its draft or build in it."""

    code = "not_author"
    http_status = 403


@dataclass(frozen=True)
class Proposal:
    """One page of the course, and the unit it could be. ``blocks`` are those that would move into the unit."""

    page: CourseBlock
    section: str
    title: str
    statement: str
    advice: str
    minutes: int
    blocks: tuple[CourseBlock, ...]


def require_author(user_id: int, course_key: str) -> None:
    """Returns only for people who author the course; raises :class:`NotAuthor`."""
    if not permissions.may_in_course(user_id, permissions.CourseAction.BUILD_UNITS, course_key):
        raise NotAuthor(
            _("Only people of the course team can do this. Ask them to give you access in Studio.")
        )


def blocks_by_key(course_key: str) -> dict[str, CourseBlock]:
    """The course's blocks by usage key; raises :class:`NoSuchCourse`."""
    found = {block.usage_key: block for block in platform().course_blocks(course_key)}
    if not found:
        raise NoSuchCourse(
            _("There is no course “{key}”, or nothing stands in it.").format(key=course_key[:200])
        )
    return found


def propose_units(course_key: str) -> tuple[Proposal, ...]:
    """A unit for each page that has content and no unit yet, in reading order."""
    known = blocks_by_key(course_key)
    proposals = []
    for page in known.values():
        children = [known[key] for key in page.children if key in known]
        blocks = tuple(child for child in children if child.block_type not in _LEFT_OUT)
        if page.block_type != PAGE or not blocks or any(child.block_type == UNIT for child in children):
            continue
        proposals.append(
            Proposal(
                page=page,
                section=_section(page, known),
                title=page.title or blocks[0].title,
                statement=_stub(page.title),
                advice=skills.advise(page.title),
                minutes=_minutes(blocks, known),
                blocks=blocks,
            )
        )
    return tuple(proposals)


def write_sheet(proposals: Iterable[Proposal]) -> str:
    """The proposals as CSV for a spreadsheet: harmless there, and readable again by :mod:`.sheet`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in proposals:
        row = (
            one.page.short,
            one.section,
            "yes",
            one.title,
            "",
            one.statement,
            "",
            one.minutes,
            " ".join(block.short for block in one.blocks),
            "" if any(block.block_type == "problem" for block in one.blocks) else "check",
        )
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def sync_sources(course_key: str, *, now: datetime) -> authoring.SourceSync:
    """Walk the course and write down which units prove which outcome: after an import, a re-run or a deletion."""
    units = [block for block in blocks_by_key(course_key).values() if block.block_type == UNIT]
    return authoring.sync_course(
        course_key,
        (
            authoring.SourceInfo(
                unit.usage_key,
                course_key,
                str(unit.fields.get("outcome_key") or ""),
                unit.title,
                _whole(unit.fields.get("estimated_minutes")),
            )
            for unit in units
        ),
        now=now,
    )


def _stub(title: str) -> str:
    """The title where it reads like an outcome already; else a stub in brackets, which cannot be imported unseen."""
    asked = _("What can learners do?")
    return title if title and not skills.advise(title) else f"[{asked} {title}]"


def _section(page: CourseBlock, known: dict[str, CourseBlock]) -> str:
    names: list[str] = []
    above = known.get(page.parent)
    while above is not None and above.block_type != "course":
        names.insert(0, above.title)
        above = known.get(above.parent)
    return " / ".join(filter(None, names))


def _minutes(blocks: Iterable[CourseBlock], known: dict[str, CourseBlock]) -> int:
    return max(1, min(MOST_MINUTES, round(sum(_of_block(block, known) for block in blocks))))


def _of_block(block: CourseBlock, known: dict[str, CourseBlock]) -> float:
    below = sum(_of_block(known[key], known) for key in block.children if key in known)
    data = block.fields.get("data")
    words = (
        len(strip_tags(data[:200_000]).split()) if isinstance(data, str) and block.block_type == "html" else 0
    )
    default = 0.0 if block.children or words else 1.0
    return below + words / WORDS_PER_MINUTE + _MINUTES.get(block.block_type, default)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

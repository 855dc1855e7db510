"""A course as its authors have it: what stands in it, what its checks ask, and how new units come into it.

The app asks through :mod:`.compat`; here are the values that cross that door and how Open edX's modulestore answers.
Modules of the platform are imported inside the functions, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

__all__ = [
    "AnswerWords",
    "CourseBlock",
    "NewUnit",
    "QuestionWords",
    "build_in_modulestore",
    "questions_in_modulestore",
    "read_from_modulestore",
    "read_questions",
]


@dataclass(frozen=True)
class CourseBlock:
    """One block of the draft. ``fields`` are the authored values by name; keys are texts."""

    usage_key: str
    block_type: str
    title: str
    parent: str
    children: tuple[str, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """``type@id``: enough inside one course, and short enough for a cell."""
        return f"{self.block_type}@{self.usage_key.rsplit('block@', 1)[-1]}"


@dataclass(frozen=True)
class NewUnit:
    """A micro-unit to put on a page: ``wraps`` move into it in this order, ``adds`` are made behind them.

    It takes the place of the first block that moves, or the page's last place. The moved blocks keep their keys, so
    what learners did in them stays theirs.
    """

    page: str
    fields: Mapping[str, Any]
    wraps: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerWords:
    """One possible answer as people read it; ``right`` is None where the check does not say."""

    label: str
    right: bool | None = None


@dataclass(frozen=True)
class QuestionWords:
    """What a check asks now. ``answers`` are by part ("" where there are none) and by value, as responses keep them."""

    wording: str = ""
    prompt: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, AnswerWords]] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether the check was found."""
        return bool(self.wording)


def read_questions(blocks: Iterable[Any]) -> dict[str, QuestionWords]:
    """What those of *blocks* ask that can say so (``question_words()``), by usage key."""
    found = {}
    for block in blocks:
        if hasattr(block, "question_words"):
            said = block.question_words()
            answers = {
                part: {value: AnswerWords(str(label), right) for value, (label, right) in values.items()}
                for part, values in said["answers"].items()
            }
            words = QuestionWords(said["wording"], said["prompt"], dict(said["parts"]), answers)
            found[str(block.scope_ids.usage_id)] = words
    return found


def questions_in_modulestore(course_key: str, unit_usage_key: str) -> dict[str, QuestionWords]:
    """What the checks of a published unit ask; nothing for a unit that is gone or stands in another course."""
    from opaque_keys import InvalidKeyError
    from opaque_keys.edx.keys import CourseKey, UsageKey
    from xmodule.modulestore.django import modulestore
    from xmodule.modulestore.exceptions import ItemNotFoundError

    try:
        course = CourseKey.from_string(course_key)
        usage = UsageKey.from_string(unit_usage_key).map_into_course(course)
        if str(usage) != unit_usage_key:
            return {}
        return read_questions(modulestore().get_item(usage, depth=1).get_children())
    except (InvalidKeyError, ItemNotFoundError):
        return {}


def new_order(children: Sequence[str], wraps: Sequence[str], unit: str) -> list[str]:
    """The page's children once *unit* stands where the first of *wraps* stood."""
    places = [children.index(key) for key in wraps if key in children]
    place = min(places, default=len(children))
    before = [key for key in children[:place] if key not in wraps]
    return [*before, unit, *(key for key in children[place:] if key not in wraps)]


def read_from_modulestore(course_key: str) -> tuple[CourseBlock, ...]:
    """Every block of the course's draft in reading order; nothing for a course that is not there."""
    from opaque_keys.edx.keys import CourseKey
    from xmodule.modulestore import ModuleStoreEnum
    from xmodule.modulestore.django import modulestore

    store, key = modulestore(), CourseKey.from_string(course_key)
    with store.branch_setting(ModuleStoreEnum.Branch.draft_preferred, key), store.bulk_operations(key):
        course = store.get_course(key, depth=None)
        return tuple(_walk(course, "")) if course is not None else ()


def _walk(block: Any, parent: str) -> list[CourseBlock]:
    usage = block.scope_ids.usage_id
    children = block.get_children() if getattr(block, "has_children", False) else []
    fields = {
        name: getattr(block, name, None) for name in ("data", "outcome_key", "estimated_minutes", "prompt")
    }
    found = [
        CourseBlock(
            str(usage),
            str(block.scope_ids.block_type),
            str(getattr(block, "display_name", "") or ""),
            parent,
            tuple(str(child.scope_ids.usage_id) for child in children),
            {name: value for name, value in fields.items() if value is not None},
        )
    ]
    for child in children:
        found += _walk(child, str(usage))
    return found


def build_in_modulestore(course_key: str, units: Sequence[NewUnit], *, author_id: int) -> tuple[str, ...]:
    """Make the units, all of them or none; their usage keys.

    The modulestore knows no transaction over several blocks: what was done is undone by hand when something fails,
    last first. Learners see nothing of either until an author publishes the pages.
    """
    from opaque_keys.edx.keys import CourseKey
    from xmodule.modulestore import ModuleStoreEnum
    from xmodule.modulestore.django import modulestore

    store, key = modulestore(), CourseKey.from_string(course_key)
    with store.branch_setting(ModuleStoreEnum.Branch.draft_preferred, key), store.bulk_operations(key):
        done: list[tuple[Any, list[Any], Any]] = []
        try:
            for unit in units:
                _build(store, key, unit, author_id, done)
        except BaseException:
            for page_key, children, unit_key in reversed(done):
                _take_back(store, page_key, children, unit_key, author_id)
            raise
        return tuple(str(unit_key) for _page, _children, unit_key in done)


def _build(
    store: Any, course_key: Any, unit: NewUnit, author_id: int, done: list[tuple[Any, list[Any], Any]]
) -> None:
    from opaque_keys.edx.keys import UsageKey

    page_key = UsageKey.from_string(unit.page).map_into_course(course_key)
    page = store.get_item(page_key)
    before = list(page.children)
    made = store.create_item(
        author_id, course_key, "microcred_unit", block_id=uuid4().hex, fields=dict(unit.fields)
    )
    unit_key = made.scope_ids.usage_id
    # Noted before anything moves: from here on there is something to undo.
    done.append((page_key, before, unit_key))
    keys = {str(child): child for child in before} | {str(unit_key): unit_key}
    # First out of the page, then into the unit: a block with two parents is what the store forbids.
    page.children = [
        keys[name] for name in new_order([str(child) for child in before], unit.wraps, str(unit_key))
    ]
    store.update_item(page, author_id)
    made.children = [keys[name] for name in unit.wraps]
    store.update_item(made, author_id)
    for category in unit.adds:
        store.create_child(author_id, unit_key, category, block_id=uuid4().hex)


def _take_back(store: Any, page_key: Any, children: list[Any], unit_key: Any, author_id: int) -> None:
    made = store.get_item(unit_key)
    # Emptied first: deleting a container deletes what is in it.
    made.children = []
    store.update_item(made, author_id)
    page = store.get_item(page_key)
    page.children = [*children, unit_key]
    store.update_item(page, author_id)
    store.delete_item(unit_key, author_id)
    page = store.get_item(page_key)
    page.children = children
    store.update_item(page, author_id)

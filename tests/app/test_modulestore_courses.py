"""Units are put into the platform's modulestore with its own calls, and taken back by hand when one fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from opaque_keys.edx.keys import CourseKey

from microcred_app.compat import NewUnit, OpenEdxPlatform
from microcred_app.courses import new_order

COURSE = CourseKey.from_string("course-v1:Demo+BIKE+1")


class Block:
    """A block of the modulestore. What is changed counts only once ``update_item`` was called, as there."""

    def __init__(self, store: Store, key: Any, fields: dict[str, Any], children: list[Any]) -> None:
        self.store = store
        self.scope_ids = SimpleNamespace(usage_id=key, block_type=key.block_type)
        self.has_children = key.block_type in ("course", "chapter", "vertical", "microcred_unit")
        self.children = list(children)
        for name, value in fields.items():
            setattr(self, name, value)
        self.fields_set = dict(fields)

    def get_children(self) -> list[Block]:
        return [self.store.get_item(key) for key in self.children]


class Store:
    """The part of the modulestore that is asked; ``fails_at`` names the call that breaks."""

    def __init__(self) -> None:
        self.rows: dict[Any, tuple[dict[str, Any], list[Any]]] = {}
        self.fails_at = ""
        self.bulk: list[str] = []

    def put(self, block_type: str, name: str, children: list[Any] | None = None, **fields: Any) -> Any:
        key = COURSE.make_usage_key(block_type, name)
        self.rows[key] = (fields, children or [])
        return key

    @contextmanager
    def branch_setting(self, branch: str, key: Any) -> Iterator[None]:
        self.bulk.append(branch)
        yield

    @contextmanager
    def bulk_operations(self, key: Any) -> Iterator[None]:
        self.bulk.append("bulk")
        yield

    def get_course(self, key: Any, depth: Any) -> Any:
        root = COURSE.make_usage_key("course", "course")
        return self.get_item(root) if key == COURSE and root in self.rows else None

    def get_item(self, key: Any) -> Block:
        fields, children = self.rows[key]
        return Block(self, key, fields, children)

    def update_item(self, block: Block, user_id: int) -> None:
        parents = [key for key, row in self.rows.items() for child in block.children if child in row[1]]
        assert set(parents) <= {block.scope_ids.usage_id}, "a block with two parents"
        self.rows[block.scope_ids.usage_id] = (block.fields_set, list(block.children))

    def create_item(self, user_id: int, course_key: Any, category: str, block_id: str, fields: Any) -> Block:
        return self.get_item(self.put(category, block_id, **fields))

    def create_child(self, user_id: int, parent: Any, category: str, block_id: str) -> None:
        if self.fails_at == category:
            raise ConnectionError("the store is gone")
        self.rows[parent][1].append(self.put(category, block_id))

    def delete_item(self, key: Any, user_id: int) -> None:
        for child in self.rows[key][1]:
            self.delete_item(child, user_id)
        del self.rows[key]
        for _fields, children in self.rows.values():
            if key in children:
                children.remove(key)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    html, ask = made.put("html", "read", data="<p>Words</p>", display_name="Read"), made.put("problem", "ask")
    page = made.put("vertical", "page", [html, ask], display_name="Page")
    made.put("course", "course", [page], display_name="Course")
    root, django = ModuleType("xmodule.modulestore"), ModuleType("xmodule.modulestore.django")
    root.ModuleStoreEnum = SimpleNamespace(  # type: ignore[attr-defined]
        Branch=SimpleNamespace(draft_preferred="draft-preferred")
    )
    django.modulestore = lambda: made  # type: ignore[attr-defined]
    for name, module in (
        ("xmodule", ModuleType("xmodule")),
        ("xmodule.modulestore", root),
        ("xmodule.modulestore.django", django),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    return made


def key(block_type: str, name: str) -> str:
    return str(COURSE.make_usage_key(block_type, name))


def unit(*wraps: str, adds: tuple[str, ...] = ()) -> NewUnit:
    return NewUnit(key("vertical", "page"), {"display_name": "Unit", "outcome_key": "o"}, wraps, adds)


def children(store: Store, usage_key: str) -> list[str]:
    return next(
        [str(child) for child in row[1]] for found, row in store.rows.items() if str(found) == usage_key
    )


def test_the_draft_is_read_in_reading_order_with_what_is_needed(store: Store) -> None:
    blocks = OpenEdxPlatform().course_blocks(str(COURSE))
    assert [block.short for block in blocks] == ["course@course", "vertical@page", "html@read", "problem@ask"]
    assert blocks[2].fields == {"data": "<p>Words</p>"} and blocks[2].parent == key("vertical", "page")
    assert OpenEdxPlatform().course_blocks("course-v1:No+Such+course") == ()
    assert store.bulk[:2] == ["draft-preferred", "bulk"]


def test_blocks_move_into_the_unit_and_the_unit_takes_their_place(store: Store) -> None:
    platform = OpenEdxPlatform()
    wrapped = unit(key("html", "read"), adds=("microcred_check",))
    [made] = platform.build_units(str(COURSE), [wrapped], author_id=7)
    assert children(store, key("vertical", "page")) == [made, key("problem", "ask")]
    assert children(store, made)[0] == key("html", "read")
    assert children(store, made)[1].startswith(key("microcred_check", "x").removesuffix("x"))
    assert platform.studio_url(made) == f"/container/{made}"


def test_two_units_of_one_page_are_built_one_after_the_other(store: Store) -> None:
    plans = [unit(key("problem", "ask")), unit(key("html", "read"))]
    second, first = OpenEdxPlatform().build_units(str(COURSE), plans, author_id=7)
    assert children(store, key("vertical", "page")) == [first, second]


@pytest.mark.parametrize("before", [0, 1])
def test_when_the_store_fails_everything_is_as_it_was(store: Store, before: int) -> None:
    store.fails_at = "microcred_evidence"
    stood = {found: (dict(row[0]), list(row[1])) for found, row in store.rows.items()}
    plans = [unit(key("html", "read"))] * before + [unit(key("problem", "ask"), adds=("microcred_evidence",))]
    with pytest.raises(ConnectionError):
        OpenEdxPlatform().build_units(str(COURSE), plans, author_id=7)
    assert store.rows == stood


@pytest.mark.parametrize(
    ("wraps", "order"),
    [((), "abcU"), (("b",), "aUc"), (("c", "a"), "Ub"), (("a", "b", "c"), "U"), (("x",), "abcU")],
)
def test_the_unit_stands_where_its_first_block_stood(wraps: tuple[str, ...], order: str) -> None:
    assert new_order(["a", "b", "c"], wraps, "U") == list(order)

"""A course's content, read at once and never half changed: an immutable picture of one branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from opaque_keys.edx.keys import CourseKey, UsageKey

from demo_site.courses.models import Branch, ContentBlock

__all__ = ["Node", "Tree", "course_keys", "load_tree"]


@dataclass(frozen=True)
class Node:
    """One block as it is stored."""

    usage_key: UsageKey
    block_type: str
    parent: UsageKey | None
    children: tuple[UsageKey, ...]
    fields: dict[str, Any]


@dataclass(frozen=True)
class Tree:
    """Every block of one course in one branch, by usage key."""

    nodes: dict[UsageKey, Node] = field(default_factory=dict)

    def root(self) -> Node | None:
        """The course block, or None in an empty branch."""
        return next((node for node in self.nodes.values() if node.block_type == "course"), None)

    def walk(self, usage_key: UsageKey) -> Iterator[Node]:
        """The block and everything below it, in reading order."""
        node = self.nodes.get(usage_key)
        if node is None:
            return
        yield node
        for child in node.children:
            yield from self.walk(child)

    def ancestors(self, usage_key: UsageKey) -> Iterator[Node]:
        """The blocks above it, nearest first."""
        node = self.nodes.get(usage_key)
        while node is not None and node.parent is not None:
            node = self.nodes.get(node.parent)
            if node is not None:
                yield node

    def nearest(self, usage_key: UsageKey, block_type: str) -> Node | None:
        """The block itself or its nearest ancestor of that type."""
        node = self.nodes.get(usage_key)
        if node is not None and node.block_type == block_type:
            return node
        return next((node for node in self.ancestors(usage_key) if node.block_type == block_type), None)

    def units(self) -> list[Node]:
        """Every vertical in reading order."""
        root = self.root()
        if root is None:
            return []
        return [node for node in self.walk(root.usage_key) if node.block_type == "vertical"]

    def content_of(self, usage_key: UsageKey) -> list[tuple[str, dict[str, Any], tuple[UsageKey, ...]]]:
        """What two branches compare to find out whether something below is unpublished."""
        return [(str(node.usage_key), node.fields, node.children) for node in self.walk(usage_key)]


def load_tree(course_key: CourseKey, branch: Branch) -> Tree:
    """Read one branch of one course in one query."""
    columns = ("usage_key", "block_type", "parent", "fields")
    rows = list(ContentBlock.objects.filter(course_key=str(course_key), branch=branch).values_list(*columns))
    children: dict[str, list[UsageKey]] = defaultdict(list)
    for usage_key, _type, parent, _fields in rows:
        children[parent].append(_parse(usage_key))
    return Tree(
        {
            _parse(usage_key): Node(
                usage_key=_parse(usage_key),
                block_type=block_type,
                parent=_parse(parent) if parent else None,
                children=tuple(children[usage_key]),
                fields=fields,
            )
            for usage_key, block_type, parent, fields in rows
        }
    )


@lru_cache(maxsize=20_000)
def _parse(text: str) -> UsageKey:
    """The key of a stored text; keys never change, and a page of one unit reads those of the whole course."""
    return UsageKey.from_string(text)


def course_keys() -> list[CourseKey]:
    """Every course there is, in the order of their keys."""
    rows = ContentBlock.objects.filter(block_type="course", branch=Branch.PUBLISHED)
    return [CourseKey.from_string(key) for key in sorted(rows.values_list("course_key", flat=True))]

"""Changes of content: each function leaves both branches consistent or changes nothing.

As on the platform, the course's structure (course, chapter, sequential) has no draft of its own: it changes
for learners at once. From the unit (vertical) down, learners see what was published last.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo_site.courses.models import Branch, ContentBlock
from demo_site.courses.tree import load_tree

__all__ = [
    "STRUCTURE",
    "AuthoringError",
    "add_block",
    "change_fields",
    "delete_block",
    "delete_course",
    "duplicate_block",
    "has_unpublished_changes",
    "is_published",
    "order_children",
    "publish",
    "replace_children",
]

#: Block types that are never in draft.
STRUCTURE = frozenset({"course", "chapter", "sequential"})


class AuthoringError(Exception):
    """The change was refused; the message says what to do instead."""


def add_block(
    course_key: CourseKey,
    block_type: str,
    parent: UsageKey | None,
    *,
    block_id: str = "",
    fields: dict[str, Any] | None = None,
) -> UsageKey:
    """A new block at the end of *parent*, in the draft; structure appears for learners at once."""
    usage_key = course_key.make_usage_key(block_type, block_id or uuid.uuid4().hex)
    for branch in _branches(block_type):
        position = ContentBlock.objects.filter(branch=branch, parent=str(parent or "")).count()
        ContentBlock.objects.create(
            branch=branch,
            course_key=str(course_key),
            usage_key=str(usage_key),
            block_type=block_type,
            parent=str(parent or ""),
            position=position,
            fields=fields or {},
        )
    return usage_key


def change_fields(usage_key: UsageKey, values: dict[str, Any], *, removed: tuple[str, ...] = ()) -> None:
    """Merge *values* into the block's fields and forget *removed*, so that those have their defaults again."""
    with transaction.atomic():
        rows = ContentBlock.objects.select_for_update().filter(
            usage_key=str(usage_key), branch__in=_branches(usage_key.block_type)
        )
        for row in rows:
            merged = {**row.fields, **values}
            row.fields = {name: value for name, value in merged.items() if name not in removed}
            row.save(update_fields=["fields"])


def order_children(parent: UsageKey, children: list[UsageKey]) -> None:
    """Give the draft's children of *parent* a new order; exactly those children must be named."""
    present = ContentBlock.objects.filter(branch=Branch.DRAFT, parent=str(parent))
    if sorted(present.values_list("usage_key", flat=True)) != sorted(str(key) for key in children):
        raise AuthoringError(
            "The new order must name exactly the blocks that are there. Reload the page and try again."
        )
    _number(parent, children)


def replace_children(parent: UsageKey, children: list[UsageKey]) -> None:
    """What a block means when it assigns ``children``: these, in this order; others below it are deleted."""
    with transaction.atomic():
        present = ContentBlock.objects.filter(branch=Branch.DRAFT, parent=str(parent))
        wanted = {str(key) for key in children}
        for usage_key in present.values_list("usage_key", flat=True):
            if usage_key not in wanted:
                delete_block(UsageKey.from_string(usage_key))
        rows = ContentBlock.objects.filter(branch=Branch.DRAFT, usage_key__in=wanted)
        rows.update(parent=str(parent))
        _number(parent, children)


def delete_block(usage_key: UsageKey) -> None:
    """Delete the block and what is below it. Below a unit learners keep what is published until the next time."""
    with transaction.atomic():
        tree = load_tree(usage_key.course_key, Branch.DRAFT)
        keys = [str(node.usage_key) for node in tree.walk(usage_key)]
        ContentBlock.objects.filter(branch=Branch.DRAFT, usage_key__in=keys).delete()
        if usage_key.block_type in STRUCTURE or usage_key.block_type == "vertical":
            published = load_tree(usage_key.course_key, Branch.PUBLISHED)
            gone = [str(node.usage_key) for node in published.walk(usage_key)]
            ContentBlock.objects.filter(branch=Branch.PUBLISHED, usage_key__in=gone).delete()


def delete_course(course_key: CourseKey) -> None:
    """Delete all content of a course; what learners did in it stays."""
    ContentBlock.objects.filter(course_key=str(course_key)).delete()


def duplicate_block(usage_key: UsageKey, title: str) -> UsageKey:
    """A copy with new keys right behind the original, named *title*; nothing of it is published."""
    with transaction.atomic():
        tree = load_tree(usage_key.course_key, Branch.DRAFT)
        node = tree.nodes.get(usage_key)
        if node is None or node.parent is None:
            raise AuthoringError("This block no longer exists. Reload the page.")
        copies = {
            old.usage_key: usage_key.course_key.make_usage_key(old.block_type, uuid.uuid4().hex)
            for old in tree.walk(usage_key)
        }
        siblings = list(tree.nodes[node.parent].children)
        for old, new in copies.items():
            source = tree.nodes[old]
            add_block(
                usage_key.course_key,
                source.block_type,
                node.parent if old == usage_key else copies[source.parent or usage_key],
                block_id=new.block_id,
                fields={**source.fields, "display_name": title} if old == usage_key else dict(source.fields),
            )
        siblings.insert(siblings.index(usage_key) + 1, copies[usage_key])
        _number(node.parent, siblings)
        return copies[usage_key]


def publish(usage_key: UsageKey) -> None:
    """Learners see the block and everything below it exactly as the draft has it now."""
    with transaction.atomic():
        old = load_tree(usage_key.course_key, Branch.PUBLISHED)
        keys = [str(node.usage_key) for node in old.walk(usage_key)]
        ContentBlock.objects.filter(branch=Branch.PUBLISHED, usage_key__in=keys).delete()
        tree = load_tree(usage_key.course_key, Branch.DRAFT)
        rows = ContentBlock.objects.filter(
            branch=Branch.DRAFT, usage_key__in=[str(node.usage_key) for node in tree.walk(usage_key)]
        )
        # A block that was moved here from another unit still stands there in the published branch.
        ContentBlock.objects.filter(
            branch=Branch.PUBLISHED, usage_key__in=[r.usage_key for r in rows]
        ).delete()
        ContentBlock.objects.bulk_create(
            ContentBlock(
                branch=Branch.PUBLISHED,
                course_key=row.course_key,
                usage_key=row.usage_key,
                block_type=row.block_type,
                parent=row.parent,
                position=row.position,
                fields=row.fields,
            )
            for row in rows
        )


def is_published(usage_key: UsageKey) -> bool:
    """Whether learners see any version of the block."""
    return ContentBlock.objects.filter(branch=Branch.PUBLISHED, usage_key=str(usage_key)).exists()


def has_unpublished_changes(usage_key: UsageKey) -> bool:
    """Whether learners see something else than the draft."""
    draft = load_tree(usage_key.course_key, Branch.DRAFT)
    published = load_tree(usage_key.course_key, Branch.PUBLISHED)
    return draft.content_of(usage_key) != published.content_of(usage_key)


def _branches(block_type: str) -> tuple[Branch, ...]:
    return (Branch.DRAFT, Branch.PUBLISHED) if block_type in STRUCTURE else (Branch.DRAFT,)


def _number(parent: UsageKey, children: list[UsageKey]) -> None:
    """Positions below *parent*; in the published branch too where the parent is structure."""
    for position, child in enumerate(children):
        ContentBlock.objects.filter(
            branch__in=_branches(parent.block_type), usage_key=str(child), parent=str(parent)
        ).update(position=position)

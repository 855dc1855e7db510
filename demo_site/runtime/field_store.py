"""Every field of every scope is stored in one place, and saving writes only what changed.

Authored scopes (content, settings, children) go to the content tree; only Studio may write them. Learner
scopes go to :class:`LearnerState` rows, or to the session while somebody looks through a learner's eyes.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import MutableMapping
from typing import Any, Protocol, TypeAlias

from django.db import IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.exceptions import InvalidScopeError
from xblock.fields import BlockScope, Scope, UserScope
from xblock.runtime import KeyValueStore

from demo_site.courses import authoring
from demo_site.courses.models import Branch, LearnerState
from demo_site.courses.tree import Node, Tree, load_tree

__all__ = ["BlockFieldStore", "DatabaseState", "SessionState", "StateStore"]

#: Settings that a block has from the block above it unless its author said otherwise, as on the platform.
INHERITED = frozenset(
    {
        "due",
        "start",
        "graded",
        "format",
        "graceperiod",
        "visible_to_staff_only",
        "showanswer",
        "show_correctness",
    }
)
#: The base class's named tuple; xblock carries no types, so it cannot be named as one.
Key: TypeAlias = Any


class StateStore(Protocol):
    """Where learner state lives: one JSON object for each (scope, user, subject)."""

    def read(self, place: tuple[str, int, str]) -> dict[str, Any]:
        """The stored object; empty when nothing is stored."""

    def merge(self, place: tuple[str, int, str], values: dict[str, Any], removed: set[str]) -> None:
        """Change some fields and leave all others as they are *now*, not as they were when read."""


class DatabaseState:
    """Learner state in its table, read once per request and block."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int, str], dict[str, Any]] = {}

    def read(self, place: tuple[str, int, str]) -> dict[str, Any]:
        if place not in self._read:
            row = self._rows(place).first()
            self._read[place] = row.fields if row is not None else {}
        return self._read[place]

    def merge(self, place: tuple[str, int, str], values: dict[str, Any], removed: set[str]) -> None:
        if not self.read(place) and self._begin(place, values, removed):
            return
        with transaction.atomic():
            row = self._rows(place).select_for_update().get()
            merged = {**row.fields, **values}
            row.fields = {name: value for name, value in merged.items() if name not in removed}
            row.save(update_fields=["fields", "modified"])
        self._read[place] = row.fields

    def _begin(self, place: tuple[str, int, str], values: dict[str, Any], removed: set[str]) -> bool:
        """Write the first state of a block; False when there is one after all."""
        scope, user_id, subject = place
        fields = {name: value for name, value in values.items() if name not in removed}
        try:
            with transaction.atomic():
                LearnerState.objects.create(scope=scope, user_id=user_id, subject=subject, fields=fields)
        except IntegrityError:
            return False
        self._read[place] = fields
        return True

    @staticmethod
    def _rows(place: tuple[str, int, str]) -> Any:
        scope, user_id, subject = place
        return LearnerState.objects.filter(scope=scope, user_id=user_id, subject=subject)


class SessionState:
    """Learner state that must not reach the learner: previews in Studio, masquerades, anonymous visitors.

    Reading falls back to *below* when one is given, so that a masquerade begins with what the learner has.
    """

    def __init__(self, session: MutableMapping[str, Any], name: str, below: StateStore | None = None) -> None:
        self._session = session
        self._name = name
        self._below = below

    def read(self, place: tuple[str, int, str]) -> dict[str, Any]:
        stored = self._session.get(self._name, {}).get("|".join(map(str, place)))
        if stored is not None:
            return dict(stored)
        return self._below.read(place) if self._below is not None else {}

    def merge(self, place: tuple[str, int, str], values: dict[str, Any], removed: set[str]) -> None:
        everything = dict(self._session.get(self._name, {}))
        merged = {**self.read(place), **values}
        everything["|".join(map(str, place))] = {
            name: value for name, value in merged.items() if name not in removed
        }
        self._session[self._name] = everything


class BlockFieldStore(KeyValueStore):
    """The key-value store behind all fields of one request's runtime."""

    def __init__(self, course_key: CourseKey, branch: Branch, state: StateStore, *, writable: bool) -> None:
        self._course_key = course_key
        self._branch = branch
        self._state = state
        self._writable = writable
        self._tree: Tree | None = None
        self._last_key: UsageKey | None = None
        self._last_tree: Tree | None = None
        self._last_node: Node | None = None

    @property
    def tree(self) -> Tree:
        """The course's content as it is in this branch."""
        if self._tree is None:
            self._tree = load_tree(self._course_key, self._branch)
        return self._tree

    def forget_tree(self) -> None:
        """Read the content anew the next time: it was changed."""
        self._tree = None

    def get(self, key: Key) -> Any:
        if not _is_authored(key):
            return _own(self._state.read(_place(key))[key.field_name])
        node = self._node(key.block_scope_id)
        if node is None:
            raise KeyError(key.field_name)
        if key.scope == Scope.children:
            return list(node.children)
        if key.scope == Scope.parent:
            return node.parent
        return _own(node.fields[key.field_name])

    def has(self, key: Key) -> bool:
        if not _is_authored(key):
            return key.field_name in self._state.read(_place(key))
        node = self._node(key.block_scope_id)
        return node is not None and (
            key.scope in (Scope.children, Scope.parent) or key.field_name in node.fields
        )

    def set(self, key: Key, value: Any) -> None:
        self.set_many({key: value})

    def set_many(self, update_dict: dict[Key, Any]) -> None:
        authored: dict[UsageKey, dict[str, Any]] = defaultdict(dict)
        state: dict[tuple[str, int, str], dict[str, Any]] = defaultdict(dict)
        for key, value in update_dict.items():
            if not _is_authored(key):
                state[_place(key)][key.field_name] = value
            elif key.scope == Scope.children:
                self._require_writable(key)
                authoring.replace_children(key.block_scope_id, list(value))
                self.forget_tree()
            elif key.scope != Scope.parent:  # the tree itself says who the parent is
                self._require_writable(key)
                authored[key.block_scope_id][key.field_name] = value
        for usage_key, values in authored.items():
            authoring.change_fields(usage_key, values)
            self.forget_tree()
        for place, values in state.items():
            self._state.merge(place, values, set())

    def delete(self, key: Key) -> None:
        if _is_authored(key):
            self._require_writable(key)
            authoring.change_fields(key.block_scope_id, {}, removed=(key.field_name,))
            self.forget_tree()
        else:
            self._state.merge(_place(key), {}, {key.field_name})

    def default(self, key: Key) -> Any:
        """An inherited setting comes from the nearest block above that has one."""
        if key.scope == Scope.settings and key.field_name in INHERITED:
            for node in self.tree.ancestors(key.block_scope_id):
                if key.field_name in node.fields:
                    return copy.deepcopy(node.fields[key.field_name])
        raise KeyError(key.field_name)

    def _node(self, usage_key: UsageKey) -> Node | None:
        """The stored block. A block's fields are read one after another, and hashing its key is not cheap."""
        if usage_key is not self._last_key or self._last_tree is not self._tree:
            self._last_node = self.tree.nodes.get(usage_key)
            self._last_key, self._last_tree = usage_key, self._tree
        return self._last_node

    def _require_writable(self, key: Key) -> None:
        if not self._writable:
            raise InvalidScopeError(f"{key.field_name} is authored content; it cannot be changed here")


def _is_authored(key: Key) -> bool:
    if key.scope in (Scope.children, Scope.parent):
        return True
    return key.scope.user == UserScope.NONE and key.scope.block in (BlockScope.USAGE, BlockScope.DEFINITION)


def _place(key: Key) -> tuple[str, int, str]:
    return (str(key.scope.name or key.scope), int(key.user_id or 0), str(key.block_scope_id or ""))


def _own(value: Any) -> Any:
    """The block's own copy: what it changes in place must not change what is stored."""
    return copy.deepcopy(value) if isinstance(value, dict | list) else value

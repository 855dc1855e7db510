"""Usage keys are definitions too: one block is used in one place, and its key says its type."""

from __future__ import annotations

import uuid

from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.exceptions import NoSuchDefinition
from xblock.runtime import IdGenerator, IdReader

__all__ = ["KeyGenerator", "KeyReader"]

NO_ASIDES = "The demo runtime has no asides."


class KeyReader(IdReader):
    """Answers questions about ids from the keys themselves."""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        block_type: str | None = getattr(def_id, "block_type", None)
        if block_type is None:
            raise NoSuchDefinition(repr(def_id))
        return block_type

    def get_usage_id_from_aside(self, aside_id: object) -> UsageKey:
        raise NotImplementedError(NO_ASIDES)

    def get_definition_id_from_aside(self, aside_id: object) -> UsageKey:
        raise NotImplementedError(NO_ASIDES)

    def get_aside_type_from_usage(self, aside_id: object) -> str:
        raise NotImplementedError(NO_ASIDES)

    def get_aside_type_from_definition(self, aside_id: object) -> str:
        raise NotImplementedError(NO_ASIDES)


class KeyGenerator(IdGenerator):
    """Makes keys in one course; a slug from OLX becomes the block id, so that importing twice gives one block."""

    def __init__(self, course_key: CourseKey) -> None:
        self._course_key = course_key

    def create_definition(self, block_type: str, slug: str | None = None) -> UsageKey:
        return self._course_key.make_usage_key(block_type, slug or uuid.uuid4().hex)

    def create_usage(self, def_id: UsageKey) -> UsageKey:
        return def_id

    def create_aside(self, definition_id: object, usage_id: object, aside_type: str) -> tuple[object, object]:
        raise NotImplementedError(NO_ASIDES)

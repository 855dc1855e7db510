"""Stand-ins for what surrounds the blocks: a runtime in memory and its services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request
from xblock.core import XBlock
from xblock.fields import Scope, ScopeIds, String
from xblock.runtime import DictKeyValueStore, KvsFieldData, NullI18nService
from xblock.test.tools import TestRuntime

ANA = 7


class TextBlock(XBlock):
    """A foreign block, completed by being viewed."""

    display_name = None

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        delay = (context or {}).get("wrap_xblock_data", {})
        return Fragment(f"<p class='foreign' data-delay='{delay}'>Some words</p>")


class ScoredBlock(TextBlock):
    """A foreign block, completed by being answered."""

    has_score = True


class VideoBlock(TextBlock):
    """A foreign block that people may not hear."""

    display_name = String(default="Video", scope=Scope.settings)


class TestUser:
    """What the user service answers."""

    __test__ = False

    def __init__(self, user_id: int | None, *, staff: bool = False) -> None:
        self.opt_attrs = {
            "edx-platform.user_id": user_id,
            "edx-platform.is_authenticated": user_id is not None,
            "edx-platform.user_is_staff": staff,
        }


class Completion:
    """The platform's completion service."""

    def __init__(self, *, tracking: bool = True) -> None:
        self.tracking = tracking
        self.reached: dict[Any, float] = {}

    def completion_tracking_enabled(self) -> bool:
        return self.tracking

    def get_completable_children(self, node: Any) -> list[Any]:
        return [node]

    def get_completions(self, keys: list[Any]) -> dict[Any, float]:
        return {key: self.reached.get(key, 0.0) for key in keys}

    def blocks_to_mark_complete_on_view(self, blocks: list[Any]) -> list[Any]:
        return [
            block
            for block in blocks
            if not getattr(block, "has_score", False) and not self.reached.get(block.scope_ids.usage_id)
        ]

    def get_complete_on_view_delay_ms(self) -> int:
        return 5000


class BlockRuntime(TestRuntime):
    """Blocks in memory; remembers what was published, and apart from it what was told to the tracking log."""

    def __init__(self, services: dict[str, Any], *, user_id: int | None) -> None:
        super().__init__(services=services)
        self.learner = user_id
        self.published: list[tuple[Any, str, dict[str, Any]]] = []
        self.tracked: list[tuple[Any, str, dict[str, Any]]] = []
        self.hidden: set[Any] = set()

    user_id = property(lambda self: self.learner, lambda self, value: None)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        foreign: dict[str, type[XBlock]] = {"html": TextBlock, "problem": ScoredBlock, "video": VideoBlock}
        return foreign.get(block_type) or super().load_block_type(block_type)

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        if usage_id in self.hidden:
            return None
        definition = self.id_reader.get_definition_id(usage_id)
        block_type = self.id_reader.get_block_type(definition)
        return self.construct_xblock(
            block_type, ScopeIds(self.learner, block_type, definition, usage_id), for_parent=for_parent
        )

    def handler_url(self, block: Any, handler_name: str, *args: Any, **kwargs: Any) -> str:
        return f"/handler/{block.scope_ids.usage_id}/{handler_name}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resource/{uri}"

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        completion = self._services.get("completion")
        if event_type == "completion" and completion is not None and completion.tracking:
            completion.reached[block.scope_ids.usage_id] = event_data["completion"]
        kept = self.tracked if event_type.startswith("microcred.") else self.published
        kept.append((block.scope_ids.usage_id, event_type, event_data))


@dataclass
class Page:
    """One course page: its blocks, who is looking, and what surrounds them."""

    runtime: BlockRuntime
    root: Any
    services: dict[str, Any]

    def block(self, place: int | None = None) -> Any:
        """The unit, or its child at *place*, loaded anew as each request does."""
        unit = self.runtime.get_block(self.root)
        return unit if place is None else self.runtime.get_block(unit.children[place])

    def key(self, place: int) -> str:
        return str(self.block().children[place])

    def call(
        self, block: Any, handler: str, data: Any = None, *, raw: bytes | None = None, method: str = "POST"
    ) -> Any:
        """The status and JSON a handler answers."""
        request = Request.blank("/", method=method)
        if method == "POST":
            request.body = raw if raw is not None else json.dumps({} if data is None else data).encode()
        return answered(self.runtime.handle(block, handler, request))

    def upload(self, block: Any, name: str, content: bytes) -> Any:
        request = Request.blank("/", POST={"file": (name, content)})
        return answered(self.runtime.handle(block, "upload", request))

    def sign_in(self, user_id: int | None, *, staff: bool = False) -> None:
        self.runtime.learner = user_id
        self.services["user"] = SimpleNamespace(get_current_user=lambda: TestUser(user_id, staff=staff))

    def become_studio(self) -> None:
        self.runtime.is_author_mode = True  # type: ignore[attr-defined]
        self.services.pop("completion", None)

    def grades(self) -> list[dict[str, Any]]:
        return [data for _, kind, data in self.runtime.published if kind == "grade"]

    def completions(self) -> list[dict[str, Any]]:
        return [data for _, kind, data in self.runtime.published if kind == "completion"]


def answered(response: Any) -> SimpleNamespace:
    return SimpleNamespace(status=response.status_code, body=json.loads(response.body))


def open_page(olx: str | bytes, *, user_id: int | None = ANA, **services: Any) -> Page:
    """The blocks of an OLX text, opened by a learner."""
    found = {"field-data": KvsFieldData(DictKeyValueStore()), "i18n": NullI18nService(), **services}
    runtime = BlockRuntime(found, user_id=user_id)
    # The base class copies the mapping: keep the one the runtime really asks.
    page = Page(runtime, runtime.parse_xml_string(olx), runtime._services)
    page.sign_in(user_id)
    return page

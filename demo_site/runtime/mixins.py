"""Every block has the fields and shortcuts the platform mixes in, under the same names.

A block that names a field of its own ``due`` or ``graded`` collides here as it would there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, DateTime, Dict, Scope, String, Timedelta

__all__ = ["LmsMixin"]


class Moment(DateTime):
    """A date and time; the few there are in a course are read once, not once for each block below them."""

    @lru_cache(maxsize=1_000)  # noqa: B019 - fields live as long as their class
    def _read(self, text: str) -> Any:
        return super().from_json(text)

    def from_json(self, value: Any) -> Any:
        return self._read(value) if isinstance(value, str) else super().from_json(value)

    enforce_type = from_json


class LmsMixin(XBlock):
    """Fields the platform adds to all blocks, and the two methods whose behaviour differs from plain XBlock.

    It derives from XBlock so that it stands before XBlock in the method resolution order of mixed classes.
    """

    start = Moment(scope=Scope.settings, default=None)
    due = Moment(scope=Scope.settings, default=None)
    graceperiod = Timedelta(scope=Scope.settings, default=None)
    showanswer = String(scope=Scope.settings, default="finished")
    show_correctness = String(scope=Scope.settings, default="always")
    graded = Boolean(scope=Scope.settings, default=False)
    format = String(scope=Scope.settings, default=None)
    group_access = Dict(scope=Scope.settings, default={})
    visible_to_staff_only = Boolean(scope=Scope.settings, default=False)
    hide_from_toc = Boolean(scope=Scope.settings, default=False)

    @property
    def location(self) -> Any:
        """The usage key, under its oldest name."""
        return self.scope_ids.usage_id

    @property
    def category(self) -> str:
        """The block type, under its oldest name."""
        block_type: str = self.scope_ids.block_type
        return block_type

    @property
    def url_name(self) -> str:
        """The last part of the usage key."""
        block_id: str = self.scope_ids.usage_id.block_id
        return block_id

    @property
    def course_id(self) -> Any:
        """The course key."""
        return self.scope_ids.usage_id.course_key

    @property
    def display_name_with_default(self) -> str:
        """The name its author gave it, else its key's last part."""
        return getattr(self, "display_name", None) or self.url_name.replace("_", " ")

    def get_children(self, usage_id_filter: Any = None) -> list[XBlock]:
        """The children this user may see; hidden ones are left out, whereas ``self.children`` lists them."""
        return [child for child in super().get_children(usage_id_filter) if child is not None]

    @XBlock.json_handler
    def publish_completion(self, data: dict[str, Any], suffix: str = "") -> dict[str, str]:
        """What the page calls when a block that is completed by viewing was long enough in view."""
        completion = data.get("completion") if isinstance(data, dict) else None
        if (
            not isinstance(completion, int | float)
            or isinstance(completion, bool)
            or not 0 <= completion <= 1
        ):
            raise JsonHandlerError(400, "completion must be a number from 0.0 to 1.0")
        service = self.runtime.completion_service()
        if service is None or not service.can_mark_block_complete_on_view(self):
            raise JsonHandlerError(400, "this block does not become complete by being viewed")
        self.runtime.publish(self, "completion", {"completion": float(completion)})
        return {"result": "ok"}

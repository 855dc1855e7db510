"""What can be added where: the strip under a unit and under a container, drawn as newer Studios do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from xblock.core import XBlock
from xblock.plugin import PluginMissingError
from xblock.utils.studio_editable import StudioContainerWithNestedXBlocksMixin

from demo_site.runtime.runtime import DemoRuntime

__all__ = ["ComponentTemplate", "component_templates", "type_label"]


@dataclass(frozen=True)
class ComponentTemplate:
    """One button of the strip, with the names the platform uses in its ``component_templates``."""

    type: str
    display_name: str
    boilerplate_name: str | None = None
    single_instance: bool = False
    disabled: bool = False
    disabled_reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


def component_templates(runtime: DemoRuntime, block: XBlock) -> list[ComponentTemplate]:
    """For a container with nested blocks exactly its own list; for a unit text and the advanced modules."""
    if isinstance(block, StudioContainerWithNestedXBlocksMixin):
        present = {node.block_type for node in _children(runtime, block)}
        return [_from_spec(runtime, spec, present) for spec in block.get_nested_blocks_spec()]
    course = runtime.store.tree.root()
    advanced = (course.fields if course is not None else {}).get("advanced_modules", ["microcred_unit"])
    return [
        ComponentTemplate(type=name, display_name=type_label(runtime, name))
        for name in ("html", *advanced)
        if _is_installed(runtime, name)
    ]


def type_label(runtime: DemoRuntime, block_type: str) -> str:
    """What authors call a type of block."""
    if block_type == "html":
        return _("Text")
    block_class = runtime.load_block_type(block_type)
    default = getattr(getattr(block_class, "display_name", None), "default", None)
    return str(getattr(block_class, "STUDIO_LABEL", None) or default or block_type)


def _from_spec(runtime: DemoRuntime, spec: Any, present: set[str]) -> ComponentTemplate:
    reason = str(spec.disabled_reason or "")
    disabled = bool(spec.disabled)
    if not _is_installed(runtime, spec.category):
        disabled, reason = True, _("Not installed on the demo site.")
    elif spec.single_instance and spec.category in present:
        disabled, reason = True, _("There can be only one.")
    return ComponentTemplate(
        type=spec.category,
        display_name=str(spec.label),
        boilerplate_name=spec.boilerplate,
        single_instance=bool(spec.single_instance),
        disabled=disabled,
        disabled_reason=reason,
    )


def _children(runtime: DemoRuntime, block: XBlock) -> list[Any]:
    nodes = runtime.store.tree.nodes
    return [nodes[key] for key in nodes[block.scope_ids.usage_id].children]


def _is_installed(runtime: DemoRuntime, block_type: str) -> bool:
    try:
        runtime.load_block_type(block_type)
    except PluginMissingError:
        return False
    return True

"""Knows whether a request comes from Studio, and how this runtime adds a child to a block.

Everything that depends on which Studio (or workbench) is underneath is detected here and nowhere else.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from xblock.exceptions import JsonHandlerError

from .rendering import translator

__all__ = ["author_id", "can_create_children", "create_child", "native_add_strip", "require_author"]


def in_studio(block: Any) -> bool:
    """Whether the block is loaded for authoring.

    Handlers named in Studio's forms can be called in the LMS as well, there even without a session
    (``handler_noauth``). Whether a user is bound says nothing: so ask what only Studio has.
    """
    if getattr(settings, "SERVICE_VARIANT", "") == "cms" or str(settings.ROOT_URLCONF).startswith("cms."):
        return True
    runtime = block.runtime
    if getattr(runtime, "is_author_mode", False) or getattr(runtime, "writes_content", False):
        return True
    return runtime.service(block, "studio_user_permissions") is not None


def require_author(block: Any) -> None:
    """Returns only in Studio, which has checked write access by then; else 403."""
    if not in_studio(block):
        raise JsonHandlerError(403, translator(block).gettext("This can only be changed in Studio."))


def author_id(block: Any) -> int | None:
    """The author's id, when the runtime says it."""
    service = block.runtime.service(block, "user")
    user = service.get_current_user() if service is not None else None
    found = (getattr(user, "opt_attrs", None) or {}).get("edx-platform.user_id")
    return found if isinstance(found, int) else None


def can_create_children(block: Any) -> bool:
    """Whether ``create_child`` can work here."""
    runtime = block.runtime
    return hasattr(runtime, "create_child") or hasattr(getattr(runtime, "modulestore", None), "create_item")


def create_child(block: Any, category: str, fields: dict[str, Any] | None = None) -> str:
    """Adds a block of *category* at the end of *block*'s children and answers its usage key."""
    runtime = block.runtime
    if hasattr(runtime, "create_child"):
        key = runtime.create_child(block.scope_ids.usage_id, category)
        key = (getattr(key, "scope_ids", None) and key.scope_ids.usage_id) or key
        if fields:
            child = runtime.get_block(key)
            for name, value in fields.items():
                setattr(child, name, value)
            child.save()
    else:
        # As the platform's own split test does it: Studio writes this block after the handler, so the new
        # key must be in *this* object's children or that write would drop it again.
        created = runtime.modulestore.create_item(
            author_id(block),
            block.scope_ids.usage_id.course_key,
            category,
            block_id=uuid4().hex,
            fields=fields or {},
            runtime=runtime,
        )
        key = created.scope_ids.usage_id
    if key not in block.children:
        block.children = [*block.children, key]
    return str(key)


def native_add_strip() -> bool:
    """Whether this Studio draws its own "add component" strip for containers (from Willow on)."""
    import sys

    # Only looked at when already loaded, as it is in a Studio process; never imported from here.
    studio = sys.modules.get("cms.djangoapps.contentstore.utils")
    return hasattr(studio, "_get_component_templates_for_xblock")

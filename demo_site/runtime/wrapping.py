"""The markup around a block is the LMS's dialect, and nothing a learner or author typed can break out of it."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from web_fragments.fragment import Fragment
from xblock.core import XBlock

__all__ = ["error_box", "script_json", "wrap"]

#: Characters that end a script element or change how its text is read, as JSON escapes.
_ESCAPES = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def script_json(value: Any) -> SafeString:
    """JSON that may stand inside a script element: ``</script>`` in a learner's text stays text."""
    return mark_safe(json.dumps(value).translate(_ESCAPES))


def wrap(
    block: XBlock, view: str, fragment: Fragment, *, runtime_class: str, context: dict[str, Any] | None
) -> Fragment:
    """The fragment inside the element by which the page's runtime finds, names and starts the block."""
    usage_key = block.scope_ids.usage_id
    block_type = block.scope_ids.block_type
    attributes: dict[str, Any] = {
        "data-usage-id": usage_key,
        "data-block-type": block_type,
        "data-course-id": usage_key.course_key,
        "data-graded": str(bool(getattr(block, "graded", False))),
        "data-has-score": str(bool(getattr(block, "has_score", False))),
    }
    if fragment.js_init_fn:
        attributes["data-init"] = fragment.js_init_fn
        attributes["data-runtime-class"] = runtime_class
        attributes["data-runtime-version"] = fragment.js_init_version or 1
    for name, value in (context or {}).get("wrap_xblock_data", {}).items():
        attributes[f"data-{name}"] = value
    arguments = SafeString("")
    if fragment.json_init_args is not None:
        arguments = format_html(
            '<script type="json/xblock-args" class="xblock-json-init-args">{}</script>',
            script_json(fragment.json_init_args),
        )
    wrapped = Fragment()
    wrapped.add_content(
        format_html(
            '<div class="xblock xblock-{view} xblock-{view}-{block_type}"{attributes}>{arguments}{body}</div>',
            view=view,
            block_type=block_type,
            attributes=format_html_join("", ' {}="{}"', attributes.items()),
            arguments=arguments,
            body=mark_safe(fragment.body_html()),
        )
    )
    wrapped.add_fragment_resources(fragment)
    return wrapped


def error_box(block: XBlock) -> Fragment:
    """What stands in the place of one block that failed, while the rest of the page works."""
    title = getattr(block, "display_name", None) or block.scope_ids.block_type
    return Fragment(render_to_string("runtime/block_error.html", {"title": title}))

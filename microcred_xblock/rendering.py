"""Turns templates into fragments, in the language of the reader.

Templates are compiled once per process. ``{% trans %}`` asks the block's own i18n service, because a
block's catalogue is not on Django's path; the tag that ships with ``xblock.utils`` merges whole catalogues
for every tag it renders, which a unit page with a hundred tags would feel.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from web_fragments.fragment import Fragment

__all__ = ["add_resources", "as_data", "html_id", "render", "translator"]

TEMPLATES = Path(__file__).parent / "templates"


@cache
def engine() -> Engine:
    """The template engine: only our own folder, autoescaping, every template compiled once."""
    return Engine(
        dirs=[str(TEMPLATES)],
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
        libraries={"microcred": "microcred_xblock.template_tags"},
    )


def translator(block: Any) -> Any:
    """The block's i18n service (``gettext``, ``ngettext``)."""
    return block.runtime.service(block, "i18n")


def render(block: Any, template: str, context: dict[str, Any]) -> str:
    """The HTML of *template* for *block*."""
    shown = {**context, "block": block, "uid": html_id(block), "i18n": translator(block)}
    return str(engine().get_template(f"microcred_xblock/{template}").render(Context(shown)))


def html_id(block: Any) -> str:
    """An HTML id stem no other block on the page has, and the same one in every answer."""
    return f"mc-{sha256(str(block.scope_ids.usage_id).encode()).hexdigest()[:12]}"


def add_resources(
    block: Any, fragment: Fragment, *, styles: tuple[str, ...], scripts: tuple[str, ...]
) -> Fragment:
    """The fragment with our style sheets and scripts, each by address: pages load an address once."""
    for style in styles:
        fragment.add_css_url(block.runtime.local_resource_url(block, f"static/css/{style}.css"))
    for script in scripts:
        fragment.add_javascript_url(block.runtime.local_resource_url(block, f"static/js/{script}.js"))
    return fragment


def as_data(value: Any) -> str:
    """JSON for a ``data-`` attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)

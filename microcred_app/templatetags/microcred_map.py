"""The map of a requirement for templates: ``{% requirement_map node names explanation %}``."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from microcred_app import rules
from microcred_app.pages.pathway_map import render_map

register = template.Library()


@register.simple_tag
def requirement_map(
    node: rules.Node, names: rules.Names, explanation: rules.Explanation | None = None
) -> SafeString:
    """The map with its text equivalent; the page links ``microcred_app/builder_map.css`` in its head."""
    return render_map(node, names, explanation)

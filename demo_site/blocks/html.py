"""Text with pictures, as authored: the platform's ``html`` block, reduced to what a course here needs."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from lxml import etree
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope, ScopeIds, String

__all__ = ["HtmlBlock"]


@XBlock.needs("i18n")
class HtmlBlock(XBlock):
    """Shows its markup unchanged. A learner completes it by having it in view for a moment."""

    completion_mode = XBlockCompletionMode.COMPLETABLE
    icon_class = "other"
    display_name = String(scope=Scope.settings, default="Text")
    data = String(scope=Scope.content, default="")

    def student_view(self, context: dict[str, Any] | None) -> Fragment:
        """The markup as its author wrote it: authors are trusted with HTML on the platform too."""
        return Fragment(mark_safe(f'<div class="html-block">{self.data}</div>'))

    def studio_view(self, context: dict[str, Any] | None) -> Fragment:
        """A title and the markup."""
        fragment = Fragment(render_to_string("runtime/html_editor.html", {"block": self}))
        fragment.add_javascript_url(self.runtime.local_resource_url(self, "public/html_editor.js"))
        fragment.initialize_js("DemoHtmlEditor")
        return fragment

    @XBlock.json_handler
    def save_text(self, data: dict[str, Any], suffix: str = "") -> dict[str, str]:
        """Store what the editor holds."""
        self.display_name = str(data.get("display_name", "")).strip() or "Text"
        self.data = str(data.get("data", ""))
        return {"result": "saved"}

    @classmethod
    def parse_xml(cls, node: etree._Element, runtime: Any, keys: ScopeIds) -> HtmlBlock:
        """Markup inside the element, as CDATA or as elements. Attributes are fields."""
        block: HtmlBlock = runtime.construct_xblock_from_class(cls, keys)
        for name, value in node.items():
            if name in block.fields:
                setattr(block, name, block.fields[name].from_string(value))
        inner = "".join(etree.tostring(child, encoding="unicode") for child in node)
        block.data = ((node.text or "") + inner).strip()
        return block

    def add_xml_to_node(self, node: etree._Element) -> None:
        """Export the markup as CDATA, so that importing gives the same text."""
        data = self.data
        super().add_xml_to_node(node)
        node.attrib.pop("data", None)
        # CDATA cannot hold its own end mark; escaping the text is equivalent.
        node.text = data if "]]>" in data else etree.CDATA(data)

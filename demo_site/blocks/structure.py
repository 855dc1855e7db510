"""Course, chapter, sequential and vertical: they hold other blocks and say nothing themselves."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import List, Scope, String

__all__ = ["ChapterBlock", "CourseBlock", "SequentialBlock", "VerticalBlock"]


class _Structure(XBlock):
    """A named container whose completion is that of what it holds."""

    has_children = True
    completion_mode = XBlockCompletionMode.AGGREGATOR
    display_name = String(scope=Scope.settings, default="")


class CourseBlock(_Structure):
    """The root of a course."""

    language = String(scope=Scope.settings, default="en")
    advanced_modules = List(scope=Scope.settings, default=["microcred_unit"])


class ChapterBlock(_Structure):
    """A section of the outline."""


class SequentialBlock(_Structure):
    """A subsection of the outline."""


@XBlock.needs("i18n")
@XBlock.wants("completion", "user")
class VerticalBlock(_Structure):
    """A unit: the page of blocks a learner has in front of them."""

    def student_view(self, context: dict[str, Any] | None) -> Fragment:
        """The visible children one below the other; those completed by viewing are told so."""
        return self._render_children("student_view", dict(context or {}))

    def author_view(self, context: dict[str, Any] | None) -> Fragment:
        """The same in Studio, each child in its own author's view."""
        return self._render_children("author_view", dict(context or {}))

    def _render_children(self, view: str, context: dict[str, Any]) -> Fragment:
        fragment = Fragment()
        user_service = self.runtime.service(self, "user")
        user = user_service.get_current_user() if user_service else None
        context.update(
            child_of_vertical=True,
            bookmarked=False,
            username=user.opt_attrs.get("edx-platform.username", "") if user else "",
        )
        children = self.get_children()
        completion = self.runtime.service(self, "completion")
        on_view = completion.blocks_to_mark_complete_on_view(children) if completion else []
        for child in children:
            child_context = dict(context)
            if child in on_view:
                child_context["wrap_xblock_data"] = {
                    "mark-completed-on-view-after-delay": completion.get_complete_on_view_delay_ms()
                }
            child_view = view if hasattr(child, view) else "student_view"
            rendered = child.render(child_view, child_context)
            fragment.add_fragment_resources(rendered)
            fragment.add_content(format_html('<div class="vert">{}</div>', mark_safe(rendered.body_html())))
        return fragment

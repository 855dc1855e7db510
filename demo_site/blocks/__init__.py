"""The blocks a course needs around Microcred's: its structure, and text."""

from __future__ import annotations

from xblock.core import XBlock

from demo_site.blocks.html import HtmlBlock
from demo_site.blocks.structure import ChapterBlock, CourseBlock, SequentialBlock, VerticalBlock

__all__ = ["BUILT_IN"]

#: By block type. They are no entry points, because the demo is not part of the distribution.
BUILT_IN: dict[str, type[XBlock]] = {
    "course": CourseBlock,
    "chapter": ChapterBlock,
    "sequential": SequentialBlock,
    "vertical": VerticalBlock,
    "html": HtmlBlock,
}

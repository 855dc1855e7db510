"""The reviewer's pages."""

from __future__ import annotations

from .review_comments import comment_urls
from .review_desk import desk_urls
from .review_queue import queue_urls
from .review_report import report_urls

__all__ = ["review_urls"]

review_urls = [
    *queue_urls,
    *report_urls,
    *comment_urls,
    *desk_urls,
]

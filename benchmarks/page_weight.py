"""How many bytes of script and style a learner's browser loads for a unit: our own files, uncompressed."""

from __future__ import annotations

import re

__all__ = ["page_weight"]

_OWN = re.compile(r'"(/xblock/resource/microcred_\w+/[^"]+\.(?:css|js))"')


def page_weight(unit: str) -> dict[str, int]:
    """Bytes of every script and style sheet of ours that the unit's page names, by file."""
    from tests.fixtures.course_walk import Browser, enrolled_learner

    browser = Browser(enrolled_learner(f"reader-{unit}"))
    html = browser.open_unit(unit)
    inline = [
        text for text in re.findall(r"<(?:style|script)[^>]*>(.*?)</(?:style|script)>", html, re.S) if text
    ]
    assert not inline, "text inside style and script elements would not be counted"
    weights: dict[str, int] = {}
    for url in dict.fromkeys(_OWN.findall(html)):
        answer = browser.client.get(url)
        assert answer.status_code == 200, url
        name = url.partition("/static/")[2] or url
        weights[name] = len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert weights, "the page names no file of ours"
    return weights

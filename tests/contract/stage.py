"""A page on which units stand as a platform would put them there, and a browser that talks to the real blocks.

Two dialects of wrapping are spoken. The LMS and Studio write ``data-usage-id`` and version 1 on their own element and
hand the script a raw element (Studio a list that holds it). The XBlock library's own wrapper, which the SDK and the
runtime of content libraries build on, writes ``data-usage`` and ``xblock-v1`` and hands a list. Requests of the page
are answered by the handlers of the blocks in this process; no server runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import Route
from web_fragments.fragment import Fragment
from webob import Request

import microcred_xblock
from tests.xblock.doubles import Page as Lesson

__all__ = ["DIALECTS", "Stage"]

STATIC = Path(microcred_xblock.__file__).parent / "static"
SCRIPTS = ("page", "unit", "check", "evidence")
DIALECTS = ("lms", "studio", "sdk")
HOST = "http://unit.test"

#: How each dialect finds blocks and what it hands them; children are started first, one failure stops no other.
RUNTIME = """
(function (dialect) {
  var sdk = dialect === "sdk", selector = sdk ? ".xblock-v1[data-init]" : ".xblock[data-init]";
  var name = sdk ? "usage" : "usageId";
  function raw(element) { return element.nodeType ? element : element[0]; }
  var runtime = { handlerUrl: function (element, handler) {
    var own = raw(element).closest(sdk ? ".xblock-v1" : ".xblock");
    return "/handler/" + encodeURIComponent(own.dataset[name]) + "/" + handler;
  } };
  Array.from(document.querySelectorAll(selector)).reverse().forEach(function (element) {
    try { window[element.dataset.init](runtime, dialect === "lms" ? element : [element]); }
    catch (error) { console.error(element.dataset.init + ": " + error); }
  });
}("%s"));
"""


@dataclass
class Stage:
    """Lessons on one page. ``broken`` names what fails: ``offline``, ``signed out``, or a script that never comes."""

    browser: BrowserPage
    lessons: list[Lesson]
    dialect: str = "lms"
    language: str = "en"
    direction: str = "ltr"
    around: str = ""
    runtime: str = RUNTIME
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def open(self) -> BrowserPage:
        """Show the page anew, as after a reload."""
        self.browser.unroute_all()
        self.browser.route(f"{HOST}/**", self._answer)
        self.browser.goto(HOST + "/")
        return self.browser

    def html(self) -> str:
        """The page as a server would send it."""
        bodies = [_rendered(lesson, self.dialect) for lesson in self.lessons]
        scripts = "".join(f'<script src="/static/{name}.js"></script>' for name in SCRIPTS)
        return (
            f'<!doctype html><html lang="{self.language}" dir="{self.direction}"><head><title>Unit</title>'
            f'<meta name="viewport" content="width=device-width">{self.around}'
            f'<link rel="stylesheet" href="/static/microcred.css"></head>'
            f"<body><main><h1>Course</h1>{''.join(bodies)}</main>{scripts}"
            f'<script src="/runtime.js"></script></body></html>'
        )

    def _answer(self, route: Route) -> None:
        path = unquote(urlsplit(route.request.url).path)
        if path == "/":
            route.fulfill(body=self.html(), content_type="text/html; charset=utf-8")
        elif path == "/runtime.js":
            route.fulfill(body=self.runtime.replace("%s", self.dialect), content_type="text/javascript")
        elif path.endswith(".css"):
            route.fulfill(body=(STATIC / "css" / "microcred.css").read_text(), content_type="text/css")
        elif path.startswith("/static/"):
            name = path.removeprefix("/static/")
            if name in self.broken:
                route.abort()
            else:
                route.fulfill(body=(STATIC / "js" / name).read_text(), content_type="text/javascript")
        elif path.startswith("/handler/"):
            self._handle(route, *path.removeprefix("/handler/").rsplit("/", 1))
        else:
            route.fulfill(status=404, body="")

    def _handle(self, route: Route, usage: str, handler: str) -> None:
        self.asked.append(handler)
        if "offline" in self.broken:
            route.abort()
            return
        if "signed out" in self.broken:
            route.fulfill(status=403, body="Unauthenticated", content_type="text/plain")
            return
        lesson = next(lesson for lesson in self.lessons if _knows(lesson, usage))
        sent = route.request.headers.get("x-microcred-for", "")
        request = Request.blank("/", method="POST", headers={"X-Microcred-For": sent})
        request.body = (route.request.post_data or "").encode()
        reply = lesson.runtime.handle(lesson.runtime.get_block(usage), handler, request)
        route.fulfill(status=reply.status_code, body=reply.body, content_type="application/json")


def _knows(lesson: Lesson, usage: str) -> bool:
    return usage == str(lesson.root) or usage in map(str, lesson.block().children)


def _rendered(lesson: Lesson, dialect: str) -> str:
    runtime: Any = lesson.runtime
    stock: Callable[..., Fragment] = type(runtime).wrap_xblock.__get__(runtime)
    runtime.wrap_xblock = stock if dialect == "sdk" else _wrap_as_lms
    return str(lesson.block().render("student_view", {}).body_html())


def _wrap_as_lms(block: Any, view: str, fragment: Fragment, context: Any) -> Fragment:
    usage, kind = str(block.scope_ids.usage_id), block.scope_ids.block_type
    wrapped = Fragment(
        f'<div class="xblock xblock-{view} xblock-{view}-{kind}" data-init="{fragment.js_init_fn or ""}" '
        f'data-runtime-class="LmsRuntime" data-runtime-version="{fragment.js_init_version or 1}" '
        f'data-usage-id="{escape(usage)}" data-block-type="{kind}">{fragment.body_html()}</div>'
    )
    wrapped.add_fragment_resources(fragment)
    return wrapped

"""Takes the learner's form as a browser sends it without a script, and answers with a page.

What was pressed is in the field ``do``. Done things lead back to the page they came from (303, so that reloading it
sends nothing again); refused ones are answered with a small page that says why and links back.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import crum
from django.core.exceptions import SuspiciousOperation
from django.middleware.csrf import get_token
from webob import Response
from xblock.exceptions import JsonHandlerError

from .handlers import answered, read_object
from .parts import course_key_of
from .questions import Question
from .rendering import html_id, render, translator

__all__ = ["answer_form", "csrf_token", "is_form", "read_json", "typed_answer"]

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FIELDS = 300

read_json = read_object


def csrf_token() -> str:
    """The token of the request being answered, for a hidden field; nothing outside a request."""
    request = crum.get_current_request()
    return str(get_token(request)) if request is not None else ""


def is_form(request: Any) -> bool:
    """Whether a browser sent this from a form."""
    return request.method == "POST" and str(request.content_type or "").split(";")[0].strip() in _FORMS


def answer_form(block: Any, request: Any) -> Response:
    """Does what the pressed button says; 303 back to the page, or a page with the reason why not."""
    answer = answered(block, lambda: _do(block, request))
    if answer.status_code < 400:
        return Response(status=303, location=_back(request, block))
    body = json.loads(answer.body)
    page = render(
        block,
        "check_refused.html",
        {"message": body.get("error", ""), "back": _back(request, block)},
    )
    return Response(page, status=answer.status_code, content_type="text/html", charset="utf-8")


def typed_answer(question: Question, post: Any) -> Any:
    """The answer the form's fields hold, in the shape its question takes."""
    if question.check_type in ("multiple", "attest", "order"):
        return [str(value) for value in post.getall("answer")]
    if question.check_type == "match":
        return {pair.id: str(post.get(f"answer-{pair.id}", "")) for pair in question.pairs}
    if question.check_type == "gaps":
        return {gap.id: str(post.get(f"answer-{gap.id}", "")) for gap in question.gaps}
    return str(post.get("answer", ""))


def _do(block: Any, request: Any) -> Any:
    gettext = translator(block).gettext
    try:
        post = request.POST
        sent = list(post.keys())
    except (SuspiciousOperation, ValueError) as error:
        raise JsonHandlerError(413, gettext("This is too much at once. Shorten it and try again.")) from error
    if len(sent) > MOST_FIELDS or any(not isinstance(value, str) for value in post.values()):
        raise JsonHandlerError(400, gettext("The request could not be read. Reload the page and try again."))
    wish, _, detail = str(post.get("do", "check")).partition(":")
    answer = typed_answer(block.question, post)
    number = detail if wish == "hint" else str(post.get("attempt", ""))
    whole = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else number
    wishes: dict[str, Callable[[], Any]] = {
        "check": lambda: block.mark_attempt({"answer": answer, "attempt": whole}),
        "hint": lambda: _call(block, "show_hint", {"hint": whole}),
        "answer": lambda: _call(block, "show_answer", {}),
        "give": lambda: _call(block, "give_attempt", {}),
        "up": lambda: _call(block, "save_draft", {"answer": moved(answer, detail, -1)}),
        "down": lambda: _call(block, "save_draft", {"answer": moved(answer, detail, 1)}),
    }
    if wish not in wishes:
        raise JsonHandlerError(400, gettext("The request could not be read. Reload the page and try again."))
    return wishes[wish]()


def _call(block: Any, handler: str, data: dict[str, Any]) -> Any:
    """What the JSON handler of that name does with *data*."""
    return inspect.unwrap(getattr(type(block), handler))(block, data)


def moved(tokens: Any, token: str, step: int) -> Any:
    """The list with *token* one place on; as it was when it stands at the edge or is not in it."""
    if not isinstance(tokens, list) or token not in tokens:
        return tokens
    place = tokens.index(token)
    other = place + step
    if not 0 <= other < len(tokens):
        return tokens
    swapped = list(tokens)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    return swapped


def _back(request: Any, block: Any) -> str:
    """The page the form was on, as a path of this site: never an address somebody else wrote.

    A browser that does not say where it was is led to the block by the platform's own way.
    """
    course = course_key_of(block)
    otherwise = f"/courses/{course}/jump_to/{block.scope_ids.usage_id}" if course else "/"
    try:
        parts = urlsplit(str(request.headers.get("Referer", "")))
        here = urlsplit(str(request.url))
    except ValueError:
        return otherwise
    if parts.netloc != here.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return otherwise
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}#{html_id(block)}"

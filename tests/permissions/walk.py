"""Every address of the app that the site's routes know, filled in with things of the world, and one request to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from .world import World

__all__ = ["SIGN_IN", "Answer", "Route", "ask", "own_routes"]

#: Stands for the page at which people sign in, where an answer leads there.
SIGN_IN = "in"
#: What a name in an address means for some routes only, by how the route's name begins.
_THINGS = {
    "v1-skill": {"key": "s.a"},
    "skill": {"key": "s.a"},
    "registrar-skill": {"key": "s.a"},
    "pathway": {"key": "road"},
    "my-pathway": {"key": "road"},
    "registrar-pathway": {"key": "road"},
    "v1-pathway": {"key": "road"},
    "v1-follow": {"key": "road"},
    "v1-pause": {"key": "road"},
    "v1-leave": {"key": "road"},
    "registrar-draft": {"key": "sketch"},
    "v1-draft": {"key": "sketch"},
    "registrar-taxonomy": {"key": "bikes"},
    "registrar-insights-csv": {"name": "badge"},
}
#: What an address needs after its question mark to lead somewhere.
_QUERY = {
    "v1-my-course": "course={course_key}",
    "v1-course-insights": "course={course_key}",
    "v1-unit-insights": "course={course_key}&unit=block-v1:Demo%2BBIKE%2B1%2Btype@microcred_unit%2Bblock@a",
    "v1-figure": "kind=badge&key=first",
    "insights": "course={course_key}",
    "insights-course-csv": "course={course_key}",
    "insights-unit": "course={course_key}&unit=block-v1:Demo%2BBIKE%2B1%2Btype@microcred_unit%2Bblock@a",
    "insights-unit-csv": "course={course_key}&unit=block-v1:Demo%2BBIKE%2B1%2Btype@microcred_unit%2Bblock@a",
    "review-report": "course={course_key}",
    "review-report-csv": "course={course_key}",
    "v1-reviews": "course={course_key}",
}
#: What is sent to addresses that look at what they were sent before they ask who sends it: deeds that would be done.
_BODIES: dict[str, dict[str, Any]] = {
    "evidence-care": {"learner": "ben", "extra_days": "1", "extra_attempts": "0", "reason": "Ill"},
    "evidence-link-make": {"days": "3"},
    "evidence-remove": {"sure": "yes"},
    "evidence-retention": {"days": "5"},
    "registrar-award": {"reason": "x"},
    "registrar-badge": {"step": "deprecate", "reason": "x"},
    "registrar-draft": {"do": "publish", "revision": "1"},
    "registrar-insights-profiles": {"organisation": "school", "key": "t", "title": "T", "skills": "s.a"},
    "registrar-job": {"lever": "pause", "reason": "x"},
    "registrar-list": {"lever": "drop"},
    "registrar-roles": {"organisation": "school", "step": "give", "role": "auditor", "account": "ben"},
    "registrar-vendor": {"do": "remove"},
    "registrar-vendors": {
        "organisation": "school",
        "kind": "credly",
        "name": "N",
        "key": "k",
        "organisation_key": "o",
    },
    "registrar-webhook": {"do": "pause"},
    "registrar-webhooks": {
        "organisation": "school",
        "name": "N",
        "url": "https://n.example/",
        "event": "badge.awarded",
    },
    "review-anew": {"verdict": "pass", "level-c": "2", "reason": "x"},
    "review-comment": {"text": "y"},
    "review-comments": {"text": "x", "course": "{course_key}"},
    "review-rules": {"course": "{course_key}", "answer_days": "5"},
    "review-say": {"text": "x"},
    "review-submission": {"verdict": "pass", "level-c": "2"},
    "sign-off-take-back": {"reason": "x"},
    "v1-award-revoke": {"reason": "x"},
    "v1-award-reinstate": {"reason": "x"},
    "v1-award-suspend": {"reason": "x"},
    "v1-backfill-cancel": {"reason": "x"},
    "v1-backfill-pause": {"reason": "x"},
    "v1-backfill-undo": {"reason": "x"},
    "v1-backfills": {"badge": "first"},
    "v1-list-start": {"count": 1, "reason": "x"},
    "v1-list-undo": {"reason": "x"},
    "v1-lists": {"key": "placement", "role": "assessor", "rows": [{"learner": "ben"}]},
    "v1-preview": {"badge": "first", "text": "outcome: o.a"},
    "v1-review-comments": {"text": "x", "course": "{course_key}"},
    "v1-review-draft": {"comment": "x"},
    "v1-review-messages": {"text": "x"},
    "v1-review-verdict": {"verdict": "passed", "levels": {"c": "2"}},
    "v1-sign-offs": {"learner": "{learner_id}", "key": "placement", "role": "assessor", "reason": "x"},
    "v1-take-back": {"reason": "x"},
    "v1-visibility": {"shared": True},
    "vc-api-issue": {"credential": {}},
}


@dataclass(frozen=True)
class Route:
    """One address of the app."""

    name: str
    route: str

    def filled(self, world: World) -> str:
        """The address with things of the world in it."""
        special = next((found for begin, found in _THINGS.items() if self.name.startswith(begin)), {})
        things = world.things | special
        parts = []
        for part in self.route.strip("^$").split("<"):
            inside, closed, rest = part.partition(">")
            parts.append(str(things[inside.rpartition(":")[2]]) + rest if closed else inside)
        query = _QUERY.get(self.name, "").format(course_key=str(things["course_key"]).replace("+", "%2B"))
        return "/" + "".join(parts).replace("+", "%2B") + (f"?{query}" if query else "")

    def body(self, world: World) -> dict[str, Any]:
        """What is sent there."""
        sent = _BODIES.get(self.name, {})
        return {
            name: world.things[value.strip("{}")] if isinstance(value, str) and value[:1] == "{" else value
            for name, value in sent.items()
        }


@dataclass(frozen=True)
class Answer:
    """What came back: the status (or :data:`SIGN_IN`), the text, and whether a table of the app was written to."""

    status: str
    text: str
    wrote: bool


def own_routes() -> list[Route]:
    """All of them, by name."""
    found = [one for one in _walk(get_resolver(), "") if "microcred" in one.route]
    return sorted(found, key=lambda one: (one.name, one.route))


def ask(world: World, letter: str, method: str, route: Route) -> Answer:
    """One request, after which everything is as it was before."""
    wrote: list[str] = []
    address, sent = route.filled(world), route.body(world)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (
            sql.lstrip().split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE")
            and '"microcred_app_' in sql
        ):
            wrote.append(sql)
        return execute(sql, params, many, context)

    page = "/api/" not in address
    headers = {"accept": "text/html" if page and method == "GET" else "application/json"}
    if "/uploads/" in address:
        headers["tus-resumable"] = "1.0.0"
    browser = world.browser(letter)  # signed in here, so that it outlasts the request
    browser.cookies.pop("messages", None)
    cache.clear()  # nobody waits for a turn
    with transaction.atomic():
        with connection.execute_wrapper(watch):
            if method in ("GET", "HEAD"):
                response = browser.generic(method, address, headers=headers)
            elif page and method == "POST":
                response = browser.post(address, sent, headers={"accept": "text/html"} | headers)
            else:
                response = browser.generic(
                    method, address, json.dumps(sent), content_type="application/json", headers=headers
                )
            body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[arg-type]
            response.close()
        transaction.set_rollback(True)
    leads_in = response.status_code == 302 and "/sign-in/" in response["Location"]
    status = SIGN_IN if leads_in else str(response.status_code)
    return Answer(status, body.decode("utf-8", "replace"), bool(wrote))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from _walk(one, route)
        elif isinstance(one, URLPattern):
            yield Route(one.name or route.rpartition("/")[2], route)

"""Studio's own endpoints, with the platform's requests and answers: create, change, order, publish, delete."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError
from xblock.fields import Scope
from xblock.plugin import PluginMissingError

from demo_site.courses import authoring
from demo_site.lms.handlers import run_handler
from demo_site.studio import access, events
from demo_site.studio.components import type_label

__all__ = ["block", "by_method", "create", "handler", "preview_handler"]

_View = Callable[..., HttpResponse]
_ONLY_CHILD = {"course": "chapter", "chapter": "sequential", "sequential": "vertical"}


class _RefusedError(Exception):
    """The request cannot be done as it is; the message says what to change."""


def by_method(*, safe: _View, other: _View) -> _View:
    """One address with two meanings: *safe* for GET and HEAD, *other* for everything that changes."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = safe if request.method in ("GET", "HEAD") else other
        return chosen(request, *args, **kwargs)

    return view


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """``{parent_locator, category}`` or ``{parent_locator, duplicate_source_locator}`` → ``{locator, courseKey}``."""
    try:
        body = _body(request)
        parent = _key(body.get("parent_locator"))
        access.require_author(request, parent.course_key)
        source = body.get("duplicate_source_locator")
        made = _duplicate(request, _key(source)) if source else _create(request, parent, body)
        if source:
            events.tell_duplicated(made, _key(source))
        else:
            events.tell_block("created", made)
    except (_RefusedError, authoring.AuthoringError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"locator": str(made), "courseKey": str(made.course_key)})


@require_http_methods(["POST", "PUT", "PATCH", "DELETE"])
def block(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """``{children: […]}`` orders, ``{publish: "make_public"}`` publishes, ``{fields: {…}}`` sets; DELETE deletes."""
    try:
        runtime = access.editor_runtime(request, usage_key.course_key)
        edited = access.draft_block(runtime, usage_key)
        if request.method == "DELETE":
            authoring.delete_block(usage_key)
            events.tell_block("deleted", usage_key)
            return HttpResponse(status=204)
        body = _body(request)
        if "children" in body:
            authoring.order_children(usage_key, [_key(child) for child in _list(body["children"])])
        fields = {**_object(body.get("metadata")), **_object(body.get("fields"))}
        if "data" in body:
            fields["data"] = body["data"]
        if fields:
            _set_fields(edited, fields)
            events.tell_block("updated", usage_key)
        if body.get("publish") == "make_public":
            authoring.publish(usage_key)
            events.tell_block("published", usage_key)
    except (_RefusedError, authoring.AuthoringError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(
        {
            "id": str(usage_key),
            "published": authoring.is_published(usage_key),
            "has_changes": authoring.has_unpublished_changes(usage_key),
        }
    )


def handler(request: HttpRequest, usage_key: UsageKey, name: str, suffix: str = "") -> HttpResponse:
    """A handler called from an editor: it may change the draft."""
    runtime = access.editor_runtime(request, usage_key.course_key)
    return run_handler(runtime, access.draft_block(runtime, usage_key), request, name, suffix)


def preview_handler(request: HttpRequest, usage_key: UsageKey, name: str, suffix: str = "") -> HttpResponse:
    """A handler called from a preview: it may change only what the author tries out."""
    runtime = access.preview_runtime(request, usage_key.course_key)
    return run_handler(runtime, access.draft_block(runtime, usage_key), request, name, suffix)


def _create(request: HttpRequest, parent: UsageKey, body: dict[str, Any]) -> UsageKey:
    category = body.get("category")
    if not isinstance(category, str) or not category:
        raise _RefusedError(_("Say which type of block to make: category is missing."))
    runtime = access.editor_runtime(request, parent.course_key)
    holder = access.draft_block(runtime, parent)
    if not getattr(holder, "has_children", False):
        raise _RefusedError(_("This block cannot hold other blocks."))
    expected = _ONLY_CHILD.get(parent.block_type)
    if (expected or category) != category or (
        expected is None and category in authoring.STRUCTURE | {"vertical"}
    ):
        raise _RefusedError(_("A block of type {type} does not belong here.").format(type=category))
    try:
        label = type_label(runtime, category)
    except PluginMissingError as error:
        raise _RefusedError(_("No block of type {type} is installed here.").format(type=category)) from error
    title = body.get("display_name")
    fields = (
        {"display_name": str(title or label)} if title or category in ("html", *_ONLY_CHILD.values()) else {}
    )
    return authoring.add_block(parent.course_key, category, parent, fields=fields)


def _duplicate(request: HttpRequest, source: UsageKey) -> UsageKey:
    runtime = access.editor_runtime(request, source.course_key)
    original = access.draft_block(runtime, source)
    title = _("Copy of “{title}”").format(title=original.display_name_with_default)
    return authoring.duplicate_block(source, title)


def _set_fields(edited: XBlock, values: dict[str, Any]) -> None:
    """Set authored fields; a value the field cannot hold is refused before any is stored."""
    for name, value in values.items():
        field = edited.fields.get(name)
        if field is None or field.scope not in (Scope.settings, Scope.content):
            raise _RefusedError(_("This block has no field {name}.").format(name=name))
        try:
            setattr(edited, name, field.from_json(value))
        except (TypeError, ValueError) as error:
            raise _RefusedError(_("{name}: {problem}").format(name=name, problem=error)) from error
    try:
        edited.save()
    except InvalidScopeError as error:
        raise _RefusedError(str(error)) from error


def _body(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        raise PermissionDenied
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise _RefusedError(_("The request is not valid JSON.")) from error
    if not isinstance(body, dict):
        raise _RefusedError(_("The request must be a JSON object."))
    return body


def _object(value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise _RefusedError(_("Fields must be a JSON object of names and values."))
    return value or {}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _RefusedError(_("Children must be a JSON list of block keys."))
    return value


def _key(text: object) -> UsageKey:
    if not isinstance(text, str):
        raise Http404
    try:
        return UsageKey.from_string(text)
    except InvalidKeyError as error:
        raise Http404 from error

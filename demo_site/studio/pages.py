"""Studio's pages: courses, outline, unit and container, and the editor that stands in a dialogue's frame."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import NoSuchViewError

from demo_site.courses import authoring, roles
from demo_site.courses.models import Branch
from demo_site.courses.tree import Node, Tree, course_keys, load_tree
from demo_site.lms.page_resources import collect_resources
from demo_site.runtime.runtime import PreviewRuntime
from demo_site.runtime.services import AssetUrlService
from demo_site.studio import access
from demo_site.studio.components import component_templates, type_label
from demo_site.studio.status import unit_status

__all__ = ["container", "edit", "home", "new_unit", "outline", "publish_unit", "rename"]


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The courses this person may author; with one there is nothing to choose."""
    keys = [key for key in course_keys() if roles.is_course_staff(request.user.pk, key)]
    if len(keys) == 1:
        return redirect("studio:outline", keys[0])
    courses = [{"key": key, "title": _title(load_tree(key, Branch.DRAFT).root())} for key in keys]
    return render(request, "studio/home.html", {"courses": courses})


@login_required
@require_safe
def outline(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Sections, subsections and units, each unit with what learners see of it."""
    access.require_author(request, course_key)
    draft, published = load_tree(course_key, Branch.DRAFT), load_tree(course_key, Branch.PUBLISHED)
    root = draft.root()
    if root is None:
        raise Http404
    context = {
        "course_key": course_key,
        "title": _title(root),
        "sections": [_section(draft, published, key) for key in root.children],
    }
    return render(request, "studio/outline.html", context)


@login_required
@require_POST
def new_unit(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """An empty unit at the end of a subsection, opened for building."""
    access.require_author(request, usage_key.course_key)
    if (
        usage_key not in load_tree(usage_key.course_key, Branch.DRAFT).nodes
        or usage_key.block_type != "sequential"
    ):
        raise Http404
    made = authoring.add_block(
        usage_key.course_key, "vertical", usage_key, fields={"display_name": _("New unit")}
    )
    return redirect("studio:container", made)


@login_required
@require_POST
def rename(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """Give a unit another title."""
    access.require_author(request, usage_key.course_key)
    title = request.POST.get("display_name", "").strip()
    if title:
        authoring.change_fields(usage_key, {"display_name": title})
        messages.success(request, _("The title is saved."))
    else:
        messages.error(request, _("A unit needs a title."))
    return redirect("studio:container", usage_key)


@login_required
@require_POST
def publish_unit(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """Show learners the unit as the draft has it now."""
    access.require_author(request, usage_key.course_key)
    authoring.publish(usage_key)
    messages.success(request, _("Published. Learners see this version now."))
    return redirect("studio:container", _page_to_return_to(request, usage_key))


@login_required
@require_safe
@ensure_csrf_cookie
def container(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """A unit or a container block: what it holds, each with its buttons, and the strip to add more."""
    runtime = access.preview_runtime(request, usage_key.course_key)
    block = access.draft_block(runtime, usage_key)
    tree = runtime.store.tree
    unit = tree.nearest(usage_key, "vertical")
    if unit is None or not getattr(block, "has_children", False):
        raise Http404
    runtime.decorate = partial(_decorate, runtime, list(tree.nodes[usage_key].children))
    fragment = _author_fragment(block, tree)
    templates = component_templates(runtime, block)
    context = {
        "course_key": usage_key.course_key,
        "xblock": block,
        "usage_key": usage_key,
        "is_unit": unit.usage_key == usage_key,
        "unit": unit,
        "unit_title": _title(unit),
        "status": unit_status(tree, load_tree(usage_key.course_key, Branch.PUBLISHED), unit.usage_key),
        "content": mark_safe(AssetUrlService(usage_key.course_key).replace_urls(fragment.body_html())),
        "resources": collect_resources(fragment),
        "templates": templates,
        "component_templates": [template.as_json() for template in templates],
        "empty": not tree.nodes[usage_key].children,
    }
    return render(request, "studio/container.html", context)


@login_required
@require_safe
@ensure_csrf_cookie
def edit(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """The block's ``studio_view`` alone, for the frame of a dialogue."""
    runtime = access.editor_runtime(request, usage_key.course_key)
    block = access.draft_block(runtime, usage_key)
    try:
        fragment = block.render("studio_view", {})
    except NoSuchViewError:
        fragment = Fragment(render_to_string("studio/no_editor.html", {"xblock": block}, request=request))
    context = {
        "xblock": block,
        "course_key": usage_key.course_key,
        "content": mark_safe(fragment.body_html()),
        "resources": collect_resources(fragment),
    }
    return render(request, "studio/edit.html", context)


def _author_fragment(block: XBlock, tree: Tree) -> Fragment:
    """The root's author view with the context that the platform gives a container page's root."""
    context = {
        "root_xblock": block,
        "reorderable_items": set(tree.nodes[block.scope_ids.usage_id].children),
        "is_unit_page": block.scope_ids.block_type == "vertical",
        "container_view": True,
        "is_pages_view": False,
        "can_edit": True,
        "can_add": True,
        "can_move": True,
    }
    view = "author_view" if hasattr(block, "author_view") else "student_view"
    return block.render(view, context)


def _decorate(
    runtime: PreviewRuntime,
    siblings: list[UsageKey],
    block: XBlock,
    fragment: Fragment,
    context: dict[str, Any],
) -> Fragment:
    """Studio's frame around one child: its title, its type, and a button for each thing to do with it."""
    usage_key = block.scope_ids.usage_id
    place = siblings.index(usage_key)
    framed = Fragment()
    framed.add_fragment_resources(fragment)
    framed.add_content(
        render_to_string(
            "studio/block_frame.html",
            {
                "usage_key": usage_key,
                "title": block.display_name_with_default,
                "type_label": type_label(runtime, usage_key.block_type),
                "is_container": bool(getattr(block, "has_children", False)),
                "first": place == 0,
                "last": place == len(siblings) - 1,
                "messages": [str(message.text) for message in block.validate().messages],
                "content": mark_safe(fragment.body_html()),
            },
        )
    )
    return framed


def _section(draft: Tree, published: Tree, usage_key: UsageKey) -> dict[str, Any]:
    node = draft.nodes[usage_key]
    return {
        "title": _title(node),
        "subsections": [
            {
                "key": key,
                "title": _title(draft.nodes[key]),
                "units": [
                    {
                        "key": unit,
                        "title": _title(draft.nodes[unit]),
                        "status": unit_status(draft, published, unit),
                        "blocks": len(draft.nodes[unit].children),
                    }
                    for unit in draft.nodes[key].children
                ],
            }
            for key in node.children
        ],
    }


def _title(node: Node | None) -> str:
    if node is None:
        return ""
    return str(node.fields.get("display_name") or node.usage_key.block_id)


def _page_to_return_to(request: HttpRequest, usage_key: UsageKey) -> UsageKey | str:
    """The container page the author published from, if it is below the unit."""
    wanted = request.POST.get("page", "")
    tree = load_tree(usage_key.course_key, Branch.DRAFT)
    return next((node.usage_key for node in tree.walk(usage_key) if str(node.usage_key) == wanted), usage_key)

"""Only course staff come into Studio; everybody else learns why, and no handler runs for them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock

from demo_site.courses import roles
from demo_site.runtime.field_store import SessionState
from demo_site.runtime.runtime import DemoRuntime, EditorRuntime, PreviewRuntime, Viewer

__all__ = ["draft_block", "editor_runtime", "preview_runtime", "require_author"]


def require_author(request: HttpRequest, course_key: CourseKey) -> None:
    """Raises PermissionDenied unless the person signed in may author the course."""
    if not roles.is_course_staff(request.user.pk, course_key):
        raise PermissionDenied


def preview_runtime(request: HttpRequest, course_key: CourseKey) -> PreviewRuntime:
    """For ``author_view`` and previews; what the author tries out stays in the session."""
    return PreviewRuntime(course_key, _author(request, course_key))


def editor_runtime(request: HttpRequest, course_key: CourseKey) -> EditorRuntime:
    """For ``studio_view`` and its handlers."""
    return EditorRuntime(course_key, _author(request, course_key))


def draft_block(runtime: DemoRuntime, usage_key: UsageKey) -> XBlock:
    """The block in the draft; 404 when it is gone."""
    if usage_key not in runtime.store.tree.nodes:
        raise Http404
    return runtime.get_block(usage_key)


def _author(request: HttpRequest, course_key: CourseKey) -> Viewer:
    require_author(request, course_key)
    return Viewer(user=request.user, state=SessionState(request.session, f"demo_preview_state:{course_key}"))

"""The runtimes: what a block can ask, and what happens to what it says, for learners and for authors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from completion.services import CompletionService
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.exceptions import NoSuchServiceError, NoSuchUsage, NoSuchViewError
from xblock.fields import ScopeIds
from xblock.runtime import KvsFieldData, Runtime

from demo_site.blocks import BUILT_IN
from demo_site.courses import roles
from demo_site.courses.models import Branch
from demo_site.runtime import services
from demo_site.runtime.field_store import BlockFieldStore, StateStore
from demo_site.runtime.identity import KeyGenerator, KeyReader
from demo_site.runtime.mixins import LmsMixin
from demo_site.runtime.publishing import publish_event
from demo_site.runtime.wrapping import error_box, wrap

__all__ = ["DemoRuntime", "EditorRuntime", "LmsRuntime", "PreviewRuntime", "PublishedRuntime", "Viewer"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Viewer:
    """For whom blocks are rendered: an account or an anonymous visitor, and where their state is kept."""

    user: Any
    state: StateStore
    masquerading: bool = False

    @property
    def user_id(self) -> int | None:
        """The account's id; None for an anonymous visitor."""
        return self.user.pk if self.user.is_authenticated else None


class DemoRuntime(Runtime):
    """What the three runtimes have in common. One instance serves one request in one course."""

    branch: ClassVar[Branch]
    runtime_class: ClassVar[str]
    handler_route: ClassVar[str]
    writes_content: ClassVar[bool] = False

    def __init__(self, course_key: CourseKey, viewer: Viewer) -> None:
        self.course_key = course_key
        self.viewer = viewer
        self._texts: dict[str, services.BlockTextService] = {}
        self.store = BlockFieldStore(course_key, self.branch, viewer.state, writable=self.writes_content)
        super().__init__(
            id_reader=KeyReader(),
            id_generator=KeyGenerator(course_key),
            mixins=(LmsMixin,),
            services=self._make_services(),
        )

    # The base class warns at each use of this attribute, which blocks of all ages still use.
    user_id = property(lambda self: self.viewer.user_id)

    @property
    def course_id(self) -> CourseKey:
        """The course, under its oldest name."""
        return self.course_key

    @property
    def anonymous_student_id(self) -> str:
        """Names the learner inside this course only; empty for visitors."""
        user_id = self.viewer.user_id
        return services.anonymous_id(user_id, self.course_key) if user_id is not None else ""

    def _make_services(self) -> dict[str, Any]:
        return {
            "field-data": KvsFieldData(self.store),
            "user": services.DemoUserService(self.viewer.user, self.course_key),
            "settings": services.SettingsService(),
            "mako": services.TemplateService(),
        }

    def completion_service(self) -> CompletionService | None:
        """The completion service where there is one."""
        service: CompletionService | None = self._services.get("completion")
        return service

    def service(self, block: XBlock, service_name: str) -> Any:
        """The i18n service depends on the package of the block that asks; all others are the same for all blocks."""
        if service_name == "i18n":
            if block.service_declaration("i18n") is None:
                raise NoSuchServiceError("Service 'i18n' was not requested.")
            package = services.package_of(block)
            if package not in self._texts:
                self._texts[package] = services.BlockTextService(package)
            return self._texts[package]
        return super().service(block, service_name)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        """The demo's own structure and text blocks; everything else through its ``xblock.v1`` entry point."""
        built_in = BUILT_IN.get(block_type)
        return built_in if built_in is not None else super().load_block_type(block_type)

    def get_block(self, usage_id: UsageKey, for_parent: XBlock | None = None) -> XBlock | None:
        """The block with its user bound. Raises NoSuchUsage when this branch does not hold it."""
        if usage_id not in self.store.tree.nodes:
            raise NoSuchUsage(str(usage_id))
        block_type = usage_id.block_type
        ids = ScopeIds(self.viewer.user_id, block_type, usage_id, usage_id)
        return self.construct_xblock(block_type, ids, for_parent=for_parent)

    def get_asides(self, block: XBlock) -> list[Any]:
        """The demo has no asides."""
        return []

    def get_policy(self, usage_id: UsageKey) -> dict[str, Any]:
        """Old blocks read overrides from a policy file; there are none."""
        return {}

    def render(self, block: XBlock, view_name: str, context: dict[str, Any] | None = None) -> Fragment:
        """A block that fails leaves an error box in its own place and nothing in the database."""
        try:
            with transaction.atomic():
                return super().render(block, view_name, context)
        except NoSuchViewError:
            raise
        except Exception:
            log.exception("View %s of %s failed", view_name, block.scope_ids.usage_id)
            return error_box(block)

    def wrap_xblock(
        self, block: XBlock, view: str, frag: Fragment, context: dict[str, Any] | None
    ) -> Fragment:
        """The LMS's wrapper."""
        return wrap(block, view, frag, runtime_class=self.runtime_class, context=context)

    def handler_url(
        self, block: XBlock, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """The address of a handler; with *thirdparty* the one that needs no session."""
        route = "lms:handler-noauth" if thirdparty else self.handler_route
        usage_key = block.scope_ids.usage_id
        arguments = [usage_key, handler_name]
        if route.startswith("lms:"):
            arguments.insert(0, usage_key.course_key)
        url = reverse(route, args=arguments)
        if suffix:
            url = f"{url}/{suffix.lstrip('/')}"
        return f"{url}?{query}" if query else url

    def resource_url(self, resource: str) -> str:
        raise NotImplementedError("Use local_resource_url; the platform has no other way either.")

    def local_resource_url(self, block: XBlock, uri: str) -> str:
        """Files below the block's own public folder, and no others.

        Blocks of one package share an address, as on a platform in production: a page loads what they share once.
        """
        return reverse("lms:block-resource", args=[_first_of_package(block.scope_ids.block_type), uri])

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Studio has nobody to grade: events vanish, as there."""


class LmsRuntime(DemoRuntime):
    """Learners: published content, grades and completion, hidden blocks are absent."""

    branch = Branch.PUBLISHED
    runtime_class = "LmsRuntime"
    handler_route = "lms:handler"

    def _make_services(self) -> dict[str, Any]:
        found = super()._make_services()
        found["cache"] = services.CacheService()
        found["replace_urls"] = services.AssetUrlService(self.course_key)
        found["publish"] = services.PublishService(self.publish)
        if self.viewer.user_id is not None:
            found["completion"] = CompletionService(self.viewer.user, self.course_key)
        return found

    def get_block(self, usage_id: UsageKey, for_parent: XBlock | None = None) -> XBlock | None:
        """None when the learner may not see the block, which is what the platform returns."""
        block = super().get_block(usage_id, for_parent)
        if block is None or self._may_see(block):
            return block
        return None

    def publish(self, block: XBlock, event_type: str, event_data: dict[str, Any]) -> None:
        """Grades and completion are recorded for the viewer, unless staff look through a learner's eyes."""
        publish_event(block, event_type, event_data, viewer=self.viewer)

    def _may_see(self, block: XBlock) -> bool:
        not_yet = block.start is not None and block.start > timezone.now()
        if not (block.visible_to_staff_only or not_yet):
            return True
        return roles.is_course_staff(self.viewer.user_id, self.course_key)


class PublishedRuntime(DemoRuntime):
    """What stands in the published course, whoever may see it: for the site itself, never for a page of a visitor."""

    branch = Branch.PUBLISHED
    runtime_class = "LmsRuntime"
    handler_route = "lms:handler"


class PreviewRuntime(DemoRuntime):
    """Studio's preview (``author_view``, ``student_view``): the draft, no completion, state in the session."""

    branch = Branch.DRAFT
    runtime_class = "PreviewRuntime"
    handler_route = "studio:preview-handler"
    # A handler called from a preview cannot change authored fields; only the editor's can. As there.
    writes_content = False
    is_author_mode = True

    #: Puts Studio's header with its buttons around a block; set by the page that draws one.
    decorate: Callable[[XBlock, Fragment, dict[str, Any]], Fragment] | None = None

    def _make_services(self) -> dict[str, Any]:
        found = super()._make_services()
        found["user"] = services.DemoUserService(self.viewer.user, self.course_key, in_studio=True)
        found["cache"] = services.CacheService()
        found["replace_urls"] = services.AssetUrlService(self.course_key)
        return found

    def wrap_xblock(
        self, block: XBlock, view: str, frag: Fragment, context: dict[str, Any] | None
    ) -> Fragment:
        """Blocks other than the page's own root get Studio's header, as in the platform's preview."""
        wrapped = super().wrap_xblock(block, view, frag, context)
        if self.decorate is None or view not in ("author_view", "student_view", "public_view"):
            return wrapped
        root = (context or {}).get("root_xblock")
        if root is None or block.parent != root.location:
            return wrapped  # the root itself, or inside the preview of a block that has the buttons
        return self.decorate(block, wrapped, context or {})


class EditorRuntime(DemoRuntime):
    """Studio's editors (``studio_view`` and its handlers): fewer services, no user bound, no author mode."""

    branch = Branch.DRAFT
    runtime_class = "StudioRuntime"
    handler_route = "studio:handler"
    writes_content = True

    def _make_services(self) -> dict[str, Any]:
        found = super()._make_services()
        found["replace_urls"] = services.AssetUrlService(self.course_key)
        return found

    def get_block(self, usage_id: UsageKey, for_parent: XBlock | None = None) -> XBlock | None:
        """As on the platform, no learner is bound to the block that an author edits."""
        if usage_id not in self.store.tree.nodes:
            raise NoSuchUsage(str(usage_id))
        ids = ScopeIds(None, usage_id.block_type, usage_id, usage_id)
        return self.construct_xblock(usage_id.block_type, ids, for_parent=for_parent)


@cache
def _first_of_package(block_type: str) -> str:
    """The first block type of the package that the block comes from; its own for the demo's blocks."""
    if block_type in BUILT_IN:
        return block_type
    packages = {name: found.__module__.rpartition(".")[0] for name, found in XBlock.load_classes()}
    return min(name for name, package in packages.items() if package == packages[block_type])

"""Services a block may ask its runtime for, with the interfaces they have on the platform."""

from __future__ import annotations

import gettext
import hashlib
import re
from collections.abc import Callable
from importlib import resources
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import BaseCache, caches
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from opaque_keys.edx.keys import CourseKey
from xblock.core import XBlock
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import NullI18nService

from demo_site.courses import roles

__all__ = [
    "AssetUrlService",
    "BlockTextService",
    "CacheService",
    "DemoUserService",
    "PublishService",
    "SettingsService",
    "TemplateService",
    "anonymous_id",
    "package_of",
]

_STATIC = re.compile(r"""(?P<quote>\\?["'])/static/(?P<path>[^"'\\\x00-\x1f\x7f]+)(?P=quote)""")


def anonymous_id(user_id: int, course_key: CourseKey) -> str:
    """32 hexadecimal digits that name a learner inside one course and nowhere else."""
    text = f"{settings.SECRET_KEY}:{course_key}:{user_id}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def package_of(block: XBlock) -> str:
    """The root package of a block's class, where its catalogues are."""
    unmixed = getattr(block, "unmixed_class", type(block))
    return str(unmixed.__module__.split(".")[0])


class DemoUserService(UserService):
    """Says who is looking. In Studio the author is no staff and has the literal id "student", as there."""

    def __init__(self, user: Any, course_key: CourseKey, *, in_studio: bool = False) -> None:
        super().__init__()
        self._user = user
        self._course_key = course_key
        self._in_studio = in_studio
        self._staff: bool | None = None

    def get_current_user(self) -> XBlockUser:
        """Whoever the blocks are rendered for: while masquerading, the learner."""
        if not self._user.is_authenticated:
            visitor = XBlockUser(is_current_user=True)
            visitor.opt_attrs = {"edx-platform.is_authenticated": False, "edx-platform.user_is_staff": False}
            return visitor
        user = XBlockUser(
            is_current_user=True,
            emails=[self._user.email],
            full_name=self._user.get_full_name() or self._user.username,
        )
        if self._staff is None:  # asked by every block of the page, as the LMS answers it from a cache
            self._staff = not self._in_studio and roles.holds_staff_role(self._user, self._course_key)
        staff = self._staff
        user.opt_attrs = {
            "edx-platform.anonymous_user_id": self._anonymous_id(),
            "edx-platform.deprecated_anonymous_user_id": self._anonymous_id(),
            "edx-platform.is_authenticated": True,
            "edx-platform.user_id": self._user.pk,
            "edx-platform.username": self._user.username,
            "edx-platform.user_is_staff": staff,
            "edx-platform.user_is_global_staff": bool(self._user.is_superuser),
            "edx-platform.user_is_beta_tester": False,
            "edx-platform.user_role": "instructor" if self._in_studio else ("staff" if staff else "student"),
            "edx-platform.user_preferences": {"pref-lang": translation.get_language(), "time_zone": "UTC"},
            "edx-platform.request_country_code": None,
        }
        return user

    def get_user_by_anonymous_id(self, uid: str | None = None) -> Any:
        """The account behind an anonymous id of this course, or None."""
        if not uid:
            return self._user
        for user in get_user_model().objects.all():
            if anonymous_id(user.pk, self._course_key) == uid:
                return user
        return None

    def get_anonymous_user_id(self, username: str, course_id: str) -> str | None:
        """For course staff only: the anonymous id of somebody in a course."""
        if not roles.is_course_staff(self._user.pk, course_id):
            return None
        user = get_user_model().objects.filter(username=username).first()
        return anonymous_id(user.pk, CourseKey.from_string(course_id)) if user is not None else None

    def _anonymous_id(self) -> str:
        return "student" if self._in_studio else anonymous_id(self._user.pk, self._course_key)


class BlockTextService(NullI18nService):
    """Translates with the catalogues inside the block's own package, falling back to the site's."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self._files = resources.files(package)
        language = translation.get_language() or "en"
        self._translations = _site_catalogue()
        for folder, domain in (
            ("translations", "text"),  # what the platform reads; both domains may lie in one folder
            ("translations", "django"),
            ("conf/locale", "django"),
        ):
            path = self._files.joinpath(folder)
            found = gettext.translation(
                domain, str(path), languages=[translation.to_locale(language)], fallback=True
            )
            if isinstance(found, gettext.GNUTranslations):
                found.add_fallback(self._translations)
                self._translations = found
                break

    def get_javascript_i18n_catalog_url(self, block: XBlock) -> str | None:
        """Address of the block's catalogue for scripts in the current language, None when it ships none."""
        locale = translation.to_locale(translation.get_language() or "en")
        path = f"{block.public_dir}/js/translations/{locale}/text.js"
        if not self._files.joinpath(path).is_file():
            return None
        url: str = block.runtime.local_resource_url(block, path)
        return url


class _SiteCatalogue(gettext.NullTranslations):
    """Django's own active catalogue behind Python's interface."""

    def gettext(self, message: str) -> str:
        return translation.gettext(message) if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return translation.ngettext(msgid1, msgid2, n)


def _site_catalogue() -> gettext.NullTranslations:
    return _SiteCatalogue()


class AssetUrlService:
    """Turns the ``/static/name`` of authored content into the address of the course's file."""

    def __init__(self, course_key: CourseKey) -> None:
        self._course_key = course_key

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """Only quoted addresses are replaced, so that prose about ``/static/`` stays as it is."""

        def replaced(match: re.Match[str]) -> str:
            url = reverse("lms:course-asset", args=[self._course_key, match["path"]])
            return f"{match['quote']}{url}{match['quote']}"

        return _STATIC.sub(replaced, text)


class SettingsService:
    """Gives a block the operator's ``XBLOCK_SETTINGS`` under its own name."""

    def get_settings_bucket(self, block: XBlock, default: Any = None) -> Any:
        """The bucket of the block's ``block_settings_key``, else of its class."""
        if not block:
            raise ValueError("get_settings_bucket needs the block that asks")
        unmixed = getattr(block, "unmixed_class", type(block))
        name = getattr(block, "block_settings_key", None) or unmixed.__name__
        return settings.XBLOCK_SETTINGS.get(name, default if default is not None else {})


class CacheService:
    """Named caches of the site."""

    def get_cache(self, name: str) -> BaseCache:
        """The cache of that name; the default one when there is none."""
        return caches[name] if name in caches.settings else caches["default"]


class TemplateService:
    """The part of the platform's ``mako`` service that container mixins of ``xblock.utils`` use."""

    namespace_prefix = ""

    def render_template(self, template: str, context: dict[str, Any]) -> str:
        """Render one of the demo's own templates that stand in for the platform's."""
        return render_to_string(f"runtime/{template}", context)

    render_lms_template = render_template
    render_cms_template = render_template


class PublishService:
    """The runtime's ``publish`` as a service, as the LMS offers it beside the method."""

    def __init__(self, publish: Callable[[XBlock, str, dict[str, Any]], None]) -> None:
        self.publish = publish

"""The only door to the learning platform.

Everything the app needs to know about courses, roles and people, and everything it reports back, goes
through one object with the methods of :class:`Platform`. :class:`OpenEdxPlatform` implements them with lazy
imports of the LMS (design rule: a platform module is imported inside the method that needs it, so that the
app loads in Studio, in tests and in other hosts). ``MICROCRED["PLATFORM"]`` names another class where the
host is not Open edX.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast

from crum import get_current_user
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet, Value
from django.dispatch import Signal
from django.utils.module_loading import import_string

from . import courses, platform_records
from .conf import settings
from .courses import CourseBlock, NewUnit, QuestionWords
from .one_statement import OneStatement
from .platform_courses import listen_to_courses
from .platform_facts import Seen, listen, listen_to_completions
from .platform_records import Records
from .platform_roles import course_roles
from .rules import Mention

__all__ = [
    "CourseBlock",
    "NewUnit",
    "OpenEdxPlatform",
    "Person",
    "Platform",
    "QuestionWords",
    "Records",
    "listen_to_courses",
    "listen_to_platform",
    "open_accounts",
    "platform",
    "retirement_signals",
]

log = logging.getLogger(__name__)


def retirement_signals() -> tuple[Signal, ...]:
    """The signals by which the LMS retires an account, each sent again when a step failed; none in other hosts.

    ``MISC`` comes before the account loses its name, ``CRITICAL`` afterwards, ``MAILINGS`` when newsletters are ended.
    All carry ``user``.
    """
    try:
        found = import_module("openedx.core.djangoapps.user_api.accounts.signals")
    except ImportError:
        return ()
    names = ("USER_RETIRE_LMS_MISC", "USER_RETIRE_LMS_CRITICAL", "USER_RETIRE_MAILINGS")
    return tuple(getattr(found, name) for name in names if hasattr(found, name))


@dataclass(frozen=True)
class Person:
    """To whom a credential is made out; empty texts where the platform knows nothing."""

    name: str
    email: str


class Platform(Protocol):
    """What the app asks of a learning platform. Users are LMS user ids, keys are strings."""

    def is_enrolled(self, user_id: int, course_key: str) -> bool:
        """Whether the user is actively enrolled in the course."""

    def is_course_staff(self, user_id: int, course_key: str) -> bool:
        """Whether the user may see and do everything in the course."""

    def is_reviewer(self, user_id: int, course_key: str) -> bool:
        """Whether the user may judge evidence of this course."""

    def reviewable_courses(self, user_id: int) -> tuple[str, ...]:
        """Keys of the courses whose evidence the user may judge."""

    def is_masquerading(self) -> bool:
        """Whether the request being served is a staff member looking through a learner's eyes."""

    def course_title(self, course_key: str) -> str:
        """The course's display name; its key when it is gone."""

    def course_end(self, course_key: str) -> datetime | None:
        """When the course ends; None when it has no end or is not known."""

    def learner_name(self, user_id: int) -> str:
        """The name to show and to put into a credential; empty when unknown."""

    def learner_email(self, user_id: int) -> str:
        """The account's e-mail address; empty when unknown."""

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        """Name and address of many at once, by user id; who is unknown is left out."""

    def submit_completion(self, user_id: int, usage_key: str, value: float) -> None:
        """Record completion of a block (0.0 to 1.0) for a learner who is not the one in the request."""

    def submit_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """Record points of a block for a learner who is not the one in the request."""

    def replace_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """Record points that take the place of earlier ones, also of better ones."""

    def unit_url(self, usage_key: str) -> str:
        """Where a learner opens the block."""

    def learner_of_anonymous_id(self, anonymous_id: str, course_key: str) -> int | None:
        """The account behind the id under which the blocks of a course know a learner; None when there is none."""

    def studio_url(self, usage_key: str) -> str:
        """Where an author opens the block; asked in Studio only."""

    def course_blocks(self, course_key: str) -> tuple[CourseBlock, ...]:
        """The course's draft in reading order; empty when there is no such course. Asked in Studio only."""

    def build_units(self, course_key: str, units: Sequence[NewUnit], *, author_id: int) -> tuple[str, ...]:
        """Put these units into the draft, all or none, and answer their usage keys. Asked in Studio only."""

    def questions_of(self, course_key: str, unit_usage_key: str) -> dict[str, QuestionWords]:
        """What the checks of a unit ask now, by usage key; empty for a unit that is not in this course."""

    def container_complete(self, user_id: int, usage_key: str) -> bool:
        """Whether everything that the learner can see in a page or section is complete."""

    def course_records(
        self, course_key: str, part: str, *, keys: Collection[Mention], after: str, limit: int, count: bool
    ) -> Records:
        """One piece of what the platform's tables say of learners in the course; see :mod:`.platform_records`."""


class OpenEdxPlatform:
    """The LMS (and, for reading people, Studio) of Open edX, Teak to Verawood."""

    def is_enrolled(self, user_id: int, course_key: str) -> bool:
        """Ask the enrolment table; staff who are not enrolled are not learners."""
        from common.djangoapps.student.models import CourseEnrollment

        key, user = _course_key(course_key), get_user_model().objects.filter(pk=user_id).first()
        return user is not None and key is not None and CourseEnrollment.is_enrolled(user, key)

    def is_course_staff(self, user_id: int, course_key: str) -> bool:
        """Course staff, course instructors and global staff (:mod:`microcred_app.platform_roles.course_roles`)."""
        return _holds_office(user_id, course_key, course_roles.CourseOffice.STAFF)

    def is_reviewer(self, user_id: int, course_key: str) -> bool:
        """Whoever the table of offices says."""
        return _holds_office(user_id, course_key, course_roles.CourseOffice.REVIEWER)

    def reviewable_courses(self, user_id: int) -> tuple[str, ...]:
        """Courses in which the user holds a role that reviews."""
        user = get_user_model().objects.filter(pk=user_id).first()
        return course_roles.courses_of(user, course_roles.CourseOffice.REVIEWER)

    def is_masquerading(self) -> bool:
        """The LMS puts the real user beside the masqueraded one on the request's user."""
        return getattr(get_current_user(), "real_user", None) is not None

    def course_title(self, course_key: str) -> str:
        """From the course overview, which outlives an archived course; what is no course key is shown as it is."""
        from opaque_keys import InvalidKeyError
        from opaque_keys.edx.keys import CourseKey
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

        try:
            key = CourseKey.from_string(course_key)
        except InvalidKeyError:
            return course_key
        overview = CourseOverview.objects.filter(id=key).first()
        return overview.display_name_with_default if overview else course_key

    def course_end(self, course_key: str) -> datetime | None:
        """From the course overview, which outlives an archived course."""
        from opaque_keys import InvalidKeyError
        from opaque_keys.edx.keys import CourseKey
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

        try:
            key = CourseKey.from_string(course_key)
        except InvalidKeyError:
            return None
        return CourseOverview.objects.filter(id=key).values_list("end", flat=True).first()

    def learner_name(self, user_id: int) -> str:
        """The profile's full name, else the account's."""
        user = _person(user_id)
        return _name_of(user) if user is not None else ""

    def learner_email(self, user_id: int) -> str:
        """The account's address."""
        user = _person(user_id)
        return str(user.email) if user is not None else ""

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        """Accounts with their profiles in one query."""
        wanted = set(user_ids)
        rows = _person_of_one.rows(*wanted) if len(wanted) == 1 else _people(wanted)
        return {
            pk: Person((full or f"{first} {last}").strip(), email or "")
            for pk, email, first, last, full in rows
        }

    def submit_completion(self, user_id: int, usage_key: str, value: float) -> None:
        """Write through edx-completion, which also emits its tracking event."""
        from completion.models import BlockCompletion
        from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
        from opaque_keys.edx.keys import UsageKey

        if ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled():
            user = get_user_model().objects.get(pk=user_id)
            BlockCompletion.objects.submit_completion(
                user=user, block_key=UsageKey.from_string(usage_key), completion=value
            )

    def submit_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """Send the signal that a graded handler of the learner would have caused; a better result stays."""
        _publish_score(user_id, usage_key, earned, possible, only_if_higher=True)

    def replace_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """The same signal, which also takes a lower result."""
        _publish_score(user_id, usage_key, earned, possible, only_if_higher=False)

    def unit_url(self, usage_key: str) -> str:
        """The LMS's own redirect to wherever the block stands in the course."""
        from opaque_keys.edx.keys import UsageKey

        return f"/courses/{UsageKey.from_string(usage_key).course_key}/jump_to/{usage_key}"

    def learner_of_anonymous_id(self, anonymous_id: str, course_key: str) -> int | None:
        """From the LMS's table of anonymous ids, in which each belongs to one course."""
        from common.djangoapps.student.models import user_by_anonymous_id

        user = user_by_anonymous_id(anonymous_id)
        return int(user.pk) if user is not None else None

    def studio_url(self, usage_key: str) -> str:
        """Studio's own address of a page or container; newer Studios lead on from there."""
        return f"/container/{usage_key}"

    def course_blocks(self, course_key: str) -> tuple[CourseBlock, ...]:
        """From the modulestore's draft."""
        return courses.read_from_modulestore(course_key)

    def build_units(self, course_key: str, units: Sequence[NewUnit], *, author_id: int) -> tuple[str, ...]:
        """Into the modulestore's draft."""
        return courses.build_in_modulestore(course_key, units, author_id=author_id)

    def questions_of(self, course_key: str, unit_usage_key: str) -> dict[str, QuestionWords]:
        """From the modulestore, as learners meet it."""
        return courses.questions_in_modulestore(course_key, unit_usage_key)

    def container_complete(self, user_id: int, usage_key: str) -> bool:
        """From the learner's own view of the course, with the platform's marks of completion."""
        from lms.djangoapps.course_api.blocks.transformers.block_completion import BlockCompletionTransformer
        from lms.djangoapps.course_blocks.api import get_course_block_access_transformers, get_course_blocks
        from opaque_keys.edx.keys import UsageKey
        from openedx.core.djangoapps.content.block_structure.transformers import BlockStructureTransformers

        user = get_user_model().objects.filter(pk=user_id).first()
        if user is None:
            return False
        key = UsageKey.from_string(usage_key)
        marks = BlockStructureTransformers(
            [*get_course_block_access_transformers(user), BlockCompletionTransformer()]
        )
        blocks = get_course_blocks(user, key, marks)
        return bool(blocks.get_xblock_field(key, BlockCompletionTransformer.COMPLETE))

    def course_records(
        self, course_key: str, part: str, *, keys: Collection[Mention], after: str, limit: int, count: bool
    ) -> Records:
        """From the LMS's tables of grades, completions, certificates and cohorts."""
        return platform_records.read_records(
            course_key,
            part,
            keys=keys,
            after=after,
            limit=limit,
            count=count,
            container_complete=self.container_complete,
        )


def listen_to_platform(receive: Callable[[Iterable[Seen]], None]) -> None:
    """Hear from now on what the platform says about learners; *receive* gets it as values."""
    listen(receive)
    if apps.is_installed("completion"):
        listen_to_completions(apps.get_model("completion", "BlockCompletion"), receive)


def open_accounts(user_ids: Iterable[int]) -> frozenset[int]:
    """Those of these accounts that exist and are not retired; a retired one has the platform's own mark in its name."""
    model = get_user_model()
    retired = getattr(django_settings, "RETIRED_USERNAME_PREFIX", "retired__user_")
    rows = model.objects.filter(pk__in=set(user_ids)).exclude(
        **{f"{model.USERNAME_FIELD}__startswith": retired}
    )
    return frozenset(rows.values_list("pk", flat=True))


def _holds_office(user_id: int, course_key: str, office: course_roles.CourseOffice) -> bool:
    key = _course_key(course_key)
    user = get_user_model().objects.filter(pk=user_id).first() if key is not None else None
    return course_roles.holds_course_office(user, key, office)


def _course_key(text: str) -> Any:
    """The key, or None for what somebody typed and is none: nobody is anything to that."""
    from opaque_keys import InvalidKeyError
    from opaque_keys.edx.keys import CourseKey

    try:
        return CourseKey.from_string(text)
    except InvalidKeyError:
        return None


def _publish_score(
    user_id: int, usage_key: str, earned: float, possible: float, *, only_if_higher: bool
) -> None:
    from lms.djangoapps.grades.api import signals
    from opaque_keys.edx.keys import UsageKey

    signals.SCORE_PUBLISHED.send(
        sender=None,
        block=_ScoredBlock(UsageKey.from_string(usage_key)),
        user=get_user_model().objects.get(pk=user_id),
        raw_earned=earned,
        raw_possible=possible,
        only_if_higher=only_if_higher,
    )


def _person(user_id: int) -> Any | None:
    """The account; the one that is read already when the request is that person's own."""
    current = get_current_user()
    if current is not None and current.pk == user_id:
        return current
    return get_user_model().objects.filter(pk=user_id).first()


def _people(user_ids: Iterable[int]) -> QuerySet[Any]:
    model = get_user_model()
    profile = F("profile__name") if hasattr(model, "profile") else Value("")
    users = model.objects.filter(pk__in=user_ids)
    return users.values_list("pk", "email", "first_name", "last_name", profile)


#: Every badge that is signed asks for its holder.
_person_of_one = OneStatement(_people, (None, None, None, None, None))


def _name_of(user: Any) -> str:
    """The profile's full name, else the account's."""
    profile = getattr(user, "profile", None)
    return str(getattr(profile, "name", "") or user.get_full_name()).strip()


class _ScoredBlock:
    """The part of a block that the platform's SCORE_PUBLISHED receiver reads."""

    def __init__(self, usage_key: object) -> None:
        self.location = usage_key
        self.scope_ids = type("ScopeIds", (), {"usage_id": usage_key})()
        self.course_id = usage_key.course_key  # type: ignore[attr-defined]


@lru_cache(maxsize=8)
def _load(path: str) -> Platform:
    return cast("Platform", import_string(path)())


def platform() -> Platform:
    """The platform named by ``MICROCRED["PLATFORM"]``."""
    return _load(settings().platform)

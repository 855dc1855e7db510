"""The demo as a learning platform: what :mod:`microcred_app` asks of the LMS, answered from the demo's tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from crum import get_current_request, get_current_user
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo_site.courses import authoring, records, roles
from demo_site.courses.models import Branch, Enrolment
from demo_site.courses.tree import load_tree
from demo_site.lms import masquerade
from demo_site.runtime import publishing, services
from demo_site.runtime.field_store import DatabaseState
from demo_site.runtime.runtime import PublishedRuntime, Viewer
from microcred_app.compat import CourseBlock, NewUnit, Person
from microcred_app.courses import QuestionWords, new_order, read_questions
from microcred_app.one_statement import OneStatement
from microcred_app.platform_records import Records, read_records
from microcred_app.rules import Mention

__all__ = ["DemoPlatform"]


class DemoPlatform:
    """The methods of ``microcred_app.compat.Platform``. Users are account ids, keys are strings."""

    def is_enrolled(self, user_id: int, course_key: str) -> bool:
        """Whether the user is a learner of the course."""
        return roles.is_enrolled(user_id, course_key)

    def is_course_staff(self, user_id: int, course_key: str) -> bool:
        """Whether the user may author the course and see everything in it."""
        return roles.is_course_staff(user_id, course_key)

    def is_reviewer(self, user_id: int, course_key: str) -> bool:
        """Whether the user may judge evidence of the course."""
        return roles.is_reviewer(user_id, course_key)

    def reviewable_courses(self, user_id: int) -> tuple[str, ...]:
        """Keys of the courses whose evidence the user may judge."""
        return roles.reviewable_courses(user_id)

    def is_masquerading(self) -> bool:
        """Whether the current request looks through a learner's eyes."""
        return masquerade.is_masquerading(get_current_request())

    def course_title(self, course_key: str) -> str:
        """The course's name; its key when it is gone, so that old records stay readable."""
        try:
            key = CourseKey.from_string(course_key)
        except InvalidKeyError:  # a requirement may name whatever somebody wrote
            return course_key
        root = load_tree(key, Branch.PUBLISHED).root()
        return str(root.fields.get("display_name") or course_key) if root is not None else course_key

    def course_end(self, course_key: str) -> datetime | None:
        """When the course ends, as its root says."""
        try:
            root = load_tree(CourseKey.from_string(course_key), Branch.PUBLISHED).root()
            return datetime.fromisoformat(str(root.fields["end"])) if root is not None else None
        except (InvalidKeyError, KeyError, ValueError):
            return None

    def learner_name(self, user_id: int) -> str:
        """The name to put into a credential; empty when unknown."""
        user = _person(user_id)
        return str(user.get_full_name()) if user is not None else ""

    def learner_email(self, user_id: int) -> str:
        """The account's address; empty when unknown."""
        user = _person(user_id)
        return str(user.email) if user is not None else ""

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        """Names and addresses of these accounts in one query."""
        wanted = set(user_ids)
        rows = _person_of_one.rows(*wanted) if len(wanted) == 1 else _people(wanted)
        return {pk: Person(f"{first} {last}".strip(), email) for pk, first, last, email in rows}

    def submit_completion(self, user_id: int, usage_key: str, value: float) -> None:
        """Record completion for a learner who is not the one in the request."""
        user = get_user_model().objects.get(pk=user_id)
        publishing.record_completion(user, UsageKey.from_string(usage_key), value)

    def submit_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """Record points for a learner who is not the one in the request; a better result stays."""
        publishing.record_grade(
            user_id, UsageKey.from_string(usage_key), earned, possible, only_if_higher=True
        )

    def replace_grade(self, user_id: int, usage_key: str, earned: float, possible: float) -> None:
        """Record points that take the place of earlier ones, also of better ones."""
        publishing.record_grade(
            user_id, UsageKey.from_string(usage_key), earned, possible, only_if_higher=False
        )

    def unit_url(self, usage_key: str) -> str:
        """An address that leads to wherever the block stands in the course."""
        key = UsageKey.from_string(usage_key)
        return reverse("lms:jump-to", args=[key.course_key, key])

    def learner_of_anonymous_id(self, anonymous_id: str, course_key: str) -> int | None:
        """Among the learners of the course."""
        key = CourseKey.from_string(course_key)
        learners = Enrolment.objects.filter(course_key=course_key).values_list("user_id", flat=True)
        return next((pk for pk in learners if services.anonymous_id(pk, key) == anonymous_id), None)

    def studio_url(self, usage_key: str) -> str:
        """The block's container page in Studio."""
        return reverse("studio:container", args=[UsageKey.from_string(usage_key)])

    def course_blocks(self, course_key: str) -> tuple[CourseBlock, ...]:
        """The draft in reading order."""
        try:
            tree = load_tree(CourseKey.from_string(course_key), Branch.DRAFT)
        except InvalidKeyError:
            return ()
        root = tree.root()
        nodes = tree.walk(root.usage_key) if root is not None else ()
        return tuple(
            CourseBlock(
                str(node.usage_key),
                node.block_type,
                str(node.fields.get("display_name") or ""),
                str(node.parent or ""),
                tuple(map(str, node.children)),
                node.fields,
            )
            for node in nodes
        )

    def questions_of(self, course_key: str, unit_usage_key: str) -> dict[str, QuestionWords]:
        """From the published branch; also what only the course's team sees."""
        try:
            key, unit = CourseKey.from_string(course_key), UsageKey.from_string(unit_usage_key)
        except InvalidKeyError:
            return {}
        runtime = PublishedRuntime(key, Viewer(AnonymousUser(), DatabaseState()))
        node = runtime.store.tree.nodes.get(unit)
        return read_questions(map(runtime.get_block, node.children)) if node is not None else {}

    def build_units(self, course_key: str, units: Sequence[NewUnit], *, author_id: int) -> tuple[str, ...]:
        """Into the draft, in one transaction."""
        key = CourseKey.from_string(course_key)
        made = []
        with transaction.atomic():
            for unit in units:
                page = UsageKey.from_string(unit.page)
                before = list(load_tree(key, Branch.DRAFT).nodes[page].children)
                unit_key = authoring.add_block(key, "microcred_unit", page, fields=dict(unit.fields))
                wrapped = [UsageKey.from_string(name) for name in unit.wraps]
                authoring.replace_children(unit_key, wrapped)
                order = new_order([str(child) for child in before], unit.wraps, str(unit_key))
                authoring.order_children(page, [UsageKey.from_string(name) for name in order])
                for category in unit.adds:
                    authoring.add_block(key, category, unit_key)
                made.append(str(unit_key))
        return tuple(made)

    def container_complete(self, user_id: int, usage_key: str) -> bool:
        """Whether every block below it that can be completed is, as far as this learner can see it."""
        user = get_user_model().objects.filter(pk=user_id).first()
        if user is None:
            return False
        key = UsageKey.from_string(usage_key)
        runtime = PublishedRuntime(key.course_key, Viewer(user, DatabaseState()))
        if key not in runtime.store.tree.nodes:
            return False
        service = runtime.completion_service()
        pages = [node.usage_key for node in runtime.store.tree.walk(key) if node.block_type == "vertical"]
        return (
            service is not None
            and bool(pages)
            and all(service.vertical_is_complete(runtime.get_block(page)) for page in pages)
        )

    def course_records(
        self, course_key: str, part: str, *, keys: Collection[Mention], after: str, limit: int, count: bool
    ) -> Records:
        """Grades from the demo's own table, completions from edx-completion's; it has nothing else."""
        if part == "grades":
            return records.course_grades(course_key, after, limit, count=count)
        if part == "scores":
            return records.scores(course_key, keys, after, limit, count=count)
        return read_records(
            course_key,
            part,
            keys=keys,
            after=after,
            limit=limit,
            count=count,
            container_complete=self.container_complete,
        )


def _person(user_id: int) -> Any | None:
    """The account; the one that is read already when the request is that person's own."""
    current = get_current_user()
    if current is not None and current.pk == user_id:
        return current
    return get_user_model().objects.filter(pk=user_id).first()


def _people(user_ids: Iterable[int]) -> QuerySet[Any]:
    return (
        get_user_model().objects.filter(pk__in=user_ids).values_list("pk", "first_name", "last_name", "email")
    )


_person_of_one = OneStatement(_people, (None, None, None, None))

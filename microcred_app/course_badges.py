"""What one learner has of one course: its units, the badges they lead to, and how far each of those is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcred_app import rules

from .applets.attainments import api as attainments
from .applets.attainments.models import UnitProgress
from .applets.authoring.models import OutcomeSource
from .applets.awards import api as awards
from .applets.badges import api as badges
from .compat import platform
from .errors import MicrocredError
from .permissions import api as permissions

__all__ = ["CourseBadge", "CourseBadges", "CourseNotYours", "course_badges", "has_units"]

#: A course with more is told the first of them.
MOST_OUTCOMES = 500


class CourseNotYours(MicrocredError):
    """There is no such course, or this person does not take it. Which of both is not told."""

    code = "course_not_yours"
    http_status = 404


@dataclass(frozen=True)
class CourseBadge:
    """A badge that the course's units lead to: how many of the outcomes that it asks for the learner has shown."""

    key: str
    name: str
    image_sha256: str
    held: bool
    award_id: str
    shown: int
    asked: int
    version: int


@dataclass(frozen=True)
class CourseBadges:
    """Units of the course that the learner completed, of all that are known, and the badges, held ones first."""

    course_key: str
    title: str
    units_done: int
    units: int
    badges: tuple[CourseBadge, ...]

    @property
    def held(self) -> int:
        """How many of the badges the learner holds."""
        return sum(badge.held for badge in self.badges)


def has_units(course_key: str) -> bool:
    """Whether anything of this app is in the course."""
    return (
        OutcomeSource.objects.filter(course_key=course_key, retired_at=None).exists()
        or UnitProgress.objects.filter(course_key=course_key).exists()
    )


def course_badges(learner_id: int, course_key: str) -> CourseBadges:
    """Badges of the course for whoever takes it or is on its team; raises :class:`CourseNotYours`.

    The platform is only asked about keys that the app has met: what somebody typed may be no key at all.
    """
    known = bool(course_key) and len(course_key) <= 255 and "\x00" not in course_key and has_units(course_key)
    if not known or not permissions.may_in_course(
        learner_id, permissions.CourseAction.SEE_OWN_BADGES, course_key
    ):
        raise CourseNotYours(
            _("There are no badges here for you. Open your course and try again from there.")
        )
    return badges_of_course(learner_id, course_key)


def badges_of_course(learner_id: int, course_key: str) -> CourseBadges:
    """The same for rooms that know that this learner takes the course."""
    saved = OutcomeSource.objects.filter(course_key=course_key, retired_at=None)
    units = dict(saved.values_list("usage_key", "outcome_key")[:MOST_OUTCOMES])
    if not units:  # a course whose units nobody has saved since they are written down: what its learners met
        met = UnitProgress.objects.filter(course_key=course_key).order_by()
        units = dict(met.values_list("unit_usage_key", "outcome_key").distinct()[:MOST_OUTCOMES])
    own = UnitProgress.objects.filter(learner_id=learner_id, course_key=course_key)
    done = 0
    for usage_key, outcome_key, completed_at in own.values_list(
        "unit_usage_key", "outcome_key", "completed_at"
    ):
        units.setdefault(usage_key, outcome_key)
        done += completed_at is not None
    outcomes = set(units.values())
    leading = badges.badges_mentioning([("outcome", key) for key in sorted(outcomes)]) if outcomes else ()
    held = awards.held_badges(learner_id) if leading else {}
    asked = {
        badge.key: {key for kind, key in rules.mentions(badge.requirement) if kind == "outcome"}
        for badge in leading
    }
    shown = (
        attainments.best_scores(learner_id, {key for keys in asked.values() for key in keys}) if asked else {}
    )
    lines = [
        CourseBadge(
            badge.key,
            badge.name,
            badge.image_sha256,
            badge.key in held,
            held.get(badge.key, ""),
            len(asked[badge.key] & shown.keys()),
            len(asked[badge.key]),
            badge.number,
        )
        for badge in leading
    ]
    lines.sort(key=lambda line: (not line.held, -line.shown, line.name.casefold()))
    return CourseBadges(course_key, platform().course_title(course_key), done, len(units), tuple(lines))

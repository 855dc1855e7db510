"""What belongs to whoever asks: their badges, who may see them, and the pathways they follow."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from microcred_app.course_badges import course_badges
from microcred_app.learning import Wish, browse, my_badge, my_badges, my_resume, show_pathway
from microcred_app.people import person_record
from microcred_app.permissions import api as permissions

from .cursors import slice_of
from .requests import CourseInsightsQuery, ListQuery, VisibilityBody
from .resource import Resource
from .schema import describe
from .shapes import CourseBadgesShape, MyBadgeShape, MyDataShape, MyResumeShape, PathwayShape, page_of

__all__ = [
    "MyBadgeList",
    "MyBadgeVisibility",
    "MyCourseOne",
    "MyData",
    "MyPathwayFollowing",
    "MyPathwayLeaving",
    "MyPathwayList",
    "MyPathwayPause",
    "MyResume",
]


class MyBadgeList(Resource):
    """The caller's badges."""

    @describe("list_my_badges", parameters=[ListQuery], responses=page_of(MyBadgeShape))
    def get(self, _request: Request) -> Response:
        """The 200 newest badges of the caller, by the id of their award; private unless shared."""
        place = self.place(self.read_query(ListQuery))
        found = my_badges(self.person)
        return self.listed(MyBadgeShape, slice_of(found, lambda badge: badge.award_id, **place))


class MyData(Resource):
    """What is kept about the caller."""

    @describe("read_my_data", responses=MyDataShape)
    def get(self, _request: Request) -> Response:
        """Every table's rows about the caller; ``cut`` names tables of which there is more than is shown."""
        permissions.refuse_other_eyes()
        return Response(person_record(self.person))


class MyResume(Resource):
    """The caller's badges for employers' systems."""

    @describe("read_my_resume", responses=MyResumeShape)
    def get(self, _request: Request) -> Response:
        """The badges that hold, as LER-RS of HR Open Standards; each badge keeps its proof, the document has none."""
        permissions.refuse_other_eyes()
        return Response(my_resume(self.person, now=timezone.now()))


class MyBadgeVisibility(Resource):
    """Who may see one of the caller's badges."""

    @describe("set_visibility", request=VisibilityBody, responses=MyBadgeShape)
    def post(self, _request: Request, credential_id: UUID) -> Response:
        """Open a badge to whoever has its link, or close it again; ``credential`` is the id in the list."""
        if self.read_body(VisibilityBody)["shared"]:
            changed = issuance.share_credential(self.person, str(credential_id), now=timezone.now())
        else:
            changed = issuance.hide_credential(self.person, str(credential_id))
        return self.shown(MyBadgeShape, my_badge(self.person, changed.award_id))


class MyCourseOne(Resource):
    """What the caller has of one course."""

    @describe("get_my_course", parameters=[CourseInsightsQuery], responses=CourseBadgesShape)
    def get(self, _request: Request) -> Response:
        """Units done and badges of a course that the caller takes, for the platform's own front ends; 404 otherwise."""
        return self.shown(
            CourseBadgesShape, course_badges(self.person, self.read_query(CourseInsightsQuery)["course"])
        )


class MyPathwayList(Resource):
    """Pathways that the caller follows."""

    @describe("list_my_pathways", parameters=[ListQuery], responses=page_of(PathwayShape))
    def get(self, _request: Request) -> Response:
        """Pathways followed or paused, by key."""
        place = self.place(self.read_query(ListQuery))
        found = [one for one in browse(self.person, Wish()).entries if one.pathway.following]
        return self.listed(PathwayShape, slice_of(found, lambda one: one.pathway.key, **place))


class MyPathwayFollowing(Resource):
    """Follow a pathway."""

    @describe("follow_pathway", request=None, responses=PathwayShape)
    def post(self, _request: Request, key: str) -> Response:
        """Follow it, or take it up again."""
        pathways.follow(self.person, key, now=timezone.now())
        return self.shown(PathwayShape, show_pathway(key, self.person))


class MyPathwayPause(Resource):
    """Set a pathway aside."""

    @describe("pause_pathway", request=None, responses=PathwayShape)
    def post(self, _request: Request, key: str) -> Response:
        """Pause it; nothing is lost."""
        pathways.pause(self.person, key, now=timezone.now())
        return self.shown(PathwayShape, show_pathway(key, self.person))


class MyPathwayLeaving(Resource):
    """Leave a pathway."""

    @describe("leave_pathway", request=None, responses=PathwayShape)
    def post(self, _request: Request, key: str) -> Response:
        """Leave it; badges stay."""
        pathways.leave(self.person, key, now=timezone.now())
        return self.shown(PathwayShape, show_pathway(key, self.person))

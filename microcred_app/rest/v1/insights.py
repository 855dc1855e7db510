"""Insights for programs: the same figures as on the pages, for the team of the course."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.insights import api as insights

from .insight_shapes import CourseInsightsShape, UnitInsightsShape
from .requests import CourseInsightsQuery, UnitInsightsQuery
from .resource import Resource
from .schema import describe

__all__ = ["CourseInsightsOne", "UnitInsightsOne"]


class CourseInsightsOne(Resource):
    """Insights of a course."""

    @describe("get_course_insights", parameters=[CourseInsightsQuery], responses=CourseInsightsShape)
    def get(self, _request: Request) -> Response:
        """The units of a course with who started and who completed them; 404 for whoever is not on its team."""
        query = self.read_query(CourseInsightsQuery)
        return self.shown(CourseInsightsShape, insights.course_insights(self.person, query["course"]))


class UnitInsightsOne(Resource):
    """Insights of a unit."""

    @describe("get_unit_insights", parameters=[UnitInsightsQuery], responses=UnitInsightsShape)
    def get(self, _request: Request) -> Response:
        """The way through a unit, its checks and its evidence; 404 for whoever is not on the course's team."""
        query = self.read_query(UnitInsightsQuery)
        found = insights.unit_insights(self.person, query["course"], query["unit"])
        return self.shown(UnitInsightsShape, found)

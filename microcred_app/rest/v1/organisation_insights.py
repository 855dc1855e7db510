"""Insights of organisations for programs: the same figures as in the console, for who may see awards."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.insights import api as insights

from .insight_shapes import (
    CoverageShape,
    EndingShape,
    FigureDetailShape,
    FigureListShape,
    ProfileListShape,
    WorthShape,
)
from .requests import FigureListQuery, FigureQuery, PageQuery
from .resource import Resource
from .schema import describe

__all__ = ["CoverageOne", "EndingList", "FigureList", "FigureOne", "ProfileList", "WorthOne"]


class FigureList(Resource):
    """Badges and pathways with how far learners come."""

    @describe("list_figures", parameters=[FigureListQuery], responses=FigureListShape)
    def get(self, _request: Request) -> Response:
        """Badges or pathways of the caller's organisations, those with most learners first."""
        query = self.read_query(FigureListQuery)
        kind = query["kind"]
        count = insights.count_figures(self.person, kind)
        items = insights.find_figures(self.person, kind, limit=query["limit"], offset=query["offset"])
        return self.shown(FigureListShape, {"count": count, "items": items})


class FigureOne(Resource):
    """One badge or pathway."""

    @describe("get_figure", parameters=[FigureQuery], responses=FigureDetailShape)
    def get(self, _request: Request) -> Response:
        """How far learners come, how long they need, and groups by start."""
        query = self.read_query(FigureQuery)
        return self.shown(FigureDetailShape, insights.figure_detail(self.person, query["kind"], query["key"]))


class CoverageOne(Resource):
    """Skills by course."""

    @describe("get_coverage", parameters=[PageQuery], responses=CoverageShape)
    def get(self, request: Request) -> Response:
        """Who has which skill, who showed it in which course, and what is missing."""
        query = self.read_query(PageQuery)
        found = insights.coverage(self.person, limit=query["limit"], offset=query["offset"], columns=None)
        keys = [key for key, _title in found.courses]
        return Response(CoverageShape(found, context={"request": request, "courses": keys}).data)


class ProfileList(Resource):
    """Job profiles."""

    @describe("list_profiles", responses=ProfileListShape)
    def get(self, _request: Request) -> Response:
        """Job profiles of the caller's organisations, and who is ready for them."""
        return self.shown(ProfileListShape, {"items": insights.list_profiles(self.person)})


class WorthOne(Resource):
    """What makes badges worth less."""

    @describe("get_worth", responses=WorthShape)
    def get(self, _request: Request) -> Response:
        """Badges that are worth a second look."""
        return self.shown(WorthShape, insights.badge_worth(self.person))


class EndingList(Resource):
    """Badges whose time ends soon."""

    @describe("list_ending", responses=EndingShape)
    def get(self, _request: Request) -> Response:
        """By badge, how many awards end within 30, 60 and 90 days."""
        return self.shown(EndingShape, {"items": insights.ending_soon(self.person, timezone.now())})

"""Issuers, skills, badges and pathways for anybody; drafts for those who look after them."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.paging import page_skills
from microcred_app.learning import Wish, browse, show_pathway
from microcred_app.permissions import api as permissions

from .cursors import slice_of
from .requests import BadgeQuery, ListQuery, PathwayQuery, SkillQuery
from .resource import OpenResource, Resource
from .schema import describe
from .shapes import BadgeShape, DraftShape, IssuerShape, PathwayShape, SkillShape, VersionShape, page_of

__all__ = [
    "BadgeList",
    "BadgeOne",
    "DraftList",
    "DraftOne",
    "IssuerList",
    "IssuerOne",
    "PathwayList",
    "PathwayOne",
    "SkillList",
    "SkillOne",
    "VersionList",
    "VersionOne",
]


class IssuerList(OpenResource):
    """Organisations that issue here."""

    @describe("list_issuers", parameters=[ListQuery], responses=page_of(IssuerShape))
    def get(self, _request: Request) -> Response:
        """Every organisation, by key."""
        place = self.place(self.read_query(ListQuery))
        return self.listed(IssuerShape, slice_of(badges.list_issuers(), lambda one: one.slug, **place))


class IssuerOne(OpenResource):
    """One organisation."""

    @describe("get_issuer", responses=IssuerShape)
    def get(self, _request: Request, key: str) -> Response:
        """The organisation with this key."""
        return self.shown(IssuerShape, badges.get_issuer(key))


class SkillList(OpenResource):
    """Skills of every framework."""

    @describe("list_skills", parameters=[SkillQuery], responses=page_of(SkillShape))
    def get(self, _request: Request) -> Response:
        """Skills by key, retired ones included."""
        query = self.read_query(SkillQuery)
        found = page_skills(framework_key=query["framework"], text=query["q"], **self.place(query))
        return self.listed(SkillShape, found)


class SkillOne(OpenResource):
    """One skill."""

    @describe("get_skill", responses=SkillShape)
    def get(self, _request: Request, key: str) -> Response:
        """The skill with this key."""
        return self.shown(SkillShape, skills.get_skill(key))


class BadgeList(OpenResource):
    """Badges that can be earned."""

    @describe("list_badges", parameters=[BadgeQuery], responses=page_of(BadgeShape))
    def get(self, _request: Request) -> Response:
        """Badges in force, by key."""
        query = self.read_query(BadgeQuery)
        found = [
            badge
            for badge in badges.list_badges()
            if query["issuer"] in ("", badge.issuer.slug)
            and (not query["skill"] or query["skill"] in badge.skill_keys)
            and query.get("kind") in (None, badge.kind)
        ]
        return self.listed(BadgeShape, slice_of(found, lambda badge: badge.key, **self.place(query)))


class BadgeOne(OpenResource):
    """One badge."""

    @describe("get_badge", responses=BadgeShape)
    def get(self, _request: Request, key: str) -> Response:
        """The version in force; of a retired badge, its last."""
        found = badges.latest_badges([key]).get(key)
        return self.shown(BadgeShape, found or badges.current_badge(key))


class VersionList(OpenResource):
    """The versions of one badge."""

    @describe("list_versions", parameters=[ListQuery], responses=page_of(VersionShape))
    def get(self, _request: Request, key: str) -> Response:
        """Published versions, the first one first."""
        newest = badges.latest_badges([key]).get(key) or badges.current_badge(key)
        found = [badges.get_version(key, number) for number in range(1, newest.number + 1)]
        place = self.place(self.read_query(ListQuery))
        return self.listed(VersionShape, slice_of(found, lambda badge: f"{badge.number:09}", **place))


class VersionOne(OpenResource):
    """One version."""

    @describe("get_version", responses=VersionShape)
    def get(self, _request: Request, key: str, number: int) -> Response:
        """What this version says; it never changes."""
        return self.shown(VersionShape, badges.get_version(key, number))


class DraftList(Resource):
    """Drafts of the caller's organisations."""

    @describe("list_drafts", parameters=[ListQuery], responses=page_of(DraftShape))
    def get(self, _request: Request) -> Response:
        """Open drafts, by the key of their badge."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_DEFINITIONS)
        found = [draft for draft in badges.list_drafts() if scope.covers(draft.content.get("issuer", ""))]
        place = self.place(self.read_query(ListQuery))
        return self.listed(DraftShape, slice_of(found, lambda draft: draft.key, **place))


class DraftOne(Resource):
    """One draft."""

    @describe("get_draft", responses=DraftShape)
    def get(self, _request: Request, key: str) -> Response:
        """The draft of this badge; those of other organisations are answered as if there were none."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_DEFINITIONS)
        draft = badges.get_draft(key)
        if not scope.covers(draft.content.get("issuer", "")):
            raise badges.DraftNotFound(f"There is no draft “{key}”.")
        return self.shown(DraftShape, draft)


class PathwayList(OpenResource):
    """Pathways to choose from."""

    @describe("list_pathways", parameters=[PathwayQuery], responses=page_of(PathwayShape))
    def get(self, request: Request) -> Response:
        """Pathways that take people, by key; signed in, with what the caller has done."""
        query = self.read_query(PathwayQuery)
        wish = Wish(query["skill"], query["level"], query["language"], query.get("max_minutes"))
        found = browse(request.user.pk, wish).entries
        return self.listed(PathwayShape, slice_of(found, lambda one: one.pathway.key, **self.place(query)))


class PathwayOne(OpenResource):
    """One pathway."""

    @describe("get_pathway", responses=PathwayShape)
    def get(self, request: Request, key: str) -> Response:
        """The pathway with this key, closed or not."""
        return self.shown(PathwayShape, show_pathway(key, request.user.pk))

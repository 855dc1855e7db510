"""Every address of the interface, and the one that describes them all."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import URLPattern, include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.rules import FindingKind

from . import (
    decisions,
    definitions,
    insights,
    mine,
    organisation_insights,
    requirements,
    reviews,
    sign_off_lists,
)
from .resource import OpenResource
from .schema import Description

__all__ = ["PREFIX", "v1_urls"]

PREFIX = "api/microcred/v1/"

_RESOURCES: list[URLPattern] = [
    path("issuers", definitions.IssuerList.as_view(), name="v1-issuers"),
    path("issuers/<slug:key>", definitions.IssuerOne.as_view(), name="v1-issuer"),
    path("skills", definitions.SkillList.as_view(), name="v1-skills"),
    path("skills/<str:key>", definitions.SkillOne.as_view(), name="v1-skill"),
    path("badges", definitions.BadgeList.as_view(), name="v1-badges"),
    path("badges/<slug:key>", definitions.BadgeOne.as_view(), name="v1-badge"),
    path("badges/<slug:key>/versions", definitions.VersionList.as_view(), name="v1-versions"),
    path("badges/<slug:key>/versions/<int:number>", definitions.VersionOne.as_view(), name="v1-version"),
    path("drafts", definitions.DraftList.as_view(), name="v1-drafts"),
    path("drafts/<slug:key>", definitions.DraftOne.as_view(), name="v1-draft"),
    path("requirements/validate", requirements.RequirementValidation.as_view(), name="v1-validate"),
    path("requirements/say", requirements.RequirementSentence.as_view(), name="v1-say"),
    path("requirements/preview", requirements.RequirementPreview.as_view(), name="v1-preview"),
    path("pathways", definitions.PathwayList.as_view(), name="v1-pathways"),
    path("pathways/<slug:key>", definitions.PathwayOne.as_view(), name="v1-pathway"),
    path("awards", decisions.AwardList.as_view(), name="v1-awards"),
    path("awards/<uuid:award_id>", decisions.AwardOne.as_view(), name="v1-award"),
    path("awards/<uuid:award_id>/revoke", decisions.AwardRevocation.as_view(), name="v1-award-revoke"),
    path("awards/<uuid:award_id>/suspend", decisions.AwardSuspension.as_view(), name="v1-award-suspend"),
    path(
        "awards/<uuid:award_id>/reinstate", decisions.AwardReinstatement.as_view(), name="v1-award-reinstate"
    ),
    path("backfills", decisions.BackfillList.as_view(), name="v1-backfills"),
    path("backfills/<uuid:batch_id>", decisions.BackfillOne.as_view(), name="v1-backfill"),
    path("backfills/<uuid:batch_id>/pause", decisions.BackfillPause.as_view(), name="v1-backfill-pause"),
    path(
        "backfills/<uuid:batch_id>/resume", decisions.BackfillResumption.as_view(), name="v1-backfill-resume"
    ),
    path(
        "backfills/<uuid:batch_id>/cancel",
        decisions.BackfillCancellation.as_view(),
        name="v1-backfill-cancel",
    ),
    path("backfills/<uuid:batch_id>/undo", decisions.BackfillUndoing.as_view(), name="v1-backfill-undo"),
    path("audit", decisions.AuditList.as_view(), name="v1-audit"),
    path("my/data", mine.MyData.as_view(), name="v1-my-data"),
    path("my/resume", mine.MyResume.as_view(), name="v1-my-resume"),
    path("my/badges", mine.MyBadgeList.as_view(), name="v1-my-badges"),
    path("my/badges/<uuid:credential_id>/visibility", mine.MyBadgeVisibility.as_view(), name="v1-visibility"),
    path("my/course", mine.MyCourseOne.as_view(), name="v1-my-course"),
    path("my/pathways", mine.MyPathwayList.as_view(), name="v1-my-pathways"),
    path("my/pathways/<slug:key>/follow", mine.MyPathwayFollowing.as_view(), name="v1-follow"),
    path("my/pathways/<slug:key>/pause", mine.MyPathwayPause.as_view(), name="v1-pause"),
    path("my/pathways/<slug:key>/leave", mine.MyPathwayLeaving.as_view(), name="v1-leave"),
    path("reviews", reviews.ReviewList.as_view(), name="v1-reviews"),
    path("reviews/<uuid:submission_id>", reviews.ReviewOne.as_view(), name="v1-review"),
    path("reviews/<uuid:submission_id>/claim", reviews.ReviewClaim.as_view(), name="v1-review-claim"),
    path("reviews/<uuid:submission_id>/draft", reviews.ReviewDraft.as_view(), name="v1-review-draft"),
    path("reviews/<uuid:submission_id>/verdict", reviews.ReviewVerdict.as_view(), name="v1-review-verdict"),
    path(
        "reviews/<uuid:submission_id>/messages", reviews.ReviewMessages.as_view(), name="v1-review-messages"
    ),
    path("review-comments", reviews.SavedCommentList.as_view(), name="v1-review-comments"),
    path("review-comments/<int:comment_id>", reviews.SavedCommentOne.as_view(), name="v1-review-comment"),
    path("insights", insights.CourseInsightsOne.as_view(), name="v1-course-insights"),
    path("insights/unit", insights.UnitInsightsOne.as_view(), name="v1-unit-insights"),
    path("insights/figures", organisation_insights.FigureList.as_view(), name="v1-figures"),
    path("insights/figure", organisation_insights.FigureOne.as_view(), name="v1-figure"),
    path("insights/skills", organisation_insights.CoverageOne.as_view(), name="v1-coverage"),
    path("insights/profiles", organisation_insights.ProfileList.as_view(), name="v1-profiles"),
    path("insights/worth", organisation_insights.WorthOne.as_view(), name="v1-worth"),
    path("insights/ending", organisation_insights.EndingList.as_view(), name="v1-ending"),
    path("sign-offs", decisions.SignOffList.as_view(), name="v1-sign-offs"),
    path(
        "sign-offs/<uuid:sign_off_id>/take-back", decisions.SignOffTakingBack.as_view(), name="v1-take-back"
    ),
    path("sign-off-lists", sign_off_lists.ListCollection.as_view(), name="v1-lists"),
    path("sign-off-lists/<uuid:signoff_list_id>", sign_off_lists.ListOne.as_view(), name="v1-list"),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/rows", sign_off_lists.ListRows.as_view(), name="v1-list-rows"
    ),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/start",
        sign_off_lists.ListStart.as_view(),
        name="v1-list-start",
    ),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/pause",
        sign_off_lists.ListPause.as_view(),
        name="v1-list-pause",
    ),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/resume",
        sign_off_lists.ListResumption.as_view(),
        name="v1-list-resume",
    ),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/cancel",
        sign_off_lists.ListCancellation.as_view(),
        name="v1-list-cancel",
    ),
    path(
        "sign-off-lists/<uuid:signoff_list_id>/undo",
        sign_off_lists.ListUndoing.as_view(),
        name="v1-list-undo",
    ),
]


class _SchemaView(SpectacularJSONAPIView):
    """The description, made from the same routes that answer."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []
    throttle_classes: list[Any] = []
    schema = Description()
    urlconf: Any = [path(PREFIX, include(_RESOURCES))]
    custom_settings = {
        "TITLE": "Microcred",
        "VERSION": "1",
        "DESCRIPTION": "Definitions, awards and pathways of Open Badges 3.0. See docs/reference/rest.rst.",
        "SCHEMA_PATH_PREFIX": f"/{PREFIX}",
        "ENUM_NAME_OVERRIDES": {
            "BadgeKind": ["micro", "macro"],
            "FindingKind": [kind.value for kind in FindingKind],
        },
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    }


class _Nothing(OpenResource):
    """Any other address: told to a program in its own language, not with the site's page for people."""

    def get(self, _request: Request, **_kwargs: Any) -> Response:
        """Nothing is here, whatever the method."""
        raise Http404

    post = put = patch = delete = get


v1_urls = [
    *_RESOURCES,
    path("schema", _SchemaView.as_view(), name="v1-schema"),
    path("<path:rest>", _Nothing.as_view(), name="v1-nothing"),
]

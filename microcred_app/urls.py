"""Every address of the app: below ``/microcred/``, and what standards put below ``/.well-known/`` of the host."""

from __future__ import annotations

from django.urls import include, path

from .pages.builder_pathways import pathway_urls
from .pages.course_badges import course_badge_urls
from .pages.drafts import draft_urls
from .pages.evidence import evidence_urls
from .pages.evidence_care import care_urls
from .pages.external import external_urls
from .pages.feedback import feedback_urls
from .pages.insights import insights_urls
from .pages.learner import learner_urls
from .pages.learner_credits import credit_urls
from .pages.naming import naming_urls
from .pages.registrar import registrar_urls
from .pages.review import review_urls
from .pages.shared_drafts import shared_draft_urls
from .pages.signoff import signoff_urls
from .pages.verifier import public_urls
from .pages.wallet_app import consent_urls, wallet_app_urls
from .pages.wallets import about_urls, wallet_urls
from .rest.direct_uploads import direct_urls
from .rest.open_badges_2 import open_badges_2_urls
from .rest.operation import operation_urls
from .rest.tus import upload_urls
from .rest.v1.addresses import PREFIX, v1_urls
from .rest.vc_api import vc_api_urls
from .rest.wallets import wallet_protocol_urls, well_known_urls

app_name = "microcred_app"

urlpatterns = [
    path(
        "microcred/",
        include(
            [
                *public_urls,
                *open_badges_2_urls,
                *learner_urls,
                *credit_urls,
                *course_badge_urls,
                *external_urls,
                *naming_urls,
                *signoff_urls,
                *review_urls,
                *insights_urls,
                *feedback_urls,
                *evidence_urls,
                *care_urls,
                *upload_urls,
                *direct_urls,
                *draft_urls,
                *shared_draft_urls,
                *pathway_urls,
                *registrar_urls,
                path("my/wallets/", include(wallet_urls)),
                path("my/wallets/app/", include(wallet_app_urls)),
                *consent_urls,
                *wallet_protocol_urls,
                path("about/", include(about_urls)),
                path("vc-api/", include(vc_api_urls)),
                path("operate/", include(operation_urls)),
            ]
        ),
    ),
    path(PREFIX, include(v1_urls)),
    *well_known_urls,
]

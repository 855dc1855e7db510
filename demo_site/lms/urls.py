"""Addresses of the learner's side; those that blocks meet have the platform's shapes."""

from __future__ import annotations

from django.urls import path, re_path

from demo_site.lms import courseware, files, handlers, sign_in
from demo_site.studio import endpoints

__all__ = ["app_name", "urlpatterns"]

app_name = "lms"

_BLOCK = "courses/<course_key:course_key>/xblock/<usage_key:usage_key>"

urlpatterns = [
    path("", courseware.dashboard, name="dashboard"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/as/<slug:username>/", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("courses/<course_key:course_key>/", courseware.course_home, name="course"),
    path("courses/<course_key:course_key>/enrol/", courseware.enrol, name="enrol"),
    path("courses/<course_key:course_key>/look-as/", courseware.look_as, name="look-as"),
    path("courses/<course_key:course_key>/units/<usage_key:usage_key>/", courseware.unit_page, name="unit"),
    path("courses/<course_key:course_key>/jump_to/<usage_key:usage_key>", courseware.jump_to, name="jump-to"),
    path(f"{_BLOCK}/handler/<slug:name>", handlers.handler, name="handler"),
    path(f"{_BLOCK}/handler/<slug:name>/", handlers.handler),
    path(f"{_BLOCK}/handler/<slug:name>/<path:suffix>", handlers.handler),
    path(f"{_BLOCK}/handler_noauth/<slug:name>", handlers.handler_noauth, name="handler-noauth"),
    path(f"{_BLOCK}/handler_noauth/<slug:name>/<path:suffix>", handlers.handler_noauth),
    path("xblock/resource/<slug:block_type>/<path:path>", files.block_resource, name="block-resource"),
    # The LMS renders at this address and Studio changes blocks at the same one on its own host; blocks that
    # call Studio's from their author's view name it without a host, so the method decides here.
    path("xblock/", endpoints.create),
    path(
        "xblock/<usage_key:usage_key>",
        endpoints.by_method(safe=courseware.chromeless, other=endpoints.block),
        name="chromeless",
    ),
    path("course-files/<course_key:course_key>/<path:path>", files.course_asset, name="course-asset"),
    re_path(
        r"^fragments/(?P<digest>[0-9a-f]{64})\.(?P<kind>css|js)$", files.fragment_text, name="fragment-text"
    ),
]

"""A link under which people without an office read a draft: experts and teachers who are to say what they think of it.

The link is signed and names the draft, is good for a month, and shows the draft as it stands when it is opened, until
it is published or discarded. Nothing can be changed with it. Whoever has it can hand it on, which the page that makes
it says; what it shows is what everybody may read once the badge is published.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .registrar.frame import show
from .shell import page, person_id, registrar_page

__all__ = ["shared_draft_urls"]

GOOD_FOR = timedelta(days=30)
_SALT = "microcred_app.shared_draft"


@require_safe
@never_cache
@registrar_page
def share_draft(request: HttpRequest, key: str) -> HttpResponse:
    """The link to one draft, for those who see drafts of its organisation."""
    draft = _open_draft(key)
    if not permissions.may(person_id(request), permissions.Action.VIEW_DEFINITIONS, _issuer_slug(draft)):
        raise _none()
    token = signing.dumps(draft.key, salt=_SALT)
    context = {
        "draft": draft,
        "name": draft.content.get("name") or draft.key,
        "link": settings().public_base_url + reverse("microcred_app:shared-draft", args=[token]),
        "until": timezone.now() + GOOD_FOR,
    }
    return show(request, "badges", "draft_share", context)


@require_safe
@never_cache
@page
def shared_draft(request: HttpRequest, token: str) -> HttpResponse:
    """The draft to be read, by whoever has the link."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:  # also where it is too old
        raise _none() from error
    draft = _open_draft(str(key))
    content = draft.content
    requirement = _requirement(content.get("requirement"))
    names = badges.names_for([requirement]) if requirement is not None else rules.Names()
    issuer = next((one for one in badges.list_issuers() if one.slug == _issuer_slug(draft)), None)
    context = {
        "draft": draft,
        "name": content.get("name") or draft.key,
        "description": content.get("description") or "",
        "minutes": content.get("minutes") or 0,
        "requirement": requirement,
        "names": names,
        "sentence": badges.criteria_text(requirement, names) if requirement is not None else "",
        "issuer": issuer,
        "section": "",
    }
    response = render(request, "microcred_app/learner/shared_draft.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _open_draft(key: str) -> badges.Draft:
    try:
        draft = badges.get_draft(key)
    except badges.DraftNotFound as error:
        raise _none() from error
    if not draft.is_open:
        raise _none()
    return draft


def _none() -> badges.DraftNotFound:
    return badges.DraftNotFound(_("There is no such draft, or the link is too old. Ask for a new one."))


def _issuer_slug(draft: badges.Draft) -> str:
    return str(draft.content.get("issuer", ""))


def _requirement(form: object) -> rules.Node | None:
    """The tree, where it can be read: people share drafts before they are done."""
    try:
        return rules.parse_requirement(form)
    except rules.RequirementError:
        return None


shared_draft_urls = [
    path("registrar/badges/<slug:key>/share", share_draft, name="registrar-draft-share"),
    path("drafts/<str:token>", shared_draft, name="shared-draft"),
]

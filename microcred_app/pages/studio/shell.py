"""What Studio's pages share: the course they are about, who may come in, and how a refusal looks there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from microcred_app.errors import MicrocredError
from microcred_app.learning.outline import require_author
from microcred_app.permissions import api as permissions

__all__ = ["author_of", "author_page"]

View = Callable[..., HttpResponseBase]


def author_of(request: HttpRequest) -> int:
    """The account in front of a page that only signed-in people reach."""
    return int(request.user.pk or 0)


def author_page(view: View) -> View:
    """A page about one course, for the people who author it; whatever the app refuses is shown as a page."""

    @functools.wraps(view)
    def shell(request: HttpRequest, course_key: str, **kwargs: Any) -> HttpResponseBase:
        try:
            CourseKey.from_string(course_key)
        except InvalidKeyError as error:
            raise Http404 from error
        try:
            require_author(author_of(request), course_key)
            if request.method == "POST":
                permissions.refuse_other_eyes()
            return view(request, course_key, **kwargs)
        except MicrocredError as error:
            context = {"message": str(error)}
            return render(request, "microcred_app/studio/refused.html", context, status=error.http_status)

    return login_required(shell)

"""A short guide for authors, in Studio itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

__all__ = ["show_guide"]


@login_required
@require_safe
def show_guide(request: HttpRequest) -> HttpResponse:
    """How a unit is made, in the order of its form."""
    return render(request, "microcred_app/studio/guide.html")

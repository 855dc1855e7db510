"""What page templates ask for: who the visitor is, and how a check is drawn."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from microcred_app.applets.evidence.api import reviewable_courses
from microcred_app.ob3.report import Check
from microcred_app.pages.check_sentences import say_check
from microcred_app.permissions import api as permissions

register = template.Library()


@register.simple_tag(takes_context=True)
def is_reviewer(context: dict[str, Any]) -> bool:
    """Whether to show the way to the review queue."""
    user = getattr(context.get("request"), "user", AnonymousUser())
    return bool(user.is_authenticated and user.pk and reviewable_courses(user.pk))


@register.simple_tag(takes_context=True)
def holds_office(context: dict[str, Any]) -> bool:
    """Whether to show the way to the registrar's pages."""
    user = getattr(context.get("request"), "user", AnonymousUser())
    return bool(user.is_authenticated and user.pk and permissions.holds_office(user.pk))


@register.filter
def digest(value: str) -> str:
    """A digest shortened for the eye; the full one stands beside it for copying."""
    return f"{value[:10]}…{value[-6:]}" if len(value) > 20 else value


@register.filter
def paragraphs(value: str) -> SafeString:
    """Plain text with its paragraphs kept; everything in it is escaped."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", value or "") if block.strip()]
    return mark_safe("".join(f"<p>{escape(block)}</p>" for block in blocks))  # noqa: S308 - escaped one line above


@register.filter
def sentence(check: Check) -> str:
    """What a check found, in the reader's language."""
    return say_check(check)


@register.filter
def outcome_word(outcome: str) -> str:
    """How a check ended, in a word."""
    words = {"passed": _("passed"), "failed": _("failed"), "could_not_check": _("could not check")}
    return words.get(outcome, outcome)

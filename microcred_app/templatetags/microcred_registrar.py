"""What the console's templates ask for: words for what was decided, and how people are found."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format

from microcred_app.applets.offices import api as offices
from microcred_app.pages.registrar.audit_words import action_word, thing_word
from microcred_app.pages.registrar.jobs import job_title
from microcred_app.pages.registrar.words import delivery_word

register = template.Library()

register.filter("action_word", action_word)
register.filter("delivery_word", delivery_word)
register.filter("job_title", job_title)
register.filter("thing_word", thing_word)


@register.simple_tag
def people_searched() -> dict[str, str]:
    """How far the search for people goes: among how many accounts parts of names are found, and how many it finds."""
    numbers = {"newest": offices.NEWEST, "most": offices.MOST_FOUND}
    return {name: number_format(number, force_grouping=True) for name, number in numbers.items()}

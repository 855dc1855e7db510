"""What the console's templates ask for: words for what was decided."""

from __future__ import annotations

from django import template

from microcred_app.pages.registrar.jobs import job_title
from microcred_app.pages.registrar.words import action_word, delivery_word

register = template.Library()

register.filter("action_word", action_word)
register.filter("delivery_word", delivery_word)
register.filter("job_title", job_title)

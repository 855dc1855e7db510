"""Every handler of every block writes for learners of the course alone; which there are is read from the code."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import roles
from demo_site.courses.models import Role
from tests.integration.test_other_eyes import PLACES, handlers, state

from .conftest import Site

BODY = {"answer": "chain", "text": "x", "score": 1, "seconds": 5, "attempts": 1, "learner": "amina"}
#: Who asks, and the account by which they do; a visitor has none.
STRANGERS = ("", "zoe", "karl", "reviewer", "registrar")


def test_handlers_write_nothing_for_whoever_does_not_take_the_course(site: Site) -> None:
    accounts = get_user_model().objects
    accounts.create_user("zoe")
    elsewhere = accounts.create_user("karl")
    roles.give_role(elsewhere.pk, CourseKey.from_string("course-v1:Demo+CAR+1"), Role.STAFF)
    before, kept, crashed = state(), site.kept(), []
    for name in STRANGERS:
        browser = site.browser(name)
        for kind, handler in handlers():
            answer = browser.call(kind, PLACES[kind], handler, BODY)
            if answer.status_code >= 500:
                crashed.append((name, kind, handler))
            assert state() == before, (name, kind, handler)
            assert name or b"amina" not in answer.content.lower(), (kind, handler)
    assert crashed == []
    assert site.kept() == kept

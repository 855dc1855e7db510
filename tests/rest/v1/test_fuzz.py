"""The interface under random requests made from its own description: no error 500, and answers as promised.

Bounded: a fixed seed and a few requests for each operation. Raise FUZZ_EXAMPLES for a long night.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as limits
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from demo_site.courses import roles
from demo_site.courses.models import Role
from microcred_app import signoff_lists, signoffs
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.reviews import api as reviews
from tests.fixtures.catalogue import COURSE, NOW, unit
from tests.fixtures.review_world import hand_in

from .conftest import API

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def things(amina: int, ruth: int) -> dict[str, Any]:
    """Something that is there, for each name in an address."""
    award = awards.list_awards(learner_id=amina)[0]
    credential = issuance.credential_of_award(award.id)
    assert credential is not None
    roles.give_role(ruth, CourseKey.from_string(COURSE), Role.REVIEWER)
    given_one = signoffs.give_sign_off(ruth, amina, "placement", "assessor", reason="Seen.", now=NOW)
    return {
        "key": "micro-a",
        "number": 1,
        "award_id": award.id,
        "credential_id": credential.id,
        "batch_id": backfill.start_batch("micro-b", actor_id=ruth, now=NOW).id,
        "sign_off_id": given_one.id,
        "signoff_list_id": signoff_lists.hand_in_members(
            ruth, "placement", "assessor", [{"learner": "amina"}], now=NOW
        ).id,
        "submission_id": hand_in(amina, spec=unit("c", kind="evidence")),
        "comment_id": reviews.save_comment(ruth, text="Well done.", now=NOW).id,
    }


@pytest.mark.fuzz
@pytest.mark.parametrize("signed_in", [True, False], ids=["registrar", "stranger"])
def test_random_requests_are_answered_as_described(
    signed_in: bool, settings: Any, amina: int, ruth: int
) -> None:
    settings.MICROCRED = {
        **settings.MICROCRED,
        "API_READS_PER_MINUTE": 1_000_000,
        "API_WRITES_PER_MINUTE": 1_000_000,
    }
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    if signed_in:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=ruth))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": "t" * 32}
        headers = {"X-CSRFToken": "t" * 32}
    schema = schemathesis.openapi.from_wsgi(f"{API}schema", app=WSGIHandler())
    known = things(amina, ruth)
    seen: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(20260301)
        @limits(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), real=st.booleans())
        def ask(case: Any, real: bool) -> None:
            if real:  # random ids hardly ever meet a thing that is there
                case.path_parameters.update({name: known[name] for name in case.path_parameters})
            response = case.call(headers=headers, cookies=cookies)
            seen.setdefault(case.operation.label, set()).add(response.status_code)
            case.validate_response(response, checks=CHECKS)

        ask()
    assert len(seen) == 68
    if signed_in:
        assert sum(200 in statuses for statuses in seen.values()) >= 15, seen

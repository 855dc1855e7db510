"""Run in .venv-lrs: tracking events on standard input become xAPI statements and Caliper envelopes on standard output.

The processors are event-routing-backends' own. Of the platform there is only what they import of it.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = "https://lms.example"


def main() -> None:
    """Set Django up, make the accounts that events name, and put every event through both processors."""
    _stand_in_for_the_platform()
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "config_models",
            "event_routing_backends",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        USE_TZ=True,
        SECRET_KEY="a test's own",
        LMS_ROOT_URL=ROOT,
        XAPI_EVENTS_ENABLED=True,
        CALIPER_EVENTS_ENABLED=True,
        XAPI_AGENT_IFI_TYPE="external_id",
        EVENT_ROUTING_BACKEND_BATCHING_ENABLED=False,
    )
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", "auth", verbosity=0)
    from microcred_app.statements import register_statements

    assert register_statements()
    from event_routing_backends.processors.caliper.envelope_processor import CaliperEnvelopeProcessor
    from event_routing_backends.processors.caliper.transformer_processor import CaliperProcessor
    from event_routing_backends.processors.xapi.transformer_processor import XApiProcessor

    events = json.load(sys.stdin)
    people = {event["data"].get(name) for event in events for name in ("user_id", "learner")} - {None}
    for pk in people:
        get_user_model().objects.create(pk=pk, username=f"user{pk}")
    statements = [XApiProcessor()([event]) for event in events]
    envelopes = CaliperEnvelopeProcessor(ROOT)(CaliperProcessor()(events))
    json.dump({"statements": statements, "envelopes": envelopes}, sys.stdout)


def _stand_in_for_the_platform() -> None:
    def course_overviews(keys: list[Any]) -> list[dict[str, str]]:
        return [{"display_name": "Bicycles"}] if str(keys[0]).endswith("+1") else []

    class ExternalId:
        @staticmethod
        def add_new_user_id(user: Any, type_name: str) -> tuple[Any, bool]:
            return SimpleNamespace(external_user_id=uuid5(NAMESPACE_URL, f"{type_name}{user.pk}")), True

    homes: dict[str, dict[str, Any]] = {
        "common.djangoapps.student.models": {"get_potentially_retired_user_by_username": lambda _name: None},
        "openedx.core.djangoapps.content.course_overviews.api": {"get_course_overviews": course_overviews},
        "openedx.core.djangoapps.external_user_ids.models": {
            "ExternalId": ExternalId,
            "ExternalIdType": SimpleNamespace(XAPI="xapi", CALIPER="caliper", LTI="lti"),
        },
    }
    for name, members in homes.items():
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            sys.modules.setdefault(".".join(parts[:end]), ModuleType(".".join(parts[:end])))
        for member, value in members.items():
            setattr(sys.modules[name], member, value)


main()

"""Each of our events as an xAPI 1.0.3 statement: who, verb, what, how well.

Verbs and types are those of published vocabularies (ADL, Tin Can registry, Activity Streams 1.0). A statement about an
attainment, a submission or an award has an id that follows from it: telling it again is the same statement, and a
record store keeps it once (xAPI 1.0.3, Communication 2.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from event_routing_backends.helpers import get_anonymous_user_id, get_course_from_id, get_uuid5
from event_routing_backends.processors.xapi import constants
from event_routing_backends.processors.xapi.registry import XApiTransformersRegistry
from event_routing_backends.processors.xapi.transformer import XApiTransformer
from tincan import (
    Activity,
    ActivityDefinition,
    ActivityList,
    Agent,
    ContextActivities,
    Extensions,
    LanguageMap,
    Result,
    Verb,
)

from microcred_app.tracking import TrackedEvent

from .address import lms_address

__all__ = ["MEANINGS", "TRANSFORMERS", "Meaning", "MicrocredStatement"]

_BADGE = "http://activitystrea.ms/schema/1.0/badge"
_OBJECTIVE = "http://adlnet.gov/expapi/activities/objective"


@dataclass(frozen=True)
class Meaning:
    """One event in xAPI: verb, the kind of object, the field that names it, and fields that make the event unique."""

    verb: str
    display: str
    activity: str
    named_by: str
    identity: tuple[str, ...] = ()


MEANINGS: dict[TrackedEvent, Meaning] = {
    TrackedEvent.STARTED: Meaning(
        constants.XAPI_VERB_INITIALIZED, "initialized", constants.XAPI_ACTIVITY_MODULE, "unit"
    ),
    TrackedEvent.ANSWERED: Meaning(
        constants.XAPI_VERB_ANSWERED,
        "answered",
        constants.XAPI_ACTIVITY_QUESTION,
        "step",
        ("step", "attempt"),
    ),
    TrackedEvent.SUBMITTED: Meaning(
        "http://activitystrea.ms/schema/1.0/submit",
        "submitted",
        constants.XAPI_ACTIVITY_SOLUTION,
        "step",
        ("submission", "attempt"),
    ),
    TrackedEvent.REVIEWED: Meaning(
        "http://id.tincanapi.com/verb/reviewed",
        "reviewed",
        constants.XAPI_ACTIVITY_SOLUTION,
        "step",
        ("submission", "judgement", "at"),
    ),
    TrackedEvent.ATTAINED: Meaning(
        "http://adlnet.gov/expapi/verbs/mastered", "mastered", _OBJECTIVE, "outcome", ("attainment",)
    ),
    TrackedEvent.EARNED: Meaning(constants.XAPI_VERB_EARNED, "earned", _BADGE, "uri", ("award",)),
    TrackedEvent.REVOKED: Meaning(
        "http://activitystrea.ms/schema/1.0/lose", "lost", _BADGE, "uri", ("award",)
    ),
    TrackedEvent.SHARED: Meaning(
        "http://adlnet.gov/expapi/verbs/shared", "shared", _BADGE, "uri", ("credential", "at")
    ),
    TrackedEvent.VERIFIED: Meaning(constants.XAPI_VERB_EVALUATED, "evaluated", _BADGE, "uri"),
}


class MicrocredStatement(XApiTransformer):
    """One of our events; what it means stands in :data:`MEANINGS`."""

    additional_fields = ("result",)

    @property
    def meaning(self) -> Meaning:
        """What this event means."""
        return MEANINGS[TrackedEvent(self.get_data("name", True))]

    @property
    def _verb(self) -> Verb:
        return Verb(id=self.meaning.verb, display=LanguageMap({constants.EN: self.meaning.display}))

    def get_actor(self) -> Agent:
        """The account; whoever looks at a badge without one is the site's anonymous visitor."""
        if self.get_data("data.user_id") is None:
            return Agent(account={"homePage": lms_address(), "name": "anonymous-visitor"})
        return super().get_actor()

    def get_event_id(self) -> Any:
        """The same for the same fact, however often it is told."""
        identity = [str(self.get_data(f"data.{name}")) for name in self.meaning.identity]
        if not identity:
            return super().get_event_id()
        return get_uuid5(self.get_data("name", True), "\n".join(identity))

    def get_timestamp(self) -> Any:
        """When it happened, where the event was told later."""
        return self.get_data("data.at") or super().get_timestamp()

    def get_object(self) -> Activity:
        """What it was done to: a block of the course, an outcome, a badge."""
        meaning = self.meaning
        thing = str(self.get_data(f"data.{meaning.named_by}", True))
        name = self.get_data("data.statement") or self.get_data("data.title") or self.get_data("data.name")
        kinds = {"unit": "xblock", "step": "xblock", "outcome": "microcred/outcomes"}
        kind = kinds.get(meaning.named_by)
        return Activity(
            id=self.get_object_iri(kind, thing) if kind else thing,
            definition=ActivityDefinition(
                type=meaning.activity, name=LanguageMap({constants.EN: name}) if name else None
            ),
        )

    def get_result(self) -> Result | None:
        """How well, where that can be said."""
        score, passed = self.get_data("data.score"), self.get_data("data.passed")
        verdict, attempt = self.get_data("data.result"), self.get_data("data.attempt")
        if verdict is not None:
            passed = verdict == "valid"
        if score is None and passed is None:
            return None
        return Result(
            score=None if score is None else {"scaled": float(score)},
            success=None if passed is None else bool(passed),
            extensions=Extensions({constants.XAPI_ACTIVITY_ATTEMPT: attempt}) if attempt else None,
        )

    def get_context_activities(self) -> ContextActivities | None:
        """The course, by its name where it still exists."""
        course = self.get_data("context.course_id")
        if not course:
            return None
        try:
            name = LanguageMap({constants.EN_US: get_course_from_id(course)["display_name"]})
        except ValueError:
            name = None
        parent = Activity(
            id=self.get_object_iri("course", course),
            definition=ActivityDefinition(type=constants.XAPI_ACTIVITY_COURSE, name=name),
        )
        return ContextActivities(parent=ActivityList([parent]))

    def get_context_extensions(self) -> Extensions:
        """Beside the platform's own: of a review, whose work it was, by the id this learner has in the record store."""
        extensions = {constants.XAPI_TRANSFORMER_VERSION_KEY: self.transformer_version}
        session = self.extract_sessionid()
        if session:
            extensions[constants.XAPI_CONTEXT_SESSION_ID] = session
        learner = self.get_data("data.learner")
        if learner is not None:
            extensions[f"{lms_address()}/microcred/xapi/learner"] = get_anonymous_user_id(
                str(learner), "XAPI"
            )
        return Extensions(extensions)


TRANSFORMERS = tuple(XApiTransformersRegistry.register(str(event))(MicrocredStatement) for event in MEANINGS)

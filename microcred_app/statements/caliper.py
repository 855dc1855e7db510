"""Each of our events as a Caliper 1.2 event: type, action, object, in the words of its specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from event_routing_backends.helpers import convert_datetime_to_iso
from event_routing_backends.processors.caliper.registry import CaliperTransformersRegistry
from event_routing_backends.processors.caliper.transformer import CaliperTransformer

from microcred_app.tracking import TrackedEvent

from .address import lms_address

__all__ = ["MEANINGS", "TRANSFORMERS", "Meaning", "MicrocredCaliperEvent"]


@dataclass(frozen=True)
class Meaning:
    """One event in Caliper: its type, its action, the type of its object and the field that names it."""

    type: str
    action: str
    entity: str
    named_by: str


MEANINGS: dict[TrackedEvent, Meaning] = {
    TrackedEvent.STARTED: Meaning("AssignableEvent", "Started", "AssignableDigitalResource", "unit"),
    TrackedEvent.ANSWERED: Meaning("AssessmentItemEvent", "Completed", "AssessmentItem", "step"),
    TrackedEvent.SUBMITTED: Meaning("AssignableEvent", "Submitted", "AssignableDigitalResource", "step"),
    TrackedEvent.REVIEWED: Meaning("GradeEvent", "Graded", "Attempt", "submission"),
    TrackedEvent.ATTAINED: Meaning("Event", "Completed", "LearningObjective", "outcome"),
    TrackedEvent.EARNED: Meaning("Event", "Activated", "Entity", "uri"),
    TrackedEvent.REVOKED: Meaning("Event", "Deactivated", "Entity", "uri"),
    TrackedEvent.SHARED: Meaning("Event", "Shared", "Entity", "uri"),
    TrackedEvent.VERIFIED: Meaning("Event", "Reviewed", "Entity", "uri"),
}
_PLACES = {
    "unit": "xblock",
    "step": "xblock",
    "outcome": "microcred/outcomes",
    "submission": "microcred/submissions",
}


class MicrocredCaliperEvent(CaliperTransformer):
    """One of our events; what it means stands in :data:`MEANINGS`."""

    @property
    def meaning(self) -> Meaning:
        """What this event means."""
        return MEANINGS[TrackedEvent(self.get_data("name", True))]

    @property
    def type(self) -> str:
        """The type of the event."""
        return self.meaning.type

    def get_action(self) -> str:
        """The action, of the vocabulary of Caliper 1.2."""
        return self.meaning.action

    def _add_generic_fields(self, transformed_event: dict[str, Any]) -> None:
        super()._add_generic_fields(transformed_event)
        happened = self.get_data("data.at")
        if happened:
            transformed_event["eventTime"] = convert_datetime_to_iso(happened)

    def _add_actor_info(self, transformed_event: dict[str, Any]) -> None:
        if self.get_data("data.user_id") is None:
            transformed_event["actor"] = {
                "id": f"{lms_address()}/user/anonymous-visitor",
                "type": "Person",
            }
            return
        super()._add_actor_info(transformed_event)

    def get_object(self) -> dict[str, Any]:
        """What it was done to; the course is beside it."""
        found: dict[str, Any] = super().get_object()
        meaning = self.meaning
        thing = str(self.get_data(f"data.{meaning.named_by}", True))
        place = _PLACES.get(meaning.named_by)
        name = self.get_data("data.statement") or self.get_data("data.title") or self.get_data("data.name")
        found.update({"id": self.get_object_iri(place, thing) if place else thing, "type": meaning.entity})
        if name:
            found["name"] = name
        if meaning.entity == "Attempt":
            found["assignable"] = {
                "id": self.get_object_iri("xblock", self.get_data("data.step")),
                "type": "AssignableDigitalResource",
            }
        return found

    def get_extensions(self) -> dict[str, Any]:
        """Beside the platform's own: how well, where that can be said."""
        extensions: dict[str, Any] = super().get_extensions()
        for name in ("score", "passed", "attempt", "result"):
            value = self.get_data(f"data.{name}")
            if value is not None:
                extensions[name] = value
        return extensions


TRANSFORMERS = tuple(
    CaliperTransformersRegistry.register(str(event))(MicrocredCaliperEvent) for event in MEANINGS
)

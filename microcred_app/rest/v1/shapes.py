"""What goes out: one shape for each thing, filled from the applets' values and from nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.conf import settings

__all__ = [
    "AuditShape",
    "AwardDetailShape",
    "AwardShape",
    "BackfillShape",
    "BadgeShape",
    "CourseBadgesShape",
    "DraftShape",
    "IssuerShape",
    "MyAccountShape",
    "MyBadgeShape",
    "MyDataShape",
    "MyResumeShape",
    "PathwayShape",
    "SignOffShape",
    "SkillShape",
    "VersionShape",
    "page_of",
]


class Shape(serializers.Serializer[Any]):
    """Filled from a value, never read back."""


@cache
def page_of(shape: type[Shape]) -> type[Shape]:
    """The shape of one page of a list."""
    name = f"{shape.__name__.removesuffix('Shape')}Page"
    members = {
        "items": shape(many=True),
        "next": serializers.CharField(
            allow_null=True, help_text="The cursor of the next page; null at the end."
        ),
    }
    return type(name, (serializers.Serializer,), members)


class IssuerShape(Shape):
    """An organisation that issues."""

    key = serializers.CharField(source="slug")
    name = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


class SkillShape(Shape):
    """A skill of a framework."""

    key = serializers.CharField()
    name = serializers.CharField()
    statement = serializers.CharField(allow_blank=True)
    uri = serializers.CharField(allow_blank=True)
    framework = serializers.CharField(source="framework_key")
    level = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    retired_at = serializers.DateTimeField(allow_null=True)
    successor = serializers.CharField(source="successor_key", allow_blank=True)


class VersionShape(Shape):
    """One published version of a badge."""

    badge = serializers.CharField(source="key")
    version = serializers.IntegerField(source="number")
    kind = serializers.ChoiceField(choices=["micro", "macro"])
    name = serializers.CharField()
    description = serializers.CharField()
    achievement_type = serializers.CharField()
    language = serializers.CharField()
    minutes = serializers.IntegerField()
    level = serializers.CharField(source="terms.level", allow_blank=True)
    skills = serializers.ListField(child=serializers.CharField(), source="skill_keys")
    issuer = serializers.CharField(source="issuer.slug")
    requirement = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField(help_text="The requirement in words.")
    image_url = serializers.SerializerMethodField()
    published_at = serializers.DateTimeField()
    effective_at = serializers.DateTimeField()
    expires_on = serializers.DateField(source="terms.expires_on", allow_null=True)
    expires_after = serializers.CharField(source="terms.expires_after", allow_blank=True)
    document_days = serializers.IntegerField(
        source="terms.document_days",
        allow_null=True,
        help_text="So many days one signed document is valid at most; it is renewed while the award stands.",
    )

    @extend_schema_field({"type": "object", "additionalProperties": {}})
    def get_requirement(self, badge: badges.PublishedBadge) -> dict[str, Any]:
        """The tree."""
        return rules.to_json(badge.requirement)

    def get_sentence(self, badge: badges.PublishedBadge) -> str:
        """What the rule engine enforces, in the reader's language."""
        return badges.criteria_text(badge.requirement, badges.names_for([badge.requirement]))

    def get_image_url(self, badge: badges.PublishedBadge) -> str:
        """Where the picture is."""
        path = reverse("microcred_app:achievement-image", args=[badge.key, badge.number])
        return settings().public_base_url + path


class BadgeShape(VersionShape):
    """A badge in the version that is awarded now, or, once retired, in its last one."""

    state = serializers.ChoiceField(choices=["published", "deprecated", "retired"], source="life.state")
    ends_at = serializers.DateTimeField(source="life.sunset_at", allow_null=True)
    successor = serializers.CharField(source="life.successor", allow_blank=True)


class DraftShape(Shape):
    """A draft as it stands; read-only here."""

    badge = serializers.CharField(source="key")
    state = serializers.CharField()
    revision = serializers.IntegerField()
    edited_at = serializers.DateTimeField()
    content = serializers.DictField()


class StageShape(Shape):
    """One stage of a pathway, as the caller stands before it."""

    title = serializers.CharField()
    kind = serializers.CharField()
    key = serializers.CharField()
    done = serializers.BooleanField()


class PathwayShape(Shape):
    """A pathway, as the caller stands before it; who is not signed in has done nothing."""

    key = serializers.CharField(source="pathway.key")
    title = serializers.CharField(source="pathway.title")
    description = serializers.CharField(source="pathway.description", allow_blank=True)
    badge = serializers.CharField(source="pathway.badge.key")
    level = serializers.CharField(allow_blank=True)
    language = serializers.CharField(source="pathway.language")
    minutes = serializers.IntegerField()
    skills = serializers.SerializerMethodField()
    open = serializers.BooleanField(source="pathway.open")
    following = serializers.BooleanField(source="pathway.following")
    paused = serializers.BooleanField(source="pathway.paused")
    complete = serializers.BooleanField(source="pathway.complete")
    stages = StageShape(many=True, source="pathway.stages")

    def get_skills(self, entry: Any) -> list[str]:
        """Keys, sorted."""
        return sorted(entry.skill_keys)


class AwardShape(Shape):
    """One award of the ledger."""

    id = serializers.UUIDField()
    learner = serializers.IntegerField(source="learner_id")
    badge = serializers.CharField(source="badge.key")
    version = serializers.IntegerField(source="badge.number")
    issuer = serializers.CharField(source="badge.issuer.slug")
    awarded_at = serializers.DateTimeField()
    reversed_at = serializers.DateTimeField(allow_null=True)
    reversal_reason = serializers.CharField(allow_blank=True)
    suspended_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then it counts for nothing, until that is lifted."
    )


class AwardDetailShape(AwardShape):
    """One award with what it rests on."""

    because = serializers.DictField()
    credential = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "nullable": True})
    def get_credential(self, award: Any) -> str | None:
        """The address of the credential, once it is signed."""
        found = self.context.get("credential")
        return found.uri if found else None


class BackfillShape(Shape):
    """A back-fill with its progress."""

    id = serializers.UUIDField()
    badge = serializers.CharField(source="badge_key")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["running", "paused", "cancelled", "done", "undoing", "undone"])
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    hold_until = serializers.DateTimeField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    granted = serializers.IntegerField()
    failed = serializers.IntegerField()
    percent = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)
    undo_reason = serializers.CharField(allow_blank=True)


class AuditShape(Shape):
    """One line of the audit log."""

    sequence = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor_reference", allow_blank=True)
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    issuer = serializers.CharField(source="issuer_slug", allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    details = serializers.DictField()
    entry_hash = serializers.CharField(allow_blank=True)


class CourseBadgeShape(Shape):
    """A badge that a course's units lead to."""

    badge = serializers.CharField(source="key")
    name = serializers.CharField()
    held = serializers.BooleanField()
    award = serializers.CharField(source="award_id", allow_blank=True, help_text="Empty: not held.")
    outcomes_shown = serializers.IntegerField(source="shown")
    outcomes_asked = serializers.IntegerField(source="asked")


class CourseBadgesShape(Shape):
    """What somebody has of one course."""

    course = serializers.CharField(source="course_key")
    title = serializers.CharField()
    units = serializers.IntegerField()
    units_done = serializers.IntegerField()
    held = serializers.IntegerField()
    url = serializers.SerializerMethodField(help_text="The learner's page about it.")
    badges = CourseBadgeShape(many=True)

    def get_url(self, found: Any) -> str:
        """Below the LMS."""
        return reverse("microcred_app:course-badges", args=[found.course_key])


class MyBadgeShape(Shape):
    """A badge on its holder's screen."""

    award = serializers.UUIDField(source="award_id")
    credential = serializers.CharField(source="credential_id", allow_blank=True)
    badge = serializers.CharField(source="badge_key")
    version = serializers.IntegerField()
    name = serializers.CharField()
    issuer = serializers.CharField(source="issuer_name")
    awarded_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    expired = serializers.BooleanField()
    revoked = serializers.BooleanField()
    suspended = serializers.SerializerMethodField()
    shared = serializers.BooleanField()
    verify_url = serializers.CharField(allow_blank=True)

    def get_suspended(self, badge: Any) -> bool:
        """It counts for nothing until the organisation lifts that."""
        return badge.suspended_at is not None


class MyAccountShape(Shape):
    """Whose data it is."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


class MyDataShape(Shape):
    """What is kept about the caller, table by table; a row's members are the table's columns."""

    account = MyAccountShape()
    tables = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))
    cut = serializers.ListField(child=serializers.CharField())


class MyResumeShape(Shape):
    """An LER-RS document of HR Open Standards; what is empty is left out."""

    type = serializers.CharField()
    documentId = serializers.DictField()  # noqa: N815 - the standard's name
    person = serializers.DictField(required=False)
    communication = serializers.DictField(required=False)
    certifications = serializers.ListField(child=serializers.DictField(), required=False)
    skills = serializers.ListField(child=serializers.DictField(), required=False)


class SignOffShape(Shape):
    """A sign-off that counts."""

    id = serializers.UUIDField()
    learner = serializers.IntegerField(source="learner_id")
    key = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.IntegerField(allow_null=True)

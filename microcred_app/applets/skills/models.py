"""Skills, what they have to do with one another, and outcomes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = [
    "DefinitionStamp",
    "Outcome",
    "OutcomeAlias",
    "Skill",
    "SkillCluster",
    "SkillFramework",
    "SkillRelation",
]


class SkillFramework(models.Model):
    """A published vocabulary of skills, for example an employer's or ESCO.

    ``source`` says where its skills were read from last: format, file and digest.

    .. no_pii:
    """

    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=255)
    url = models.URLField(max_length=500, blank=True)
    version = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    source = models.CharField(max_length=500, blank=True, default="")
    imported_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class SkillCluster(models.Model):
    """A tag that groups skills across frameworks, for example "electrical safety".

    .. no_pii:
    """

    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=255)

    class Meta:
        app_label = "microcred_app"


class Skill(models.Model):
    """One entry of a framework; outcomes and badges align to it.

    A skill is retired and not removed: badges that mention it keep their meaning, and ``successor`` says what to
    use instead. ``level`` is the framework's own word, ``level_scheme`` says whose (EQF, NQF, SFIA …).

    .. no_pii:
    """

    TECHNICAL = "technical"
    TRANSVERSAL = "transversal"
    COMPLIANCE = "compliance"
    LANGUAGE = "language"
    CATEGORIES = [
        (TECHNICAL, "technical"),
        (TRANSVERSAL, "transversal"),
        (COMPLIANCE, "compliance"),
        (LANGUAGE, "language"),
    ]

    key = models.CharField(max_length=150, unique=True)
    framework = models.ForeignKey(SkillFramework, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(max_length=255)
    statement = models.TextField(blank=True)
    uri = models.URLField(max_length=500, blank=True)
    level = models.CharField(max_length=60, blank=True, default="")
    level_scheme = models.CharField(max_length=60, blank=True, default="")
    category = models.CharField(max_length=16, choices=CATEGORIES, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    retired_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="predecessors")
    clusters = models.ManyToManyField(SkillCluster, related_name="skills")

    class Meta:
        app_label = "microcred_app"


class SkillRelation(models.Model):
    """How two skills relate: ``source`` has ``target`` as its broader skill, requires it, and so on.

    ``equivalent`` and ``related`` hold in both directions and are stored once, from the lower id to the higher.
    ``imported`` relations mirror a framework's file; the others were made by hand and no import removes them.

    .. no_pii:
    """

    BROADER = "broader"
    REQUIRES = "requires"
    EQUIVALENT = "equivalent"
    RELATED = "related"
    KINDS = [(BROADER, "broader"), (REQUIRES, "requires"), (EQUIVALENT, "equivalent"), (RELATED, "related")]

    source = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="relations_from")
    kind = models.CharField(max_length=10, choices=KINDS)
    target = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="relations_to")
    imported = models.BooleanField(default=False)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "target"], name="microcred_relation_once"),
        ]


class Outcome(models.Model):
    """One measurable statement. Shared by every block that proves it, in any course.

    .. pii: The account of the author who wrote the statement.
    .. pii_types: id
    .. pii_retirement: retained
    """

    key = models.CharField(max_length=150, unique=True)
    statement = models.CharField(max_length=500)
    skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="outcomes")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField()
    #: Not offered to authors any more. Units and badges that name it go on as before.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class OutcomeAlias(models.Model):
    """A key that units name and this site does not know, and the outcome that they prove under it.

    ``attained_until`` is how far the learners who had completed such a unit before were looked at (their progress
    rows, by number); null once all were.

    .. pii: The account of whoever decided it.
    .. pii_types: id
    .. pii_retirement: retained
    """

    key = models.CharField(max_length=150, unique=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="aliases")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    made_at = models.DateTimeField()
    attained_until = models.PositiveBigIntegerField(null=True, default=0)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.key


class DefinitionStamp(models.Model):
    """One row that is new whenever a definition (issuer, outcome, badge) changed, in the same transaction.

    A process that keeps definitions in memory compares this one value instead of reading them again.

    .. no_pii:
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.CharField(max_length=32)

    class Meta:
        app_label = "microcred_app"

"""What units prove and where they stand: skills, outcomes, blocks."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import perhaps_person, person, row_id

tables = [
    # skills
    CreateModel(
        name="SkillFramework",
        fields=[
            ("id", row_id()),
            ("key", models.CharField(max_length=100, unique=True)),
            ("name", models.CharField(max_length=255)),
            ("url", models.URLField(blank=True, max_length=500)),
            ("version", models.CharField(blank=True, default="", max_length=60)),
            ("language", models.CharField(blank=True, default="", max_length=35)),
            ("source", models.CharField(blank=True, default="", max_length=500)),
            ("imported_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="SkillCluster",
        fields=[
            ("id", row_id()),
            ("key", models.CharField(max_length=100, unique=True)),
            ("name", models.CharField(max_length=255)),
        ],
    ),
    CreateModel(
        name="Skill",
        fields=[
            ("id", row_id()),
            ("key", models.CharField(max_length=150, unique=True)),
            (
                "framework",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="skills", to="microcred_app.skillframework"
                ),
            ),
            ("name", models.CharField(max_length=255)),
            ("statement", models.TextField(blank=True)),
            ("uri", models.URLField(blank=True, max_length=500)),
            ("level", models.CharField(blank=True, default="", max_length=60)),
            ("level_scheme", models.CharField(blank=True, default="", max_length=60)),
            (
                "category",
                models.CharField(
                    blank=True,
                    choices=[
                        ("technical", "technical"),
                        ("transversal", "transversal"),
                        ("compliance", "compliance"),
                        ("language", "language"),
                    ],
                    default="",
                    max_length=16,
                ),
            ),
            ("language", models.CharField(blank=True, default="", max_length=35)),
            ("retired_at", models.DateTimeField(null=True)),
            (
                "successor",
                models.ForeignKey(
                    null=True,
                    on_delete=models.SET_NULL,
                    related_name="predecessors",
                    to="microcred_app.skill",
                ),
            ),
            ("clusters", models.ManyToManyField(related_name="skills", to="microcred_app.skillcluster")),
        ],
    ),
    CreateModel(
        name="SkillRelation",
        fields=[
            ("id", row_id()),
            (
                "source",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="relations_from", to="microcred_app.skill"
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("broader", "broader"),
                        ("requires", "requires"),
                        ("equivalent", "equivalent"),
                        ("related", "related"),
                    ],
                    max_length=10,
                ),
            ),
            (
                "target",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="relations_to", to="microcred_app.skill"
                ),
            ),
            ("imported", models.BooleanField(default=False)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("source", "kind", "target"), name="microcred_relation_once")
            ]
        },
    ),
    CreateModel(
        name="Outcome",
        fields=[
            ("id", row_id()),
            ("key", models.CharField(max_length=150, unique=True)),
            ("statement", models.CharField(max_length=500)),
            (
                "skill",
                models.ForeignKey(
                    null=True, on_delete=models.PROTECT, related_name="outcomes", to="microcred_app.skill"
                ),
            ),
            ("created_by", perhaps_person()),
            ("created_at", models.DateTimeField()),
            ("retired_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="OutcomeAlias",
        fields=[
            ("id", row_id()),
            ("key", models.CharField(max_length=150, unique=True)),
            (
                "outcome",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="aliases", to="microcred_app.outcome"
                ),
            ),
            ("made_by", perhaps_person()),
            ("made_at", models.DateTimeField()),
            ("attained_until", models.PositiveBigIntegerField(default=0, null=True)),
        ],
    ),
    CreateModel(
        name="DefinitionStamp",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
            ("value", models.CharField(max_length=32)),
        ],
    ),
    # authoring
    CreateModel(
        name="FormDraft",
        fields=[
            ("id", row_id()),
            ("author", person(models.CASCADE)),
            ("usage_key", models.CharField(max_length=255)),
            ("values", models.JSONField()),
            ("base", models.CharField(blank=True, max_length=64)),
            ("saved_at", models.DateTimeField(db_index=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("author", "usage_key"), name="microcred_form_draft_once")
            ]
        },
    ),
    CreateModel(
        name="OutcomeSource",
        fields=[
            ("id", row_id()),
            ("usage_key", models.CharField(max_length=255, unique=True)),
            ("course_key", models.CharField(db_index=True, max_length=255)),
            ("outcome_key", models.CharField(db_index=True, max_length=150)),
            ("title", models.CharField(max_length=255)),
            ("minutes", models.PositiveIntegerField(default=0)),
            ("seen_at", models.DateTimeField()),
            ("retired_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="CourseWalk",
        fields=[
            ("id", row_id()),
            ("course_key", models.CharField(max_length=255, unique=True)),
            ("asked_at", models.DateTimeField()),
            ("last_error", models.CharField(blank=True, max_length=500)),
        ],
    ),
]

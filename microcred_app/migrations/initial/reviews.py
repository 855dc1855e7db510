"""How people judge what was handed in."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import person, row_id

tables = [
    # reviews
    CreateModel(
        name="ReviewClaim",
        fields=[
            ("id", row_id()),
            (
                "submission",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="claim", to="microcred_app.submission"
                ),
            ),
            ("reviewer", person(models.CASCADE)),
            ("since", models.DateTimeField()),
            ("until", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="VerdictDraft",
        fields=[
            ("id", row_id()),
            (
                "submission",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="microcred_app.submission"),
            ),
            ("reviewer", person(models.CASCADE)),
            ("levels", models.JSONField(default=dict)),
            ("comment", models.TextField(blank=True)),
            ("saved_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("submission", "reviewer"), name="microcred_draft_once")
            ]
        },
    ),
    CreateModel(
        name="SavedComment",
        fields=[
            ("id", row_id()),
            ("owner", person(models.CASCADE)),
            ("course_key", models.CharField(blank=True, default="", max_length=255)),
            ("text", models.TextField()),
            ("saved_at", models.DateTimeField()),
        ],
        options={
            "indexes": [
                models.Index(fields=["owner", "course_key"], name="microcred_saved_comment"),
                models.Index(fields=["course_key"], name="microcred_course_comment"),
            ]
        },
    ),
    CreateModel(
        name="FeedbackMessage",
        fields=[
            ("id", row_id()),
            (
                "submission",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="messages", to="microcred_app.submission"
                ),
            ),
            ("author", person(models.PROTECT)),
            ("by_reviewer", models.BooleanField()),
            (
                "answers",
                models.ForeignKey(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="answered_by",
                    to="microcred_app.feedbackmessage",
                ),
            ),
            ("text", models.TextField()),
            ("at", models.DateTimeField()),
        ],
    ),
]

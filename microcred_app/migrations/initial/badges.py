"""What can be earned: badges, their versions and drafts, and the pathways over them."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import check_constraint, perhaps_person, person, row_id

tables = [
    # badges
    CreateModel(
        name="BadgeImage",
        fields=[
            ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ("media_type", models.CharField(max_length=50)),
            ("content", models.BinaryField()),
        ],
    ),
    CreateModel(
        name="Issuer",
        fields=[
            ("id", row_id()),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("name", models.CharField(max_length=255)),
            ("url", models.URLField(max_length=500)),
            ("description", models.TextField(blank=True)),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("colour", models.CharField(blank=True, default="", max_length=7)),
            (
                "image",
                models.ForeignKey(
                    null=True, on_delete=models.PROTECT, related_name="+", to="microcred_app.badgeimage"
                ),
            ),
        ],
    ),
    CreateModel(
        name="Badge",
        fields=[
            ("id", row_id()),
            ("key", models.SlugField(max_length=100, unique=True)),
            (
                "issuer",
                models.ForeignKey(on_delete=models.PROTECT, related_name="badges", to="microcred_app.issuer"),
            ),
            ("kind", models.CharField(choices=[("micro", "micro"), ("macro", "macro")], max_length=8)),
            ("created_at", models.DateTimeField()),
            ("state", models.CharField(default="published", max_length=12)),
            ("sunset_at", models.DateTimeField(db_index=True, null=True)),
            (
                "successor",
                models.ForeignKey(
                    null=True, on_delete=models.PROTECT, related_name="predecessors", to="microcred_app.badge"
                ),
            ),
            ("notice", models.TextField(blank=True, default="")),
            ("owner", models.CharField(blank=True, default="", max_length=255)),
            ("steward", models.CharField(blank=True, default="", max_length=255)),
            ("purpose", models.TextField(blank=True, default="")),
            ("review_due", models.DateField(db_index=True, null=True)),
        ],
        options={
            "constraints": [
                check_constraint(
                    models.Q(("state__in", ["published", "deprecated", "retired"])),
                    name="microcred_badge_state",
                ),
                check_constraint(
                    models.Q(("state", "deprecated"), ("sunset_at__isnull", True), _connector="OR"),
                    name="microcred_badge_sunset",
                ),
            ]
        },
    ),
    CreateModel(
        name="BadgeVersion",
        fields=[
            ("id", row_id()),
            (
                "badge",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="versions", to="microcred_app.badge"
                ),
            ),
            ("number", models.PositiveIntegerField()),
            ("name", models.CharField(max_length=255)),
            ("description", models.TextField()),
            ("achievement_type", models.CharField(max_length=100)),
            ("criteria_intro", models.TextField(blank=True)),
            ("language", models.CharField(default="en", max_length=35)),
            ("minutes", models.PositiveIntegerField(default=0)),
            (
                "image",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.badgeimage"),
            ),
            ("image_alt", models.CharField(max_length=500)),
            ("requirement", models.JSONField()),
            ("published_at", models.DateTimeField()),
            ("published_by", perhaps_person()),
            ("effective_at", models.DateTimeField()),
            ("credits", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
            ("credit_unit", models.CharField(blank=True, default="", max_length=20)),
            ("level", models.CharField(blank=True, default="", max_length=100)),
            ("expires_on", models.DateField(null=True)),
            ("expires_after", models.CharField(blank=True, default="", max_length=30)),
            ("cap", models.PositiveIntegerField(null=True)),
            ("holders_policy", models.CharField(default="keep", max_length=16)),
            ("holders_deadline", models.DateField(null=True)),
            ("accepts", models.JSONField(default=list)),
            ("proof_type", models.CharField(default="recognition", max_length=16)),
            ("skills", models.ManyToManyField(related_name="badge_versions", to="microcred_app.skill")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("badge", "number"), name="microcred_version_number"),
                check_constraint(
                    models.Q(("cap__isnull", True), ("cap__gt", 0), _connector="OR"),
                    name="microcred_version_cap",
                ),
                check_constraint(
                    models.Q(("expires_on__isnull", True), ("expires_after", ""), _connector="OR"),
                    name="microcred_version_one_expiry",
                ),
                check_constraint(
                    models.Q(
                        models.Q(("holders_deadline__isnull", False), ("holders_policy", "redemonstrate")),
                        models.Q(
                            ("holders_deadline__isnull", True),
                            ("holders_policy__in", ["keep", "upgrade", "replace"]),
                        ),
                        _connector="OR",
                    ),
                    name="microcred_version_holders",
                ),
            ]
        },
    ),
    CreateModel(
        name="ScheduledVersion",
        fields=[
            ("id", row_id()),
            (
                "version",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="scheduled", to="microcred_app.badgeversion"
                ),
            ),
            ("effective_at", models.DateTimeField(db_index=True)),
        ],
    ),
    CreateModel(
        name="HolderDuty",
        fields=[
            ("id", row_id()),
            (
                "version",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="holder_duty", to="microcred_app.badgeversion"
                ),
            ),
            ("due_at", models.DateTimeField(db_index=True)),
        ],
    ),
    CreateModel(
        name="RequirementMention",
        fields=[
            ("id", row_id()),
            (
                "version",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="mentions", to="microcred_app.badgeversion"
                ),
            ),
            ("kind", models.CharField(max_length=20)),
            ("key", models.CharField(max_length=255)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("kind", "key", "version"), name="microcred_mention_once")
            ]
        },
    ),
    CreateModel(
        name="BadgeDraft",
        fields=[
            ("id", row_id()),
            ("key", models.SlugField(max_length=100, unique=True)),
            ("state", models.CharField(default="draft", max_length=12)),
            ("content", models.JSONField()),
            ("revision", models.PositiveIntegerField(default=1)),
            ("opened_at", models.DateTimeField()),
            ("edited_at", models.DateTimeField()),
            ("edited_by", perhaps_person()),
            ("submitted_at", models.DateTimeField(null=True)),
            ("submitted_by", perhaps_person()),
            ("approved_at", models.DateTimeField(null=True)),
            ("approved_by", perhaps_person()),
            (
                "published",
                models.ForeignKey(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="drafts",
                    to="microcred_app.badgeversion",
                ),
            ),
        ],
        options={
            "constraints": [
                check_constraint(
                    models.Q(("state__in", ["draft", "in_review", "approved", "published", "discarded"])),
                    name="microcred_draft_state",
                )
            ]
        },
    ),
    CreateModel(
        name="DraftRevision",
        fields=[
            ("id", row_id()),
            (
                "draft",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="revisions", to="microcred_app.badgedraft"
                ),
            ),
            ("number", models.PositiveIntegerField()),
            ("content", models.JSONField()),
            ("edited_at", models.DateTimeField()),
            ("edited_by", perhaps_person()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("draft", "number"), name="microcred_draft_revision")
            ]
        },
    ),
    CreateModel(
        name="DraftComment",
        fields=[
            ("id", row_id()),
            (
                "draft",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="comments", to="microcred_app.badgedraft"
                ),
            ),
            ("revision", models.PositiveIntegerField()),
            ("written_at", models.DateTimeField()),
            ("written_by", perhaps_person()),
            ("text", models.TextField()),
        ],
    ),
    # pathways
    CreateModel(
        name="Pathway",
        fields=[
            ("id", row_id()),
            ("key", models.SlugField(max_length=100, unique=True)),
            ("title", models.CharField(max_length=255)),
            ("description", models.TextField(blank=True)),
            (
                "badge",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="pathways", to="microcred_app.badge"
                ),
            ),
            ("state", models.CharField(default="published", max_length=12)),
            ("owner", models.CharField(blank=True, default="", max_length=255)),
            ("occupations", models.JSONField(default=list)),
            ("level", models.CharField(blank=True, default="", max_length=100)),
            ("language", models.CharField(default="en", max_length=35)),
            ("leads_to", models.ManyToManyField(related_name="reached_from", to="microcred_app.pathway")),
        ],
        options={
            "constraints": [
                check_constraint(
                    models.Q(("state__in", ["draft", "published", "retired"])), name="microcred_pathway_state"
                )
            ]
        },
    ),
    CreateModel(
        name="Stage",
        fields=[
            ("id", row_id()),
            (
                "pathway",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="stages", to="microcred_app.pathway"
                ),
            ),
            ("position", models.PositiveIntegerField()),
            ("title", models.CharField(max_length=255)),
            ("kind", models.CharField(max_length=8)),
            ("key", models.CharField(max_length=255)),
        ],
        options={
            "ordering": ["position"],
            "constraints": [
                models.UniqueConstraint(fields=("pathway", "position"), name="microcred_stage_position")
            ],
        },
    ),
    CreateModel(
        name="Following",
        fields=[
            ("id", row_id()),
            (
                "pathway",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="followings", to="microcred_app.pathway"
                ),
            ),
            ("learner", person(models.CASCADE)),
            ("followed_at", models.DateTimeField()),
            ("paused_at", models.DateTimeField(null=True)),
            ("left_at", models.DateTimeField(null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("pathway", "learner"), name="microcred_following_once")
            ]
        },
    ),
]

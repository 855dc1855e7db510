"""What other rooms may use of the badges applet."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..skills.stamp import touch_definitions
from .artwork import draw_badge, drawn_from
from .assurance import Assurance, assurance_of
from .colour import colour_problem
from .content import FieldChange, changes_between, content_of, definition_of, read_content, read_moment
from .criteria import criteria_text, phrases
from .current import CurrentBadges, current_definitions, holding_definitions, seen_stamp, waiting_first
from .data import BadgeDefinition, IssuerInfo, PublishedBadge, issuer_info
from .drafts import (
    Draft,
    DraftNote,
    EditConflict,
    approve_draft,
    comment_on_draft,
    comments_of_draft,
    discard_draft,
    get_draft,
    list_drafts,
    open_draft,
    save_draft,
    send_back_draft,
    submit_draft,
)
from .duties import holder_duties_due, take_holder_duty
from .errors import (
    BadgeError,
    BadgeNotFound,
    ConfirmationNeeded,
    DefinitionRefused,
    DraftNotFound,
    DraftRefused,
    IssuerNotFound,
    IssuerRefused,
    LifeRefused,
    NotReady,
    SecondPersonNeeded,
    TransitionRefused,
)
from .governance import govern_badge, overdue_badges
from .images import Picture, PictureRefused, check_picture, get_picture, keep_picture
from .keys import key_problem
from .life import bring_into_force, deprecate_badge, reinstate_badge, retire_badge
from .likeness import alike_badges, near_duplicates
from .listing import (
    BADGE_STATES,
    BadgeFilter,
    BadgeRow,
    badges_aligned_to,
    count_badges,
    find_badges,
    get_badge_row,
    list_versions,
)
from .models import Badge, BadgeVersion, Issuer
from .names import names_for
from .publication import definition_problems, publish_badge, with_picture
from .reach import Reach, ReachPreview
from .readiness import ReadinessItem, readiness_of
from .release import definition_of_draft, publish_draft, readiness, require_readiness
from .terms import AcceptedBadge, Governance, Life, Terms, add_period
from .version_reader import forget_versions, read_versions

__all__ = [
    "BADGE_STATES",
    "AcceptedBadge",
    "Assurance",
    "BadgeDefinition",
    "BadgeError",
    "BadgeFilter",
    "BadgeNotFound",
    "BadgeRow",
    "ConfirmationNeeded",
    "CurrentBadges",
    "DefinitionRefused",
    "Draft",
    "DraftNotFound",
    "DraftNote",
    "DraftRefused",
    "EditConflict",
    "FieldChange",
    "Governance",
    "IssuerInfo",
    "IssuerNotFound",
    "IssuerRefused",
    "Life",
    "LifeRefused",
    "NotReady",
    "Picture",
    "PictureRefused",
    "PublishedBadge",
    "Reach",
    "ReachPreview",
    "ReadinessItem",
    "SecondPersonNeeded",
    "Terms",
    "TransitionRefused",
    "add_period",
    "alike_badges",
    "approve_draft",
    "assurance_of",
    "badges_aligned_to",
    "badges_mentioning",
    "bring_into_force",
    "changes_between",
    "check_picture",
    "comment_on_draft",
    "comments_of_draft",
    "content_of",
    "count_badges",
    "criteria_text",
    "current_badge",
    "current_badges",
    "current_definitions",
    "define_issuer",
    "definition_of",
    "definition_of_draft",
    "definition_problems",
    "deprecate_badge",
    "discard_draft",
    "draw_badge",
    "drawn_from",
    "find_badges",
    "forget_versions",
    "get_badge_row",
    "get_draft",
    "get_issuer",
    "get_picture",
    "get_version",
    "govern_badge",
    "holder_duties_due",
    "holding_definitions",
    "keep_picture",
    "key_problem",
    "latest_badges",
    "list_badges",
    "list_drafts",
    "list_issuers",
    "list_versions",
    "lock_badge",
    "names_for",
    "near_duplicates",
    "newest_versions",
    "open_draft",
    "overdue_badges",
    "phrases",
    "publish_badge",
    "publish_draft",
    "read_content",
    "read_moment",
    "readiness",
    "readiness_of",
    "reinstate_badge",
    "require_readiness",
    "retire_badge",
    "save_draft",
    "seen_stamp",
    "send_back_draft",
    "submit_draft",
    "take_holder_duty",
    "version_ids_of",
    "versions_by_id",
    "with_picture",
]


@transaction.atomic
def define_issuer(
    *,
    slug: str,
    name: str,
    url: str,
    description: str = "",
    email: str = "",
    image: bytes = b"",
    colour: str = "",
    actor_id: int | None = None,
) -> IssuerInfo:
    """Create or update an organisation that issues; raises :class:`IssuerRefused` for a colour nobody can read on.

    Raises :class:`~microcred_app.permissions.api.NotAllowed` unless the actor may edit it; without one it is the
    operator.
    """
    permissions.require(actor_id, permissions.Action.EDIT_ISSUER, slug)
    problem = colour_problem(colour) if colour else ""
    if problem:
        raise IssuerRefused(problem)
    image_id = keep_picture(image).sha256 if image else None
    touch_definitions()
    row, _created = Issuer.objects.update_or_create(
        slug=slug,
        defaults={
            "name": name,
            "url": url,
            "description": description,
            "email": email,
            "colour": colour,
            "image_id": image_id,
        },
    )
    return issuer_info(row)


def get_issuer(slug: str) -> IssuerInfo:
    """The issuer; raises :class:`IssuerNotFound`."""
    row = Issuer.objects.filter(slug=slug).first()
    if row is None:
        raise IssuerNotFound(_("There is no issuer “{slug}”.").format(slug=slug))
    return issuer_info(row)


def list_issuers() -> tuple[IssuerInfo, ...]:
    """Every organisation that issues here, by name."""
    return tuple(map(issuer_info, Issuer.objects.order_by("name")))


def version_ids_of(issuer_slugs: Collection[str]) -> list[int]:
    """Every version that these organisations ever published."""
    rows = BadgeVersion.objects.filter(badge__issuer__slug__in=list(issuer_slugs)).order_by()
    return list(rows.values_list("pk", flat=True))


def list_badges() -> tuple[PublishedBadge, ...]:
    """The current version of every published badge: micro badges first, then by name."""
    found = current_definitions().by_key.values()
    return tuple(sorted(found, key=lambda badge: (badge.kind != Badge.MICRO, badge.name)))


def current_badge(key: str) -> PublishedBadge:
    """The version that is awarded now; raises :class:`BadgeNotFound`."""
    return current_badges([key])[0]


def current_badges(keys: Iterable[str]) -> tuple[PublishedBadge, ...]:
    """The versions of these badges that are awarded now, by key; raises :class:`BadgeNotFound`."""
    wanted = sorted(set(keys))
    by_key = current_definitions().by_key
    lost = next((key for key in wanted if key not in by_key), None)
    if lost is not None:
        raise BadgeNotFound(_("There is no published badge “{key}”.").format(key=lost))
    return tuple(by_key[key] for key in wanted)


def latest_badges(keys: Iterable[str]) -> dict[str, PublishedBadge]:
    """For each key the version in force; for a badge that is retired or not in force yet, its last version.

    Unknown keys are left out: what old definitions still mention is shown as far as it is known.
    """
    wanted = set(keys)
    by_key = current_definitions().by_key
    found = {key: by_key[key] for key in wanted if key in by_key}
    if wanted - found.keys():
        rows = waiting_first(BadgeVersion.objects.filter(badge__key__in=wanted - found.keys()))
        found |= {badge.key: badge for badge in read_versions(rows)}
    return found


def newest_versions() -> tuple[PublishedBadge, ...]:
    """The newest version of every badge, by key: in force, waiting for its date, or retired."""
    newest = BadgeVersion.objects.filter(badge=OuterRef("badge")).order_by("-number").values("number")[:1]
    rows = BadgeVersion.objects.filter(number=Subquery(newest)).order_by("badge__key")
    return read_versions(rows)


def get_version(key: str, number: int) -> PublishedBadge:
    """One version, current or not; raises :class:`BadgeNotFound`."""
    found = read_versions(BadgeVersion.objects.filter(badge__key=key, number=number))
    if not found:
        raise BadgeNotFound(
            _("There is no version {number} of the badge “{key}”.").format(number=number, key=key)
        )
    return found[0]


def versions_by_id(ids: Iterable[int]) -> dict[int, PublishedBadge]:
    """Versions by primary key; the database is asked only for those that are not current."""
    wanted = set(ids)
    current = current_definitions().by_version
    found = {pk: current[pk] for pk in wanted if pk in current}
    if wanted - found.keys():
        rows = BadgeVersion.objects.filter(pk__in=wanted - found.keys())
        found |= {badge.version_id: badge for badge in read_versions(rows)}
    return found


def badges_mentioning(mentioned: Iterable[tuple[str, str]]) -> tuple[PublishedBadge, ...]:
    """Current badges whose requirement mentions any of these ``(kind, key)``."""
    return current_definitions().mentioning(mentioned)


def lock_badge(key: str) -> None:
    """Hold the badge's row until the transaction ends, so that only one decision about it is made at a time."""
    list(Badge.objects.select_for_update().filter(key=key).values_list("pk"))

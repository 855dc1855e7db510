"""What other rooms may use of the badges applet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app import rules

from ..skills.api import outcome_statements
from .criteria import criteria_text, phrases
from .data import BadgeDefinition, IssuerInfo, PublishedBadge, issuer_info, published_badge
from .errors import BadgeError, BadgeNotFound, DefinitionRefused, IssuerNotFound
from .images import Picture, PictureRefused, get_picture, keep_picture
from .models import Badge, BadgeVersion, Issuer
from .publication import publish_badge

__all__ = [
    "BadgeDefinition",
    "BadgeError",
    "BadgeNotFound",
    "DefinitionRefused",
    "IssuerInfo",
    "IssuerNotFound",
    "Picture",
    "PictureRefused",
    "PublishedBadge",
    "badges_mentioning",
    "criteria_text",
    "current_badge",
    "define_issuer",
    "get_issuer",
    "get_picture",
    "get_version",
    "keep_picture",
    "list_badges",
    "list_issuers",
    "names_for",
    "phrases",
    "publish_badge",
    "versions_by_id",
]


def define_issuer(
    *, slug: str, name: str, url: str, description: str = "", email: str = "", image: bytes = b""
) -> IssuerInfo:
    """Create or update an organisation that issues."""
    image_id = keep_picture(image).sha256 if image else None
    row, _created = Issuer.objects.update_or_create(
        slug=slug,
        defaults={"name": name, "url": url, "description": description, "email": email, "image_id": image_id},
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


def list_badges() -> tuple[PublishedBadge, ...]:
    """The current version of every published badge: micro badges first, then by name."""
    rows = _versions().filter(current_of__isnull=False).order_by("-badge__kind", "name")
    return tuple(map(published_badge, rows))


def current_badge(key: str) -> PublishedBadge:
    """The version that is awarded now; raises :class:`BadgeNotFound`."""
    row = _versions().filter(current_of__key=key).first()
    if row is None:
        raise BadgeNotFound(_("There is no published badge “{key}”.").format(key=key))
    return published_badge(row)


def get_version(key: str, number: int) -> PublishedBadge:
    """One version, current or not; raises :class:`BadgeNotFound`."""
    row = _versions().filter(badge__key=key, number=number).first()
    if row is None:
        raise BadgeNotFound(
            _("There is no version {number} of the badge “{key}”.").format(number=number, key=key)
        )
    return published_badge(row)


def versions_by_id(ids: Iterable[int]) -> dict[int, PublishedBadge]:
    """Versions by primary key."""
    return {row.pk: published_badge(row) for row in _versions().filter(pk__in=set(ids))}


def badges_mentioning(mentioned: Iterable[tuple[str, str]]) -> tuple[PublishedBadge, ...]:
    """Current badges whose requirement mentions any of these ``(kind, key)``: one indexed query."""
    condition = Q(pk__in=[])
    for kind, key in mentioned:
        condition |= Q(mentions__kind=kind, mentions__key=key)
    rows = _versions().filter(condition, current_of__isnull=False).distinct().order_by("pk")
    return tuple(map(published_badge, rows))


def names_for(nodes: Iterable[rules.Node]) -> rules.Names:
    """Titles of everything that these requirements mention."""
    mentioned = {pair for node in nodes for pair in rules.mentions(node)}
    outcome_keys = {key for kind, key in mentioned if kind == "outcome"}
    badge_keys = {key for kind, key in mentioned if kind == "badge"}
    badge_names = Badge.objects.filter(key__in=badge_keys).values_list("key", "current__name")
    return rules.Names(
        outcomes=outcome_statements(outcome_keys),
        badges={key: name or key for key, name in badge_names},
    )


def _versions() -> models.QuerySet[BadgeVersion]:
    rows = BadgeVersion.objects.select_related("badge", "badge__issuer", "image")
    return rows.defer("image__content").prefetch_related("skills")

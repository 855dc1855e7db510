"""What other rooms may use of the badges applet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app import rules

from ..skills.api import outcome_statements
from ..skills.models import Skill
from ..skills.stamp import touch_definitions
from .criteria import criteria_text, phrases
from .current import CurrentBadges, current_definitions
from .data import BadgeDefinition, IssuerInfo, PublishedBadge, issuer_info
from .errors import BadgeError, BadgeNotFound, DefinitionRefused, IssuerNotFound
from .images import Picture, PictureRefused, get_picture, keep_picture
from .models import Badge, BadgeVersion, Issuer
from .publication import publish_badge
from .version_reader import read_versions

__all__ = [
    "BadgeDefinition",
    "BadgeError",
    "BadgeNotFound",
    "CurrentBadges",
    "DefinitionRefused",
    "IssuerInfo",
    "IssuerNotFound",
    "Picture",
    "PictureRefused",
    "PublishedBadge",
    "badges_mentioning",
    "criteria_text",
    "current_badge",
    "current_badges",
    "current_definitions",
    "define_issuer",
    "get_issuer",
    "get_picture",
    "get_version",
    "keep_picture",
    "list_badges",
    "list_issuers",
    "lock_badge",
    "names_for",
    "phrases",
    "publish_badge",
    "versions_by_id",
]


@transaction.atomic
def define_issuer(
    *, slug: str, name: str, url: str, description: str = "", email: str = "", image: bytes = b""
) -> IssuerInfo:
    """Create or update an organisation that issues."""
    image_id = keep_picture(image).sha256 if image else None
    touch_definitions()
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


def names_for(nodes: Iterable[rules.Node]) -> rules.Names:
    """Titles of everything that these requirements mention."""
    mentioned = {pair for node in nodes for pair in rules.mentions(node)}
    keys = {kind: {key for found, key in mentioned if found == kind} for kind, _key in mentioned}
    current = current_definitions()
    outcomes = {key: current.statements.get(key, "") for key in keys.get("outcome", ())}
    unknown = [key for key, statement in outcomes.items() if not statement]
    if unknown:
        outcomes |= outcome_statements(unknown)
    return rules.Names(
        outcomes={key: name for key, name in outcomes.items() if name},
        badges={key: current.by_key[key].name for key in keys.get("badge", ()) if key in current.by_key},
        skills=_skill_names(keys["credits"]) if "credits" in keys else {},
    )


def _skill_names(keys: Iterable[str]) -> dict[str, str]:
    """Names by key; a skill that is gone is left out, and shown by its key."""
    return dict(Skill.objects.filter(key__in=set(keys)).values_list("key", "name"))

"""Jobs as sets of skills, and how many learners are ready for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..skills.models import Skill
from .answers import counted
from .data import Count
from .errors import ProfileRefused
from .figures import reader_scope
from .models import InsightFigure, JobProfile
from .suppression import guard_nested, guard_partition

__all__ = ["MOST_SKILLS", "ProfileLine", "drop_profile", "list_profiles", "store_profile"]

MOST_SKILLS = 100
MOST_PROFILES = 200
_KEY = re.compile(r"[-a-z0-9]{1,100}")


@dataclass(frozen=True)
class ProfileLine:
    """A profile with its skills (key, name, who has it), and how many learners have so many of them.

    ``ready`` pairs a number of skills with learners who have exactly so many; empty until it is counted.
    """

    key: str
    title: str
    issuer_slug: str
    skills: tuple[tuple[str, str, Count], ...]
    ready: tuple[tuple[int, Count], ...]
    people: Count


def list_profiles(actor_id: int) -> tuple[ProfileLine, ...]:
    """Profiles of the reader's organisations, by title."""
    scope = reader_scope(actor_id)
    rows = JobProfile.objects.order_by("title", "key")
    if not scope.everywhere:
        rows = rows.filter(issuer_slug__in=scope.issuer_slugs)
    profiles = list(rows[:MOST_PROFILES])
    counted_ = {
        row.key: row.figures
        for row in InsightFigure.objects.filter(
            kind=InsightFigure.PROFILE, key__in=[one.key for one in profiles]
        )
    }
    wanted = {key for one in profiles for key in one.skill_keys}
    names = dict(Skill.objects.filter(key__in=wanted).values_list("key", "name"))
    k = settings().insights_min_group
    return tuple(_line(one, counted_.get(one.key, {}), names, k) for one in profiles)


@transaction.atomic
def store_profile(
    *, key: str, title: str, issuer_slug: str, skill_keys: Sequence[str], actor_id: int | None, now: datetime
) -> None:
    """Write a profile, or write it anew; raises ProfileRefused with what to do, and NotAllowed."""
    permissions.require(actor_id, permissions.Action.MANAGE_SKILLS, issuer_slug)
    if not _KEY.fullmatch(key):
        raise ProfileRefused(_("A key has small letters, digits and hyphens, at most 100."))
    if not title.strip() or len(title) > 255:
        raise ProfileRefused(_("Give the profile a title of at most 255 letters."))
    wanted = tuple(dict.fromkeys(skill_keys))
    if not wanted or len(wanted) > MOST_SKILLS:
        raise ProfileRefused(_("Choose at least one skill, and at most {n}.").format(n=MOST_SKILLS))
    known = set(Skill.objects.filter(key__in=wanted).values_list("key", flat=True))
    if unknown := [one for one in wanted if one not in known]:
        raise ProfileRefused(
            _("There is no skill {keys}. Import it first, or correct the key.").format(
                keys=", ".join(one[:60] for one in unknown[:5])
            )
        )
    earlier = JobProfile.objects.select_for_update().filter(key=key).first()
    if earlier is not None and earlier.issuer_slug != issuer_slug:
        raise ProfileRefused(_("Another organisation uses this key. Choose another one."))
    JobProfile.objects.update_or_create(
        key=key,
        defaults={
            "title": title.strip(),
            "issuer_slug": issuer_slug,
            "skill_keys": list(wanted),
            "edited_at": now,
            "edited_by_id": actor_id,
        },
    )
    _trace("profile.written", key, issuer_slug, actor_id, now, {"skills": len(wanted)})


@transaction.atomic
def drop_profile(key: str, *, actor_id: int | None, now: datetime) -> None:
    """Remove a profile; nothing else hangs on it."""
    row = JobProfile.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise ProfileRefused(_("There is no such profile any more."))
    permissions.require(actor_id, permissions.Action.MANAGE_SKILLS, row.issuer_slug)
    row.delete()
    InsightFigure.objects.filter(kind=InsightFigure.PROFILE, key=key).delete()
    _trace("profile.removed", key, row.issuer_slug, actor_id, now, {})


def _line(row: JobProfile, figures: dict[str, dict[str, int]], names: dict[str, str], k: int) -> ProfileLine:
    ready = {int(number): count for number, count in figures.get("ready", {}).items()}
    people = sum(ready.values())
    shown_people, *_none = guard_nested((people,), k)
    counts = guard_partition(list(ready.values()), k)
    have = figures.get("skills", {})
    by_skill = guard_nested((people, *(have.get(key, 0) for key in row.skill_keys)), k)[1:]
    hidden = shown_people is None
    return ProfileLine(
        row.key,
        row.title,
        row.issuer_slug,
        tuple(
            (key, names.get(key, key), Count(None) if hidden else counted(number, people))
            for key, number in zip(row.skill_keys, by_skill, strict=True)
        ),
        tuple(
            (number, Count(None) if hidden else counted(count, people))
            for number, count in zip(ready, counts, strict=True)
        ),
        Count(shown_people),
    )


def _trace(
    action: str, key: str, issuer_slug: str, actor_id: int | None, now: datetime, details: dict[str, int]
) -> None:
    audit.record(
        action,
        object_type="profile",
        object_id=key,
        actor_id=actor_id,
        now=now,
        details=details,
        issuer_slug=issuer_slug,
    )

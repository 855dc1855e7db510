"""What applying a bundle changes: object by object, field by field, and how many people it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from microcred_app import rules
from microcred_app.applets.awards.holders import count_holders
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges.api import BadgeDefinition, FieldChange

__all__ = ["Blast", "BlastRadius", "Change", "count_current_holders", "preview_blast"]


@dataclass(frozen=True)
class Blast:
    """Whom a new version concerns. ``gaining`` and ``losing`` are none where nobody worked them out.

    ``fate`` says in a sentence what the version does to those who hold an earlier one; empty when there are none.
    """

    holders: int
    gaining: int | None = None
    losing: int | None = None
    fate: str = ""


#: Works out whom publishing a definition would concern, without writing anything.
BlastRadius = Callable[[BadgeDefinition], Blast]


@dataclass(frozen=True)
class Change:
    """One object of a bundle. ``action`` is ``new``, ``changed`` or ``unchanged``.

    ``not_ready`` lists what is missing for publishing (badges only); ``publishes`` says that a new version is
    made.
    """

    section: str
    key: str
    action: str
    fields: tuple[FieldChange, ...] = ()
    publishes: bool = False
    blast: Blast | None = None
    not_ready: tuple[str, ...] = ()


def preview_blast(now: datetime) -> BlastRadius:
    """A blast radius from real data: who would be awarded and who would not qualify any more, as of *now*.

    A requirement that cannot be read is refused where the definition is; here it concerns nobody.
    """

    def look(definition: BadgeDefinition) -> Blast:
        holders = count_current_holders(definition).holders
        standing = len(
            backfill.holders_affected(definition.key, now=now)
        )  # expired awards are no holders here
        fate = backfill.say_holders(definition.terms, standing)
        try:
            requirement = rules.parse_requirement(definition.requirement)
        except rules.RequirementError:
            return Blast(holders, fate=fate)
        seen = backfill.preview_requirement(definition.key, requirement, now=now)
        return Blast(holders, gaining=len(seen.gains), losing=len(seen.no_longer), fate=fate)

    return look


def count_current_holders(definition: BadgeDefinition) -> Blast:
    """How many hold the badge now, and nothing else: quick, whatever the number of learners."""
    return Blast(holders=count_holders([definition.key]).get(definition.key, 0))

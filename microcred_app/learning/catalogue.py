"""Pathways to choose from, found by skill, level, length and language; and outcomes that nobody can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language_info

from microcred_app import rules
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.skills import api as skills

__all__ = ["Catalogue", "Choice", "Entry", "Orphans", "Wish", "browse", "find_orphans", "show_pathway"]

_NOBODY = 0


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; what is empty does not narrow."""

    skill: str = ""
    level: str = ""
    language: str = ""
    minutes: int | None = None

    def __bool__(self) -> bool:
        return bool(self.skill or self.level or self.language or self.minutes is not None)


@dataclass(frozen=True)
class Entry:
    """A pathway with what it is found by. ``minutes`` is 0 where nobody has said how long it takes."""

    pathway: pathways.PathwayInfo
    skill_keys: frozenset[str]
    level: str
    minutes: int

    def answers(self, wish: Wish) -> bool:
        """Whether it is what is looked for; what says no length is not called short."""
        return (
            (not wish.skill or wish.skill in self.skill_keys)
            and (not wish.level or wish.level == self.level)
            and (not wish.language or wish.language == self.pathway.language)
            and (wish.minutes is None or 0 < self.minutes <= wish.minutes)
        )


@dataclass(frozen=True)
class Choice:
    """One value of a filter, and how people call it."""

    value: str
    name: str


@dataclass(frozen=True)
class Catalogue:
    """What was found, of how many, and by what else one can look."""

    entries: tuple[Entry, ...]
    total: int
    skills: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    languages: tuple[Choice, ...]


@dataclass(frozen=True)
class Orphans:
    """What does not meet: outcomes that no unit proves, and units whose outcome this site does not know.

    ``needed`` are those of the first that badges in force ask for, with the badges' keys and names: these badges may be
    out of reach.
    """

    outcomes: tuple[skills.OutcomeEntry, ...]
    needed: Mapping[str, tuple[tuple[str, str], ...]]
    units: tuple[authoring.SourceInfo, ...]


def find_orphans() -> Orphans:
    """For registrars: after deletions, imports and re-runs, what must be re-mapped or retired."""
    keys = authoring.outcomes_without_source()
    known = skills.known_outcomes(keys)
    asked = badges.badges_mentioning(("outcome", key) for key in keys) if keys else ()
    needed: dict[str, tuple[tuple[str, str], ...]] = {}
    for badge in asked:
        for kind, key in rules.mentions(badge.requirement):
            if kind == "outcome" and key in known:
                needed[key] = (*needed.get(key, ()), (badge.key, badge.name))
    return Orphans(
        outcomes=tuple(known[key] for key in keys if key in known),
        needed=needed,
        units=authoring.sources_without_outcome(),
    )


def browse(learner_id: int | None, wish: Wish) -> Catalogue:
    """Pathways that answer *wish*, as this learner sees them, or as anybody does."""
    person = learner_id or _NOBODY
    held = frozenset(awards.held_badges(person)) if learner_id else frozenset()
    everything = _entries(pathways.list_pathways(person, held))
    keys = {key for entry in everything for key in entry.skill_keys}
    return Catalogue(
        entries=tuple(entry for entry in everything if entry.answers(wish)),
        total=len(everything),
        skills=_choices(skills.skill_names(keys).items()),
        levels=_choices((entry.level, entry.level) for entry in everything if entry.level),
        languages=_choices(
            (entry.pathway.language, _language(entry.pathway.language)) for entry in everything
        ),
    )


def show_pathway(key: str, learner_id: int | None) -> Entry:
    """One pathway; raises :class:`pathways.PathwayNotFound`."""
    held = frozenset(awards.held_badges(learner_id)) if learner_id else frozenset()
    return _entries([pathways.get_pathway(key, learner_id or _NOBODY, held)])[0]


def _entries(found: Iterable[pathways.PathwayInfo]) -> tuple[Entry, ...]:
    found = tuple(found)
    parts = badges.latest_badges(
        stage.key for info in found for stage in info.stages if stage.kind == "badge"
    )
    return tuple(
        Entry(
            pathway=info,
            skill_keys=frozenset(info.badge.skill_keys).union(
                *(parts[stage.key].skill_keys for stage in info.stages if stage.key in parts)
            ),
            level=info.level or info.badge.terms.level,
            minutes=info.minutes or info.badge.minutes,
        )
        for info in found
    )


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, name) for value, name in sorted(set(pairs), key=lambda pair: pair[1].casefold())
    )


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code

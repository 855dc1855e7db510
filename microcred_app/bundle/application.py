"""Plan, apply and export a bundle.

A plan is an application that is rolled back: it can never promise what applying then refuses. Applying is one
transaction; the first section with mistakes ends it, every mistake of that section is told with line and path,
and the database is as it was. What is in the database and not in the bundle is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.applets.audit import api as audit
from microcred_app.applets.badges import api as badges
from microcred_app.conf import settings
from microcred_app.errors import MicrocredError

from .badge_section import (
    badge_defaults,
    badge_definition,
    changed_parts,
    circle_in,
    export_badge,
    in_order,
    read_badge,
    settle_life,
    stored_badges,
    wake_badge,
    write_governance,
)
from .change import BlastRadius, Change, count_current_holders
from .entries import read_entry, shorten_entry
from .errors import BundleError, BundleProblem
from .pictures import PictureFolder
from .reading import Document, read_text
from .sections import SECTIONS, Entry, Section, Writing
from .writing import write_text

__all__ = ["ApplyOptions", "BundleReport", "apply_bundle", "export_bundle", "plan_bundle"]

HEADING = "Microcred bundle. What each member means: docs/reference/bundle.rst"
BADGES = "badges"


@dataclass(frozen=True)
class ApplyOptions:
    """Who applies, and what they said yes to.

    ``despite_readiness`` publishes what is not ready; ``confirm_reach`` is the second yes to rules that award
    everybody or nobody. ``approver_id`` is the second person where the site asks for two.
    """

    actor_id: int | None = None
    approver_id: int | None = None
    despite_readiness: bool = False
    confirm_reach: bool = False
    blast_radius: BlastRadius = count_current_holders


@dataclass(frozen=True)
class BundleReport:
    """What a bundle changes, or changed, and how much of the database it does not speak of, by section."""

    changes: tuple[Change, ...]
    left_alone: Mapping[str, int]

    def of(self, action: str) -> tuple[Change, ...]:
        """The changes with this action."""
        return tuple(change for change in self.changes if change.action == action)


def plan_bundle(
    content: bytes, pictures: PictureFolder, *, options: ApplyOptions, now: datetime
) -> BundleReport:
    """What applying would change; nothing is kept. Raises :class:`BundleError` as applying would.

    A badge that is not ready is reported, not refused.
    """
    document = _read(content)
    with transaction.atomic():
        run = _Run(document, options, pictures, now, is_plan=True)
        report = run.apply()
        transaction.set_rollback(True)
    badges.forget_versions()
    return report


@transaction.atomic
def apply_bundle(
    content: bytes, pictures: PictureFolder, *, options: ApplyOptions, now: datetime
) -> BundleReport:
    """Change what differs; raises :class:`BundleError` with everything that is wrong, and changes nothing then."""
    if settings().two_person_approval and (
        options.actor_id is None or options.approver_id in (None, options.actor_id)
    ):
        text = _("This site asks for two people: name the one who applies and another one who approves.")
        raise BundleError([BundleProblem(0, "", text)])
    report = _Run(_read(content), options, pictures, now, is_plan=False).apply()
    changed = [change for change in report.changes if change.action != "unchanged"]
    if changed:
        audit.record(
            "bundle.applied",
            object_type="bundle",
            object_id=now.isoformat(),
            actor_id=options.actor_id,
            now=now,
            details={
                "approver": options.approver_id,
                "changes": [f"{change.action} {change.section} {change.key}" for change in changed[:1_000]],
                "not_ready": [change.key for change in changed if change.not_ready],
            },
        )
    return report


def export_bundle(pictures: PictureFolder, *, now: datetime) -> str:
    """Everything that a bundle can say about this site; applying it here changes nothing."""
    document: dict[str, Any] = {}
    for section in SECTIONS:
        if section.name == "pathways":
            document |= _exported_badges(pictures, now)
        defaults = {name: member.default for name, member in section.members.items() if not member.required}
        entries = []
        for key, stored in sorted(section.stored().items()):
            entry = _normal(section, stored)
            if entry.get("image"):
                entry["image"] = pictures.write(f"{section.name[:-1]}-{key}", entry["image"])
            entries.append(shorten_entry(entry, defaults))
        if entries:
            document[section.name] = entries
    return write_text(document, heading=HEADING)


def _exported_badges(pictures: PictureFolder, now: datetime) -> dict[str, Any]:
    defaults = {**badge_defaults(), "life": {}}
    named = ("kind", "name", "description", "issuer", "requirement")
    defaults = {name: value for name, value in defaults.items() if name not in named}
    found = [
        shorten_entry(export_badge(entry, pictures), defaults)
        for _key, entry in sorted(stored_badges(now).items())
    ]
    return {BADGES: found} if found else {}


def _read(content: bytes) -> Document:
    document = read_text(content)
    names = [section.name for section in SECTIONS]
    known = (*names[:-1], BADGES, names[-1])
    if not isinstance(document.value, dict):
        text = _("Write a map of sections: {names}.").format(names=", ".join(known))
        raise BundleError([document.problem("", text)])
    problems = []
    for name, value in document.value.items():
        if name not in known:
            text = _("There is no such section. Known are: {names}.").format(names=", ".join(known))
            problems.append(document.problem(name[:100], text))
        elif value is not None and not isinstance(value, list):
            problems.append(document.problem(name, _("Write a list of entries here.")))
    if problems:
        raise BundleError(problems)
    return document


def _normal(section: Section, entry: Entry) -> Entry:
    """A stored entry as a bundle would say it, so that it compares equal to itself once exported."""
    found = {}
    for name, member in section.members.items():
        value = entry[name]
        try:
            found[name] = member.read(value) if value not in ("", None) else member.default
        except ValueError:  # older than today's limits: shown as it is, refused when it is written again
            found[name] = value
    return found


@dataclass
class _Run:
    """One application of one document."""

    document: Document
    options: ApplyOptions
    pictures: PictureFolder
    now: datetime
    is_plan: bool
    changes: list[Change] = field(default_factory=list)
    left_alone: dict[str, int] = field(default_factory=dict)
    _problems: list[BundleProblem] = field(default_factory=list)

    def apply(self) -> BundleReport:
        writing = Writing(self.options.actor_id, self.now, self.pictures)
        for section in SECTIONS:
            if section.name == "pathways":
                self._badges(writing)
                self._end_section()
            self._section(section, writing)
            self._end_section()
        return BundleReport(tuple(self.changes), self.left_alone)

    def _section(self, section: Section, writing: Writing) -> None:
        stored = {key: _normal(section, entry) for key, entry in section.stored().items()}
        wanted = self._entries(section, stored)
        later = []
        for path, entry in wanted:
            before = stored.get(entry[section.key])
            if before == entry:
                self.changes.append(Change(section.name, entry[section.key], "unchanged"))
                continue
            fields = badges.changes_between(before or {}, entry)
            action = "changed" if before else "new"
            self.changes.append(Change(section.name, entry[section.key], action, fields))
            if entry.get("leads_to"):
                # It may name pathways that stand further down, and turn a way round that another entry takes back:
                # first everything goes that is not wanted any more, then what is new comes.
                later.append((path, entry))
                had = (before or {}).get("leads_to", [])
                entry = {**entry, "leads_to": [key for key in entry["leads_to"] if key in had]}
            self._try(path, section.write, entry, writing)
        for path, entry in later:
            self._try(path, section.write, entry, writing)

    def _entries(self, section: Section, stored: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
        found: dict[str, tuple[str, Entry]] = {}
        for path, raw in self._raw(section.name):
            entry, problems = read_entry(section.members, raw)
            if not problems and entry.get("image"):
                try:
                    entry["image"] = self.pictures.read(entry["image"])
                except ValueError as error:
                    problems = {"image": str(error)}
            self._keep(found, path, entry, problems, section.key)
        self.left_alone[section.name] = len(stored.keys() - found.keys())
        return list(found.values())

    def _badges(self, writing: Writing) -> None:
        found: dict[str, tuple[str, Entry]] = {}
        for path, raw in self._raw(BADGES):
            entry, problems = read_badge(raw, self.pictures, self.now)
            self._keep(found, path, entry, problems, "key")
        self._end_section()
        entries = [entry for _path, entry in found.values()]
        circle = circle_in(entries)
        if circle:
            text = _("These badges need one another in a circle: {circle}.").format(circle=" → ".join(circle))
            raise BundleError([self.document.problem(f"{found[circle[0]][0]}.requirement", text)])
        stored = stored_badges(self.now)
        self.left_alone[BADGES] = len(stored.keys() - found.keys())
        ordered = in_order(entries)
        for entry in ordered:
            self._try(found[entry["key"]][0], self._badge, entry, stored.get(entry["key"]), writing)
        self._end_section()
        for entry in ordered:
            self._try(f"{found[entry['key']][0]}.life", settle_life, entry, writing)

    def _badge(self, entry: Entry, before: Entry | None, writing: Writing) -> None:
        key = entry["key"]
        if before == entry:
            self.changes.append(Change(BADGES, key, "unchanged"))
            return
        if before is not None:
            wake_badge(before, entry, writing)
        version, governed = changed_parts(before or {}, entry)
        definition = badge_definition(entry, self.pictures)
        not_ready: tuple[str, ...] = ()
        blast = None
        if version:
            blast = self.options.blast_radius(definition)
            not_ready = self._not_ready(definition)
            badges.publish_badge(definition, actor_id=writing.actor_id, now=writing.now)
        elif governed:
            write_governance(entry, definition, writing)
        fields = badges.changes_between(before or {}, entry)
        action = "changed" if before else "new"
        self.changes.append(Change(BADGES, key, action, fields, version, blast, not_ready))

    def _not_ready(self, definition: badges.BadgeDefinition) -> tuple[str, ...]:
        """What is missing; raises when it may not be published without it."""
        problems = badges.definition_problems(definition, now=self.now)
        if problems:
            raise badges.DefinitionRefused(problems)
        try:
            badges.require_readiness(definition, confirm_reach=self.options.confirm_reach, now=self.now)
        except badges.NotReady as error:
            if not (self.is_plan or self.options.despite_readiness):
                raise
            return error.details
        except badges.ConfirmationNeeded as error:
            if not self.is_plan:
                raise
            return (str(error),)
        return ()

    def _raw(self, section: str) -> Iterator[tuple[str, Any]]:
        for position, raw in enumerate(self.document.value.get(section) or []):
            yield f"{section}[{position}]", raw

    def _keep(
        self,
        found: dict[str, tuple[str, Entry]],
        path: str,
        entry: Entry,
        problems: Mapping[str, str],
        key_name: str,
    ) -> None:
        for name, text in problems.items():
            self._problems.append(self.document.problem(f"{path}.{name}" if name else path, text))
        if problems:
            return
        key = entry[key_name]
        if key in found:
            text = _("“{key}” stands here and at {path}.").format(key=key, path=found[key][0])
            self._problems.append(self.document.problem(path, text))
        else:
            found[key] = (path, entry)

    def _try(self, path: str, write: Any, *arguments: Any) -> None:
        """Write one entry; what is refused is kept with its place, so that all of a section is told at once."""
        try:
            with transaction.atomic():
                write(*arguments)
        except MicrocredError as error:
            by_field: Mapping[str, str] = getattr(error, "problems", None) or {"": str(error)}
            for name, text in by_field.items():
                self._problems.append(self.document.problem(f"{path}.{name}" if name else path, text))
        except ValueError as error:
            self._problems.append(self.document.problem(path, str(error)))

    def _end_section(self) -> None:
        if self._problems:
            raise BundleError(self._problems)

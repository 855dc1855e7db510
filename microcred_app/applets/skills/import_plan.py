"""Compares a file with the database: what an import will write, and everything that stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .cycles import find_circle, say_circle
from .definitions import cluster_key
from .field_form import is_address, is_key, is_language, shorten, tidy_line
from .formats.checks import check_rows
from .formats.rows import ParsedFramework, Problems, SkillRow
from .import_report import FrameworkChoice, ImportReport, SkillChange
from .import_state import TEXT_FIELDS, Relation, StoredSkill, StoredState, read_state, relation
from .relations import ORDERED_KINDS, edges_of

__all__ = ["Plan", "make_plan"]

MAX_TOLD = 100


@dataclass(frozen=True)
class Plan:
    """Everything the writing needs, and the report for people. Keys are those the database has or will have."""

    report: ImportReport
    framework_values: Mapping[str, str]
    new: tuple[SkillRow, ...]
    changed: tuple[tuple[StoredSkill, SkillRow], ...]
    relations_added: tuple[Relation, ...]
    relations_removed: tuple[int, ...]
    retire_ids: tuple[int, ...]
    fields: frozenset[str]


def make_plan(
    parsed: ParsedFramework, choice: FrameworkChoice, *, format_name: str, retire_missing: bool
) -> Plan:
    """What reading *parsed* into the chosen framework means. Reads the database and writes nothing."""
    problems = Problems()
    problems.include(parsed.problems)
    rows = check_rows(parsed, problems)
    ends = {end.casefold() for row in parsed.relations for end in (row.source, row.target)}
    state = read_state(
        choice.key,
        keys={row.key.casefold() for row in rows} | ends | {row.successor.casefold() for row in rows},
        addresses={row.uri for row in rows if row.uri},
    )
    values = _framework_values(parsed, choice, state, problems)
    return _Comparison(parsed, rows, state, problems).plan(
        choice.key, format_name, values, retire_missing=retire_missing
    )


def _framework_values(
    parsed: ParsedFramework, choice: FrameworkChoice, state: StoredState, problems: Problems
) -> dict[str, str]:
    """Name, address, version and language: as chosen, else as they are, else as the file says."""
    if not is_key(choice.key) or len(choice.key) > 100:
        problems.add(_("framework"), _("“{key}” cannot be a framework’s key.").format(key=choice.key[:100]))
    stored = state.framework
    url = choice.url or (stored.url if stored else "") or parsed.url
    language = choice.language or parsed.language or (stored.language if stored else "")
    if choice.url and not is_address(choice.url):
        problems.add(
            _("framework"), _("“{address}” is no http or https address.").format(address=choice.url[:100])
        )
    if language and not is_language(language):
        problems.add(_("framework"), _("Use a language code such as en, de or pt-BR."))
    name = choice.name or (stored.name if stored else "") or parsed.title or choice.key
    version = choice.version or parsed.version or (stored.version if stored else "")
    return {
        "name": shorten(tidy_line(name), 255),
        "url": url if is_address(url) else "",
        "version": shorten(tidy_line(version), 60),
        "language": language,
    }


class _Comparison:
    """One file beside one state of the database."""

    def __init__(
        self, parsed: ParsedFramework, rows: tuple[SkillRow, ...], state: StoredState, problems: Problems
    ) -> None:
        self.parsed, self.rows, self.state, self.problems = parsed, rows, state, problems
        self.in_file = {row.key.casefold(): row for row in rows}
        self.new: list[SkillRow] = []
        self.changed: list[tuple[StoredSkill, SkillRow]] = []
        self.changes: list[SkillChange] = []
        self.left_out = 0

    def plan(
        self, framework_key: str, format_name: str, values: Mapping[str, str], *, retire_missing: bool
    ) -> Plan:
        """Compare everything and say it."""
        self._compare_skills()
        wanted = self._wanted_relations()
        added = tuple(sorted(wanted - self.state.imported.keys() - self.state.by_hand))
        removed = self._removed_relations(wanted)
        self._refuse_circles(added, removed)
        missing = self._missing()
        retiring = [skill for skill in missing if retire_missing and skill.retired_at is None]
        duplicates = self._duplicates()
        report = ImportReport(
            framework_key=framework_key,
            format=format_name,
            new=tuple(row.key for row in self.new),
            changed=tuple(self.changes),
            unchanged=len(self.rows) - len(self.new) - len(self.changed),
            missing=tuple(skill.key for skill in missing),
            retired=tuple(skill.key for skill in retiring),
            relations_added=len(added),
            relations_removed=len(removed),
            relations_left_out=self.left_out,
            duplicates=tuple(duplicates[:MAX_TOLD]),
            duplicate_count=len(duplicates),
            notes=(*self.parsed.notes, *self._notes()),
            problems=tuple(self.problems.first),
            problem_count=self.problems.count,
        )
        return Plan(
            report=report,
            framework_values=values,
            new=tuple(self.new),
            changed=tuple(self.changed),
            relations_added=added,
            relations_removed=tuple(removed.values()),
            retire_ids=tuple(skill.id for skill in retiring),
            fields=self.parsed.fields,
        )

    def _compare_skills(self) -> None:
        for row in self.rows:
            foreign = self.state.foreign_keys.get(row.key.casefold())
            if foreign:
                self.problems.add(
                    row.place,
                    _("The key {key} belongs to a skill of the framework {framework} already.").format(
                        key=foreign[0], framework=foreign[1]
                    ),
                )
            if row.successor and self._known(row.successor) is None:
                self.problems.add(
                    row.place, _("successor: there is no skill {key}.").format(key=row.successor[:150])
                )
            stored = self.state.skills.get(row.key.casefold())
            if stored is None:
                self.new.append(row)
                continue
            fields = self._differences(stored, row)
            if fields:
                self.changed.append((stored, row))
                self.changes.append(SkillChange(stored.key, row.name, fields))
        self._refuse_circle_of_successors()

    def _differences(self, stored: StoredSkill, row: SkillRow) -> dict[str, tuple[str, str]]:
        fields = self.parsed.fields
        pairs = {name: (stored.texts[name], str(getattr(row, name))) for name in TEXT_FIELDS}
        pairs["retired"] = _yes(stored.retired_at is not None), _yes(row.retired)
        pairs["successor"] = stored.successor, self._known(row.successor) or row.successor
        pairs["clusters"] = (
            "|".join(sorted(stored.clusters)),
            "|".join(sorted(map(cluster_key, row.clusters))),
        )
        return {
            name: (shorten(old, 200), shorten(new, 200))
            for name, (old, new) in pairs.items()
            if name in fields and old != new
        }

    def _known(self, key: str) -> str | None:
        """The key as it is or will be stored; nothing when there is no such skill."""
        folded = key.casefold()
        if folded in self.state.skills:
            return self.state.skills[folded].key
        if folded in self.in_file:
            return self.in_file[folded].key
        foreign = self.state.foreign_keys.get(folded)
        return foreign[0] if foreign else None

    def _wanted_relations(self) -> set[Relation]:
        wanted: set[Relation] = set()
        for row in self.parsed.relations:
            source, target = self._known(row.source), self._known(row.target)
            if source is None or target is None:
                if self.parsed.closed:
                    lost = row.target if target is None else row.source
                    self.problems.add(
                        row.place,
                        _("{kind}: there is no skill {key}.").format(kind=row.kind, key=lost[:150]),
                    )
                self.left_out += 1
            elif source == target:
                self.problems.add(
                    row.place, _("{key} is related to itself ({kind}).").format(key=source, kind=row.kind)
                )
            else:
                wanted.add(relation(row.kind, source, target))
        return wanted

    def _removed_relations(self, wanted: set[Relation]) -> dict[Relation, int]:
        """Imported relations that start in this framework and that the file does not list any more."""
        own = {skill.key for skill in self.state.skills.values()}
        return {
            known: pk
            for known, pk in self.state.imported.items()
            if known[0] in self.parsed.relation_kinds and known[1] in own and known not in wanted
        }

    def _refuse_circles(self, added: tuple[Relation, ...], removed: Mapping[Relation, int]) -> None:
        for kind in ORDERED_KINDS:
            if not any(known[0] == kind for known in added):
                continue
            edges = {source: set(targets) for source, targets in edges_of(kind).items()}
            for known in removed:
                if known[0] == kind:
                    edges[known[1]].discard(known[2])
            for known in added:
                if known[0] == kind:
                    edges.setdefault(known[1], set()).add(known[2])
            self._refuse_circle(kind, find_circle(edges))

    def _refuse_circle_of_successors(self) -> None:
        edges = {skill.key: {skill.successor} for skill in self.state.skills.values() if skill.successor}
        if "successor" in self.parsed.fields:
            for row in self.rows:
                known = self._known(row.key) or row.key
                edges[known] = {self._known(row.successor) or row.successor} if row.successor else set()
        self._refuse_circle("successor", find_circle(edges))

    def _refuse_circle(self, kind: str, circle: tuple[str, ...]) -> None:
        if circle:
            self.problems.add(
                kind,
                _("These skills run in a circle: {circle}.").format(
                    circle=say_circle(map(self._say, circle))
                ),
            )

    def _say(self, key: str) -> str:
        row = self.in_file.get(key.casefold())
        return f"{row.name} [{key}]" if row and row.name != key else key

    def _missing(self) -> list[StoredSkill]:
        """Skills of the framework that the file leaves out; a file of relations alone leaves out none."""
        if not self.rows:
            return []
        return [skill for folded, skill in self.state.skills.items() if folded not in self.in_file]

    def _duplicates(self) -> list[str]:
        names: dict[str, list[str]] = {}
        for row in self.rows:
            names.setdefault(row.name.casefold(), []).append(row.key)
        for skill in self._missing():
            names.setdefault(skill.texts["name"].casefold(), []).append(skill.key)
        found = [
            _("These skills have the same name, {name}: {keys}.").format(
                name=name, keys=", ".join(keys[:10]) + (" …" if len(keys) > 10 else "")
            )
            for name, keys in names.items()
            if name and len(keys) > 1
        ]
        for row in self.rows:
            foreign = self.state.foreign_addresses.get(row.uri) if row.uri else None
            if foreign:
                found.append(
                    _("{key} has the same address as {other} of the framework {framework}.").format(
                        key=row.key, other=foreign[0], framework=foreign[1]
                    )
                )
        return found

    def _notes(self) -> list[str]:
        notes = []
        if "retired" not in self.parsed.fields:
            resting = sum(
                1
                for folded in self.in_file
                if (stored := self.state.skills.get(folded)) and stored.retired_at is not None
            )
            if resting:
                notes.append(
                    _("Skills of the file that are retired here and stay so: {count}.").format(count=resting)
                )
        if self.left_out and not self.parsed.closed:
            notes.append(
                _(
                    "Relations left out, because they lead to entries neither in the file nor here: {count}."
                ).format(count=self.left_out)
            )
        return notes


def _yes(value: bool) -> str:
    return "yes" if value else "no"

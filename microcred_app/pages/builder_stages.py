"""A pathway as it is written in a form: its stages in order, and what was seen when the writing began."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.skills import api as skills

__all__ = [
    "STAGE_ACTS",
    "PathwayForm",
    "StageRow",
    "act_on_stages",
    "fingerprint",
    "form_of",
    "form_of_post",
    "stage_rows",
]

MAX_TYPED = 300
STAGE_ACTS = ("up", "down", "remove", "add", "fill")
_BLANK = pathways.PathwayDefinition(key="", title="", badge_key="", state="draft")
Stages = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class PathwayForm:
    """What stands in the form. ``focus`` names the button that takes the focus."""

    definition: pathways.PathwayDefinition
    seen: str = ""
    query: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    focus: str = ""

    @property
    def occupations_text(self) -> str:
        """The codes as they are typed, one on each line."""
        return "\n".join(self.definition.occupations)

    def with_problems(self, problems: Mapping[str, str]) -> PathwayForm:
        """The same with what is wrong, by field."""
        return replace(self, problems=problems)

    def after_conflict(self, stored: pathways.PathwayDefinition) -> PathwayForm:
        """The same, with what somebody else changed meanwhile; saving again is a decision made knowingly."""
        differing = [
            f"{found.name.replace('_', ' ')}: {getattr(stored, found.name)}"
            for found in fields(stored)
            if getattr(stored, found.name) != getattr(self.definition, found.name)
        ]
        text = _(
            "Somebody else saved this pathway meanwhile. Saving again puts yours over theirs. Theirs differs in: {list}"
        ).format(list="; ".join(differing) or _("nothing"))
        return replace(self, seen=fingerprint(stored), problems={"conflict": text})


@dataclass(frozen=True)
class StageRow:
    """One stage as it is drawn; ``thing`` is the title of its badge or outcome."""

    number: int
    title: str
    kind: str
    key: str
    thing: str
    is_lost: bool

    @property
    def number_text(self) -> str:
        """The number as the names of buttons hold it."""
        return str(self.number)


def fingerprint(definition: pathways.PathwayDefinition) -> str:
    """A text that differs for two pathways that say different things."""
    return hashlib.sha256(repr(definition).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def form_of(stored: pathways.PathwayDefinition | None) -> PathwayForm:
    """The form of a stored pathway, or of a new one."""
    return PathwayForm(_BLANK) if stored is None else PathwayForm(stored, fingerprint(stored))


def form_of_post(post: QueryDict, stored: pathways.PathwayDefinition | None) -> PathwayForm:
    """What was typed. The key of a stored pathway never changes."""
    title = post.get("title", "").strip()
    key = stored.key if stored else post.get("key", "").strip() or slugify(title)[:100].strip("-")
    definition = pathways.PathwayDefinition(
        key=key,
        title=title,
        badge_key=post.get("badge", "")[:MAX_TYPED],
        description=post.get("description", "").replace("\r\n", "\n"),
        stages=_stages_of(post),
        state=post.get("state", "draft")[:20],
        owner=post.get("owner", "").strip(),
        occupations=tuple(line.strip() for line in post.get("occupations", "").split("\n") if line.strip()),
        leads_to=tuple(sorted(set(post.getlist("leads_to")[:100]))),
        level=post.get("level", "").strip(),
        language=post.get("language", "en").strip(),
    )
    return PathwayForm(definition, post.get("seen", "")[:64], post.get("query", "").strip()[:100])


def act_on_stages(form: PathwayForm, do: str, post: QueryDict) -> PathwayForm:
    """The form after a button of its stages; the focus stays with the stage that was moved."""
    verb, _colon, where = do.partition(":")
    stages = list(form.definition.stages)
    position = int(where) if where.isdecimal() and len(where) < 4 else -1
    if verb == "add":
        added = _picked(post)
        return _changed(
            form, [*stages, *added], _("Added: {names}.").format(names=_titles(added)), f"up:{len(stages)}"
        )
    if verb == "fill":
        added = _from_rule(form.definition)
        said = (
            _("Added from the rule of the badge: {names}.")
            if added
            else _("Every part of the rule has a stage.")
        )
        return _changed(form, [*stages, *added], said.format(names=_titles(added)), "fill")
    if not 0 <= position < len(stages):
        return form
    title = stages[position][0]
    if verb == "remove":
        del stages[position]
        focus = f"remove:{min(position, len(stages) - 1)}" if stages else "fill"
        return _changed(form, stages, _("Removed: {name}.").format(name=title), focus)
    target = position + (-1 if verb == "up" else 1)
    if not 0 <= target < len(stages):
        return replace(form, said=_("It stands at the end already."), focus=do)
    stages[position], stages[target] = stages[target], stages[position]
    said = _("{name} is stage {number} of {size} now.").format(
        name=title, number=target + 1, size=len(stages)
    )
    return _changed(form, stages, said, f"{verb}:{target}")


def stage_rows(stages: Stages) -> tuple[StageRow, ...]:
    """The stages with the titles of what they name; what is gone is shown by its key."""
    known_badges = badges.latest_badges(key for _title, kind, key in stages if kind == "badge")
    outcomes = skills.outcome_statements(key for _title, kind, key in stages if kind == "outcome")
    names = {("badge", key): badge.name for key, badge in known_badges.items()}
    names |= {("outcome", key): text for key, text in outcomes.items()}
    return tuple(
        StageRow(number, title, kind, key, names.get((kind, key), key), (kind, key) not in names)
        for number, (title, kind, key) in enumerate(stages)
    )


def _changed(form: PathwayForm, stages: Sequence[tuple[str, str, str]], said: str, focus: str) -> PathwayForm:
    return replace(form, definition=replace(form.definition, stages=tuple(stages)), said=said, focus=focus)


def _titles(stages: Sequence[tuple[str, str, str]]) -> str:
    return ", ".join(title for title, _kind, _key in stages)


def _stages_of(post: QueryDict) -> Stages:
    titles, kinds, keys = (post.getlist(f"stage-{name}")[:200] for name in ("title", "kind", "key"))
    return tuple(
        (title.strip(), kind[:20], key[:MAX_TYPED])
        for title, kind, key in zip(titles, kinds, keys, strict=False)
    )


def _picked(post: QueryDict) -> list[tuple[str, str, str]]:
    pairs = [text.partition(":")[::2] for text in post.getlist("pick")[:100]]
    rows = stage_rows(tuple(("", kind, key) for kind, key in pairs if kind in ("badge", "outcome")))
    return [(row.thing[:255], row.kind, row.key) for row in rows]


def _from_rule(definition: pathways.PathwayDefinition) -> list[tuple[str, str, str]]:
    """Badges and outcomes that the badge's rule mentions and no stage has yet, in the order of the rule."""
    badge = badges.latest_badges([definition.badge_key]).get(definition.badge_key)
    if badge is None:
        return []
    there = {(kind, key) for _title, kind, key in definition.stages}
    wanted: dict[tuple[str, str], None] = {}
    for part in rules.walk(badge.requirement):
        if isinstance(part, rules.BadgeLeaf | rules.OutcomeLeaf) and (part.kind, part.key) not in there:
            wanted[part.kind, part.key] = None
    rows = stage_rows(tuple(("", kind, key) for kind, key in wanted))
    return [(row.thing[:255], row.kind, row.key) for row in rows]

"""Badges in a bundle: compared with their newest version, published where they differ.

An entry holds the fields of a definition (:data:`~microcred_app.applets.badges.content.CONTENT_FIELDS`) and
``life``. Who answers for a badge and where it is in its life change without a new version; everything else
makes one. A badge without a picture has the generated one, and keeps it as long as what it is drawn from stays
the same, whatever later versions of the artist would draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.ob3.text import clean_line, clean_text

from .pictures import PictureFolder
from .sections import Entry, Writing

__all__ = [
    "GOVERNANCE",
    "badge_defaults",
    "badge_definition",
    "changed_parts",
    "circle_in",
    "export_badge",
    "in_order",
    "read_badge",
    "settle_life",
    "stored_badges",
    "wake_badge",
    "write_governance",
]

GOVERNANCE = ("owner", "steward", "purpose", "review_due")
_LIFE = {"state": "published", "sunset_at": None, "successor": "", "notice": ""}
_STATES = ("published", "deprecated", "retired")
_LINES = ("name", "image_alt", "level", "owner", "steward")
_TEXTS = ("description", "criteria_intro", "purpose")


def badge_defaults() -> Entry:
    """What a badge's entry says where it says nothing."""
    return {**badges.read_content({}), "life": dict(_LIFE)}


def read_badge(raw: Any, pictures: PictureFolder, now: datetime) -> tuple[Entry, dict[str, str]]:
    """The entry in its plain form, and what is wrong by member."""
    if not isinstance(raw, dict):
        return {}, {"": _("Write a map of members here.")}
    given = {
        name: value
        for name, value in raw.items()
        if name not in ("key", "life", "image") and value is not None
    }
    problems: dict[str, str] = {}
    content: Entry = {}
    try:
        content = badges.read_content(given)
    except badges.DraftRefused as error:
        problems |= error.problems
    key = raw.get("key")
    if not isinstance(key, str) or badges.key_problem(key):
        problems["key"] = badges.key_problem(key if isinstance(key, str) else "")
    life = _read(problems, "life", lambda: _read_life(raw.get("life")))
    image = _read(problems, "image", lambda: pictures.read(_text(raw["image"])) if raw.get("image") else "")
    path, problem = _requirement_problem(raw.get("requirement"))
    if problem:
        problems[path] = problem
    if problems:
        return {}, problems
    entry = {"key": key, **content, "image": image, "life": life}
    return _with_picture(_cleaned(entry, now), pictures), {}


def stored_badges(now: datetime) -> dict[str, Entry]:
    """Every badge as its newest version says it, by key."""
    return {badge.key: _entry(badge, now) for badge in badges.newest_versions()}


def badge_definition(entry: Entry, pictures: PictureFolder) -> badges.BadgeDefinition:
    """What the entry would publish."""
    content = {name: value for name, value in entry.items() if name not in ("key", "life")}
    return badges.definition_of(entry["key"], {**content, "image": ""}, pictures.content(entry["image"]))


def export_badge(entry: Entry, pictures: PictureFolder) -> Entry:
    """The entry as it is written: the picture beside the bundle, or nothing when it is the generated one."""
    found = dict(entry)
    if _is_generated(entry, pictures):
        found["image"] = ""
        if found["image_alt"] == _generated(entry).image_alt:
            found["image_alt"] = ""
    else:
        found["image"] = pictures.write(f"badge-{entry['key']}", entry["image"])
    found["life"] = {name: value for name, value in entry["life"].items() if value != _LIFE[name]}
    return found


def wake_badge(stored: Entry, wanted: Entry, writing: Writing) -> None:
    """Reinstate a retired badge that is wanted again, before anything is published on it."""
    if stored["life"]["state"] == "retired" and wanted["life"]["state"] != "retired":
        badges.reinstate_badge(
            wanted["key"], reason=_("As the bundle says."), actor_id=writing.actor_id, now=writing.now
        )


def write_governance(entry: Entry, definition: badges.BadgeDefinition, writing: Writing) -> None:
    """Set who answers for the badge."""
    badges.govern_badge(entry["key"], definition.governance, actor_id=writing.actor_id, now=writing.now)


def settle_life(wanted: Entry, writing: Writing) -> None:
    """Bring the badge where its entry says it is in its life; nothing when it is there already."""
    key, life = wanted["key"], wanted["life"]
    stored = _life_of(badges.latest_badges([key])[key])
    if life == stored:
        return
    if life["state"] == "published" or (stored["state"] == "retired" and life["state"] == "deprecated"):
        badges.reinstate_badge(
            key, reason=_("As the bundle says."), actor_id=writing.actor_id, now=writing.now
        )
    if life["state"] == "deprecated":
        badges.deprecate_badge(
            key,
            sunset_at=datetime.fromisoformat(life["sunset_at"]),
            successor=life["successor"],
            notice=life["notice"],
            actor_id=writing.actor_id,
            now=writing.now,
        )
    elif life["state"] == "retired":
        if stored["state"] == "retired":  # other words about the same end
            badges.reinstate_badge(
                key, reason=_("As the bundle says."), actor_id=writing.actor_id, now=writing.now
            )
        badges.retire_badge(
            key,
            reason=_("As the bundle says."),
            successor=life["successor"],
            notice=life["notice"],
            actor_id=writing.actor_id,
            now=writing.now,
        )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, parts before their stacks; those that need one another in a circle keep their order.

    Works without recursion: a chain of any length cannot exhaust the stack.
    """
    by_key = {entry["key"]: entry for entry in entries}
    ordered: dict[str, Entry] = {}
    for start in by_key:
        waiting, entered = [start], set[str]()
        while waiting:
            key = waiting[-1]
            open_needs = [need for need in _needs(by_key[key]) if need in by_key and need not in ordered]
            if key in ordered or key in entered or not open_needs:
                ordered.setdefault(key, by_key[key])
                waiting.pop()
            else:
                entered.add(key)
                waiting += [need for need in open_needs if need not in entered]
    return list(ordered.values())


def circle_in(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Badges of the bundle that need one another in a circle, named in full; empty when none do."""
    needs = {entry["key"]: _required(entry) for entry in entries}
    return rules.find_cycle({**needs, "": set(needs)}, "")


def _needs(entry: Entry) -> list[str]:
    return sorted(_required(entry) | {text.partition("@")[0] for text in entry["accepts"]})


def _required(entry: Entry) -> set[str]:
    mentioned = rules.mentions(rules.parse_requirement(entry["requirement"]))
    return {key for kind, key in mentioned if kind == "badge"}


def _entry(badge: badges.PublishedBadge, now: datetime) -> Entry:
    content = badges.content_of(badge)
    if badge.effective_at > now:
        content["effective_at"] = badge.effective_at.astimezone(UTC).isoformat()
    return {"key": badge.key, **content, "life": _life_of(badge)}


def _life_of(badge: badges.PublishedBadge) -> dict[str, Any]:
    life = badge.life
    sunset = life.sunset_at.astimezone(UTC).isoformat() if life.sunset_at else None
    return {"state": life.state, "sunset_at": sunset, "successor": life.successor, "notice": life.notice}


def _cleaned(entry: Entry, now: datetime) -> Entry:
    """As publishing would store it, so that comparing says the truth."""
    found = dict(entry)
    found |= {name: clean_line(entry[name]) for name in _LINES}
    found |= {name: clean_text(entry[name]) for name in _TEXTS}
    found["requirement"] = rules.to_json(rules.parse_requirement(entry["requirement"]))
    if entry["effective_at"] and datetime.fromisoformat(entry["effective_at"]) <= now:
        found["effective_at"] = None
    return found


def _with_picture(entry: Entry, pictures: PictureFolder) -> Entry:
    """The entry with its generated picture: the stored one when it was drawn from the same."""
    if entry["image"]:
        return entry
    drawn = _generated(entry)
    found = {**entry, "image": pictures.add(drawn.image), "image_alt": clean_line(drawn.image_alt)}
    stored = badges.latest_badges([entry["key"]]).get(entry["key"])
    if stored is not None and _is_generated({**entry, "image": stored.image_sha256}, pictures):
        found["image"] = stored.image_sha256
    return found


def _is_generated(entry: Entry, pictures: PictureFolder) -> bool:
    return badges.drawn_from(pictures.content(entry["image"])) == badges.drawn_from(_generated(entry).image)


def _generated(entry: Entry) -> badges.BadgeDefinition:
    content = {name: value for name, value in entry.items() if name not in ("key", "life")}
    return badges.with_picture(badges.definition_of(entry["key"], {**content, "image": "", "image_alt": ""}))


def _requirement_problem(raw: Any) -> tuple[str, str]:
    """The path below the entry and what is wrong there; two empty texts when nothing is."""
    try:
        rules.parse_requirement(raw)
    except rules.RequirementError as error:
        return f"requirement.{error.path}".rstrip(".").replace(".[", "["), str(error)
    return "", ""


def _read_life(raw: Any) -> dict[str, Any]:
    life = dict(_LIFE)
    if raw is None:
        return life
    if not isinstance(raw, dict) or not set(raw) <= set(_LIFE) or raw.get("state") not in _STATES:
        raise ValueError(
            _("Write a state ({states}), and if needed sunset_at, successor and notice.").format(
                states=", ".join(_STATES)
            )
        )
    life["state"] = raw["state"]
    life["successor"] = _text(raw.get("successor") or "")
    life["notice"] = clean_text(_text(raw.get("notice") or "")).strip()
    if raw["state"] == "deprecated":
        life["sunset_at"] = badges.read_moment(raw.get("sunset_at"))
    elif raw.get("sunset_at"):
        raise ValueError(_("A sunset has a meaning only where the state is deprecated."))
    if raw["state"] == "published" and (life["successor"] or life["notice"]):
        raise ValueError(_("A badge in force has neither successor nor notice."))
    return life


def _read(problems: dict[str, str], name: str, read: Any) -> Any:
    try:
        return read()
    except ValueError as error:
        problems[name] = str(error)
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_("Write a text here."))
    return value


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether a new version is needed, and whether who answers for it changed."""
    names = {change.field for change in badges.changes_between(before, after)}
    return bool(names - {*GOVERNANCE, "life"}), bool(names & set(GOVERNANCE))

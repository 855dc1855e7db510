"""Leaves as JSON values: which members each kind has, how they are read, how they are written.

Every leaf names what it asks for in the member that carries its kind; the other members narrow it. Unknown
members are refused with the nearest known name, because a misspelt ``minimum_score`` that is ignored would
award badges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .errors import RequirementError, gettext_noop, shorten
from .fields import (
    MAX_ADDRESS_LENGTH,
    MAX_KEY_LENGTH,
    MAX_ROLE_LENGTH,
    nearest,
    read_amount,
    read_bound,
    read_flag,
    read_key,
    read_period,
    read_share,
    read_version,
    write_amount,
    write_bound,
)
from .requirement import (
    STANDINGS,
    BadgeLeaf,
    BlockLeaf,
    CreditsLeaf,
    ExternalLeaf,
    GradeLeaf,
    Leaf,
    OutcomeLeaf,
    SignOffLeaf,
    StandingLeaf,
    TimeLeaf,
)
from .window import Bound, Window, closing, opening

__all__ = ["LEAF_MEMBERS", "read_leaf_form", "refuse_unknown", "write_leaf"]

MAX_SKILLS = 100
_WINDOW = ("within", "from", "until")

LEAF_MEMBERS: dict[str, tuple[str, ...]] = {
    "outcome": ("outcome", "minimum_score", "minimum_level", *_WINDOW),
    "badge": ("badge", "minimum_version", "or_equivalent", *_WINDOW),
    "grade": ("grade", "minimum", *_WINDOW),
    "block": ("block", *_WINDOW),
    "credits": ("credits", "skills", *_WINDOW),
    "signoff": ("signoff", "role", *_WINDOW),
    "standing": ("standing", "state", "cohort", *_WINDOW),
    "external": ("external", "issuer", *_WINDOW),
    "time": ("time",),
}

Data = Mapping[str, Any]


def read_leaf_form(data: Data, kind: str, path: str) -> Leaf:
    """The leaf of *kind* that *data* spells at *path*."""
    return _READERS[kind](data, path)


def write_leaf(leaf: Leaf) -> dict[str, Any]:
    """The JSON form of a leaf: only what differs from the defaults."""
    if isinstance(leaf, TimeLeaf):
        return {"time": _write_range(leaf.starts, leaf.ends)}
    form = {name: value for name, value in _own_members(leaf) if value is not None}
    window = leaf.window
    if window.within is not None:
        form["within"] = str(window.within)
    return form | _write_range(window.starts, window.ends)


def refuse_unknown(data: Data, allowed: Iterable[str], path: str) -> None:
    """Refuse members of *data* that are not *allowed*, with the nearest name that is."""
    names = tuple(allowed)
    for name in data:
        if name in names:
            continue
        close = nearest(name, names)
        problem = gettext_noop("Unknown members {found}.")
        if close:
            problem = gettext_noop("Unknown members {found}. Did you mean {close}?")
        found = name[:60] if isinstance(name, str) else shorten(name)
        raise RequirementError(
            path, problem, "{names}", found=found, close=close, names=", ".join(sorted(names))
        )


def _own_members(leaf: Leaf) -> Iterable[tuple[str, Any]]:
    match leaf:
        case OutcomeLeaf():
            return [
                ("outcome", leaf.key),
                ("minimum_score", leaf.minimum_score or None),
                ("minimum_level", leaf.minimum_level or None),
            ]
        case BadgeLeaf():
            return [
                ("badge", leaf.key),
                ("minimum_version", leaf.minimum_version),
                ("or_equivalent", leaf.or_equivalent or None),
            ]
        case GradeLeaf():
            return [("grade", leaf.key), ("minimum", leaf.minimum)]
        case BlockLeaf():
            return [("block", leaf.key)]
        case CreditsLeaf():
            return [("credits", write_amount(leaf.minimum)), ("skills", list(leaf.skills))]
        case SignOffLeaf():
            return [("signoff", leaf.key), ("role", leaf.role)]
        case StandingLeaf():
            return [("standing", leaf.key), ("state", leaf.state), ("cohort", leaf.group or None)]
        case ExternalLeaf():
            return [("external", leaf.achievement), ("issuer", leaf.issuer)]
        case TimeLeaf():
            return []


def _write_range(starts: Bound | None, ends: Bound | None) -> dict[str, Any]:
    pairs = (("from", starts), ("until", ends))
    return {name: write_bound(bound) for name, bound in pairs if bound is not None}


def _place(path: str, name: str) -> str:
    return f"{path}.{name}".lstrip(".")


def _key(data: Data, name: str, path: str, longest: int = MAX_KEY_LENGTH) -> str:
    place = _place(path, name)
    if name not in data:
        raise RequirementError(place, gettext_noop("This is missing."), gettext_noop("a text"))
    return read_key(data[name], place, longest)


def _outcome(data: Data, path: str) -> OutcomeLeaf:
    key = _key(data, "outcome", path)
    score, level = 0.0, ""
    if "minimum_score" in data and "minimum_level" in data:
        raise RequirementError(
            path,
            gettext_noop("A minimum score and a minimum level cannot both be asked for."),
            gettext_noop("one of the two, or two outcomes in an “all”"),
        )
    if "minimum_score" in data:
        score = read_share(data["minimum_score"], _place(path, "minimum_score"))
    if "minimum_level" in data:
        level = _key(data, "minimum_level", path)
    return OutcomeLeaf(key, score, level, _window(data, path))


def _badge(data: Data, path: str) -> BadgeLeaf:
    key = _key(data, "badge", path)
    version = None
    if "minimum_version" in data:
        version = read_version(data["minimum_version"], _place(path, "minimum_version"))
    equivalent = read_flag(data.get("or_equivalent", False), _place(path, "or_equivalent"))
    return BadgeLeaf(key, version, equivalent, _window(data, path))


def _grade(data: Data, path: str) -> GradeLeaf:
    key = _key(data, "grade", path)
    minimum = read_share(data.get("minimum"), _place(path, "minimum"))
    return GradeLeaf(key, minimum, _window(data, path))


def _block(data: Data, path: str) -> BlockLeaf:
    return BlockLeaf(_key(data, "block", path), _window(data, path))


def _credits(data: Data, path: str) -> CreditsLeaf:
    minimum = read_amount(data["credits"], _place(path, "credits"))
    place = _place(path, "skills")
    raw = data.get("skills")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_SKILLS:
        raise RequirementError(
            place,
            gettext_noop("Credits are counted for a list of skills."),
            gettext_noop("a list of 1 to {most} keys of skills"),
            most=MAX_SKILLS,
        )
    keys = [read_key(item, f"{place}[{position}]") for position, item in enumerate(raw)]
    for position, key in enumerate(keys):
        if key in keys[:position]:
            raise RequirementError(
                f"{place}[{position}]",
                gettext_noop("The skill {found} stands here twice."),
                gettext_noop("it once"),
                found=key,
            )
    return CreditsLeaf(tuple(sorted(keys)), minimum, _window(data, path))


def _sign_off(data: Data, path: str) -> SignOffLeaf:
    key = _key(data, "signoff", path)
    return SignOffLeaf(key, _key(data, "role", path, MAX_ROLE_LENGTH), _window(data, path))


def _standing(data: Data, path: str) -> StandingLeaf:
    key = _key(data, "standing", path)
    state = _key(data, "state", path)
    if state not in STANDINGS:
        close = nearest(state, STANDINGS)
        raise RequirementError(
            _place(path, "state"),
            gettext_noop("{found} is no way to stand in a course."),
            gettext_noop("“passed”, “certified” or “cohort”"),
            found=shorten(state),
            close=close,
        )
    if state != "cohort":
        if "cohort" in data:
            raise RequirementError(
                _place(path, "cohort"),
                gettext_noop("A cohort is named only where the state is “cohort”."),
                gettext_noop("“state: cohort”, or nothing here"),
            )
        return StandingLeaf(key, state, "", _window(data, path))
    return StandingLeaf(key, state, _key(data, "cohort", path), _window(data, path))


def _external(data: Data, path: str) -> ExternalLeaf:
    achievement = _key(data, "external", path, MAX_ADDRESS_LENGTH)
    issuer = _key(data, "issuer", path, MAX_ADDRESS_LENGTH)
    return ExternalLeaf(issuer, achievement, _window(data, path))


def _time(data: Data, path: str) -> TimeLeaf:
    place = _place(path, "time")
    inner = data["time"]
    if not isinstance(inner, Mapping) or not inner:
        raise RequirementError(
            place,
            gettext_noop("A time needs its beginning or its end."),
            '{{"from": "2025-01-31", "until": "2025-06-30"}}',
        )
    refuse_unknown(inner, ("from", "until"), place)
    return TimeLeaf(*_range(inner, place))


def _window(data: Data, path: str) -> Window:
    within = read_period(data["within"], _place(path, "within")) if "within" in data else None
    return Window(within, *_range(data, path))


def _range(data: Data, path: str) -> tuple[Bound | None, Bound | None]:
    starts = read_bound(data["from"], _place(path, "from")) if "from" in data else None
    ends = read_bound(data["until"], _place(path, "until")) if "until" in data else None
    if starts is not None and ends is not None and opening(starts) >= closing(ends):
        raise RequirementError(
            _place(path, "until"),
            gettext_noop("The range ends before it begins ({starts})."),
            gettext_noop("a later date"),
            starts=write_bound(starts),
        )
    return starts, ends


_READERS: dict[str, Callable[[Data, str], Leaf]] = {
    "outcome": _outcome,
    "badge": _badge,
    "grade": _grade,
    "block": _block,
    "credits": _credits,
    "signoff": _sign_off,
    "standing": _standing,
    "external": _external,
    "time": _time,
}

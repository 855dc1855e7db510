"""Rows of a file, cleaned, and everything that is wrong with them by themselves."""

from __future__ import annotations

from dataclasses import replace

from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..field_form import (
    MAX_KEY,
    MAX_LEVEL,
    MAX_NAME,
    MAX_STATEMENT,
    is_address,
    is_key,
    is_language,
    tidy_line,
    tidy_text,
)
from .rows import ParsedFramework, Problems, SkillRow

__all__ = ["CATEGORIES", "MAX_RELATIONS", "MAX_SKILLS", "check_rows"]

MAX_SKILLS = 50_000
MAX_RELATIONS = 250_000
MAX_CLUSTER_NAME = 100
CATEGORIES = ("technical", "transversal", "compliance", "language")


def check_rows(parsed: ParsedFramework, problems: Problems) -> tuple[SkillRow, ...]:
    """The rows with clean texts; what is wrong with them goes to *problems*."""
    if len(parsed.skills) > MAX_SKILLS or len(parsed.relations) > MAX_RELATIONS:
        problems.add(
            "",
            _("At most {skills} skills and {relations} relations are read at once.").format(
                skills=MAX_SKILLS, relations=MAX_RELATIONS
            ),
        )
        return ()
    if not parsed.skills and not parsed.relations and not problems.count:
        problems.add("", _("There is no skill in the file."))
    rows = tuple(map(_tidy, parsed.skills))
    keys: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for row in rows:
        _check_row(row, problems)
        _check_once(row, row.key.casefold(), keys, problems)
        _check_once(row, row.uri, addresses, problems)
    return rows


def _tidy(row: SkillRow) -> SkillRow:
    return replace(
        row,
        name=tidy_line(row.name),
        statement=tidy_text(row.statement),
        level=tidy_line(row.level),
        level_scheme=tidy_line(row.level_scheme),
        clusters=tuple(dict.fromkeys(map(tidy_line, row.clusters))),
    )


def _check_row(row: SkillRow, problems: Problems) -> None:
    if not is_key(row.key):
        problems.add(
            row.place,
            _("“{key}” cannot be a key: up to {limit} ASCII letters, digits and . _ : ~ -").format(
                key=row.key[:MAX_KEY], limit=MAX_KEY
            )
            if row.key
            else _("The key is missing."),
        )
    if not row.name:
        problems.add(row.place, _("The name is missing."))
    for field, value, limit in (
        ("name", row.name, MAX_NAME),
        ("statement", row.statement, MAX_STATEMENT),
        ("level", row.level, MAX_LEVEL),
        ("level_scheme", row.level_scheme, MAX_LEVEL),
        *(("clusters", name, MAX_CLUSTER_NAME) for name in row.clusters),
    ):
        if len(value) > limit:
            problems.add(
                row.place,
                _("{field} has {length} characters; at most {limit} fit.").format(
                    field=field, length=len(value), limit=limit
                ),
            )
    _check_codes(row, problems)


def _check_codes(row: SkillRow, problems: Problems) -> None:
    if row.uri and not is_address(row.uri):
        problems.add(row.place, _("“{address}” is no http or https address.").format(address=row.uri[:100]))
    if row.category and row.category not in CATEGORIES:
        problems.add(
            row.place,
            _("“{category}” is no category. Choose one of: {known}.").format(
                category=row.category[:60], known=", ".join(CATEGORIES)
            ),
        )
    if row.language and not is_language(row.language):
        problems.add(
            row.place,
            _("“{language}” is no language code such as en, de or pt-BR.").format(language=row.language[:40]),
        )
    if any(not slugify(name, allow_unicode=True) for name in row.clusters):
        problems.add(row.place, _("clusters: a name without letters."))


def _check_once(row: SkillRow, value: str, seen: dict[str, str], problems: Problems) -> None:
    if not value:
        return
    if value in seen:
        problems.add(
            row.place, _("{value} stands at {place} already.").format(value=value, place=seen[value])
        )
    else:
        seen[value] = row.place

"""First answers to a check as tables of counts that may be shown. Pure.

What learners wrote is shown only where *k* of them wrote the same: a rare text can name who wrote it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcred_app.courses import QuestionWords

from .data import AnswerLine, AnswerTable, Count
from .suppression import guard_nested, guard_partition

__all__ = ["AnswerGroup", "answer_tables", "counted"]

#: Most frequent texts that a table shows.
MOST_TEXTS = 12
#: Every learner gives one answer of these kinds, which is accepted or not.
WHOLE = ("single", "number", "text", "order")


@dataclass(frozen=True)
class AnswerGroup:
    """So many learners gave this very answer: pairs of part and value."""

    given: tuple[tuple[str, str], ...]
    passed: bool
    learners: int


@dataclass(frozen=True)
class _Line:
    label: str
    right: bool | None
    learners: int
    other: bool = False


def answer_tables(
    check_type: str, groups: Sequence[AnswerGroup], words: QuestionWords, k: int, *, exact: bool
) -> tuple[AnswerTable, ...]:
    """The tables. ``exact`` is false where the number of answers is hidden: then only shares are told."""
    total = sum(group.learners for group in groups)
    if not total:
        return ()
    if check_type in WHOLE:
        lines = _whole(check_type, groups, words, k)
        return (_table("", lines, total, k, exact=exact, by_class=True),)
    if check_type in ("multiple", "attest"):
        return (_ticks(groups, words, total, k, exact=exact),)
    return _by_part(groups, words, total, k, exact=exact)


def counted(number: int | None, whole: int, *, exact: bool = True) -> Count:
    """A shown or hidden number with its share, which is rounded to whole percent where the number is not told."""
    if number is None or not whole:
        return Count(number, None)
    share = number / whole
    return Count(number, share) if exact else Count(None, round(share, 2))


def _whole(check_type: str, groups: Sequence[AnswerGroup], words: QuestionWords, k: int) -> list[_Line]:
    found: Counter[tuple[str, bool]] = Counter()
    known = words.answers.get("", {})
    for group in groups:
        if check_type == "order":
            label = " → ".join(
                known[value].label if value in known else value for _part, value in group.given
            )
        else:
            label = group.given[0][1] if group.given else ""
        found[label, group.passed] += group.learners
    if check_type == "single":
        return _options(found, words)
    lines = [_Line(label, right, learners) for (label, right), learners in found.most_common()]
    return _without_rare(lines, k)


def _options(found: Mapping[tuple[str, bool], int], words: QuestionWords) -> list[_Line]:
    """Every option in the author's order, also those that nobody chose; then options that are gone."""
    known = words.answers.get("", {})
    lines = []
    for value, one in known.items():
        learners = found.get((value, True), 0) + found.get((value, False), 0)
        lines.append(_Line(one.label, one.right, learners))
    gone = [(value, right, learners) for (value, right), learners in found.items() if value not in known]
    for value, right, learners in sorted(gone):
        lines.append(_Line(_gone(value, words), right, learners))
    return lines


def _gone(value: str, words: QuestionWords) -> str:
    """An option that cannot be named any more; where no options are known, they are told apart by their ids."""
    return _("An option that was taken out ({id})").format(id=value) if words.known else value


def _without_rare(lines: Sequence[_Line], k: int) -> list[_Line]:
    """Texts that fewer than *k* wrote, or that would make the table long, are summed up."""
    often = [line for line in lines if line.learners >= k][:MOST_TEXTS]
    kept = set(map(id, often))
    for right in (True, False):
        rest = sum(line.learners for line in lines if id(line) not in kept and line.right is right)
        if rest:
            often.append(_Line("", right, rest, other=True))
    return often


def _table(
    label: str, lines: Sequence[_Line], total: int, k: int, *, exact: bool, by_class: bool
) -> AnswerTable:
    """One table of answers of which everybody gave one.

    With *by_class* the numbers of right and wrong answers are told elsewhere (where neither is small), so each class
    is a whole of its own.
    """
    numbers: list[int | None] = [None] * len(lines)
    rights = sum(line.learners for line in lines if line.right)
    split = by_class and guard_nested((total, rights), k)[1] is not None
    for wanted in (True, False) if split else (None,):
        places = [n for n, line in enumerate(lines) if wanted is None or bool(line.right) is wanted]
        guarded = guard_partition([lines[n].learners for n in places], k)
        for place, number in zip(places, guarded, strict=True):
            numbers[place] = number
    return AnswerTable(
        label,
        tuple(
            AnswerLine(line.label, line.right, counted(number, total, exact=exact), line.other)
            for line, number in zip(lines, numbers, strict=True)
        ),
    )


def _ticks(
    groups: Sequence[AnswerGroup], words: QuestionWords, total: int, k: int, *, exact: bool
) -> AnswerTable:
    """How many ticked each option; one learner may tick several."""
    ticked: Counter[str] = Counter()
    for group in groups:
        for _part, value in group.given:
            ticked[value] += group.learners
    known = words.answers.get("", {})
    names = [(value, one.label, one.right) for value, one in known.items()]
    names += [(value, _gone(value, words), None) for value in sorted(ticked) if value not in known]
    return AnswerTable(
        "",
        tuple(
            AnswerLine(label, right, counted(guard_nested((total, ticked[value]), k)[1], total, exact=exact))
            for value, label, right in names
        ),
    )


def _by_part(
    groups: Sequence[AnswerGroup], words: QuestionWords, total: int, k: int, *, exact: bool
) -> tuple[AnswerTable, ...]:
    """One table for each line of a matching question or gap of a text."""
    found: dict[str, Counter[str]] = {}
    for group in groups:
        for part, value in group.given:
            found.setdefault(part, Counter())[value] += group.learners
    order = [*(part for part in words.parts if part in found), *sorted(set(found) - set(words.parts))]
    tables = []
    for part in order:
        known = words.answers.get(part, {})
        lines = [
            _Line(value, known[value].right if value in known else (False if known else None), learners)
            for value, learners in found[part].most_common()
        ]
        label = words.parts.get(part, part)
        tables.append(
            _table(label, _without_rare_parts(lines, k), total, k, exact=exact, by_class=len(order) == 1)
        )
    return tuple(tables)


def _without_rare_parts(lines: Sequence[_Line], k: int) -> list[_Line]:
    often = [line for line in lines if line.learners >= k][:MOST_TEXTS]
    kept = set(map(id, often))
    rest = sum(line.learners for line in lines if id(line) not in kept)
    return [*often, _Line("", None, rest, other=True)] if rest else often

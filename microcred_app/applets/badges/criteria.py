"""Criteria text: generated from the requirement itself, so it cannot drift from what is enforced."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcred_app import rules

__all__ = ["criteria_text", "phrases"]


def phrases() -> rules.Phrases:
    """The parts of a requirement in the reader's language."""
    return rules.Phrases(
        outcome=lambda name: _("shows “{outcome}”").format(outcome=name),
        outcome_with_score=lambda name, percent: _("shows “{outcome}” with at least {percent} %").format(
            outcome=name, percent=_percent(percent)
        ),
        outcome_with_level=lambda name, level: _("shows “{outcome}” at the level “{level}” or above").format(
            outcome=name, level=level
        ),
        badge=lambda name: _("holds the badge “{badge}”").format(badge=name),
        badge_version=lambda version: _("version {version} or newer").format(version=version),
        badge_equivalent=lambda: _("or an accepted equivalent"),
        grade=lambda name, percent: _("has a grade of at least {percent} % in the course “{course}”").format(
            course=name, percent=_percent(percent)
        ),
        part_grade=lambda name, percent: _(
            "has a grade of at least {percent} % in the part “{part}” of a course"
        ).format(part=name, percent=_percent(percent)),
        block=lambda name: _("completes “{part}”").format(part=name),
        passed=lambda name: _("has passed the course “{course}”").format(course=name),
        certified=lambda name: _("has the certificate of the course “{course}”").format(course=name),
        cohort=lambda name, group: _("is in the cohort “{cohort}” of the course “{course}”").format(
            cohort=group, course=name
        ),
        credits=_credits,
        sign_off=lambda name, role: _("has “{name}” signed off by somebody with the role “{role}”").format(
            name=name, role=role
        ),
        external=lambda name, issuer: _("holds the badge “{badge}” from the other issuer “{issuer}”").format(
            badge=name, issuer=issuer
        ),
        time=lambda span: _("completes this {span}").format(span=span),
        not_sign_off=lambda name, role: _(
            "does not have “{name}” signed off by somebody with the role “{role}”"
        ).format(name=name, role=role),
        not_time=lambda span: _("does not complete this {span}").format(span=span),
        none_of=lambda text: _("is not somebody who {requirement}").format(requirement=text),
        all_of=lambda parts: _join(parts, _("and")),
        any_of=lambda parts: _join(parts, _("or")),
        at_least=lambda count, parts: ngettext(
            "at least {count} of these: {parts}", "at least {count} of these: {parts}", count
        ).format(count=count, parts="; ".join(parts)),
        points=lambda minimum, parts: _("reaches at least {points} of these: {parts}").format(
            points=_points(minimum), parts="; ".join(parts)
        ),
        weighed=lambda weight, part: _("{points} if the person {part}").format(
            points=_points(weight), part=part
        ),
        group=lambda text: f"({text})",
        qualified=lambda text, limits: f"{text} ({', '.join(limits)})",
        within=lambda period: _("within the last {period}").format(period=period),
        period=_period,
        bound=_bound,
        since=lambda first: _("from {first} on").format(first=first),
        until=lambda last: _("until {last}").format(last=last),
        between=lambda first, last: _("from {first} until {last}").format(first=first, last=last),
    )


def criteria_text(requirement: rules.Node, names: rules.Names, intro: str = "") -> str:
    """Prose of the registrar, if any, then the sentence that the rule engine enforces."""
    sentence = _("To earn this badge, a person {requirement}.").format(
        requirement=rules.say(requirement, names, phrases())
    )
    return f"{intro.strip()}\n\n{sentence}".strip()


def _join(parts: list[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _number(amount: Decimal) -> str:
    """The amount exactly, with the reader's decimal sign."""
    return number_format(amount.normalize() if amount % 1 else int(amount), use_l10n=True)


def _percent(percent: str) -> str:
    return _number(Decimal(percent))


def _plural(amount: Decimal) -> int:
    """The number by which a language chooses its form; fractions take the form of several."""
    return int(amount) if amount == int(amount) else 2


def _points(amount: Decimal) -> str:
    text = ngettext("{number} point", "{number} points", _plural(amount))
    return text.format(number=_number(amount))


def _credits(amount: Decimal, names: list[str]) -> str:
    text = ngettext(
        "has at least {number} credit in {skills}",
        "has at least {number} credits in {skills}",
        _plural(amount),
    )
    skills = _join([_("“{skill}”").format(skill=name) for name in names], _("and"))
    if len(names) > 1:
        skills = _("{skills} taken together").format(skills=skills)
    return text.format(number=_number(amount), skills=skills)


def _period(years: int, months: int, days: int) -> str:
    parts = []
    if years:
        parts.append(ngettext("{number} year", "{number} years", years).format(number=years))
    if months:
        parts.append(ngettext("{number} month", "{number} months", months).format(number=months))
    if days:
        parts.append(ngettext("{number} day", "{number} days", days).format(number=days))
    return _join(parts, _("and"))


def _bound(bound: rules.Bound) -> str:
    """A day, or a moment in UTC to the second where it has one."""
    if not isinstance(bound, datetime):
        return date_format(bound, "DATE_FORMAT")
    moment = bound.astimezone(UTC)
    text = f"{date_format(moment, 'DATE_FORMAT')}, {moment:%H:%M}" + (
        f":{moment:%S}" if moment.second else ""
    )
    return _("{moment} UTC").format(moment=text)

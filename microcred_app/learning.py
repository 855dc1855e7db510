"""What the blocks ask of the app: progress, evidence, badges of one learner.

Every function takes the learner's id and plain values, and answers with frozen values. Who may call for whom
is decided by :func:`may_act`, which the blocks call before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.urls import reverse
from django.utils.translation import gettext as _

from . import rules
from .applets.attainments import api as attainments
from .applets.awards import api as awards
from .applets.badges import api as badges
from .applets.evidence import api as evidence
from .applets.issuance import api as issuance
from .applets.pathways import api as pathways
from .applets.skills import api as skills
from .compat import platform
from .conf import settings
from .errors import MicrocredError
from .qr import qr_svg

__all__ = [
    "CountsTowards",
    "EarnedBadge",
    "Masquerading",
    "NotEnrolled",
    "NotSignedIn",
    "OutcomeInfo",
    "SkillInfo",
    "UnitProgress",
    "add_evidence_file",
    "counts_towards",
    "create_outcome",
    "current_submission",
    "earned_badges",
    "get_outcome",
    "hand_in",
    "list_outcomes",
    "list_skills",
    "may_act",
    "my_badges",
    "record_part",
    "remove_evidence_file",
    "save_evidence_text",
    "search_skills",
    "statement_advice",
    "unit_progress",
]

#: More skills than this do not fit the list of a form; the rest is found by searching.
MAX_OFFERED_SKILLS = 200


class NotSignedIn(MicrocredError):
    """Nobody is signed in, or somebody else than the request says."""

    code = "not_signed_in"
    http_status = 403


class NotEnrolled(MicrocredError):
    """The course's handlers accept requests of people who are not enrolled; we do not."""

    code = "not_enrolled"
    http_status = 403


class Masquerading(MicrocredError):
    """Staff looking through a learner's eyes must not write into the learner's record."""

    code = "masquerading"
    http_status = 403


@dataclass(frozen=True)
class OutcomeInfo:
    """An outcome for a Studio form."""

    key: str
    statement: str
    skill_key: str
    skill_name: str
    badge_names: tuple[str, ...]


@dataclass(frozen=True)
class SkillInfo:
    """A skill for a Studio form."""

    key: str
    name: str
    framework: str


@dataclass(frozen=True)
class EarnedBadge:
    """A badge on the learner's own screen. Verify link and QR are empty until the learner shares the badge."""

    award_id: str
    badge_key: str
    name: str
    kind: str
    image_url: str
    image_alt: str
    awarded_at: datetime
    proves: tuple[str, ...]
    parts: tuple[str, ...]
    issuer_name: str
    issued: bool
    shared: bool
    revoked: bool
    verify_url: str
    qr_svg: str
    share_url: str
    send_url: str


@dataclass(frozen=True)
class CountsTowards:
    """A badge that a unit feeds, with what this learner still misses."""

    badge_key: str
    badge_name: str
    earned: bool
    sentence: str
    missing: tuple[str, ...]
    pathway_url: str


@dataclass(frozen=True)
class UnitProgress:
    """Progress in a unit, with the badges that came of it."""

    usage_key: str
    parts: tuple[attainments.PartProgress, ...]
    done: int
    total: int
    complete: bool
    score: float | None
    attained_at: datetime | None
    earned: tuple[EarnedBadge, ...] = field(default=())


def may_act(learner_id: int | None, course_key: str, *, acting_user_id: int | None) -> None:
    """Return only when this person may write their own record in this course."""
    if platform().is_masquerading():
        raise Masquerading(_("You are viewing as a learner. Nothing is saved while you do."))
    if learner_id is None or acting_user_id != learner_id:
        raise NotSignedIn(_("Sign in to save your work."))
    if not platform().is_enrolled(learner_id, course_key):
        raise NotEnrolled(_("Enrol in this course to save your work."))


def record_part(
    learner_id: int, unit: attainments.UnitSpec, part_usage_key: str, *, score: float, now: datetime
) -> UnitProgress:
    """Count a part as done; evaluation, award and signing have happened when this returns."""
    report = attainments.record_part(learner_id, unit, part_usage_key, score=score, now=now)
    return _progress(learner_id, report)


def unit_progress(learner_id: int, unit: attainments.UnitSpec, *, now: datetime) -> UnitProgress:
    """Progress as it stands."""
    return _progress(learner_id, attainments.unit_report(learner_id, unit, now=now))


def earned_badges(learner_id: int, outcome_key: str) -> tuple[EarnedBadge, ...]:
    """Badges this learner holds to which the outcome led, stacks included."""
    return _earned(_led_to_by(outcome_key, awards.awards_of(learner_id)))


def my_badges(learner_id: int) -> tuple[EarnedBadge, ...]:
    """Everything the learner was awarded, newest first, revoked badges included and marked."""
    return _earned(awards.list_awards(learner_id=learner_id))


def counts_towards(learner_id: int | None, outcome_key: str, *, now: datetime) -> tuple[CountsTowards, ...]:
    """What a unit with this outcome feeds; without a learner, nothing is done yet."""
    fed = _badges_fed_by(outcome_key)
    if not fed:
        return ()
    facts = awards.known_facts(learner_id) if learner_id else rules.Facts()
    held = {fact.key for fact in facts if isinstance(fact, rules.BadgeFact)}
    names = badges.names_for([badge.requirement for badge in fed])
    roads = pathways.pathways_of_badges(badge.key for badge in fed)
    return tuple(
        CountsTowards(
            badge_key=badge.key,
            badge_name=badge.name,
            earned=badge.key in held,
            sentence=badges.criteria_text(badge.requirement, names),
            missing=tuple(
                _missing_title(part, names) for part in rules.missing(badge.requirement, facts, now)
            ),
            pathway_url=_absolute("microcred_app:my-pathway", roads[badge.key]) if badge.key in roads else "",
        )
        for badge in fed
    )


def _missing_title(part: rules.Leaf | rules.Not, names: rules.Names) -> str:
    """What is missing, by its title where that says it all, else in words."""
    if isinstance(part, rules.OutcomeLeaf | rules.BadgeLeaf):
        return names.of(part)
    return rules.say(part, names, badges.phrases())


def list_outcomes() -> tuple[OutcomeInfo, ...]:
    """The catalogue for a Studio form, with the badges that each outcome feeds directly."""
    fed: dict[str, list[str]] = {}
    for badge in badges.list_badges():
        for kind, key in rules.mentions(badge.requirement):
            if kind == "outcome":
                fed.setdefault(key, []).append(badge.name)
    return tuple(_outcome(entry, fed.get(entry.key, [])) for entry in skills.list_outcomes())


def get_outcome(key: str) -> OutcomeInfo:
    """One outcome, with every badge it leads to."""
    return _outcome(skills.get_outcome(key), [badge.name for badge in _badges_fed_by(key)])


def list_skills() -> tuple[SkillInfo, ...]:
    """Skills for an author to choose from: those in use, then others, never more than fit a form."""
    return tuple(map(_skill, skills.offered_skills(MAX_OFFERED_SKILLS)))


def search_skills(text: str, *, limit: int = 20) -> tuple[SkillInfo, ...]:
    """Skills whose name has these words, for a form that looks while its author types."""
    return tuple(map(_skill, skills.search_skills(text, limit=limit)))


def _skill(entry: skills.SkillEntry) -> SkillInfo:
    return SkillInfo(entry.key, entry.name, entry.framework_name)


def create_outcome(
    *, statement: str, skill_key: str = "", new_skill_name: str = "", actor_id: int | None, now: datetime
) -> OutcomeInfo:
    """Write a new outcome, and a new skill if one is named."""
    entry = skills.create_outcome(
        statement=statement, skill_key=skill_key, new_skill_name=new_skill_name, actor_id=actor_id, now=now
    )
    return _outcome(entry, [])


def statement_advice(statement: str) -> str:
    """A hint on the wording of an outcome, or nothing."""
    return skills.advise(statement)


def current_submission(learner_id: int, part_usage_key: str) -> evidence.SubmissionInfo | None:
    """The newest attempt at an evidence task."""
    return evidence.current_submission(learner_id, part_usage_key)


def add_evidence_file(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    filename: str,
    content: BinaryIO,
    now: datetime,
) -> evidence.SubmissionInfo:
    """Check and keep one file."""
    slot = _slot(learner_id, unit, part_usage_key)
    return evidence.add_file(slot, task, filename=filename, content=content, now=now)


def remove_evidence_file(learner_id: int, part_usage_key: str, file_id: str) -> evidence.SubmissionInfo:
    """Take a file out of a draft."""
    return evidence.remove_file(learner_id, part_usage_key, file_id)


def save_evidence_text(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    text: str,
    link: str,
    now: datetime,
) -> evidence.SubmissionInfo:
    """Keep the words and the link of a draft."""
    return evidence.save_text(_slot(learner_id, unit, part_usage_key), task, text=text, link=link, now=now)


def hand_in(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    now: datetime,
) -> tuple[evidence.SubmissionInfo, UnitProgress]:
    """Hand the draft in; with automatic acceptance the part is done when this returns."""
    attainments.unit_report(learner_id, unit, now=now)  # so that acceptance finds the unit as it is now
    submission = evidence.hand_in(_slot(learner_id, unit, part_usage_key), task, now=now)
    return submission, unit_progress(learner_id, unit, now=now)


def _progress(learner_id: int, report: attainments.UnitReport) -> UnitProgress:
    return UnitProgress(
        usage_key=report.usage_key,
        parts=report.parts,
        done=report.done,
        total=len(report.parts),
        complete=report.complete,
        score=report.score,
        attained_at=report.attained_at,
        earned=earned_badges(learner_id, report.outcome_key) if report.complete else (),
    )


def _slot(learner_id: int, unit: attainments.UnitSpec, part_usage_key: str) -> evidence.EvidenceSlot:
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        raise attainments.PartNotFound(_("This part does not belong to the unit any more. Reload the page."))
    return evidence.EvidenceSlot(learner_id, unit.course_key, unit.usage_key, part_usage_key, unit.title)


def _badges_fed_by(outcome_key: str) -> tuple[badges.PublishedBadge, ...]:
    """Badges that mention the outcome, and the stacks above them, nearest first."""
    if not outcome_key:
        return ()
    found: dict[str, badges.PublishedBadge] = {}
    asked: set[tuple[str, str]] = {("outcome", outcome_key)}
    while asked:
        level = [badge for badge in badges.badges_mentioning(asked) if badge.key not in found]
        found.update({badge.key: badge for badge in level})
        asked = {("badge", badge.key) for badge in level}
    return tuple(found.values())


def _led_to_by(outcome_key: str, held: tuple[awards.AwardInfo, ...]) -> tuple[awards.AwardInfo, ...]:
    """Those of the learner's awards that ask for the outcome, or for a badge among them that does."""
    fed = {("outcome", outcome_key)}
    found: set[str] = set()
    while level := [a for a in held if a.id not in found and fed & rules.mentions(a.badge.requirement)]:
        found |= {award.id for award in level}
        fed |= {("badge", award.badge.key) for award in level}
    return tuple(award for award in held if award.id in found)


def _earned(found: tuple[awards.AwardInfo, ...]) -> tuple[EarnedBadge, ...]:
    """Awards as their holder sees them: a handful of queries, however many there are."""
    if not found:
        return ()
    credentials = issuance.credentials_of_awards(award.id for award in found)
    titles = awards.met_titles(found)
    return tuple(_earned_badge(award, credentials.get(award.id), titles[award.id]) for award in found)


def _earned_badge(
    award: awards.AwardInfo, credential: issuance.IssuedCredential | None, met: awards.MetTitles
) -> EarnedBadge:
    shared = credential is not None and credential.shared_at is not None
    return EarnedBadge(
        award_id=award.id,
        badge_key=award.badge.key,
        name=award.badge.name,
        kind=award.badge.kind,
        image_url=_absolute("microcred_app:achievement-image", award.badge.key, award.badge.number),
        image_alt=award.badge.image_alt,
        awarded_at=award.awarded_at,
        proves=met.outcomes,
        parts=met.badges,
        issuer_name=award.badge.issuer.name,
        issued=credential is not None,
        shared=shared,
        revoked=award.reversed_at is not None,
        verify_url=credential.uri if credential and shared else "",
        qr_svg=qr_svg(credential.uri) if credential and shared else "",
        share_url=_absolute("microcred_app:share", credential.id) if credential else "",
        send_url=_absolute("microcred_app:wallet-send", credential.id) if credential else "",
    )


def _outcome(entry: skills.OutcomeEntry, badge_names: list[str]) -> OutcomeInfo:
    return OutcomeInfo(
        entry.key, entry.statement, entry.skill_key, entry.skill_name, tuple(sorted(badge_names))
    )


def _absolute(name: str, *args: object) -> str:
    return settings().public_base_url + reverse(name, args=args)

"""A learner's evidence with what it proves: the outcomes and skills that its unit led to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.evidence import api as evidence
from microcred_app.compat import platform

__all__ = ["Artefact", "my_artefact", "my_evidence"]


@dataclass(frozen=True)
class Artefact:
    """One hand-in with its course and the outcomes its unit proved for this learner; none while it does not yet."""

    evidence: evidence.OwnEvidence
    course_title: str
    unit_url: str
    proves: tuple[str, ...]


def my_evidence(learner_id: int, *, now: datetime) -> tuple[Artefact, ...]:
    """Everything the learner drafted or handed in, newest first."""
    return _artefacts(learner_id, evidence.list_own(learner_id, now=now))


def my_artefact(learner_id: int, submission_id: str, *, now: datetime) -> Artefact:
    """One of them."""
    return _artefacts(learner_id, (evidence.read_own(learner_id, submission_id, now=now),))[0]


def _artefacts(learner_id: int, found: tuple[evidence.OwnEvidence, ...]) -> tuple[Artefact, ...]:
    titles = {key: platform().course_title(key) for key in {one.course_key for one in found}}
    proved = attainments.statements_of_units(learner_id, {one.unit_usage_key for one in found})
    return tuple(
        Artefact(
            one,
            titles[one.course_key],
            platform().unit_url(one.unit_usage_key),
            proved.get(one.unit_usage_key, ()) if one.info.state == "accepted" else (),
        )
        for one in found
    )

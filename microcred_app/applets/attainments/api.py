"""What other rooms may use of the attainments applet.

It records what learners did, and the moment a unit is whole it records the attainment: ``parts_done`` counts parts,
``unit_reports`` says when a unit is whole, ``unit_facts`` writes what that proves, ``rejudging`` corrects it, and
``attained`` reads it. Facts that come from elsewhere are ``reported`` and ``observed``.
"""

from __future__ import annotations

from .attained import best_scores, get_attainments, list_attainments, statements_of_units
from .data import AttainmentFact, PartProgress, PartSpec, UnitReport, UnitSpec
from .due import (
    DueEvaluationInfo,
    EvaluationBacklog,
    FailedEvaluation,
    evaluations_backlog,
    evaluations_due,
    evaluations_overdue,
    failed_evaluations,
    forget_evaluations,
    mark_due,
    note_failure,
)
from .moving import move_facts, plan_facts
from .parts_done import PartNotFound, record_part, record_reviewed_part
from .progress import BegunUnit, begun_units, has_begun, unit_completed, units_of_outcomes
from .refreshing import record_refresher
from .rejudging import record_rejudged_part
from .reported import (
    FACT_KINDS,
    FactInfo,
    FactNotFound,
    FactRefused,
    RevokedFact,
    facts_by_id,
    get_fact,
    list_facts,
    list_revoked,
    report_fact,
    take_back,
)
from .resetting import reset_unit
from .steps import note_step
from .unit_facts import attain_remapped
from .unit_reports import unit_report
from .watching import WatchedFact, claim_watched, note_clear, note_unclear, watch_fact

__all__ = [
    "FACT_KINDS",
    "AttainmentFact",
    "BegunUnit",
    "DueEvaluationInfo",
    "EvaluationBacklog",
    "FactInfo",
    "FactNotFound",
    "FactRefused",
    "FailedEvaluation",
    "PartNotFound",
    "PartProgress",
    "PartSpec",
    "RevokedFact",
    "UnitReport",
    "UnitSpec",
    "WatchedFact",
    "attain_remapped",
    "begun_units",
    "best_scores",
    "claim_watched",
    "evaluations_backlog",
    "evaluations_due",
    "evaluations_overdue",
    "facts_by_id",
    "failed_evaluations",
    "forget_evaluations",
    "get_attainments",
    "get_fact",
    "has_begun",
    "list_attainments",
    "list_facts",
    "list_revoked",
    "mark_due",
    "move_facts",
    "note_clear",
    "note_failure",
    "note_step",
    "note_unclear",
    "plan_facts",
    "record_part",
    "record_refresher",
    "record_rejudged_part",
    "record_reviewed_part",
    "report_fact",
    "reset_unit",
    "statements_of_units",
    "take_back",
    "unit_completed",
    "unit_report",
    "units_of_outcomes",
    "watch_fact",
]

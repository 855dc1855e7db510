"""What a learner is told and may do: in the blocks, and on pages of their own.

Every function takes the learner's id and plain values, and answers with frozen values. Who may call for whom is
decided by :func:`may_act`, which the blocks call before anything is written.

* :mod:`.access`     who may act for whom
* :mod:`.answering`  answers to quick checks, and attempts given on top
* :mod:`.units`      progress in a unit, and its evidence
* :mod:`.feedback`   what reviewers found and said
* :mod:`.handing_in` a task's limits, uploads in pieces, rubrics to use again; :mod:`.own_evidence` all of it at once
* :mod:`.earned`     badges on their holder's screen
* :mod:`.feeding`    what a unit counts towards
* :mod:`.roads`      what is done, missing and next, for a requirement; :mod:`.offers` where it can be done
* :mod:`.spare_time` what fits into the minutes one has; :mod:`.switching` what carries over to another pathway
* :mod:`.catalogue`  pathways to choose from
* :mod:`.takeaway`   everything the learner holds, as a file of their own; :mod:`.resume` what employers' systems read
* :mod:`.authoring`  outcomes and skills for the forms in Studio
"""

from __future__ import annotations

from microcred_app.permissions.api import Masquerading, NotEnrolled, NotSignedIn, may_act

from .answering import NotCourseStaff, attempts_recorded, extra_attempts, give_attempts, record_response
from .authoring import (
    FormDraftInfo,
    OutcomeInfo,
    SkillInfo,
    adopt_outcome,
    create_outcome,
    drop_form_draft,
    get_outcome,
    guide_address,
    insights_address,
    keep_form_draft,
    outcomes_worded,
    outline_address,
    read_form_draft,
    register_unit,
    search_outcomes,
    search_skills,
    statement_advice,
    waive_transcript,
)
from .catalogue import Catalogue, Choice, Entry, Orphans, Wish, browse, find_orphans, show_pathway
from .earned import EarnedBadge, Notice, earned_badges, life_notice, my_badge, my_badges
from .feedback import Feedback, FeedbackLine, Work, feedback, show_work
from .feeding import CountsTowards, counts_towards
from .handing_in import (
    EvidenceDesk,
    UploadGrant,
    end_upload,
    evidence_desk,
    evidence_limit,
    finish_upload,
    list_rubrics,
    save_rubric,
    upload_grant,
)
from .own_evidence import Artefact, my_artefact, my_evidence
from .resume import my_resume
from .roads import NextStep, Road, RoadPart, RoadStep, RoadWay, explain_roads
from .spare_time import FittingUnit, units_that_fit
from .switching import CarriedOver, list_switches, show_switch
from .takeaway import write_takeaway
from .units import (
    UnitProgress,
    add_evidence_file,
    current_submission,
    hand_in,
    look_at_unit,
    note_step,
    record_part,
    record_refresher,
    remove_evidence_file,
    reset_unit,
    save_evidence_text,
    unit_progress,
)

__all__ = [
    "Artefact",
    "CarriedOver",
    "Catalogue",
    "Choice",
    "CountsTowards",
    "EarnedBadge",
    "Entry",
    "EvidenceDesk",
    "Feedback",
    "FeedbackLine",
    "FittingUnit",
    "FormDraftInfo",
    "Masquerading",
    "NextStep",
    "NotCourseStaff",
    "NotEnrolled",
    "NotSignedIn",
    "Notice",
    "Orphans",
    "OutcomeInfo",
    "Road",
    "RoadPart",
    "RoadStep",
    "RoadWay",
    "SkillInfo",
    "UnitProgress",
    "UploadGrant",
    "Wish",
    "Work",
    "add_evidence_file",
    "adopt_outcome",
    "attempts_recorded",
    "browse",
    "counts_towards",
    "create_outcome",
    "current_submission",
    "drop_form_draft",
    "earned_badges",
    "end_upload",
    "evidence_desk",
    "evidence_limit",
    "explain_roads",
    "extra_attempts",
    "feedback",
    "find_orphans",
    "finish_upload",
    "get_outcome",
    "give_attempts",
    "guide_address",
    "hand_in",
    "insights_address",
    "keep_form_draft",
    "life_notice",
    "list_rubrics",
    "list_switches",
    "look_at_unit",
    "may_act",
    "my_artefact",
    "my_badge",
    "my_badges",
    "my_evidence",
    "my_resume",
    "note_step",
    "outcomes_worded",
    "outline_address",
    "read_form_draft",
    "record_part",
    "record_refresher",
    "record_response",
    "register_unit",
    "remove_evidence_file",
    "reset_unit",
    "save_evidence_text",
    "save_rubric",
    "search_outcomes",
    "search_skills",
    "show_pathway",
    "show_switch",
    "show_work",
    "statement_advice",
    "unit_progress",
    "units_that_fit",
    "upload_grant",
    "waive_transcript",
    "write_takeaway",
]

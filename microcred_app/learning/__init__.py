"""What a learner is told and may do: in the blocks, and on pages of their own.

Every function takes the learner's id and plain values, and answers with frozen values. Who may call for whom is
decided by :func:`may_act`, which the blocks call before anything is written.

* :mod:`.access`     who may act for whom
* :mod:`.units`      progress in a unit, and its evidence
* :mod:`.handing_in` a task's limits, uploads in pieces, rubrics to use again; :mod:`.own_evidence` all of it at once
* :mod:`.earned`     badges on their holder's screen
* :mod:`.feeding`    what a unit counts towards
* :mod:`.roads`      what is done, missing and next, for a requirement; :mod:`.offers` where it can be done
* :mod:`.catalogue`  pathways to choose from
* :mod:`.takeaway`   everything the learner holds, as a file of their own
* :mod:`.authoring`  outcomes and skills for the forms in Studio
"""

from __future__ import annotations

from .access import Masquerading, NotEnrolled, NotSignedIn, may_act
from .authoring import (
    OutcomeInfo,
    SkillInfo,
    create_outcome,
    get_outcome,
    list_outcomes,
    list_skills,
    search_skills,
    statement_advice,
)
from .catalogue import Catalogue, Choice, Entry, Wish, browse, show_pathway
from .earned import EarnedBadge, Notice, earned_badges, life_notice, my_badges
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
from .roads import NextStep, Road, RoadPart, RoadStep, RoadWay, explain_roads
from .takeaway import write_takeaway
from .units import (
    UnitProgress,
    add_evidence_file,
    current_submission,
    hand_in,
    record_part,
    remove_evidence_file,
    save_evidence_text,
    unit_progress,
)

__all__ = [
    "Artefact",
    "Catalogue",
    "Choice",
    "CountsTowards",
    "EarnedBadge",
    "Entry",
    "EvidenceDesk",
    "Masquerading",
    "NextStep",
    "NotEnrolled",
    "NotSignedIn",
    "Notice",
    "OutcomeInfo",
    "Road",
    "RoadPart",
    "RoadStep",
    "RoadWay",
    "SkillInfo",
    "UnitProgress",
    "UploadGrant",
    "Wish",
    "add_evidence_file",
    "browse",
    "counts_towards",
    "create_outcome",
    "current_submission",
    "earned_badges",
    "end_upload",
    "evidence_desk",
    "evidence_limit",
    "explain_roads",
    "finish_upload",
    "get_outcome",
    "hand_in",
    "life_notice",
    "list_outcomes",
    "list_rubrics",
    "list_skills",
    "may_act",
    "my_artefact",
    "my_badges",
    "my_evidence",
    "record_part",
    "remove_evidence_file",
    "save_evidence_text",
    "save_rubric",
    "search_skills",
    "show_pathway",
    "statement_advice",
    "unit_progress",
    "upload_grant",
    "write_takeaway",
]

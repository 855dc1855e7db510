"""What a learner is told and may do: in the blocks, and on pages of their own.

Every function takes the learner's id and plain values, and answers with frozen values. Who may call for whom is
decided by :func:`may_act`, which the blocks call before anything is written.

* :mod:`.access`     who may act for whom
* :mod:`.units`      progress in a unit, and its evidence
* :mod:`.feedback`   what reviewers found and said
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
from .feedback import Feedback, Work, feedback, show_work
from .feeding import CountsTowards, counts_towards
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
    "Catalogue",
    "Choice",
    "CountsTowards",
    "EarnedBadge",
    "Entry",
    "Feedback",
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
    "Wish",
    "Work",
    "add_evidence_file",
    "browse",
    "counts_towards",
    "create_outcome",
    "current_submission",
    "earned_badges",
    "explain_roads",
    "feedback",
    "get_outcome",
    "hand_in",
    "life_notice",
    "list_outcomes",
    "list_skills",
    "may_act",
    "my_badges",
    "record_part",
    "remove_evidence_file",
    "save_evidence_text",
    "search_skills",
    "show_pathway",
    "show_work",
    "statement_advice",
    "unit_progress",
    "write_takeaway",
]

"""Skill frameworks, skills and outcomes: what other rooms may ask and do."""

from __future__ import annotations

from .browsing import SkillFilter, browse_skills, count_browsed, count_in_frameworks, outcomes_of_skill
from .data import ClusterEntry, FrameworkEntry, OutcomeEntry, RelatedSkill, SkillEntry
from .definitions import define_framework, define_skill, put_in_clusters, retire_skill
from .errors import (
    FrameworkNotFound,
    OutcomeNotFound,
    OutcomeRefused,
    RelationRefused,
    SkillError,
    SkillNotFound,
    SkillRefused,
)
from .finding import (
    clusters_of,
    count_skills,
    get_framework,
    get_skill,
    get_skills,
    list_clusters,
    list_frameworks,
    list_skills,
    offered_skills,
    search_skills,
    show_skill,
    show_skills,
    skill_names,
    skills_in_cluster,
    skills_of,
)
from .formats.detection import FORMATS
from .formats.rows import Problem, Problems, SourceFile
from .formats.tables import Line, read_table
from .formats.text import MAX_BYTES
from .import_report import FrameworkChoice, ImportRefused, ImportReport, SkillChange
from .importing import import_skills, preview_import
from .outcomes import (
    adopt_outcome,
    create_outcome,
    define_outcome,
    get_outcome,
    known_outcomes,
    list_outcomes,
    outcome_statements,
    outcomes_worded,
    search_outcomes,
)
from .relations import relate_skills, related_skills, skills_below, unrelate_skills
from .taxonomy import taxonomy_of
from .verbs import advise
from .waiting_import import ImportGone, WaitingImport, drop_import, keep_import, waiting_import

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "ClusterEntry",
    "FrameworkChoice",
    "FrameworkEntry",
    "FrameworkNotFound",
    "ImportGone",
    "ImportRefused",
    "ImportReport",
    "Line",
    "OutcomeEntry",
    "OutcomeNotFound",
    "OutcomeRefused",
    "Problem",
    "Problems",
    "RelatedSkill",
    "RelationRefused",
    "SkillChange",
    "SkillEntry",
    "SkillError",
    "SkillFilter",
    "SkillNotFound",
    "SkillRefused",
    "SourceFile",
    "WaitingImport",
    "adopt_outcome",
    "advise",
    "browse_skills",
    "clusters_of",
    "count_browsed",
    "count_in_frameworks",
    "count_skills",
    "create_outcome",
    "define_framework",
    "define_outcome",
    "define_skill",
    "drop_import",
    "get_framework",
    "get_outcome",
    "get_skill",
    "get_skills",
    "import_skills",
    "keep_import",
    "known_outcomes",
    "list_clusters",
    "list_frameworks",
    "list_outcomes",
    "list_skills",
    "offered_skills",
    "outcome_statements",
    "outcomes_of_skill",
    "outcomes_worded",
    "preview_import",
    "put_in_clusters",
    "read_table",
    "relate_skills",
    "related_skills",
    "retire_skill",
    "search_outcomes",
    "search_skills",
    "show_skill",
    "show_skills",
    "skill_names",
    "skills_below",
    "skills_in_cluster",
    "skills_of",
    "taxonomy_of",
    "unrelate_skills",
    "waiting_import",
]

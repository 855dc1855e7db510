"""Requirements: read, evaluate, explain, say. Pure: no Django, no clock, no database.

* :mod:`.requirement`  the tree, its rules of form, JSON in and out
* :mod:`.evaluation`   does a learner meet it, and because of what
* :mod:`.explanation`  the sentence, and what is missing
* :mod:`.cycles`       badges that need one another in a circle
"""

from .cycles import find_cycle
from .errors import RequirementError
from .evaluation import Evaluation, Facts, evaluate
from .explanation import Names, Phrases, missing, say
from .requirement import (
    AllOf,
    AnyOf,
    AtLeast,
    BadgeLeaf,
    Leaf,
    Node,
    OutcomeLeaf,
    mentions,
    parse_requirement,
    to_json,
    walk,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeast",
    "BadgeLeaf",
    "Evaluation",
    "Facts",
    "Leaf",
    "Names",
    "Node",
    "OutcomeLeaf",
    "Phrases",
    "RequirementError",
    "evaluate",
    "find_cycle",
    "mentions",
    "missing",
    "parse_requirement",
    "say",
    "to_json",
    "walk",
]

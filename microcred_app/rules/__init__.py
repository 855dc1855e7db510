"""The rule engine: pure, without a framework, a clock or a database.

One tree (:mod:`.requirement`), many readings:

* :mod:`.evaluation`      does a learner meet it now, and because of which facts
* :mod:`.changes`         when time alone changes the verdict
* :mod:`.explanation`     what is done, missing or expired, and the shortest ways to finish
* :mod:`.sentence`        the tree as one plain sentence, in words handed in
* :mod:`.json_form`       from and to JSON values; :mod:`.json_text`, :mod:`.yaml_form` from and to text
* :mod:`.bulk`            the same verdicts for a million learners at once
* :mod:`.index`           from what just changed to the rules that could care
* :mod:`.cycles`          badges that need one another in a circle
* :mod:`.lint`            rules that would award everybody, or nobody
* :mod:`.simplification`  a smaller tree with the same meaning
"""

from .bulk import LeafNotGathered, Population, gather, leaves_to_gather
from .changes import depends_on_time, next_change
from .cycles import badge_needs, find_cycle
from .errors import RequirementError
from .evaluation import Evaluation, MetLeaf, evaluate, is_met
from .explanation import Explanation, Part, State, explain, missing
from .facts import (
    BadgeFact,
    BlockFact,
    CreditFact,
    ExternalFact,
    Fact,
    Facts,
    GradeFact,
    OutcomeFact,
    Relations,
    SignOffFact,
    StandingFact,
)
from .index import RuleIndex
from .json_form import parse_requirement, to_json
from .json_text import read_json, write_json
from .learner_set import learners_in, pack_learners
from .lint import Finding, FindingKind, lint
from .period import Period
from .phrases import Phrases
from .requirement import (
    MAX_DEPTH,
    MAX_NODES,
    STANDINGS,
    AllOf,
    AnyOf,
    AtLeast,
    BadgeLeaf,
    BlockLeaf,
    CreditsLeaf,
    ExternalLeaf,
    FactLeaf,
    GradeLeaf,
    Group,
    Leaf,
    Mention,
    Node,
    Not,
    OutcomeLeaf,
    Points,
    SignOffLeaf,
    StandingLeaf,
    TimeLeaf,
    external_key,
    is_part,
    mentions,
    mentions_of_leaf,
    standing_code,
    walk,
    walk_with_paths,
)
from .sentence import say
from .simplification import simplify
from .steps import Offer
from .titles import Names
from .ways import Step, Way
from .window import ANY_TIME, Bound, Window
from .yaml_form import read_yaml, write_yaml
from .yaml_text import YamlDocument, read_yaml_values

__all__ = [
    "ANY_TIME",
    "MAX_DEPTH",
    "MAX_NODES",
    "STANDINGS",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "BadgeFact",
    "BadgeLeaf",
    "BlockFact",
    "BlockLeaf",
    "Bound",
    "CreditFact",
    "CreditsLeaf",
    "Evaluation",
    "Explanation",
    "ExternalFact",
    "ExternalLeaf",
    "Fact",
    "FactLeaf",
    "Facts",
    "Finding",
    "FindingKind",
    "GradeFact",
    "GradeLeaf",
    "Group",
    "Leaf",
    "LeafNotGathered",
    "Mention",
    "MetLeaf",
    "Names",
    "Node",
    "Not",
    "Offer",
    "OutcomeFact",
    "OutcomeLeaf",
    "Part",
    "Period",
    "Phrases",
    "Points",
    "Population",
    "Relations",
    "RequirementError",
    "RuleIndex",
    "SignOffFact",
    "SignOffLeaf",
    "StandingFact",
    "StandingLeaf",
    "State",
    "Step",
    "TimeLeaf",
    "Way",
    "Window",
    "YamlDocument",
    "badge_needs",
    "depends_on_time",
    "evaluate",
    "explain",
    "external_key",
    "find_cycle",
    "gather",
    "is_met",
    "is_part",
    "learners_in",
    "leaves_to_gather",
    "lint",
    "mentions",
    "mentions_of_leaf",
    "missing",
    "next_change",
    "pack_learners",
    "parse_requirement",
    "read_json",
    "read_yaml",
    "read_yaml_values",
    "say",
    "simplify",
    "standing_code",
    "to_json",
    "walk",
    "walk_with_paths",
    "write_json",
    "write_yaml",
]

"""What is stored of a quick check: what its author wrote, and where one learner stands.

Fields are only ever added. ``tests/fixtures/checks`` holds stored values of every generation; each must go on being
read as the same question. No name may be one the platform mixes into every block (``showanswer``, ``max_attempts``,
``weight`` …). Everything is an attribute in OLX: a child element would be taken for a block when it is pasted.
"""

from __future__ import annotations

from xblock.core import XBlockMixin
from xblock.fields import Any as AnyField
from xblock.fields import Boolean, Dict, Integer, List, Scope, String

from .fields import AuthoredInteger, AuthoredList, AuthoredNumber

__all__ = ["AUTHORED", "CheckFields"]


def _(text: str) -> str:
    """Marks a message for extraction; the field's label is translated where it is shown."""
    return text


class CheckFields(XBlockMixin):
    """The fields of a quick check."""

    display_name = String(display_name=_("Title"), default=_("Quick check"), scope=Scope.settings)
    check_type = String(display_name=_("Type"), default="single", scope=Scope.content)
    prompt = String(display_name=_("Question"), default="", scope=Scope.content)
    image_url = String(display_name=_("Picture"), default="", scope=Scope.content)
    image_alt = String(display_name=_("Description of the picture"), default="", scope=Scope.content)
    options = AuthoredList(display_name=_("Options"), default=[], scope=Scope.content)
    shuffle = Boolean(display_name=_("Shuffle"), default=False, scope=Scope.settings)
    number_answer = AuthoredNumber(display_name=_("Correct number"), default=None, scope=Scope.content)
    number_tolerance = AuthoredNumber(display_name=_("Tolerance"), default=0, scope=Scope.content)
    number_tolerance_kind = String(display_name=_("Tolerance is"), default="absolute", scope=Scope.content)
    number_unit = String(display_name=_("Unit of measure"), default="", scope=Scope.content)
    number_units = AuthoredList(display_name=_("Other units"), default=[], scope=Scope.content)
    number_unit_required = Boolean(display_name=_("Unit is required"), default=False, scope=Scope.content)
    text_answers = AuthoredList(display_name=_("Accepted answers"), default=[], scope=Scope.content)
    text_patterns = AuthoredList(display_name=_("Patterns"), default=[], scope=Scope.content)
    text_ignores = AuthoredList(display_name=_("Does not matter"), default=["case"], scope=Scope.content)
    pairs = AuthoredList(display_name=_("Pairs"), default=[], scope=Scope.content)
    extra_matches = AuthoredList(display_name=_("Choices that fit nothing"), default=[], scope=Scope.content)
    gap_text = String(display_name=_("Text with gaps"), default="", scope=Scope.content)
    gaps = AuthoredList(display_name=_("Gaps"), default=[], scope=Scope.content)
    feedback_correct = String(display_name=_("Feedback when right"), default="", scope=Scope.content)
    feedback_incorrect = String(display_name=_("Feedback when wrong"), default="", scope=Scope.content)
    try_feedback = AuthoredList(display_name=_("Feedback by attempt"), default=[], scope=Scope.content)
    hint = String(display_name=_("Hint"), default="", scope=Scope.content)
    hints = AuthoredList(display_name=_("Hints"), default=[], scope=Scope.content)
    hint_cost = AuthoredInteger(display_name=_("Cost of a hint"), default=0, scope=Scope.settings)
    purpose = String(display_name=_("Purpose"), default="graded", scope=Scope.settings)
    attempts_allowed = AuthoredInteger(display_name=_("Attempts"), default=0, scope=Scope.settings)
    partial_credit = Boolean(display_name=_("Partial credit"), default=False, scope=Scope.settings)
    mastery = AuthoredInteger(display_name=_("Mastery"), default=100, scope=Scope.settings)
    attempt_policy = String(display_name=_("Which attempt counts"), default="best", scope=Scope.settings)
    average_over = AuthoredInteger(display_name=_("Attempts averaged"), default=3, scope=Scope.settings)
    reveal = String(display_name=_("Show the right answer"), default="course", scope=Scope.settings)

    draft = AnyField(default=None, scope=Scope.user_state, help=_("The answer as typed, not yet submitted."))
    attempts_used = Integer(default=0, scope=Scope.user_state, help=_("Marked attempts."))
    attempts_before = Integer(
        default=0, scope=Scope.user_state, help=_("Attempts on record from before this state began anew.")
    )
    passed = Boolean(default=False, scope=Scope.user_state, help=_("Whether the learner passed."))
    last = Dict(
        default={}, scope=Scope.user_state, help=_("The last marked attempt: attempt, answer, passed, score.")
    )
    scores = List(default=[], scope=Scope.user_state, help=_("Marks of the last attempts, oldest first."))
    hints_used = Integer(default=0, scope=Scope.user_state, help=_("Hints asked for."))
    answer_seen = Boolean(
        default=False, scope=Scope.user_state, help=_("Whether the learner asked for the right answer.")
    )


#: The author's fields, in the order of the form.
AUTHORED = tuple(
    name
    for name, value in vars(CheckFields).items()
    if getattr(value, "scope", None) in (Scope.content, Scope.settings)
)

"""What staff may ask of a learner's score in a unit: mark again, set, and give the unit to be done anew.

The platform calls these for a learner who is not there, with the block bound to that learner. They are no handlers:
nobody reaches them from a browser.
"""

from __future__ import annotations

from typing import Any

from xblock.scorable import ScorableXBlockMixin, Score

from . import bridge
from .guards import visitor_of
from .journey import Journey
from .marking import AnswerError, mark
from .parts import CHECK, course_key_of, visible
from .rendering import translator

__all__ = ["StaffScoring"]


class StaffScoring(ScorableXBlockMixin):
    """The unit's answers to instructors' tools: rescore, override, delete state."""

    def has_submitted_answer(self) -> bool:
        """Whether the unit has a score to work on: it was completed, or a check in it was answered."""
        return bool(self.published) or any(child.last for child in self._checks())

    def get_score(self) -> Score:
        """The points the unit has, from 0 to 1."""
        return Score(raw_earned=float(self.kept_score or 0.0), raw_possible=1.0)

    def set_score(self, score: Score) -> None:
        """Keep points that were given, as a share of what is possible."""
        possible = float(score.raw_possible or 0.0)
        share = float(score.raw_earned or 0.0) / possible if possible > 0 else 0.0
        self.kept_score = max(0.0, min(1.0, share))

    def calculate_score(self) -> Score:
        """The score that the learner's record amounts to; changes nothing."""
        progress = Journey(self, visitor_of(self)).progress()
        return Score(raw_earned=float(progress.score or 0.0), raw_possible=1.0)

    def publish_grade(self, score: Score | None = None, only_if_higher: bool | None = None) -> None:
        """Send the points to the gradebook: those kept, unless others are given."""
        self._publish_grade(score or self.get_score(), only_if_higher)

    def rescore(self, only_if_higher: bool) -> None:
        """Mark the learner's answers again by the key as it is now, and publish what comes of it.

        An answer that was wrong only because the key was wrong counts now; what was right stays right. Raises
        ``ValueError`` where there is nothing to mark, as the platform expects.
        """
        if not self.has_submitted_answer():
            raise ValueError(
                translator(self).gettext("This learner has not answered anything in this unit yet.")
            )
        journey = Journey(self, visitor_of(self))
        out_before = bool(self.published)
        for child in self._checks():
            score = _better_now(child)
            if score is not None:
                child.save()
                journey.record(str(child.scope_ids.usage_id), score)
        if not out_before:
            return  # incomplete still, or complete only now, and then the unit has published by itself
        score = self.calculate_score()
        if not only_if_higher or score.raw_earned > self.get_score().raw_earned:
            self.set_score(score)
        self.publish_grade(score, only_if_higher)

    def clear_student_state(self, *, user_id: str, course_id: str, item_id: str, **_given: Any) -> None:
        """Staff delete the learner's state: the app forgets the way through the unit too, not what was proven."""
        if bridge.available():
            bridge.reset_unit(user_id, course_id or course_key_of(self), item_id)

    def _checks(self) -> list[Any]:
        return [child for child in visible(self) if child.scope_ids.block_type == CHECK]


def _better_now(child: Any) -> float | None:
    """The score of the learner's last answer, if it passes now and did not before; the check then says so."""
    if child.passed or not child.last:
        return None
    try:
        marked = mark(child.question, child.last.get("answer"))
    except AnswerError:
        return None
    if not marked.passed:
        return None
    child.last = {**child.last, "passed": True, "score": marked.score}
    child.passed = True
    return float(marked.score)

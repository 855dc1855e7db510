"""One learner at one check: where they stand, what they may know, and what an answer of theirs does.

The number of attempts is exact. The block's own state is written without locks, so of two answers sent at the same
moment both would count as the first attempt; the app's record takes each attempt once, and whoever comes second is
answered what the first one's mark was. Without the app (a preview, a site without badges) the block's state is all
there is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from . import bridge, sentences
from .answers import Answer, is_keepable, read_answer
from .attempts import MOST_KEPT, Standing, standing, with_hints
from .disclosure import Disclosure, disclosure, is_past_due
from .guards import Visitor, visitor_of
from .journey import journey_of
from .marking import AnswerError, Mark, mark
from .parts import course_key_of
from .question_parts import token_of
from .questions import Question
from .rendering import translator

__all__ = ["MOST_ATTEMPTS", "Refused", "Sitting"]

#: Where an author counts no attempts, a script must not fill the record either.
MOST_ATTEMPTS = 1000
#: Answers that are sent twice arrive within this time of each other.
_AT_ONCE = timedelta(minutes=1)


class Refused(Exception):
    """The learner's wish is not done, and nothing has changed; ``str()`` says why, ``status`` is for HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Sitting:
    """A check block together with whoever is at it."""

    def __init__(self, block: Any, visitor: Visitor | None = None, question: Question | None = None) -> None:
        self.block = block
        self.visitor = visitor or visitor_of(block)
        self.question = question or block.question

    # Where the learner stands

    @property
    def seed(self) -> str:
        """Names this learner at this block: what is shuffled, is shuffled by it."""
        learner = self.visitor.user_id or self.block.scope_ids.user_id or ""
        return f"{self.block.scope_ids.usage_id}:{learner}"

    @property
    def key(self) -> str:
        """The check's usage key."""
        return str(self.block.scope_ids.usage_id)

    @property
    def scores(self) -> list[float]:
        """Marks of the attempts so far; of a state from before they were kept, the last one."""
        last = self.block.last
        return list(self.block.scores) or ([float(last.get("score", 0.0))] if last else [])

    @cached_property
    def counted(self) -> Standing:
        """What the attempts amount to. Attempts given on top are only asked for when the others are used up."""
        own = self._counted(0)
        if own.left == 0 and self.visitor.recorded and self.visitor.user_id is not None:
            extra = bridge.extra_attempts(self.visitor.user_id, self.key)
            return self._counted(extra) if extra else own
        return own

    def _counted(self, extra: int) -> Standing:
        question = self.question
        return standing(
            self.scores,
            mastery=question.mastery,
            policy=question.attempt_policy,
            over=question.average_over,
            allowed=question.attempts_allowed,
            extra=extra,
            used=self.block.attempts_used,
            passed_before=bool(self.block.passed),
            practice=question.practice,
        )

    @cached_property
    def told(self) -> Disclosure:
        """What the learner may know by now, as the course and the author want it."""
        block = self.block
        return disclosure(
            showanswer=getattr(block, "showanswer", None),
            show_correctness=getattr(block, "show_correctness", "always"),
            past_due=is_past_due(
                getattr(block, "due", None), getattr(block, "graceperiod", None), datetime.now(UTC)
            ),
            used=block.attempts_used,
            passed=self.counted.passed,
            closed=self.counted.closed,
            exhausted=self.counted.left == 0,
            asked=bool(block.answer_seen),
            hidden=self.question.answer_hidden,
            practice=self.question.practice,
        )

    @property
    def closed(self) -> bool:
        """Whether no further attempt is taken. Closing at the right answer would tell what may not be told yet."""
        if self.question.practice:
            return False
        if not self.told.correctness:
            return self.counted.left == 0
        return self.counted.closed or self.told.over or self.gave_up

    @property
    def gave_up(self) -> bool:
        """Whether the learner has seen the right answer, which ends a check that counts."""
        return bool(self.block.answer_seen) and not self.question.practice

    @property
    def score(self) -> float:
        """The score that counts, hints taken off."""
        return with_hints(self.counted.score, self.block.hints_used, self.question.hint_cost)

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints this learner asked for so far."""
        return self.question.hints[: self.block.hints_used]

    # What the learner does

    def save_draft(self, draft: Any) -> None:
        """Keeps what was typed or ticked so far."""
        gettext = translator(self.block).gettext
        if self.closed:
            raise Refused(self.closed_sentence(), 409)
        if not is_keepable(self.question, draft):
            raise Refused(gettext("This draft could not be kept: it is too long."), 400)
        self.block.draft = draft

    def submit(self, answer: Any, attempt: Any) -> bool:
        """Marks *answer* as attempt number *attempt*; True when that attempt had been made before."""
        block, gettext = self.block, translator(self.block).gettext
        if not isinstance(attempt, int) or isinstance(attempt, bool) or attempt < 1:
            raise Refused(gettext("“attempt” must be a whole number from 1."), 400)
        if attempt == block.attempts_used and block.last:
            return True
        if self.closed:
            raise Refused(self.closed_sentence(), 409)
        if attempt > MOST_ATTEMPTS:
            raise Refused(gettext("You have tried this very often. Ask your course team for help."), 409)
        if attempt != block.attempts_used + 1:
            raise Refused(gettext("You have answered this in another window. Reload the page."), 409)
        try:
            marked = mark(self.question, answer)
            readable = read_answer(self.question, answer)
        except AnswerError as error:
            sentence = sentences.answer_problem(translator(block), error.code, self.question.check_type)
            raise Refused(sentence, 400) from error
        repeated = False
        if self.visitor.recorded and self.visitor.user_id is not None:
            found = self._record(self.visitor.user_id, marked, attempt)
            repeated = found.repeated
            if repeated:
                kept = found.response
                readable = recorded_answer(self.question, kept.given) or readable
                marked = replace(marked, score=kept.score, passed=kept.passed)
        self._keep(attempt, readable, marked)
        return repeated

    def _record(self, learner_id: int, marked: Mark, attempt: int) -> Any:
        """The attempt in the app's record, which goes on counting when the block's state began anew.

        A refresher says so itself. When staff reset the state, the record alone knows of earlier attempts: what stands
        there under this number is then older than two answers that are sent at the same moment can be.
        """
        block, now = self.block, datetime.now(UTC)

        def record() -> Any:
            return bridge.record_response(
                learner_id,
                self.key,
                course_key_of(block),
                self.question,
                marked,
                attempt=block.attempts_before + attempt,
                hints=block.hints_used,
                now=now,
            )

        found = record()
        if found.repeated and now - found.at > _AT_ONCE:
            recorded = bridge.attempts_recorded(learner_id, self.key)
            block.attempts_before = recorded - block.attempts_used
            found = record()
        return found

    def _keep(self, attempt: int, answer: Answer, marked: Mark) -> None:
        block = self.block
        block.scores = [*self.scores, marked.score][-MOST_KEPT:]
        block.attempts_used = attempt
        block.last = {
            "attempt": attempt,
            "answer": answer,
            "passed": marked.passed,
            "score": marked.score,
        }
        self.forget()
        block.passed = self.counted.passed
        self.forget()
        block.draft = None
        # Saved before the unit is told: the mark must survive whatever happens further down the road.
        block.save()

    def forget(self) -> None:
        """Works out anew where the learner stands."""
        self.__dict__.pop("counted", None)
        self.__dict__.pop("told", None)

    def ask_hint(self, number: Any) -> None:
        """Shows hint *number* (from 1) if it is the next one; one that was shown before costs nothing again."""
        gettext = translator(self.block).gettext
        if self.closed:
            raise Refused(self.closed_sentence(), 409)
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise Refused(gettext("“hint” must be a whole number from 1."), 400)
        if number > len(self.question.hints):
            raise Refused(gettext("There is no further hint."), 409)
        if number > self.block.hints_used + 1:
            raise Refused(gettext("Hints are shown one after the other. Reload the page."), 409)
        self.block.hints_used = max(self.block.hints_used, number)

    def ask_answer(self) -> None:
        """Shows the right answer. In a check that counts, this was the last thing done in it."""
        if not (self.told.on_demand or self.told.answer):
            gettext = translator(self.block).gettext
            raise Refused(gettext("The right answer is not shown yet."), 403)
        if self.told.on_demand:
            self.block.answer_seen = True
            self.block.draft = None
            self.forget()

    def settle(self) -> dict[str, Any]:
        """Tells the unit what came of the attempt; its progress for the page. Telling it twice heals a lost call."""
        journey = journey_of(self.block, self.visitor)
        question = self.question
        done = self.counted.passed or (question.practice and self.block.attempts_used > 0)
        if journey is None:
            if (done or self.closed) and not self.visitor.preview:
                self.block.emit_completion(1.0)
            return {}
        try:
            if done:
                keep = "best" if question.attempt_policy == "best" else "latest"
                progress = journey.record(self.key, self.block.score_that_counts(), keep=keep)
            else:
                progress = journey.progress()
        except bridge.RefusalError as refusal:
            # The mark stands and is kept; the unit asks for it again when it is next opened.
            return {"notice": str(refusal)}
        # While correctness is hidden the page must not change under the learner's answer.
        return {"progress": journey.payload(progress)} if self.told.correctness else {}

    def closed_sentence(self) -> str:
        """Why no attempt is taken."""
        _ = translator(self.block).gettext
        if self.told.correctness and self.counted.passed and self.counted.closed:
            return str(_("You have already answered this correctly. Nothing was changed."))
        if self.gave_up:
            return str(
                _("You have seen the right answer, so no further attempt counts. Nothing was changed.")
            )
        if self.told.over:
            return str(_("The time for this question is over. Nothing was changed."))
        return str(_("You have used all attempts for this question. Nothing was changed."))


def recorded_answer(question: Question, given: tuple[tuple[str, str], ...]) -> Answer | None:
    """The answer that the record keeps as *given*, in the shape pages show; None when options are gone."""
    if question.check_type in ("single", "number", "text"):
        return given[0][1] if given else None
    if question.check_type in ("multiple", "attest"):
        return [identifier for _, identifier in given]
    if question.check_type == "order":
        tokens = {option.id: option.token for option in question.options}
        return [tokens[name] for _, name in given] if all(name in tokens for _, name in given) else None
    chosen = {gap.id for gap in question.gaps if gap.choices}
    return {
        part: token_of(text) if question.check_type == "match" or part in chosen else text
        for part, text in given
    }

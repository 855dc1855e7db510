"""The quick check: one question, marked at once, with feedback and a counted number of attempts.

The right answers never leave the server before the learner has given them: not in the page, not in a
handler's answer, not in the data for mobile apps.
"""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin, XBlockCompletionMode
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Any as AnyField
from xblock.fields import Boolean, Dict, Integer, Scope, String
from xblock.utils.studio_editable import XBlockWithPreviewMixin
from xblock.validation import Validation, ValidationMessage

from . import bridge, check_form, check_page, sentences
from .drafts import is_overtaken, overtaken, saved
from .fields import AuthoredInteger, AuthoredList, AuthoredNumber
from .guards import Visitor, require_learner, visitor_of
from .handlers import json_response, writing
from .journey import journey_of
from .marking import MAX_ANSWER_CHARACTERS, AnswerError, Mark, mark
from .questions import Question, read_question
from .rendering import translator
from .validation import check_problems

__all__ = ["CheckBlock"]


def _(text: str) -> str:
    """Marks a message for extraction; the field's label is translated where it is shown."""
    return text


@XBlock.needs("i18n")
@XBlock.wants("user", "studio_user_permissions")
class CheckBlock(XBlockWithPreviewMixin, CompletableXBlockMixin, XBlock):
    """One question. Its unit keeps the score: points here would be added to the unit's a second time."""

    public_dir = "static"
    has_score = False
    has_author_view = True
    has_custom_completion = True
    completion_mode = XBlockCompletionMode.COMPLETABLE
    icon_class = "problem"
    CATEGORY = "microcred_check"
    STUDIO_LABEL = _("Quick check")

    display_name = String(display_name=_("Title"), default=_("Quick check"), scope=Scope.settings)
    check_type = String(display_name=_("Type"), default="single", scope=Scope.content)
    prompt = String(display_name=_("Question"), default="", scope=Scope.content)
    image_url = String(display_name=_("Picture"), default="", scope=Scope.content)
    image_alt = String(display_name=_("Description of the picture"), default="", scope=Scope.content)
    options = AuthoredList(display_name=_("Options"), default=[], scope=Scope.content)
    number_answer = AuthoredNumber(display_name=_("Correct number"), default=None, scope=Scope.content)
    number_tolerance = AuthoredNumber(display_name=_("Tolerance"), default=0, scope=Scope.content)
    number_unit = String(display_name=_("Unit of measure"), default="", scope=Scope.content)
    text_answers = AuthoredList(display_name=_("Accepted answers"), default=[], scope=Scope.content)
    feedback_correct = String(display_name=_("Feedback when right"), default="", scope=Scope.content)
    feedback_incorrect = String(display_name=_("Feedback when wrong"), default="", scope=Scope.content)
    hint = String(display_name=_("Hint"), default="", scope=Scope.content)
    attempts_allowed = AuthoredInteger(display_name=_("Attempts"), default=0, scope=Scope.settings)

    draft = AnyField(default=None, scope=Scope.user_state, help=_("The answer as typed, not yet submitted."))
    attempts_used = Integer(default=0, scope=Scope.user_state, help=_("Marked attempts."))
    passed = Boolean(default=False, scope=Scope.user_state, help=_("Whether an attempt was right."))
    last = Dict(
        default={}, scope=Scope.user_state, help=_("The last marked attempt: attempt, answer, passed, score.")
    )

    @property
    def question(self) -> Question:
        """The question as it can be asked now."""
        return read_question(self.authored())

    def authored(self) -> dict[str, Any]:
        """The author's values by field name, unchecked."""
        return {name: getattr(self, name) for name in check_form.FIELDS}

    @property
    def closed(self) -> bool:
        """Whether no further attempt is taken."""
        if self.passed:
            return True
        allowed = self.question.attempts_allowed
        return bool(allowed and self.attempts_used >= allowed)

    @XBlock.supports("multi_device")
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The question with the learner's draft or result."""
        return check_page.check_fragment(self, visitor_of(self), context or {})

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The question to read, without a form."""
        return check_page.check_fragment(self, visitor_of(self), context or {})

    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The question as learners meet it, with the key and the author's problems beside it."""
        return check_page.check_fragment(self, visitor_of(self), context or {}, key=True)

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The form that writes the question."""
        return check_form.form_fragment(self)

    @writing
    def save_draft(self, data: dict[str, Any]) -> Any:
        """Keeps what the learner has typed or ticked so far: ``{answer, mark}``. Costs nothing, marks nothing.

        ``mark`` names the draft the page knew: where another window wrote since, 409 shows it (``drafts``).
        """
        require_learner(self)
        if self.closed:
            raise JsonHandlerError(409, self._closed_sentence())
        draft = self._readable_draft(data.get("answer"))
        if is_overtaken(self.draft, draft, data.get("mark")):
            shown = check_page.draft_text(self)
            return overtaken(self, self.draft, answer={"answer": self.draft}, shown=shown)
        self.draft = draft
        return saved(draft, data.get("mark"))

    @writing
    def submit(self, data: dict[str, Any]) -> Any:
        """Marks an answer: ``{answer, attempt}``, *attempt* being the number of this attempt, from 1.

        Sending the same attempt again (a double click, a retry on a bad line) answers what was recorded and
        uses nothing. A closed check answers 409 and changes nothing.
        """
        visitor = require_learner(self)
        attempt = data.get("attempt", self.attempts_used + 1)
        if not isinstance(attempt, int) or isinstance(attempt, bool) or attempt < 1:
            raise JsonHandlerError(400, translator(self).gettext("“attempt” must be a whole number from 1."))
        if attempt == self.attempts_used and self.last:
            return self._answer(visitor, repeated=True)
        if self.closed:
            return json_response({**self._state(), "error": self._closed_sentence()}, 409)
        if attempt != self.attempts_used + 1:
            message = translator(self).gettext("You have answered this in another window. Reload the page.")
            return json_response({**self._state(), "error": message}, 409)
        try:
            marked = mark(self.question, data.get("answer"))
        except AnswerError as error:
            sentence = sentences.answer_problem(translator(self), error.code, self.question.check_type)
            raise JsonHandlerError(400, sentence) from error
        self._keep(attempt, data.get("answer"), marked)
        return self._answer(visitor, repeated=False)

    def _keep(self, attempt: int, answer: Any, marked: Mark) -> None:
        kept = list(marked.chosen) if self.question.check_type == "multiple" else str(answer)
        self.attempts_used = attempt
        self.last = {"attempt": attempt, "answer": kept, "passed": marked.passed, "score": marked.score}
        self.passed = self.passed or marked.passed
        self.draft = None
        # Saved before the unit is told: the mark must survive whatever happens further down the road.
        self.save()

    def _answer(self, visitor: Visitor, *, repeated: bool) -> dict[str, Any]:
        """The result of the last attempt, told to the unit. Telling it twice is harmless and heals a lost call."""
        journey = journey_of(self, visitor)
        answer = {**self._state(), "repeated": repeated}
        if journey is None:
            if self.closed and not visitor.preview:
                self.emit_completion(1.0)
            return answer
        try:
            if self.passed:
                progress = journey.record(str(self.scope_ids.usage_id), float(self.last.get("score", 1.0)))
            else:
                progress = journey.progress()
        except bridge.RefusalError as refusal:
            # The mark stands and is kept; the unit asks for it again when it is next opened.
            return {**answer, "notice": str(refusal)}
        return {**answer, "progress": journey.payload(progress)}

    def _state(self) -> dict[str, Any]:
        question = self.question
        return {
            "passed": bool(self.passed),
            "closed": self.closed,
            "attempt": self.attempts_used,
            "attempts_allowed": question.attempts_allowed,
            "attempts": ""
            if self.passed
            else sentences.attempts(translator(self), question.attempts_allowed, self.attempts_used),
            "result_html": check_page.result_html(self),
        }

    def _closed_sentence(self) -> str:
        gettext = translator(self).gettext
        if self.passed:
            return str(gettext("You have already answered this correctly. Nothing was changed."))
        return str(gettext("You have used all attempts for this question. Nothing was changed."))

    def _readable_draft(self, answer: Any) -> Any:
        """A draft in a shape this check could have sent; anything else is 400. Options are checked on marking."""
        texts = answer if isinstance(answer, list) else [answer]
        fits = all(isinstance(text, str) and len(text) <= MAX_ANSWER_CHARACTERS for text in texts)
        if not fits or len(texts) > 100:
            raise JsonHandlerError(
                400, translator(self).gettext("This draft could not be kept: it is too long.")
            )
        return answer

    @writing
    def studio_submit(self, data: dict[str, Any]) -> Any:
        """Saves the form, or answers 400 with ``{errors: {field: message}}`` and changes nothing."""
        return check_form.save_form(self, data)

    def own_problems(self) -> list[str]:
        """What an author should mend, as sentences."""
        return [problem.message for problem in check_problems(self.authored(), translator(self).gettext)]

    def validate(self) -> Validation:
        """What an author should mend, for Studio's message box."""
        validation = super().validate()
        for text in self.own_problems():
            validation.add(ValidationMessage(ValidationMessage.ERROR, text))
        return validation

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The question for mobile apps: without answers, feedback or anything about a learner."""
        question = self.question
        return {
            "display_name": self.display_name,
            "check_type": question.check_type,
            "prompt": question.prompt,
            "image_url": question.image_url,
            "image_alt": question.image_alt,
            "options": [{"id": option.id, "text": option.text} for option in question.options],
            "number_unit": question.number_unit,
            "attempts_allowed": question.attempts_allowed,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """What course search may find; never the answers."""
        return {
            "content": {"display_name": str(self.display_name or ""), "prompt": self.question.prompt},
            "content_type": "Quick check",
        }

    @classmethod
    def workbench_scenarios(cls) -> list[tuple[str, str]]:
        """Checks to try in a workbench."""
        return [
            (
                "Quick check: a number",
                """<microcred_check display_name="Pressure" check_type="number" number_answer="3.5"
                     number_tolerance="0.2" number_unit="bar" prompt="Which pressure does this tyre want?"/>""",
            )
        ]

"""The quick check: one question, marked at once, with feedback and a counted number of attempts.

The right answers never leave the server before the learner may know them: not in the page, not in a
handler's answer, not in the data for mobile apps.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.completable import CompletableXBlockMixin, XBlockCompletionMode
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.utils.studio_editable import XBlockWithPreviewMixin
from xblock.validation import Validation, ValidationMessage

from . import bridge, check_data, check_form, check_page, check_posts
from .check_fields import AUTHORED, CheckFields
from .check_sitting import Refused, Sitting
from .check_validation import check_problems
from .drafts import is_overtaken, overtaken, saved
from .guards import acting_user_id, require_learner, visitor_of
from .handlers import answered, json_response, writing
from .parts import course_key_of
from .question_words import question_words
from .questions import Question, read_question
from .rendering import translator

__all__ = ["CheckBlock"]


def _(text: str) -> str:
    """Marks a message for extraction; the field's label is translated where it is shown."""
    return text


@XBlock.needs("i18n")
@XBlock.wants("user", "studio_user_permissions", "replace_urls")
class CheckBlock(CheckFields, XBlockWithPreviewMixin, CompletableXBlockMixin, XBlock):
    """One question. Its unit keeps the score: points here would be added to the unit's a second time."""

    public_dir = "static"
    has_score = False
    has_author_view = True
    has_custom_completion = True
    completion_mode = XBlockCompletionMode.COMPLETABLE
    icon_class = "problem"
    CATEGORY = "microcred_check"
    STUDIO_LABEL = _("Quick check")

    @property
    def question(self) -> Question:
        """The question as it can be asked now."""
        return read_question(self.authored())

    def question_words(self) -> dict[str, Any]:
        """What the check asks, for figures about its answers. It holds the key: for the course's team only."""
        return question_words(self.question)

    def authored(self) -> dict[str, Any]:
        """The author's values by field name, unchecked."""
        return {name: getattr(self, name) for name in AUTHORED}

    @property
    def closed(self) -> bool:
        """Whether no further attempt is taken."""
        return Sitting(self).closed

    def score_that_counts(self) -> float:
        """The score this learner's attempts amount to, for whoever records it; practice is always worth 1."""
        sitting = Sitting(self)
        return 1.0 if sitting.question.practice else sitting.score

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

    # Handlers of the learner's page. ``submit`` also takes the page's form as a browser sends it without a script.

    @writing
    def save_draft(self, data: dict[str, Any]) -> Any:
        """Keeps what the learner has typed or ticked so far: ``{answer, mark}``. Costs nothing, marks nothing.

        ``mark`` names the draft the page knew: where another window wrote since, 409 shows it (``drafts``).
        """
        sitting = self._sitting()
        answer = data.get("answer")
        if not sitting.closed and is_overtaken(self.draft, answer, data.get("mark")):
            shown = check_page.draft_text(sitting)
            return overtaken(self, self.draft, answer={"answer": self.draft}, shown=shown)
        try:
            sitting.save_draft(answer)
        except Refused as refused:
            raise JsonHandlerError(refused.status, str(refused)) from refused
        return saved(self.draft, data.get("mark"))

    @XBlock.handler
    def submit(self, request: Any, suffix: str = "") -> Response:
        """Marks an answer: ``{answer, attempt}``, *attempt* being the number of this attempt, from 1.

        Sending the same attempt again (a double click, a retry on a bad line) answers what was recorded and
        uses nothing. A closed check answers 409 and changes nothing.
        """
        if check_posts.is_form(request):
            return check_posts.answer_form(self, request)
        return answered(self, lambda: self.mark_attempt(check_posts.read_json(self, request)))

    def mark_attempt(self, data: dict[str, Any]) -> Any:
        """What ``submit`` does with its data."""
        sitting = self._sitting()
        try:
            repeated = sitting.submit(data.get("answer"), data.get("attempt", self.attempts_used + 1))
        except Refused as refused:
            return self._refused(sitting, refused)
        return {**check_page.state(sitting), "repeated": repeated, **sitting.settle()}

    @writing
    def show_hint(self, data: dict[str, Any]) -> Any:
        """Shows the next hint: ``{hint}``, its number from 1."""
        sitting = self._sitting()
        try:
            sitting.ask_hint(data.get("hint"))
        except Refused as refused:
            return self._refused(sitting, refused)
        return check_page.state(sitting)

    @writing
    def show_answer(self, data: dict[str, Any]) -> Any:
        """Shows the right answer, where the course lets learners see it; no attempt counts after that."""
        sitting = self._sitting()
        try:
            sitting.ask_answer()
        except Refused as refused:
            return self._refused(sitting, refused)
        return check_page.state(sitting)

    @writing
    def give_attempt(self, data: dict[str, Any]) -> dict[str, Any]:
        """One more attempt for the learner through whose eyes course staff are looking. The app asks who may."""
        visitor = visitor_of(self)
        gettext = translator(self).gettext
        if not visitor.masquerading or not bridge.available() or visitor.user_id is None:
            raise JsonHandlerError(
                403, gettext("Attempts are given by course staff who view the course as the learner.")
            )
        bridge.give_attempts(
            visitor.user_id,
            str(self.scope_ids.usage_id),
            course_key_of(self),
            attempts=1,
            acting_user_id=acting_user_id(visitor.user_id),
            now=datetime.now(UTC),
        )
        return check_page.state(Sitting(self, visitor))

    @XBlock.handler
    def student_view_user_state(self, request: Any, suffix: str = "") -> Response:
        """Where this learner stands, for mobile apps that draw the question themselves."""
        visitor = visitor_of(self)
        if not visitor.signed_in:
            return json_response({"error": translator(self).gettext("Sign in to answer.")}, 403)
        return json_response(check_data.user_state(Sitting(self, visitor)))

    def _sitting(self) -> Sitting:
        return Sitting(self, require_learner(self))

    @staticmethod
    def _refused(sitting: Sitting, refused: Refused) -> Response:
        """The refusal as JSON; where it says how things stand, with the page's state."""
        if refused.status != 409:
            raise JsonHandlerError(refused.status, str(refused)) from refused
        return json_response({**check_page.state(sitting), "error": str(refused)}, 409)

    # Handlers of Studio

    @writing
    def studio_submit(self, data: dict[str, Any]) -> Any:
        """Saves the form, or answers 400 with ``{errors: {field: message}}`` and changes nothing."""
        return check_form.save_form(self, data)

    @writing
    def studio_look(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is wrong with a form that is being written, how learners would see it, how a trial is marked."""
        return check_form.look(self, data)

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
        return check_data.view_data(self.question, str(self.display_name or ""))

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

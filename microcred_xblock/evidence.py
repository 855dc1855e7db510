"""Evidence: what a learner hands in to show the outcome, judged by a rubric they saw before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO

from web_fragments.fragment import Fragment
from webob import Response
from xblock.completable import CompletableXBlockMixin, XBlockCompletionMode
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Scope, String
from xblock.utils.studio_editable import XBlockWithPreviewMixin
from xblock.validation import Validation, ValidationMessage

from . import bridge, evidence_form, evidence_page, evidence_post, sentences
from .drafts import is_overtaken, overtaken, saved
from .evidence_page import draft_words
from .evidence_task import HandIn, clean_file_name, read_hand_in
from .fields import AuthoredDict, AuthoredInteger, AuthoredList, AuthoredNumber
from .guards import require_learner, visitor_of
from .handlers import reading, text_of, writing
from .journey import Journey, journey_of
from .payload import submission_payload
from .rendering import translator
from .validation import evidence_problems

__all__ = ["EvidenceBlock"]

MOST_TEXT = 50_000
MOST_LINK = 2_000


def _(text: str) -> str:
    """Marks a message for extraction; the field's label is translated where it is shown."""
    return text


@XBlock.needs("i18n")
@XBlock.wants("user", "studio_user_permissions")
class EvidenceBlock(XBlockWithPreviewMixin, CompletableXBlockMixin, XBlock):
    """A place to hand in. Nothing a learner hands in is kept in the block: files and texts go to the app."""

    public_dir = "static"
    has_score = False
    has_author_view = True
    has_custom_completion = True
    completion_mode = XBlockCompletionMode.COMPLETABLE
    icon_class = "problem"
    CATEGORY = "microcred_evidence"
    STUDIO_LABEL = _("Evidence")

    display_name = String(display_name=_("Title"), default=_("Show what you can do"), scope=Scope.settings)
    instructions = String(display_name=_("Instructions"), default="", scope=Scope.content)
    accept = AuthoredList(
        display_name=_("Files accepted"), default=["image", "pdf", "text"], scope=Scope.content
    )
    max_files = AuthoredInteger(display_name=_("Number of files"), default=3, scope=Scope.settings)
    max_megabytes = AuthoredNumber(display_name=_("Megabytes per file"), default=4, scope=Scope.settings)
    allow_text = Boolean(display_name=_("A text is accepted"), default=True, scope=Scope.settings)
    allow_link = Boolean(display_name=_("A link is accepted"), default=True, scope=Scope.settings)
    review_mode = String(display_name=_("Who accepts"), default="staff", scope=Scope.settings)
    rubric = AuthoredDict(display_name=_("Rubric"), default={}, scope=Scope.content)
    needs = String(display_name=_("What is needed"), default="any", scope=Scope.settings)
    record = AuthoredList(display_name=_("Recorded on the page"), default=[], scope=Scope.settings)
    clean_pictures = Boolean(
        display_name=_("Pictures lose place and device"), default=True, scope=Scope.settings
    )
    attempts_allowed = AuthoredInteger(display_name=_("Attempts"), default=0, scope=Scope.settings)
    resubmit_days = AuthoredInteger(display_name=_("Days to hand in again"), default=0, scope=Scope.settings)
    late_work = String(display_name=_("Late work"), default="mark", scope=Scope.settings)
    second_marker_percent = AuthoredInteger(
        display_name=_("Judged twice, in percent"), default=0, scope=Scope.settings
    )

    @property
    def task(self) -> HandIn:
        """The rules of this hand-in as they can be followed now."""
        # A bound block carries its date with personal extensions; children inherit it from their subsection.
        return read_hand_in(
            self.authored(),
            platform_limit=bridge.evidence_limit() if bridge.available() else None,
            due=getattr(self, "due", None),
            grace=getattr(self, "graceperiod", None),
        )

    def authored(self) -> dict[str, Any]:
        """The author's values by field name, unchecked."""
        return {name: getattr(self, name) for name in evidence_form.FIELDS}

    @XBlock.supports("multi_device")
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The task, its rubric, and where this learner's work stands."""
        return evidence_page.evidence_fragment(self, visitor_of(self), context or {})

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The task and its rubric, without a form."""
        return evidence_page.evidence_fragment(self, visitor_of(self), context or {})

    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The task as learners meet it, with the author's problems beside it."""
        return evidence_page.evidence_fragment(self, visitor_of(self), context or {})

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The form that sets the task."""
        return evidence_form.form_fragment(self)

    # Handlers of the learner's page. Each answers the submission, and the panel as it looks now.

    @reading
    def upload(self, request: Any) -> dict[str, Any]:
        """Adds one file (multipart field ``file``) to the draft."""
        gettext = translator(self).gettext
        if request.method != "POST":
            raise JsonHandlerError(405, gettext("Send this request with POST."))
        self._journey()  # who may not hand in hears that first
        sent = request.params.get("file")
        # A field that is no file arrives as text; a file object must not be asked for its truth value.
        if sent is None or isinstance(sent, (str, bytes)) or not getattr(sent, "filename", ""):
            raise JsonHandlerError(400, gettext("Choose a file first."))
        return self._panel(*self.add_one(clean_file_name(sent.filename), sent.file))

    def add_one(self, filename: str, content: BinaryIO) -> tuple[Journey, Any]:
        """One file that came whole, into the draft."""
        journey = self._journey()
        submission = bridge.add_evidence_file(
            journey.learner_id,
            journey.unit,
            self._key,
            self.task,
            filename=filename,
            content=content,
            now=datetime.now(UTC),
        )
        return journey, submission

    @writing
    def upload_grant(self, data: dict[str, Any]) -> dict[str, Any]:
        """Permission to send one file in pieces to the app's own address, by the tus protocol."""
        journey = self._journey()
        grant = bridge.upload_grant(journey.learner_id, journey.unit, self._key, self.task)
        return {"url": grant.url, "grant": grant.grant, "chunk_bytes": grant.chunk_bytes}

    @writing
    def uploaded(self, data: dict[str, Any]) -> dict[str, Any]:
        """Takes a file that has arrived in pieces into the draft: ``{upload_id}``. Asked twice it happens once."""
        journey = self._journey()
        upload_id = text_of(self, data, "upload_id", most=100)
        return self._panel(
            journey, bridge.finish_upload(journey.learner_id, upload_id, now=datetime.now(UTC))
        )

    @writing
    def drop_upload(self, data: dict[str, Any]) -> dict[str, Any]:
        """Gives up an upload that did not finish: ``{upload_id}``."""
        journey = self._journey()
        bridge.end_upload(
            journey.learner_id, text_of(self, data, "upload_id", most=100), now=datetime.now(UTC)
        )
        return self._panel(journey, bridge.current_submission(journey.learner_id, self._key))

    @reading
    def post(self, request: Any) -> Response:
        """The whole panel as one plain form, for browsers without our scripts; answers a page or the way back."""
        return evidence_post.receive(self, request)

    @writing
    def remove_file(self, data: dict[str, Any]) -> dict[str, Any]:
        """Takes a file out of the draft: ``{file_id}``."""
        return self._panel(*self.remove_one(text_of(self, data, "file_id", most=100)))

    def remove_one(self, file_id: str) -> tuple[Journey, Any]:
        """One file out of the draft."""
        journey = self._journey()
        return journey, bridge.remove_evidence_file(journey.learner_id, self._key, file_id)

    @writing
    def save_draft(self, data: dict[str, Any]) -> Any:
        """Keeps text and link as they are typed: ``{text, link, mark}``. Answers no panel: nobody is interrupted.

        ``mark`` names the draft the page knew: where another window wrote since, 409 shows it (``drafts``).
        """
        journey = self._journey()
        stored = draft_words(bridge.current_submission(journey.learner_id, self._key))
        if is_overtaken(stored, {name: data.get(name) for name in stored}, data.get("mark")):
            return overtaken(self, stored, answer=stored, shown="\n".join(filter(None, stored.values())))
        kept = draft_words(self._save_text(journey, data))
        return saved(kept, data.get("mark"))

    def keep_words(self, data: dict[str, Any]) -> None:
        """Text and link of the draft."""
        self._save_text(self._journey(), data)

    @writing
    def hand_in(self, data: dict[str, Any]) -> dict[str, Any]:
        """Hands the draft in, with text and link as they are on the page: ``{text, link}``."""
        if "text" in data or "link" in data:
            self.keep_words(data)
        journey, submission, progress = self.hand_over(datetime.now(UTC))
        return {**self._panel(journey, submission), "progress": journey.payload(progress)}

    def hand_over(self, now: datetime) -> tuple[Journey, Any, Any]:
        """The draft as it is, to whoever judges it, with everything that follows."""
        journey = self._journey()
        submission, progress = bridge.hand_in(journey.learner_id, journey.unit, self._key, self.task, now=now)
        journey.settle(progress)
        return journey, submission, progress

    @writing
    def status(self, data: dict[str, Any]) -> dict[str, Any]:
        """Where the work stands now; asked again while it is in review."""
        journey = self._journey()
        return self._panel(journey, bridge.current_submission(journey.learner_id, self._key))

    @property
    def _key(self) -> str:
        return str(self.scope_ids.usage_id)

    def _journey(self) -> Journey:
        """The learner's journey through the unit around this block; refuses where nothing could be kept."""
        visitor = require_learner(self)
        journey = journey_of(self, visitor)
        if visitor.preview:
            raise JsonHandlerError(
                403,
                translator(self).gettext(
                    "This is a preview. Learners hand in here once the unit is published."
                ),
            )
        if journey is None or not journey.recorded:
            raise JsonHandlerError(409, evidence_page.why_not(self, journey))
        journey.require_part(self._key)
        return journey

    def _save_text(self, journey: Journey, data: dict[str, Any]) -> Any:
        return bridge.save_evidence_text(
            journey.learner_id,
            journey.unit,
            self._key,
            self.task,
            text=text_of(self, data, "text", most=MOST_TEXT),
            link=text_of(self, data, "link", most=MOST_LINK).strip(),
            now=datetime.now(UTC),
        )

    def _panel(self, journey: Journey, submission: Any | None) -> dict[str, Any]:
        return {
            "submission": submission_payload(submission),
            "html": evidence_page.panel_html(self, evidence_page.desk_of(self, journey)),
        }

    @writing
    def studio_submit(self, data: dict[str, Any]) -> Any:
        """Saves the form, or answers 400 with ``{errors: {field: message}}`` and changes nothing."""
        return evidence_form.save_form(self, data)

    @writing
    def save_rubric(self, data: dict[str, Any]) -> dict[str, Any]:
        """Saves the form's rubric for other units: ``{title, rubric}``."""
        return evidence_form.save_rubric(self, data, actor_id=visitor_of(self).user_id)

    def own_problems(self) -> list[str]:
        """What an author should mend, as sentences."""
        return [problem.message for problem in evidence_problems(self.authored(), translator(self).gettext)]

    def size_advice(self) -> str:
        """Said when the site takes less per file than the author allows; empty otherwise."""
        i18n = translator(self)
        task = self.task
        if read_hand_in(self.authored()).max_bytes <= task.max_bytes:
            return ""
        message = i18n.gettext("This site takes at most {size} per file, so that is what learners are told.")
        return str(message.format(size=sentences.size(i18n, task.max_bytes)))

    def validate(self) -> Validation:
        """What an author should mend or know, for Studio's message box."""
        validation = super().validate()
        for text in self.own_problems():
            validation.add(ValidationMessage(ValidationMessage.ERROR, text))
        if self.size_advice():
            validation.add(ValidationMessage(ValidationMessage.WARNING, self.size_advice()))
        return validation

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The task for mobile apps, without anything about a learner."""
        task = self.task
        return {
            "display_name": self.display_name,
            "instructions": task.instructions,
            "accept": list(task.accept),
            "max_files": task.max_files,
            "max_bytes": task.max_bytes,
            "allow_text": task.allow_text,
            "allow_link": task.allow_link,
            "needs": task.needs,
            "record": list(task.record),
            "attempts_allowed": task.attempts,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """What course search may find."""
        return {
            "content": {"display_name": str(self.display_name or ""), "instructions": self.task.instructions},
            "content_type": "Evidence",
        }

    @classmethod
    def workbench_scenarios(cls) -> list[tuple[str, str]]:
        """A task to try in a workbench."""
        return [
            (
                "Evidence",
                """<microcred_evidence display_name="Your repair" review_mode="auto"
                     instructions="Take a photo of the patched tube."/>""",
            )
        ]

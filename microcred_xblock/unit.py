"""The micro-unit: a container that proves one outcome in a few minutes and shows what comes of it."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin, XBlockCompletionMode
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Dict, Float, Scope, String
from xblock.utils.studio_editable import NestedXBlockSpec, StudioContainerWithNestedXBlocksMixin
from xblock.validation import Validation, ValidationMessage

from . import (
    bridge,
    catalogue,
    refresher,
    unit_container,
    unit_desk,
    unit_form,
    unit_onward,
    unit_page,
    unit_post,
)
from .check import CheckBlock
from .evidence import EvidenceBlock
from .fields import AuthoredDict, AuthoredInteger, AuthoredNumber
from .guards import require_learner, visitor_of
from .handlers import json_response, read_object, reading, text_of, writing
from .journey import Journey
from .rendering import translator
from .scoring import StaffScoring
from .validation import unit_problems

__all__ = ["UnitBlock"]


def _(text: str) -> str:
    """Marks a message for extraction; the field's label is translated where it is shown."""
    return text


@XBlock.needs("i18n")
@XBlock.wants("user", "completion", "mako", "studio_user_permissions", "replace_urls")
class UnitBlock(StaffScoring, StudioContainerWithNestedXBlocksMixin, CompletableXBlockMixin, XBlock):
    """One outcome, a few steps, one score: whatever its parts are, the platform counts the unit once."""

    public_dir = "static"
    has_children = True
    has_score = True
    has_author_view = True
    has_custom_completion = True
    # Not an aggregator: a part may be finished without the platform's completion knowing (reviewed work).
    completion_mode = XBlockCompletionMode.COMPLETABLE
    icon_class = "problem"
    CATEGORY = "microcred_unit"
    STUDIO_LABEL = _("Micro-unit")

    display_name = String(display_name=_("Title"), default=_("Micro-unit"), scope=Scope.settings)
    outcome_key = String(display_name=_("Outcome"), default="", scope=Scope.settings)
    # The words go with the unit: a site that does not know the key can still say what the unit proves.
    outcome_statement = String(display_name=_("Words of the outcome"), default="", scope=Scope.settings)
    waivers = AuthoredDict(
        display_name=_("Videos without transcript, and why"), default={}, scope=Scope.settings
    )
    estimated_minutes = AuthoredInteger(display_name=_("Minutes"), default=5, scope=Scope.settings)
    layout = String(display_name=_("Layout"), default="steps", scope=Scope.settings)
    weight = AuthoredNumber(display_name=_("Weight"), default=1.0, scope=Scope.settings)

    resume_at = String(default="", scope=Scope.user_state, help=_("Usage key of the step the learner is at."))
    started = Boolean(default=False, scope=Scope.user_state, help=_("Whether the learner did anything here."))
    published = Boolean(
        default=False, scope=Scope.user_state, help=_("Whether completion and grade went out.")
    )
    kept_score = Float(default=None, scope=Scope.user_state, help=_("Points, from 0 to 1, that went out."))
    refresher = Dict(
        default={},
        scope=Scope.user_state,
        help=_("A refresher under way: what is done, and what it set aside."),
    )
    own_scores = Dict(default={}, scope=Scope.user_state, help=_("Scores by part, where no app keeps them."))

    @property
    def allowed_nested_blocks(self) -> list[Any]:
        """What Studio offers to add; any other block pasted here works as content too."""
        i18n = translator(self)
        return [
            NestedXBlockSpec(None, category="html", label=i18n.gettext("Text")),
            NestedXBlockSpec(None, category="video", label=i18n.gettext("Video")),
            NestedXBlockSpec(CheckBlock, label=i18n.gettext("Quick check")),
            NestedXBlockSpec(EvidenceBlock, label=i18n.gettext("Evidence")),
            NestedXBlockSpec(None, category="problem", label=i18n.gettext("Problem")),
        ]

    def max_score(self) -> float:
        """Always 1: ``weight`` scales it. Asked while a course is collected, when there is no user."""
        return 1.0

    @XBlock.supports("multi_device")
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The unit for whoever looks at it; nothing is recorded by looking except finished content."""
        visitor = visitor_of(self)
        if not visitor.signed_in:
            return self.public_view(context)
        return unit_page.unit_fragment(self, Journey(self, visitor), context or {})

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What the unit is about, for people who are not signed in: no forms, no answers, no children."""
        return unit_page.intro_fragment(self)

    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Studio: the container's own page when it is the page's root, a preview anywhere else."""
        context = context or {}
        root = context.get("root_xblock")
        # Compared by usage id: ``location`` exists only on the platform's own blocks.
        if root is not None and root.scope_ids.usage_id == self.scope_ids.usage_id:
            return self.author_edit_view(context)
        return self.author_preview_view(context)

    def author_preview_view(self, context: dict[str, Any]) -> Fragment:
        """Studio's preview: the unit as a learner meets it, with the author's problems on top."""
        return unit_page.unit_fragment(self, Journey(self, visitor_of(self)), context)

    def author_edit_view(self, context: dict[str, Any]) -> Fragment:
        """The container page: children to arrange and a strip to add more."""
        if self.runtime.service(self, "mako") is None:
            return unit_container.plain_container(self, context)
        return unit_container.add_strip(self, super().author_edit_view(context))

    def render_step(self, child: Any, context: dict[str, Any], *, preview: bool) -> Fragment:
        """One child as part of the unit's page; previews go without Studio's own header around each."""
        if preview and hasattr(child, "preview_view"):
            return child.render("preview_view", context)
        if preview and child.scope_ids.block_type == "html" and isinstance(getattr(child, "data", None), str):
            # The platform's text has no preview view, and its student view would come with Studio's header.
            return Fragment(child.data)
        return child.render("student_view", context)

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The form that sets up the unit."""
        return unit_form.form_fragment(self)

    # Handlers of the learner's page

    @writing
    def progress(self, data: dict[str, Any]) -> dict[str, Any]:
        """How the learner stands now; asked again while something is in review."""
        visitor = visitor_of(self)
        journey = Journey(self, visitor)
        if not visitor.writes:
            return journey.payload(journey.progress())
        require_learner(self)
        return journey.payload(journey.record_content())

    @writing
    def go_to(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps the step the learner is at, and counts content they moved past: ``{to, seen: [...]}``."""
        journey = Journey(self, require_learner(self))
        to = text_of(self, data, "to", most=500)
        seen = data.get("seen", [])
        if not isinstance(seen, list) or not all(isinstance(key, str) for key in seen):
            raise JsonHandlerError(400, translator(self).gettext("“seen” must be a list of parts."))
        known = {str(child.scope_ids.usage_id) for child in journey.children}
        if to and to not in known:
            journey.require_part(to)
        for key in seen:
            journey.require_part(key)
        self.resume_at = to or self.resume_at
        self.started = True
        progress = journey.record_content(seen)
        if to:
            part = journey.unit.part(to)
            journey.note_step(to)
            journey.tell("step.opened", step=to, kind=part.kind if part else "")
        return journey.payload(progress)

    @reading
    def seen(self, request: Any) -> Any:
        """A part was worked through: a plain form, for browsers without our scripts."""
        return unit_post.receive(self, request)

    def mark_seen(self, usage_key: str) -> None:
        """Counts one part of content for the learner; 404 for what is no part of what they see."""
        journey = Journey(self, require_learner(self))
        journey.require_part(usage_key)
        self.started = True
        journey.record_content([usage_key])

    @writing
    def onward(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the unit counts towards by now, and where to go next: pieces of the page."""
        journey = Journey(self, require_learner(self))
        return unit_onward.pieces(self, journey, journey.progress())

    @writing
    def refresh(self, data: dict[str, Any]) -> dict[str, Any]:
        """Begins a refresher of a completed unit: ``{to}`` is the check to begin with. Grade and badge stay."""
        journey = Journey(self, require_learner(self))
        if not refresher.is_on(self):
            if not refresher.is_offered(
                self, journey.children, journey.progress(), recorded=journey.recorded
            ):
                raise JsonHandlerError(
                    409,
                    translator(self).gettext(
                        "There is nothing to refresh here yet. Finish the unit first, or reload the page."
                    ),
                )
            self.resume_at = refresher.begin(self, journey.children)
            journey.tell("refresher.started", outcome=journey.unit.outcome_key)
        return {"to": self.resume_at}

    @writing
    def stop_refreshing(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ends a refresher early: what was not passed again shows what it showed before."""
        journey = Journey(self, require_learner(self))
        if refresher.is_on(self):
            refresher.stop(self, journey.children, restore=True)
            journey.tell("refresher.stopped", outcome=journey.unit.outcome_key)
        return {"stopped": True}

    @reading
    def student_view_user_state(self, request: Any) -> Any:
        """For mobile apps: how this learner stands, as ``progress`` answers it, and where to go on. Writes nothing."""
        if request.method == "POST":
            read_object(self, request)  # there is nothing to say, and what cannot be read is refused
        visitor = visitor_of(self)
        if not visitor.signed_in:
            raise JsonHandlerError(403, translator(self).gettext("Sign in to see how far you are."))
        journey = Journey(self, visitor)
        progress = journey.progress()
        return json_response({**journey.payload(progress), "resume_at": self.resume_at})

    # Handlers of Studio

    @writing
    def studio_submit(self, data: dict[str, Any]) -> Any:
        """Saves the form, or answers 400 with ``{errors: {field: message}}`` and changes nothing."""
        return unit_form.save_form(self, data)

    @writing
    def statement_advice(self, data: dict[str, Any]) -> dict[str, str]:
        """Advice on an outcome being written: ``{statement}`` → ``{advice}``."""
        return unit_form.advice(self, data)

    @writing
    def find_outcomes(self, data: dict[str, Any]) -> dict[str, Any]:
        """Outcomes with these words, at most twenty: ``{text}`` → ``{outcomes: [...]}``."""
        return unit_desk.find_outcomes(self, data)

    @writing
    def find_skills(self, data: dict[str, Any]) -> dict[str, Any]:
        """Skills with these words, at most twenty: ``{text}`` → ``{skills: [...]}``."""
        return unit_desk.find_skills(self, data)

    @writing
    def adopt_outcome(self, data: dict[str, Any]) -> dict[str, Any]:
        """Writes this unit's unknown outcome on this site, under the key and with the words it came with."""
        return unit_desk.adopt_outcome(self, data)

    @writing
    def guide(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the form as it stands still needs, and how learners would see it: ``{form, preview}``. Saves nothing."""
        return unit_desk.guide_form(self, data)

    @writing
    def save_form_draft(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps the unsaved form for this author: ``{form, base}``."""
        return unit_desk.keep_draft(self, data)

    @writing
    def drop_form_draft(self, data: dict[str, Any]) -> dict[str, Any]:
        """Forgets the unsaved form of this author."""
        return unit_desk.drop_draft(self)

    @writing
    def arrange(self, data: dict[str, Any]) -> dict[str, Any]:
        """Moves or removes a child on a container page without the platform's own controls."""
        return unit_container.arrange(self, data)

    @writing
    def add_part(self, data: dict[str, Any]) -> dict[str, Any]:
        """Adds a child where the runtime can: ``{category}``."""
        return unit_container.add_part(self, data)

    # What the platform asks

    def validate(self) -> Validation:
        """What an author should mend, for Studio's message box."""
        validation = super().validate()
        own = self.own_problems()
        for text in unit_page.author_problems(self):
            kind = ValidationMessage.ERROR if text in own else ValidationMessage.WARNING
            validation.add(ValidationMessage(kind, text))
        return validation

    def own_problems(self) -> list[str]:
        """Problems of the unit's own fields, as sentences."""
        values = {name: getattr(self, name) for name in unit_form.FIELDS}
        return [problem.message for problem in unit_problems(values, translator(self).gettext)]

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """Facts for mobile apps. Cached for everybody: nothing about a learner."""
        return {
            "display_name": self.display_name,
            "outcome_key": self.outcome_key,
            "estimated_minutes": self.estimated_minutes,
            "layout": self.layout,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """What course search may find."""
        outcome = catalogue.get_outcome(self.outcome_key) if bridge.available() else None
        return {
            "content": {
                "display_name": str(self.display_name or ""),
                "outcome": str(outcome.statement) if outcome else "",
            },
            "content_type": "Micro-unit",
        }

    @classmethod
    def workbench_scenarios(cls) -> list[tuple[str, str]]:
        """A unit to try in a workbench."""
        return [
            (
                "Micro-unit",
                """<microcred_unit display_name="Read a tyre" estimated_minutes="3">
                     <microcred_check display_name="Where is the size?" prompt="Where is the tyre size written?"
                       options='[{"id": "a", "text": "On the sidewall", "correct": true},
                                 {"id": "b", "text": "On the rim"}]'/>
                   </microcred_unit>""",
            )
        ]

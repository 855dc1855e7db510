"""Stand-ins for what surrounds the blocks: a runtime in memory, its services, and the companion app's facade.

The facade keeps the promises of docs/plan.rst and nothing else; the real one is walked by the end-to-end tests.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData, NullI18nService
from xblock.test.tools import TestRuntime

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ANA = 7


class TextBlock(XBlock):
    """A foreign block, completed by being viewed."""

    display_name = None

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        delay = (context or {}).get("wrap_xblock_data", {})
        return Fragment(f"<p class='foreign' data-delay='{delay}'>Some words</p>")


class TestUser:
    """What the user service answers."""

    __test__ = False

    def __init__(self, user_id: int | None, *, staff: bool = False) -> None:
        self.opt_attrs = {
            "edx-platform.user_id": user_id,
            "edx-platform.is_authenticated": user_id is not None,
            "edx-platform.user_is_staff": staff,
        }


class Completion:
    """The platform's completion service."""

    def __init__(self, *, tracking: bool = True) -> None:
        self.tracking = tracking
        self.reached: dict[Any, float] = {}

    def completion_tracking_enabled(self) -> bool:
        return self.tracking

    def get_completable_children(self, node: Any) -> list[Any]:
        return [node]

    def get_completions(self, keys: list[Any]) -> dict[Any, float]:
        return {key: self.reached.get(key, 0.0) for key in keys}

    def blocks_to_mark_complete_on_view(self, blocks: list[Any]) -> list[Any]:
        return [block for block in blocks if not self.reached.get(block.scope_ids.usage_id)]

    def get_complete_on_view_delay_ms(self) -> int:
        return 5000


class BlockRuntime(TestRuntime):
    """Blocks in memory; remembers what was published."""

    def __init__(self, services: dict[str, Any], *, user_id: int | None) -> None:
        super().__init__(services=services)
        self.learner = user_id
        self.published: list[tuple[Any, str, dict[str, Any]]] = []
        self.hidden: set[Any] = set()

    user_id = property(lambda self: self.learner, lambda self, value: None)

    def load_block_type(self, block_type: str) -> type[XBlock]:
        return TextBlock if block_type in ("html", "video") else super().load_block_type(block_type)

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        if usage_id in self.hidden:
            return None
        definition = self.id_reader.get_definition_id(usage_id)
        block_type = self.id_reader.get_block_type(definition)
        return self.construct_xblock(
            block_type, ScopeIds(self.learner, block_type, definition, usage_id), for_parent=for_parent
        )

    def handler_url(self, block: Any, handler_name: str, *args: Any, **kwargs: Any) -> str:
        return f"/handler/{block.scope_ids.usage_id}/{handler_name}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resource/{uri}"

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        self.published.append((block.scope_ids.usage_id, event_type, event_data))


@dataclass
class Page:
    """One course page: its blocks, who is looking, and what surrounds them."""

    runtime: BlockRuntime
    root: Any
    services: dict[str, Any]

    def block(self, place: int | None = None) -> Any:
        """The unit, or its child at *place*, loaded anew as each request does."""
        unit = self.runtime.get_block(self.root)
        return unit if place is None else self.runtime.get_block(unit.children[place])

    def key(self, place: int) -> str:
        return str(self.block().children[place])

    def call(
        self, block: Any, handler: str, data: Any = None, *, raw: bytes | None = None, method: str = "POST"
    ) -> Any:
        """The status and JSON a handler answers."""
        request = Request.blank("/", method=method)
        if method == "POST":
            request.body = raw if raw is not None else json.dumps({} if data is None else data).encode()
        return answered(self.runtime.handle(block, handler, request))

    def upload(self, block: Any, name: str, content: bytes) -> Any:
        request = Request.blank("/", POST={"file": (name, content)})
        return answered(self.runtime.handle(block, "upload", request))

    def sign_in(self, user_id: int | None, *, staff: bool = False) -> None:
        self.runtime.learner = user_id
        self.services["user"] = SimpleNamespace(get_current_user=lambda: TestUser(user_id, staff=staff))

    def become_studio(self) -> None:
        self.runtime.is_author_mode = True  # type: ignore[attr-defined]
        self.services.pop("completion", None)

    def grades(self) -> list[dict[str, Any]]:
        return [data for _, kind, data in self.runtime.published if kind == "grade"]

    def completions(self) -> list[dict[str, Any]]:
        return [data for _, kind, data in self.runtime.published if kind == "completion"]


def answered(response: Any) -> SimpleNamespace:
    return SimpleNamespace(status=response.status_code, body=json.loads(response.body))


def open_page(olx: str | bytes, *, user_id: int | None = ANA, **services: Any) -> Page:
    """The blocks of an OLX text, opened by a learner."""
    found = {"field-data": KvsFieldData(DictKeyValueStore()), "i18n": NullI18nService(), **services}
    runtime = BlockRuntime(found, user_id=user_id)
    # The base class copies the mapping: keep the one the runtime really asks.
    page = Page(runtime, runtime.parse_xml_string(olx), runtime._services)
    page.sign_in(user_id)
    return page


class MicrocredError(Exception):
    code = "refused"
    http_status = 400


class NotEnrolled(MicrocredError):
    code = "not_enrolled"
    http_status = 403


class NotFound(MicrocredError):
    code = "not_found"
    http_status = 404


@dataclass(frozen=True)
class PartSpec:
    usage_key: str
    kind: str
    title: str


@dataclass(frozen=True)
class UnitSpec:
    usage_key: str
    course_key: str
    outcome_key: str
    title: str
    minutes: int
    parts: tuple[PartSpec, ...]


@dataclass(frozen=True)
class PartProgress:
    usage_key: str
    state: str
    score: float | None


@dataclass(frozen=True)
class EarnedBadge:
    award_id: str = "a1"
    badge_key: str = "tyres"
    name: str = "Tyre reader"
    kind: str = "micro"
    image_url: str = "https://badges.example/tyres.png"
    image_alt: str = "A tyre"
    awarded_at: datetime = NOW
    proves: tuple[str, ...] = ("Read the size of a tyre",)
    issuer_name: str = "Cycle School"
    issued: bool = True
    shared: bool = False
    verify_url: str = ""
    qr_svg: str = ""
    share_url: str = "https://badges.example/share/a1"
    send_url: str = "https://badges.example/send/a1"
    parts: tuple[str, ...] = ()
    revoked: bool = False


@dataclass(frozen=True)
class UnitProgress:
    usage_key: str
    parts: tuple[PartProgress, ...]
    done: int
    total: int
    complete: bool
    score: float | None
    attained_at: datetime | None
    earned: tuple[EarnedBadge, ...]


@dataclass(frozen=True)
class CountsTowards:
    badge_key: str
    badge_name: str
    earned: bool
    sentence: str
    missing: tuple[str, ...]
    pathway_url: str


@dataclass(frozen=True)
class OutcomeInfo:
    key: str
    statement: str
    skill_key: str
    skill_name: str
    badge_names: tuple[str, ...]


@dataclass(frozen=True)
class SkillInfo:
    key: str
    name: str
    framework: str


@dataclass(frozen=True)
class EvidenceTask:
    max_files: int
    max_bytes: int
    accept: tuple[str, ...]
    allow_text: bool
    allow_link: bool
    review_mode: str
    rubric: dict[str, Any]
    title: str = ""


@dataclass(frozen=True)
class FileInfo:
    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str


@dataclass(frozen=True)
class SubmissionInfo:
    id: str = "s1"
    attempt: int = 1
    state: str = "draft"
    files: tuple[FileInfo, ...] = ()
    text: str = ""
    link: str = ""
    submitted_at: datetime | None = None
    comment: str = ""
    rubric_result: tuple[tuple[str, str], ...] = ()


@dataclass
class FakeApp:
    """The facade, for one learner's record in memory."""

    MicrocredError = MicrocredError
    PartSpec = PartSpec
    UnitSpec = UnitSpec
    EvidenceTask = EvidenceTask

    scores: dict[tuple[int, str], float] = field(default_factory=dict)
    submissions: dict[tuple[int, str], SubmissionInfo] = field(default_factory=dict)
    outcomes: dict[str, OutcomeInfo] = field(default_factory=dict)
    earned: tuple[EarnedBadge, ...] = (EarnedBadge(),)
    enrolled: bool = True
    recorded: list[str] = field(default_factory=list)
    tasks: list[EvidenceTask] = field(default_factory=list)

    def may_act(self, learner_id: int, course_key: str, *, acting_user_id: int) -> None:
        if not self.enrolled:
            raise NotEnrolled("Enrol in this course to save your work.")

    def record_part(
        self, learner_id: int, unit: UnitSpec, key: str, *, score: float, now: datetime
    ) -> UnitProgress:
        assert key in {part.usage_key for part in unit.parts}
        assert unit.outcome_key
        self.recorded.append(key)
        self.scores[learner_id, key] = score
        return self.unit_progress(learner_id, unit, now=now)

    def unit_progress(self, learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitProgress:
        parts = tuple(self._part(learner_id, part.usage_key) for part in unit.parts)
        done = [part for part in parts if part.state == "done"]
        complete = bool(parts) and len(done) == len(parts)
        return UnitProgress(
            unit.usage_key,
            parts,
            len(done),
            len(parts),
            complete,
            1.0 if complete else None,
            now if complete else None,
            self.earned if complete else (),
        )

    def _part(self, learner_id: int, key: str) -> PartProgress:
        if (learner_id, key) in self.scores:
            return PartProgress(key, "done", self.scores[learner_id, key])
        submission = self.submissions.get((learner_id, key))
        state = submission.state if submission and submission.state in ("in_review", "returned") else "todo"
        return PartProgress(key, state, None)

    def counts_towards(self, learner_id: int, outcome_key: str) -> tuple[CountsTowards, ...]:
        return (
            CountsTowards(
                "wheels", "Wheel expert", False, "Earn both badges.", ("Patch a tube",), "/microcred/my/"
            ),
        )

    def list_outcomes(self) -> tuple[OutcomeInfo, ...]:
        return tuple(self.outcomes.values())

    def get_outcome(self, key: str) -> OutcomeInfo:
        if key not in self.outcomes:
            raise NotFound("There is no such outcome.")
        return self.outcomes[key]

    def list_skills(self) -> tuple[SkillInfo, ...]:
        return (SkillInfo("wheels", "Wheels", "Workshop"),)

    def create_outcome(
        self, *, statement: str, skill_key: str, new_skill_name: str, actor_id: Any, now: Any
    ) -> OutcomeInfo:
        if statement == "taken":
            raise MicrocredError("There is an outcome with these words already.")
        made = OutcomeInfo(f"made-{len(self.outcomes)}", statement, skill_key, new_skill_name, ())
        self.outcomes[made.key] = made
        return made

    def statement_advice(self, statement: str) -> str:
        return "Use a verb that can be seen." if statement.startswith("understand") else ""

    def current_submission(self, learner_id: int, key: str) -> SubmissionInfo | None:
        return self.submissions.get((learner_id, key))

    def add_evidence_file(
        self,
        learner_id: int,
        unit: UnitSpec,
        key: str,
        task: EvidenceTask,
        *,
        filename: str,
        content: BytesIO,
        now: Any,
    ) -> SubmissionInfo:
        data = content.read()
        if len(data) > task.max_bytes:
            raise MicrocredError("This file is too large.")
        made = FileInfo(
            "f1", filename, "image/png", len(data), hashlib.sha256(data).hexdigest(), "/microcred/evidence/f1"
        )
        draft = self.submissions.get((learner_id, key), SubmissionInfo())
        return self._keep(learner_id, key, replace(draft, files=(*draft.files, made)), task)

    def remove_evidence_file(self, learner_id: int, key: str, file_id: str) -> SubmissionInfo:
        draft = self.submissions[learner_id, key]
        if file_id not in {file.id for file in draft.files}:
            raise NotFound("This file is gone already.")
        return self._keep(learner_id, key, replace(draft, files=()), None)

    def save_evidence_text(
        self, learner_id: int, unit: UnitSpec, key: str, task: EvidenceTask, *, text: str, link: str, now: Any
    ) -> SubmissionInfo:
        draft = self.submissions.get((learner_id, key), SubmissionInfo())
        return self._keep(learner_id, key, replace(draft, text=text, link=link), task)

    def hand_in(
        self, learner_id: int, unit: UnitSpec, key: str, task: EvidenceTask, *, now: datetime
    ) -> tuple[SubmissionInfo, UnitProgress]:
        draft = self.submissions.get((learner_id, key), SubmissionInfo())
        if not (draft.files or draft.text or draft.link):
            raise MicrocredError("Add a file, a text or a link first.")
        state = "accepted" if task.review_mode == "auto" else "in_review"
        if state == "accepted":
            self.scores[learner_id, key] = 1.0
        submission = self._keep(learner_id, key, replace(draft, state=state, submitted_at=now), task)
        return submission, self.unit_progress(learner_id, unit, now=now)

    def _keep(self, learner_id: int, key: str, submission: SubmissionInfo, task: Any) -> SubmissionInfo:
        self.submissions[learner_id, key] = submission
        if task is not None:
            self.tasks.append(task)
        return submission

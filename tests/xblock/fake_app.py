"""A stand-in for the companion app's facade. ``test_bridge`` holds it to the real one's names and parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


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
    closes_at: datetime | None = None


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
    credential_id: str = "c1"
    version: int = 1
    expires_at: datetime | None = None
    expired: bool = False
    newer_version: int = 0
    renew_by: date | None = None
    notice: Any = None
    revoked_because: str = ""
    received_for: int = 0
    suspended_at: datetime | None = None
    suspended_told: str = ""
    contact: str = ""
    contact_url: str = ""


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
    late: bool = False
    demonstrated_at: datetime | None = None


@dataclass(frozen=True)
class CountsTowards:
    badge_key: str
    badge_name: str
    earned: bool
    sentence: str
    missing: tuple[str, ...]
    pathway_url: str
    next_title: str = ""
    next_url: str = ""
    next_minutes: int | None = None
    next_reason: str = ""
    pathway_title: str = ""
    pathway_state: str = ""
    done: int = 0
    total: int = 0


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
class FormDraftInfo:
    values: dict[str, Any]
    base: str
    saved_at: datetime


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
    needs: str = "any"
    clean_pictures: bool = False
    attempts: int = 0
    resubmit_days: int = 0
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late_work: str = "mark"
    second_marker_percent: int = 0


@dataclass(frozen=True)
class FileInfo:
    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str
    sent_sha256: str = ""
    removed: bool = False


@dataclass(frozen=True)
class Standing:
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late: bool = False
    refused: str = ""
    attempts_left: int | None = None
    accommodated: bool = False


@dataclass(frozen=True)
class UploadInfo:
    id: str
    name: str
    fingerprint: str
    length: int
    offset: int
    state: str
    problem: str
    expires_at: datetime


@dataclass(frozen=True)
class UploadGrant:
    url: str = "/microcred/uploads/"
    grant: str = "signed"
    chunk_bytes: int = 2_000_000


@dataclass(frozen=True)
class EvidenceDesk:
    submission: SubmissionInfo | None
    standing: Standing
    uploads: tuple[UploadInfo, ...]
    own_url: str = "/microcred/my/evidence/"


@dataclass(frozen=True)
class RubricInfo:
    id: str
    title: str
    content: dict[str, Any]


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
    points: float | None = None
    late: bool = False


@dataclass(frozen=True)
class Response:
    part_usage_key: str
    course_key: str
    attempt: int
    check_type: str
    question: str
    given: tuple[tuple[str, str], ...]
    score: float
    passed: bool
    hints: int = 0


@dataclass(frozen=True)
class ResponseInfo:
    id: str
    learner_id: int
    response: Response
    at: datetime
    repeated: bool = False


@dataclass(frozen=True)
class FeedbackLine:
    id: int
    at: datetime
    text: str
    by_reviewer: bool
    mine: bool
    author: str
    answers: int | None


@dataclass(frozen=True)
class Feedback:
    lines: tuple[FeedbackLine, ...]
    answer_by: datetime | None
    page_url: str


@dataclass
class FakeApp:
    """The facade, for one learner's record in memory."""

    MicrocredError = MicrocredError
    PartSpec = PartSpec
    UnitSpec = UnitSpec
    EvidenceTask = EvidenceTask
    Response = Response

    scores: dict[tuple[int, str], float] = field(default_factory=dict)
    submissions: dict[tuple[int, str], SubmissionInfo] = field(default_factory=dict)
    outcomes: dict[str, OutcomeInfo] = field(default_factory=dict)
    earned: tuple[EarnedBadge, ...] = (EarnedBadge(),)
    enrolled: bool = True
    recorded: list[str] = field(default_factory=list)
    responses: dict[tuple[int, str, int], Response] = field(default_factory=dict)
    extra: dict[tuple[int, str], int] = field(default_factory=dict)
    staff: set[int | None] = field(default_factory=set)
    tasks: list[EvidenceTask] = field(default_factory=list)
    attained: dict[tuple[int, str], datetime] = field(default_factory=dict)
    refreshed: list[tuple[str, float]] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    last_seen: datetime | None = None
    resets: list[tuple[str, str, str]] = field(default_factory=list)
    drafts: dict[tuple[int, str], FormDraftInfo] = field(default_factory=dict)
    registered: list[dict[str, Any]] = field(default_factory=list)
    waived: list[tuple[str, str]] = field(default_factory=list)
    said: dict[tuple[int, str], Feedback] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    uploads: tuple[UploadInfo, ...] = ()
    limit: int = 500_000_000
    rubrics: dict[str, RubricInfo] = field(default_factory=dict)

    def may_act(self, learner_id: int, course_key: str, *, acting_user_id: int) -> None:
        if not self.enrolled:
            raise NotEnrolled("Enrol in this course to save your work.")

    def record_part(
        self, learner_id: int, unit: UnitSpec, key: str, *, score: float, now: datetime, keep: str = "best"
    ) -> UnitProgress:
        assert keep in ("best", "latest")
        assert key in {part.usage_key for part in unit.parts}
        assert unit.outcome_key
        self.recorded.append(key)
        before = self.scores.get((learner_id, key), 0.0)
        self.scores[learner_id, key] = max(before, score) if keep == "best" else score
        return self.unit_progress(learner_id, unit, now=now)

    def record_response(self, learner_id: int, response: Response, *, now: datetime) -> ResponseInfo:
        place = (learner_id, response.part_usage_key, response.attempt)
        repeated = place in self.responses
        kept = self.responses.setdefault(place, response)
        return ResponseInfo("r", learner_id, kept, now, repeated)

    def attempts_recorded(self, learner_id: int, key: str) -> int:
        return max((place[2] for place in self.responses if place[:2] == (learner_id, key)), default=0)

    def extra_attempts(self, learner_id: int, key: str) -> int:
        return self.extra.get((learner_id, key), 0)

    def give_attempts(
        self,
        learner_id: int,
        key: str,
        course_key: str,
        *,
        attempts: int,
        reason: str,
        acting_user_id: int | None,
        now: datetime,
    ) -> int:
        if acting_user_id not in self.staff:
            raise NotEnrolled("Only the course team can give attempts to a learner.")
        self.extra[learner_id, key] = self.extra_attempts(learner_id, key) + attempts
        return self.extra[learner_id, key]

    def look_at_unit(self, learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitProgress:
        return self.unit_progress(learner_id, unit, now=now)

    def unit_progress(self, learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitProgress:
        parts = tuple(self._part(learner_id, part.usage_key) for part in unit.parts)
        done = [part for part in parts if part.state == "done"]
        complete = bool(parts) and len(done) == len(parts)
        at = self.attained.setdefault((learner_id, unit.usage_key), now) if complete else None
        return UnitProgress(
            unit.usage_key,
            parts,
            len(done),
            len(parts),
            complete,
            1.0 if complete else None,
            at,
            self.earned if complete else (),
            late=bool(at and unit.closes_at and at > unit.closes_at),
            demonstrated_at=now if self.refreshed else at,
        )

    def note_step(self, learner_id: int, unit_key: str, part_key: str, *, now: datetime) -> datetime | None:
        self.visits.append(part_key)
        before, self.last_seen = self.last_seen, now
        return before

    def record_refresher(
        self, learner_id: int, unit: UnitSpec, *, score: float, now: datetime
    ) -> UnitProgress:
        self.refreshed.append((unit.usage_key, score))
        return self.unit_progress(learner_id, unit, now=now)

    def reset_unit(self, anonymous_id: str, course_key: str, unit_key: str) -> bool:
        self.resets.append((anonymous_id, course_key, unit_key))
        return True

    def _part(self, learner_id: int, key: str) -> PartProgress:
        if (learner_id, key) in self.scores:
            return PartProgress(key, "done", self.scores[learner_id, key])
        submission = self.submissions.get((learner_id, key))
        state = submission.state if submission and submission.state in ("in_review", "returned") else "todo"
        return PartProgress(key, state, None)

    def counts_towards(
        self, learner_id: int, outcome_key: str, *, now: datetime
    ) -> tuple[CountsTowards, ...]:
        return (
            CountsTowards(
                "wheels",
                "Wheel expert",
                False,
                "Earn both badges.",
                ("Patch a tube",),
                "/microcred/my/",
                next_title="Tubes",
                next_url="/jump/tubes",
                next_reason="This is all that is missing.",
                pathway_title="The wheel road",
                pathway_state="following",
                done=1,
                total=2,
            ),
        )

    def get_outcome(self, key: str) -> OutcomeInfo:
        if key not in self.outcomes:
            raise NotFound("There is no such outcome.")
        return self.outcomes[key]

    def search_outcomes(self, text: str, *, limit: int = 20) -> tuple[OutcomeInfo, ...]:
        words = text.casefold().split()
        found = [
            one
            for one in self.outcomes.values()
            if all(word in f"{one.statement} {one.key} {one.skill_name}".casefold() for word in words)
        ]
        return tuple(found[:limit])

    def outcomes_worded(self, statement: str) -> tuple[OutcomeInfo, ...]:
        return tuple(
            one for one in self.outcomes.values() if one.statement.casefold() == statement.casefold()
        )

    def adopt_outcome(self, *, key: str, statement: str, actor_id: Any, now: Any) -> OutcomeInfo:
        self.outcomes[key] = OutcomeInfo(key, statement, "", "", ())
        return self.outcomes[key]

    def search_skills(self, text: str, *, limit: int = 20) -> tuple[SkillInfo, ...]:
        known = (SkillInfo("wheels", "Wheels", "Workshop"),)
        return tuple(skill for skill in known if text.casefold() in skill.name.casefold())

    def keep_form_draft(
        self, author_id: int, usage_key: str, values: dict[str, Any], *, base: str, now: Any
    ) -> FormDraftInfo:
        self.drafts[author_id, usage_key] = FormDraftInfo(values, base, now)
        return self.drafts[author_id, usage_key]

    def read_form_draft(self, author_id: int, usage_key: str, *, now: Any) -> FormDraftInfo | None:
        return self.drafts.get((author_id, usage_key))

    def drop_form_draft(self, author_id: int, usage_key: str) -> None:
        self.drafts.pop((author_id, usage_key), None)

    def register_unit(
        self, *, usage_key: str, course_key: str, outcome_key: str, title: str, minutes: int, now: Any
    ) -> None:
        self.registered.append({"usage_key": usage_key, "outcome_key": outcome_key, "title": title})

    def waive_transcript(self, *, usage_key: str, reason: str, actor_id: Any, now: Any) -> None:
        self.waived.append((usage_key, reason))

    def guide_address(self) -> str:
        return "/microcred/studio/guide/"

    def insights_address(self, course_key: str, unit_usage_key: str) -> str:
        return "https://lms.example/microcred/insights/unit/?unit=" + unit_usage_key

    def outline_address(self, course_key: str) -> str:
        return "/microcred/studio/outline/"

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

    def feedback(self, learner_id: int, key: str) -> Feedback:
        return self.said.get((learner_id, key), Feedback((), None, ""))

    def evidence_limit(self) -> int:
        return self.limit

    def evidence_desk(
        self, learner_id: int, unit: UnitSpec, key: str, task: EvidenceTask, *, now: datetime
    ) -> EvidenceDesk:
        return EvidenceDesk(self.submissions.get((learner_id, key)), self.standing, self.uploads)

    def upload_grant(self, learner_id: int, unit: UnitSpec, key: str, task: EvidenceTask) -> UploadGrant:
        self.tasks.append(task)
        return UploadGrant()

    def finish_upload(self, learner_id: int, upload_id: str, *, now: datetime) -> SubmissionInfo | None:
        found = next((upload for upload in self.uploads if upload.id == upload_id), None)
        if found is None:
            raise NotFound("There is no such upload.")
        self.uploads = ()
        made = FileInfo("f9", found.name, "image/png", found.length, "9" * 64, "/microcred/evidence/f9")
        draft = next(iter(self.submissions.items()), None)
        key, info = draft if draft else ((learner_id, ""), SubmissionInfo())
        return self._keep(*key, replace(info, files=(*info.files, made)), None)

    def end_upload(self, learner_id: int, upload_id: str, *, now: datetime) -> None:
        self.uploads = tuple(upload for upload in self.uploads if upload.id != upload_id)

    def list_rubrics(self, organisation: str) -> tuple[RubricInfo, ...]:
        return tuple(self.rubrics.values())

    def save_rubric(
        self, organisation: str, title: str, content: dict[str, Any], *, actor_id: Any, now: Any
    ) -> RubricInfo:
        if not title:
            raise MicrocredError("Give the rubric a title.")
        self.rubrics[title] = RubricInfo(f"r{len(self.rubrics)}", title, content)
        return self.rubrics[title]

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

"""One learner's way through one unit: what to do, how far they are, and what finishing it sets off.

The app's record is the truth. Completion and grade are published to the platform once, when the record says
complete: a flag in the learner's state guards it, and publishing the same values twice would be harmless
anyway. What was completed after the unit closed is published as complete and brings no points. When no app keeps
the record (an author's preview, a site without badges, a unit without an outcome), the block's own state does, and
no badge can come of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from xblock.exceptions import JsonHandlerError

from . import bridge, refresher
from .deadline import deadline_of
from .guards import Visitor
from .parts import CHECK, UNIT, Part, Unit, course_key_of, finished_content, part_of, visible
from .payload import earned_payload, progress_payload
from .progress import local_progress
from .rendering import render, translator
from .tracking import tell

__all__ = ["Journey", "journey_of"]


def journey_of(child: Any, visitor: Visitor) -> Journey | None:
    """The journey the child block is a part of, or None when it stands outside a micro-unit."""
    parent = child.get_parent()
    if parent is None or parent.scope_ids.block_type != UNIT:
        return None
    return Journey(parent, visitor)


class Journey:
    """A unit block together with the visitor who walks through it."""

    def __init__(self, block: Any, visitor: Visitor) -> None:
        self.block = block
        self.visitor = visitor
        self.children = visible(block)
        self.unit = self._unit()

    @property
    def recorded(self) -> bool:
        """Whether the app keeps this learner's work in this unit."""
        return self.visitor.recorded and bool(self.block.outcome_key)

    @property
    def learner_id(self) -> int:
        """The learner's id; only asked when ``recorded``."""
        if self.visitor.user_id is None:
            raise ValueError("A visitor without an id has no record.")
        return self.visitor.user_id

    def _unit(self) -> Unit:
        parts = []
        for child in self.children:
            part = part_of(child)
            # Without the app nothing can be handed in, and a unit must stay possible to finish.
            if part is not None and (part.kind != "evidence" or self.recorded or self.visitor.preview):
                parts.append(part)
        block = self.block
        self.deadline = deadline_of(block)
        return Unit(
            usage_key=str(block.scope_ids.usage_id),
            course_key=course_key_of(block),
            outcome_key=block.outcome_key or "",
            title=block.display_name or "",
            minutes=block.estimated_minutes if isinstance(block.estimated_minutes, int) else 0,
            parts=tuple(parts),
            closes_at=self.deadline.closes_at if self.deadline else None,
        )

    def require_part(self, usage_key: str) -> Part:
        """The part of that key, or 404: hidden from this learner, moved, or never here."""
        part = self.unit.part(usage_key)
        if part is None:
            raise JsonHandlerError(
                404,
                translator(self.block).gettext("This part is not in your unit any more. Reload the page."),
            )
        return part

    def progress(self) -> Any:
        """The learner's progress; in a refresher, that of the refresher."""
        return refresher.overlay(self.block, self.children, self._recorded_progress())

    def _recorded_progress(self) -> Any:
        now = datetime.now(UTC)
        if self.recorded:
            return bridge.unit_progress(self.learner_id, self.unit, now=now)
        keys = [part.usage_key for part in self.unit.parts]
        closed = self.unit.closes_at is not None and now > self.unit.closes_at
        return local_progress(self.unit.usage_key, keys, self.block.own_scores or {}, late=closed)

    def record(self, part_key: str, score: float, *, keep: str = "best") -> Any:
        """Records the finished part and everything that follows from it; answers the progress.

        *keep* says which score counts of a part done before: the ``best`` or the ``latest``.
        """
        part = self.require_part(part_key)
        if self.recorded and part.kind == "check" and refresher.is_on(self.block):
            return self._refresh(part, score)
        if self.recorded:
            progress = bridge.record_part(
                self.learner_id, self.unit, part_key, score=score, now=datetime.now(UTC), keep=keep
            )
            progress = refresher.overlay(self.block, self.children, progress)
        else:
            self.block.own_scores = {**(self.block.own_scores or {}), part_key: score}
            progress = self.progress()
        self._tell_step(part, score, progress)
        self.settle(progress)
        return progress

    def _refresh(self, part: Part, score: float) -> Any:
        """A check passed again in a refresher: the record of the unit is not touched."""
        refresher.note(self.block, part.usage_key, score)
        finished = refresher.finished_score(self.block, self.children)
        if finished is None:
            progress = self.progress()
        else:
            progress = bridge.record_refresher(
                self.learner_id, self.unit, score=finished, now=datetime.now(UTC)
            )
            refresher.stop(self.block, self.children, restore=False)
            self.tell("refresher.completed", outcome=self.unit.outcome_key, score=finished)
        self.settle(progress)
        return progress

    def settle(self, progress: Any) -> None:
        """Publishes completion and grade once the unit is complete, and never a second time."""
        if progress.complete and not self.block.published and not self.visitor.preview:
            score = 1.0 if progress.score is None else max(0.0, min(1.0, float(progress.score)))
            self.block.runtime.publish(self.block, "completion", {"completion": 1.0})
            if not progress.late:
                self.block.runtime.publish(self.block, "grade", {"value": score, "max_value": 1.0})
            self.block.kept_score = 0.0 if progress.late else score
            self.block.published = True
            self.tell(
                "unit.completed",
                course=self.unit.course_key,
                outcome=self.unit.outcome_key,
                score=score,
                late=bool(progress.late),
            )
        self.block.save()

    def tell(self, name: str, **fields: Any) -> None:
        """Tells the tracking log about this unit, for a learner who is really there."""
        if self.visitor.writes and not self.visitor.preview:
            tell(self.block, name, unit=self.unit.usage_key, **fields)

    def _tell_step(self, part: Part, score: float, progress: Any) -> None:
        self.tell(
            "step.completed",
            step=part.usage_key,
            kind=part.kind,
            score=score,
            done=progress.done,
            total=progress.total,
        )

    def note_step(self, usage_key: str) -> datetime | None:
        """Notes where the learner is; when they were last in the unit, where the app keeps it."""
        if not self.recorded or not usage_key:
            return None
        return bridge.note_step(self.learner_id, self.unit.usage_key, usage_key, now=datetime.now(UTC))

    def completion(self) -> Any | None:
        """The platform's completion service, when there is one and it is counting."""
        service = self.block.runtime.service(self.block, "completion")
        return service if service is not None and service.completion_tracking_enabled() else None

    @property
    def counts_by_view(self) -> bool:
        """Whether content counts when the learner moves past it, because nobody else counts it."""
        return self.completion() is None

    def content(self) -> list[Any]:
        """The children that are parts but not blocks of ours."""
        kinds = {part.usage_key: part.kind for part in self.unit.parts}
        return [child for child in self.children if kinds.get(str(child.scope_ids.usage_id)) == "content"]

    def record_content(self, seen: Iterable[str] = ()) -> Any:
        """Records content that is finished by now; answers the progress.

        *seen* names what the learner's page moved past. Where the platform's completion counts, it is told of
        the ones it would complete by viewing, and only what it then holds as complete is recorded; where
        nobody counts, the page's word is enough. Checks that were passed while the record could not be
        reached are told again.
        """
        content = self.content()
        passed_by = [child for child in content if str(child.scope_ids.usage_id) in set(seen)]
        completion = self.completion()
        if completion is not None:
            self._complete_viewed(passed_by, completion)
            finished = finished_content(content, completion)
        else:
            finished = {str(child.scope_ids.usage_id) for child in passed_by}
        passed = self._passed_checks()
        finished |= set(passed)
        progress = self.progress()
        todo = {part.usage_key for part in progress.parts if part.state == "todo"}
        for part in self.unit.parts:
            if part.usage_key in finished & todo:
                progress = self.record(part.usage_key, passed.get(part.usage_key, 1.0))
        self.settle(progress)
        return progress

    def _complete_viewed(self, children: list[Any], completion: Any) -> None:
        """Completes what is complete by being viewed, for a reader who was quicker than the page's clock.

        Without this, whoever reads a short text in less than the platform's five seconds would have to come
        back and wait.
        """
        if not self.visitor.preview:
            for child in completion.blocks_to_mark_complete_on_view(children):
                self.block.runtime.publish(child, "completion", {"completion": 1.0})

    def _passed_checks(self) -> dict[str, float]:
        """The score that counts of each check this learner has passed."""
        checks = [child for child in self.children if child.scope_ids.block_type == CHECK]
        return {str(child.scope_ids.usage_id): child.score_that_counts() for child in checks if child.passed}

    def payload(self, progress: Any) -> dict[str, Any]:
        """The progress as handlers answer it: JSON, and the piece of the page that shows its fruits."""
        answer = progress_payload(
            translator(self.block),
            progress,
            minutes=self.unit.minutes,
            refreshing=refresher.is_on(self.block),
        )
        return {**answer, "html": self.fruits(progress)}

    def fruits(self, progress: Any) -> str:
        """The HTML of what came of the unit so far: in review, sent back, complete, badges earned."""
        states = {part.state for part in progress.parts}
        return render(
            self.block,
            "unit_fruits.html",
            {
                "badges": [_shown(badge) for badge in progress.earned],
                "complete": progress.complete,
                "in_review": "in_review" in states,
                "returned": "returned" in states,
                "recorded": self.recorded,
                "late": bool(progress.late),
                "refreshing": refresher.is_on(self.block),
                "refreshable": refresher.is_offered(
                    self.block, self.children, progress, recorded=self.recorded
                ),
                "demonstrated_at": progress.demonstrated_at,
                "refreshed": progress.demonstrated_at != progress.attained_at,
            },
        )


def _shown(badge: Any) -> dict[str, Any]:
    """A badge for the template: checked addresses, moments as moments."""
    return {
        **earned_payload(badge),
        "awarded_at": badge.awarded_at,
        "expires_at": badge.expires_at,
        "qr_svg": badge.qr_svg,
    }

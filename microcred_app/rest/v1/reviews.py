"""Reviews for programs: the queue, reservations, drafts, verdicts, messages and saved comments.

A verdict that is refused because somebody else holds the submission changes nothing here: the caller has its words,
and may keep them with ``PUT …/draft``.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.reviews import api as reviews

from .requests import (
    CommentTextBody,
    MessageBody,
    ReviewQuery,
    SavedCommentBody,
    VerdictBody,
    VerdictDraftBody,
)
from .resource import Resource
from .review_shapes import (
    ClaimShape,
    DraftVerdictShape,
    MessageShape,
    ReviewItemShape,
    ReviewShape,
    SavedCommentShape,
    SavedCommentsShape,
)
from .schema import describe
from .shapes import page_of

__all__ = [
    "ReviewClaim",
    "ReviewDraft",
    "ReviewList",
    "ReviewMessages",
    "ReviewOne",
    "ReviewVerdict",
    "SavedCommentList",
    "SavedCommentOne",
]


class ReviewList(Resource):
    """Submissions that the caller may judge."""

    @describe("list_reviews", parameters=[ReviewQuery], responses=page_of(ReviewItemShape))
    def get(self, _request: Request) -> Response:
        """The filtered queue; empty for whoever judges nowhere."""
        query = self.read_query(ReviewQuery)
        wanted = reviews.QueueFilter(
            state=query["state"],
            course_key=query["course"],
            outcome_key=query["outcome"],
            reviewer_id=query.get("reviewer"),
            min_days=query.get("min_days"),
            text=query["q"],
            sort=query["sort"],
        )
        found = reviews.page_queue(self.person, wanted, now=timezone.now(), **self.place(query))
        return self.listed(ReviewItemShape, found)


class ReviewOne(Resource):
    """One submission."""

    @describe("get_review", responses=ReviewShape)
    def get(self, _request: Request, submission_id: UUID) -> Response:
        """What was handed in, with its rubric; judgements of others not while the caller judges blind."""
        return self.shown(ReviewShape, reviews.open_desk(self.person, str(submission_id), now=timezone.now()))


class ReviewClaim(Resource):
    """A reservation."""

    @describe("claim_review", request=None, responses=ClaimShape)
    def post(self, _request: Request, submission_id: UUID) -> Response:
        """Reserve the submission, or renew the reservation; 409 while somebody else holds it."""
        return self.shown(ClaimShape, reviews.claim(self.person, str(submission_id), now=timezone.now()))

    @describe("release_review", request=None, responses={204: None})
    def delete(self, _request: Request, submission_id: UUID) -> Response:
        """Give the reservation back; nothing happens when there is none of the caller's."""
        reviews.release(self.person, str(submission_id))
        return Response(status=204)


class ReviewDraft(Resource):
    """The caller's draft."""

    @describe("save_review_draft", request=VerdictDraftBody, responses=DraftVerdictShape)
    def put(self, _request: Request, submission_id: UUID) -> Response:
        """Keep it until the verdict is given."""
        body = self.read_body(VerdictDraftBody)
        found = reviews.save_draft(
            self.person,
            str(submission_id),
            levels=body.get("levels", {}),
            comment=body["comment"],
            now=timezone.now(),
        )
        return self.shown(DraftVerdictShape, found)


class ReviewVerdict(Resource):
    """A judgement."""

    @describe("give_verdict", request=VerdictBody, responses=ReviewShape)
    def post(self, _request: Request, submission_id: UUID) -> Response:
        """Pass it or send it back; the submission as it stands after it."""
        body = self.read_body(VerdictBody)
        reviews.decide(
            self.person,
            str(submission_id),
            passed=body["verdict"] == "passed",
            levels=body.get("levels", {}),
            comment=body["comment"],
            now=timezone.now(),
        )
        return self.shown(ReviewShape, reviews.open_desk(self.person, str(submission_id), now=timezone.now()))


class ReviewMessages(Resource):
    """The conversation with the learner; it is read with the submission."""

    @describe("write_to_learner", request=MessageBody, responses={201: MessageShape})
    def post(self, _request: Request, submission_id: UUID) -> Response:
        """Write to the learner."""
        body = self.read_body(MessageBody)
        found = reviews.say_as_reviewer(
            self.person,
            str(submission_id),
            text=body["text"],
            answers=str(body.get("answers", "")),
            now=timezone.now(),
        )
        return self.shown(MessageShape, found, 201)


class SavedCommentList(Resource):
    """Saved comments."""

    @describe("list_saved_comments", responses=SavedCommentsShape)
    def get(self, _request: Request) -> Response:
        """The caller's own, and those of the courses they review."""
        return self.shown(SavedCommentsShape, reviews.list_comments(self.person))

    @describe("save_comment", request=SavedCommentBody, responses={201: SavedCommentShape})
    def post(self, _request: Request) -> Response:
        """Keep a comment; the same words twice are kept once."""
        body = self.read_body(SavedCommentBody)
        found = reviews.save_comment(
            self.person, text=body["text"], course_key=body["course"], now=timezone.now()
        )
        return self.shown(SavedCommentShape, found, 201)


class SavedCommentOne(Resource):
    """One saved comment."""

    @describe("change_saved_comment", request=CommentTextBody, responses=SavedCommentShape)
    def put(self, _request: Request, comment_id: int) -> Response:
        """Change its words."""
        text = self.read_body(CommentTextBody)["text"]
        return self.shown(
            SavedCommentShape, reviews.edit_comment(self.person, comment_id, text=text, now=timezone.now())
        )

    @describe("delete_saved_comment", request=None, responses={204: None})
    def delete(self, _request: Request, comment_id: int) -> Response:
        """Forget it; what was sent with it stays as it was sent."""
        reviews.delete_comment(self.person, comment_id)
        return Response(status=204)

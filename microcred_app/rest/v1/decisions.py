"""What people decide: awards revoked, back-fills run, sign-offs given, and the log of all of it."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app.applets.audit.paging import page_entries
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.paging import page_awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import by_person as backfills
from microcred_app.applets.issuance import api as issuance
from microcred_app.permissions import api as permissions
from microcred_app.signoffs import give_sign_off, page_sign_offs, take_back_sign_off

from .cursors import slice_of
from .requests import (
    AuditQuery,
    AwardQuery,
    BackfillBody,
    ListQuery,
    ReasonBody,
    SignOffBody,
    SignOffQuery,
    SuspensionBody,
)
from .resource import Resource
from .schema import describe
from .shapes import AuditShape, AwardDetailShape, AwardShape, BackfillShape, SignOffShape, page_of

__all__ = [
    "AuditList",
    "AwardList",
    "AwardOne",
    "AwardReinstatement",
    "AwardRevocation",
    "AwardSuspension",
    "BackfillCancellation",
    "BackfillList",
    "BackfillOne",
    "BackfillPause",
    "BackfillResumption",
    "BackfillUndoing",
    "SignOffList",
    "SignOffTakingBack",
]


class AwardList(Resource):
    """Awards of the caller's organisations."""

    @describe("list_awards", parameters=[AwardQuery], responses=page_of(AwardShape))
    def get(self, _request: Request) -> Response:
        """Awards, newest first."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AWARDS)
        query = self.read_query(AwardQuery)
        found = page_awards(
            issuer_slugs=scope.filter_slugs,
            badge_key=query["badge"],
            learner_id=query.get("learner"),
            state=query.get("state", ""),
            **self.place(query),
        )
        return self.listed(AwardShape, found)


class AwardOne(Resource):
    """One award."""

    @describe("get_award", responses=AwardDetailShape)
    def get(self, _request: Request, award_id: UUID) -> Response:
        """The award with what it rests on; those of other organisations are answered as if there were none."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AWARDS)
        award = awards.get_award(str(award_id), issuer_slugs=scope.filter_slugs)
        context = {"credential": issuance.credential_of_award(award.id)}
        return Response(AwardDetailShape(award, context=context).data)


class AwardRevocation(Resource):
    """Take an award back."""

    @describe("revoke_award", request=ReasonBody, responses=AwardShape)
    def post(self, _request: Request, award_id: UUID) -> Response:
        """Reverse the award and revoke its credential, with a reason that stays in the log."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AWARDS)
        award = awards.get_award(str(award_id), issuer_slugs=scope.filter_slugs)
        reason = self.read_body(ReasonBody)["reason"]
        return self.shown(
            AwardShape,
            awards.reverse_award(award.id, actor_id=self.person, reason=reason, now=timezone.now()),
        )


class AwardSuspension(Resource):
    """Suspend an award."""

    @describe("suspend_award", request=SuspensionBody, responses=AwardShape)
    def post(self, _request: Request, award_id: UUID) -> Response:
        """Let the award count for nothing until that is lifted; copies of its credential end by themselves.

        Refused with `not_suspendable` where copies would go on verifying: the badge's `document_days` is null.
        """
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AWARDS)
        award = awards.get_award(str(award_id), issuer_slugs=scope.filter_slugs)
        body = self.read_body(SuspensionBody)
        words = awards.SuspensionWords(body["reason"], body["told"], body["planned_end"])
        return self.shown(
            AwardShape,
            awards.suspend_award(award.id, actor_id=self.person, words=words, now=timezone.now()),
        )


class AwardReinstatement(Resource):
    """Lift a suspension."""

    @describe("reinstate_award", request=ReasonBody, responses=AwardShape)
    def post(self, _request: Request, award_id: UUID) -> Response:
        """Let the award count again; a new document of the same credential is signed at once."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AWARDS)
        award = awards.get_award(str(award_id), issuer_slugs=scope.filter_slugs)
        reason = self.read_body(ReasonBody)["reason"]
        return self.shown(
            AwardShape,
            awards.lift_award(award.id, actor_id=self.person, reason=reason, now=timezone.now()),
        )


class BackfillList(Resource):
    """Back-fills of the caller's organisations."""

    @describe("list_backfills", parameters=[ListQuery], responses=page_of(BackfillShape))
    def get(self, _request: Request) -> Response:
        """Back-fills by id; at most the 500 newest."""
        found = backfills.list_for(self.person)
        place = self.place(self.read_query(ListQuery))
        return self.listed(BackfillShape, slice_of(found, lambda one: one.id, **place))

    @describe("start_backfill", request=BackfillBody, responses={201: BackfillShape})
    def post(self, _request: Request) -> Response:
        """Begin to grant the badge to everybody who has met it already; a worker does the rest.

        Refused with `confirmation_needed` when everybody, or nobody, would be awarded, unless that is confirmed.
        """
        body = self.read_body(BackfillBody)
        started = backfills.start_for(
            self.person, body["badge"], confirmed=body["confirm_reach"], now=timezone.now()
        )
        return self.shown(BackfillShape, started, 201)


class BackfillOne(Resource):
    """One back-fill."""

    @describe("get_backfill", responses=BackfillShape)
    def get(self, _request: Request, batch_id: UUID) -> Response:
        """The back-fill with its progress."""
        return self.shown(BackfillShape, backfills.get_for(self.person, str(batch_id)))


class BackfillPause(Resource):
    """Stop for now."""

    @describe("pause_backfill", request=None, responses=BackfillShape)
    def post(self, _request: Request, batch_id: UUID) -> Response:
        """Stop after the pieces at hand; nothing is lost."""
        return self.shown(
            BackfillShape, backfill.pause_batch(str(batch_id), actor_id=self.person, now=timezone.now())
        )


class BackfillResumption(Resource):
    """Go on."""

    @describe("resume_backfill", request=None, responses=BackfillShape)
    def post(self, _request: Request, batch_id: UUID) -> Response:
        """Go on where it was paused."""
        return self.shown(
            BackfillShape, backfill.resume_batch(str(batch_id), actor_id=self.person, now=timezone.now())
        )


class BackfillCancellation(Resource):
    """End early."""

    @describe("cancel_backfill", request=None, responses=BackfillShape)
    def post(self, _request: Request, batch_id: UUID) -> Response:
        """End it early; what was granted stands until it is undone."""
        return self.shown(
            BackfillShape, backfill.cancel_batch(str(batch_id), actor_id=self.person, now=timezone.now())
        )


class BackfillUndoing(Resource):
    """Take the whole back."""

    @describe("undo_backfill", request=ReasonBody, responses=BackfillShape)
    def post(self, _request: Request, batch_id: UUID) -> Response:
        """Begin to reverse every award of a back-fill that has ended."""
        reason = self.read_body(ReasonBody)["reason"]
        return self.shown(
            BackfillShape,
            backfill.undo_batch(str(batch_id), actor_id=self.person, reason=reason, now=timezone.now()),
        )


class AuditList(Resource):
    """The audit log."""

    @describe("list_audit", parameters=[AuditQuery], responses=page_of(AuditShape))
    def get(self, _request: Request) -> Response:
        """Decisions for which the caller's organisations answer, newest first."""
        scope = permissions.require_somewhere(self.person, permissions.Action.VIEW_AUDIT)
        query = self.read_query(AuditQuery)
        found = page_entries(
            issuer_slugs=scope.filter_slugs,
            action=query["action"],
            object_type=query["object_type"],
            object_id=query["object_id"],
            **self.place(query),
        )
        return self.listed(AuditShape, found)


class SignOffList(Resource):
    """Sign-offs that the caller may give."""

    @describe("list_sign_offs", parameters=[SignOffQuery], responses=page_of(SignOffShape))
    def get(self, _request: Request) -> Response:
        """Sign-offs that count, newest first."""
        query = self.read_query(SignOffQuery)
        found = page_sign_offs(
            self.person, key=query["key"], learner_id=query.get("learner"), **self.place(query)
        )
        return self.listed(SignOffShape, found)

    @describe("give_sign_off", request=SignOffBody, responses={201: SignOffShape})
    def post(self, _request: Request) -> Response:
        """Answer for what a learner did; badges that follow are awarded after it is written."""
        body = self.read_body(SignOffBody)
        found = give_sign_off(
            self.person,
            body["learner"],
            body["key"],
            body["role"],
            reason=body["reason"],
            seen_on=body.get("seen_on"),
            now=timezone.now(),
        )
        return self.shown(SignOffShape, found, 201)


class SignOffTakingBack(Resource):
    """Take a sign-off back."""

    @describe("take_back_sign_off", request=ReasonBody, responses=SignOffShape)
    def post(self, _request: Request, sign_off_id: UUID) -> Response:
        """The sign-off does not count any more; badges earned with it stand until they are revoked."""
        reason = self.read_body(ReasonBody)["reason"]
        found = take_back_sign_off(self.person, str(sign_off_id), reason=reason, now=timezone.now())
        return self.shown(SignOffShape, found)

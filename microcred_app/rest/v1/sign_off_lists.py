"""Sign-offs for a list of people, by programs: hand rows in, read what each would do, start, follow, take back."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from microcred_app import signoff_lists
from microcred_app.applets.signoff_lists.models import SignOffEntry, SignOffList

from .requests import ListQuery, ReasonBody, Strict
from .resource import Resource
from .schema import describe
from .shapes import Shape, page_of

__all__ = [
    "ListCancellation",
    "ListCollection",
    "ListOne",
    "ListPause",
    "ListResumption",
    "ListRows",
    "ListStart",
    "ListUndoing",
]

#: Rows that are checked before the answer; what is left is a worker's.
CHECK_SECONDS = 2.0


class MemberBody(Strict):
    """One person of a list."""

    learner = serializers.CharField(
        max_length=254, help_text="User name, e-mail address, or id of another system."
    )
    day = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="2026-03-31, if not today."
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=1000, help_text="A link.")


class ListBody(Strict):
    """People for whom one thing is signed off."""

    key = serializers.CharField(max_length=255, help_text="What is signed off, as rules name it.")
    role = serializers.CharField(max_length=50)
    rows = serializers.ListField(child=MemberBody(), min_length=1, max_length=signoff_lists.MOST_SENT)


class StartBody(Strict):
    """The yes to what was looked at."""

    count = serializers.IntegerField(
        min_value=0, max_value=1_000_000, help_text="The list's `can_be_done`, as it was read."
    )
    reason = serializers.CharField(max_length=2000, help_text="What was seen, for rows without a reason.")


class RowQuery(ListQuery):
    """Rows of a list."""

    verdict = serializers.ChoiceField(choices=SignOffEntry.Verdict.values, required=False)


class SignOffListShape(Shape):
    """A list and how far it is; `counts` are its rows by verdict, told where one list is asked for."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    role = serializers.CharField()
    state = serializers.ChoiceField(choices=SignOffList.State.values)
    reason = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField()
    handed_in_at = serializers.DateTimeField()
    handed_in_by = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    hold_until = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    checked = serializers.IntegerField()
    can_be_done = serializers.IntegerField()
    cannot_be_done = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    done = serializers.IntegerField()
    signed = serializers.IntegerField()
    granted = serializers.IntegerField()
    percent = serializers.IntegerField()
    undo_reason = serializers.CharField(allow_blank=True)


class SignOffRowShape(Shape):
    """One row with what is to become of it."""

    row = serializers.IntegerField(source="number")
    learner = serializers.CharField(source="who", allow_blank=True)
    account = serializers.IntegerField(source="learner_id", allow_null=True)
    day = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField(source="link", allow_blank=True)
    verdict = serializers.ChoiceField(choices=SignOffEntry.Verdict.values)
    earns = serializers.ListField(child=serializers.CharField(), help_text="Names of badges.")
    lacks = serializers.ListField(child=serializers.CharField(), help_text="What is missing, in words.")


class ListCollection(Resource):
    """Lists of what the caller may sign off."""

    @describe("list_sign_off_lists", parameters=[ListQuery], responses=page_of(SignOffListShape))
    def get(self, _request: Request) -> Response:
        """Lists, newest first."""
        query = self.read_query(ListQuery)
        return self.listed(SignOffListShape, signoff_lists.page_lists(self.person, **self.place(query)))

    @describe("hand_in_sign_off_list", request=ListBody, responses={201: SignOffListShape})
    def post(self, _request: Request) -> Response:
        """Keep the rows and check them; nothing is signed off before the list is started.

        A long list is checked by a worker: read it until its state is `ready`.
        """
        body = self.read_body(ListBody)
        now = timezone.now()
        found = signoff_lists.hand_in_members(self.person, body["key"], body["role"], body["rows"], now=now)
        signoff_lists.check_at_once(found.id, now=now, seconds=CHECK_SECONDS)
        return self.shown(SignOffListShape, signoff_lists.get_list(self.person, found.id), 201)


class ListOne(Resource):
    """One list."""

    @describe("get_sign_off_list", responses=SignOffListShape)
    def get(self, _request: Request, signoff_list_id: UUID) -> Response:
        """The list with its progress."""
        return self.shown(SignOffListShape, signoff_lists.get_list(self.person, str(signoff_list_id)))


class ListRows(Resource):
    """Rows of a list."""

    @describe("list_sign_off_rows", parameters=[RowQuery], responses=page_of(SignOffRowShape))
    def get(self, _request: Request, signoff_list_id: UUID) -> Response:
        """Rows in the order in which they were sent; they go a month after the list has ended."""
        query = self.read_query(RowQuery)
        verdicts = (query["verdict"],) if "verdict" in query else ()
        found = signoff_lists.page_rows(
            self.person, str(signoff_list_id), verdicts=verdicts, **self.place(query)
        )
        return self.listed(SignOffRowShape, found)


class ListStart(Resource):
    """Say yes."""

    @describe("start_sign_off_list", request=StartBody, responses=SignOffListShape)
    def post(self, _request: Request, signoff_list_id: UUID) -> Response:
        """Sign off for everybody on the list who can be; a worker does it."""
        body = self.read_body(StartBody)
        found = signoff_lists.start_list(
            self.person, str(signoff_list_id), count=body["count"], reason=body["reason"], now=timezone.now()
        )
        return self.shown(SignOffListShape, found)


class _Lever(Resource):
    lever = ""

    def pull(self, signoff_list_id: UUID, reason: str = "") -> Response:
        """Do what this address does."""
        found = signoff_lists.pull_lever(
            self.person, str(signoff_list_id), self.lever, reason=reason, now=timezone.now()
        )
        return self.shown(SignOffListShape, found)


class ListPause(_Lever):
    """Stop for now."""

    lever = "pause"

    @describe("pause_sign_off_list", request=None, responses=SignOffListShape)
    def post(self, _request: Request, signoff_list_id: UUID) -> Response:
        """Stop after the piece at hand; nothing is lost."""
        return self.pull(signoff_list_id)


class ListResumption(_Lever):
    """Go on."""

    lever = "resume"

    @describe("resume_sign_off_list", request=None, responses=SignOffListShape)
    def post(self, _request: Request, signoff_list_id: UUID) -> Response:
        """Go on where it was paused."""
        return self.pull(signoff_list_id)


class ListCancellation(_Lever):
    """End early."""

    lever = "cancel"

    @describe("cancel_sign_off_list", request=None, responses=SignOffListShape)
    def post(self, _request: Request, signoff_list_id: UUID) -> Response:
        """End it early; what was signed off stands until it is undone."""
        return self.pull(signoff_list_id)


class ListUndoing(_Lever):
    """Take the whole back."""

    lever = "undo"

    @describe("undo_sign_off_list", request=ReasonBody, responses=SignOffListShape)
    def post(self, _request: Request, signoff_list_id: UUID) -> Response:
        """Begin to take back every sign-off of a list that has ended, and every award it led to."""
        return self.pull(signoff_list_id, self.read_body(ReasonBody)["reason"])

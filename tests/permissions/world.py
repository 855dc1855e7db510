"""One school with everything in it that an address can name, another organisation, and people of every kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import roles
from demo_site.courses.models import Role
from microcred_app import api, signoff_lists, signoffs
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery.models import Connection, Delivery, Host
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.care_models import Accommodation
from microcred_app.applets.insights.models import JobProfile
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.webhooks import api as webhooks
from tests.fixtures.catalogue import (
    COURSE,
    do_unit,
    make_officer,
    make_user,
    publish,
    set_up_catalogue,
    unit,
)
from tests.fixtures.registrar_world import fail_delivery
from tests.fixtures.review_world import hand_in, save_text, task

__all__ = ["DRAFT_WORD", "LEARNER_WORD", "PEOPLE", "World", "set_up_world"]

#: Who walks, by the letter that the table uses.
PEOPLE = {
    "n": "nobody is signed in",
    "l": "the learner whose things they are",
    "o": "another learner of the course",
    "c": "staff of the course",
    "k": "staff of another course",
    "v": "a reviewer of the course",
    "R": "a registrar of the school",
    "S": "a steward of the school",
    "J": "a reviewer of the school",
    "A": "an auditor of the school",
    "r": "a registrar of the college",
    "s": "a steward of the college",
    "j": "a reviewer of the college",
    "a": "an auditor of the college",
    "b": "staff of the whole site",
    "m": "staff of the course, looking through the learner's eyes",
}
#: Stands in the learner's name and in what they handed in, and nowhere else.
LEARNER_WORD = "Qzlearner"
#: Stands in the name of the school's draft, and nowhere else.
DRAFT_WORD = "Qzdraft"
ELSEWHERE = "course-v1:Demo+CAR+1"


@dataclass(frozen=True)
class World:
    """Accounts by letter, and a value for each name in an address."""

    accounts: dict[str, int]
    things: dict[str, Any]
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, letter: str) -> Client:
        """The browser of this person, which shows a crash as an answer 500."""
        if letter not in self.browsers:
            client = self.browsers[letter] = Client(raise_request_exception=False)
            if letter in self.accounts:
                client.force_login(get_user_model().objects.get(pk=self.accounts[letter]))
        return self.browsers[letter]


def set_up_world() -> World:
    """Build it."""
    now = timezone.now()
    set_up_catalogue()
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    people = _people()
    learner, registrar = people["l"], people["R"]
    publish("first", {"outcome": "o.a"}, skill_keys=("s.a",))
    publish("second", {"outcome": "o.b"})
    publish("placed", {"signoff": "placement", "role": "assessor"})
    publish("macro", {"all": [{"badge": "first"}, {"badge": "second"}]}, kind="macro")
    publish("foreign", {"outcome": "o.c"}, issuer_slug="college")
    badges.open_draft(
        "sketch", {"name": DRAFT_WORD, "kind": "micro", "issuer": "school"}, actor_id=registrar, now=now
    )
    stages = [("First", "badge", "first"), ("Second", "badge", "second")]
    pathways.define_pathway(
        key="road", title="Road", description="Two", badge_key="macro", stages=stages, now=now
    )
    pathways.follow(learner, "road", now=now)
    do_unit(learner, "a", now=now)
    do_unit(learner, "b", now=now)
    award = awards.held_badges(learner)["first"]
    credential = issuance.credential_of_award(award)
    assert credential is not None
    fail_delivery(learner, award, now)
    batch = backfill.start_batch("second", actor_id=registrar, now=now)
    wanted = awards.AwardFilter(None)
    seen = backfill.preview_recall(wanted, now=now)
    recall = backfill.start_recall(
        wanted,
        seal=seen.seal,
        count=seen.awards,
        words=awards.SuspensionWords("Wrong"),
        actor_id=registrar,
        now=now,
    )
    endpoint = webhooks.create_endpoint(
        "school", name="HR", url="https://hr.example/h", events=["badge.awarded"], asks_email=False,
        actor_id=registrar, now=now,
    )  # fmt: skip
    account = vendors.add_account(
        "school", kind="credly", name="Vendor", key="k", organisation_key="org", actor_id=registrar, now=now
    )
    signed = signoffs.give_sign_off(registrar, learner, "placement", "assessor", reason="Seen.", now=now)
    people_list = signoff_lists.hand_in_members(
        registrar, "placement", "assessor", [{"learner": "ben"}], now=now
    )
    signoff_lists.check_at_once(people_list.id, now=now, seconds=60)
    JobProfile.objects.create(**_profile())
    evidence_things = _evidence(people, now)
    offer = offers.make_offer(learner, award, now=now)
    things = {
        "key": "first", "slug": "school", "number": 1, "kind": "badge", "name": "badges", "rest": "x",
        "course_key": COURSE, "award_id": award, "credential_id": credential.id, "batch_id": batch.id,
        "recall_id": recall.id, "endpoint_id": endpoint.endpoint.id, "account_id": account.id,
        "sign_off_id": signed.id,
        "signoff_list_id": people_list.id, "offer_id": offer.id, "host_id": Host.objects.get().pk,
        "connection_id": Connection.objects.get().pk, "delivery_id": Delivery.objects.get().pk,
        "learner_id": learner, "fact_id": UUID(int=1), "list_id": "1", "handle": "x",
    }  # fmt: skip
    return World(people, things | evidence_things)


def _people() -> dict[str, int]:
    here, elsewhere = CourseKey.from_string(COURSE), CourseKey.from_string(ELSEWHERE)
    found = {
        "l": make_user("amina", last_name=LEARNER_WORD),
        "o": make_user("ben"),
        "c": make_user("cleo"),
        "k": make_user("karl"),
        "v": make_user("vera"),
        "b": make_user("boss", is_superuser=True, is_staff=True),
    }
    found["m"] = found["l"]  # what the platform makes of a request through other eyes
    for letter in "lo":
        roles.enrol(found[letter], here)
    roles.give_role(found["c"], here, Role.STAFF)
    roles.give_role(found["v"], here, Role.REVIEWER)
    roles.give_role(found["k"], elsewhere, Role.STAFF)
    for letter, role in zip("RSJA", ("registrar", "steward", "reviewer", "auditor"), strict=True):
        found[letter] = make_officer(f"school-{role}", role)
        found[letter.lower()] = make_officer(f"college-{role}", role, "college")
    return found


def _profile() -> dict[str, Any]:
    return {
        "key": "mechanic",
        "issuer_slug": "school",
        "title": "Mechanic",
        "skill_keys": ["s.a"],
        "edited_at": timezone.now(),
    }


def _evidence(people: dict[str, int], now: Any) -> dict[str, Any]:
    learner, staff = people["l"], people["c"]
    save_text(learner, f"About {LEARNER_WORD}")
    submission = hand_in(learner, now=now)
    file = evidence.read_own(learner, submission, now=now).files[0].info.id
    link = evidence.make_link(learner, file, days=3, note="", now=now)
    evidence.grant_accommodation(
        staff, COURSE, learner_id=learner, extra_days=1, extra_attempts=0, reason="Ill", now=now
    )
    other = unit("c", kind="evidence")
    grant = api.upload_grant(learner, other, other.parts[0].usage_key, task()).grant
    slot, wanted = evidence.read_grant(grant)
    upload = evidence.begin_upload(slot, wanted, filename="b.txt", length=9, fingerprint="", now=now)
    comment = reviews.save_comment(staff, text="Well done.", course_key=COURSE, now=now)
    return {
        "submission_id": submission,
        "file_id": file,
        "link_id": link.id,
        "token": "x",
        "sha256": "0" * 64,
        "publication_id": UUID(int=2),
        "accommodation_id": Accommodation.objects.get().pk,
        "upload_id": upload.id,
        "comment_id": comment.id,
    }

"""The platform hears of badges: its events, its log and its notifications, after commit, and at nobody's cost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openedx_events.learning.signals import BADGE_AWARDED, BADGE_REVOKED, USER_NOTIFICATION_REQUESTED

from microcred_app import notices, receivers
from microcred_app.applets.announcements import api as announcements
from microcred_app.applets.announcements.models import Announcement, AnnouncementAttempt
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.delivery.api import pump_lane
from microcred_app.tracking import TrackedEvent, track
from tests.fixtures.catalogue import COURSE, do_unit, make_officer, make_user, publish
from tests.fixtures.heard_events import HeardEvents, listening
from tests.sources.platform_events import course_grade


class Heard:
    """What receivers of the platform's events got."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any, Any]] = []
        self.failures = 0

    def on_awarded(self, badge: Any, metadata: Any, **_rest: Any) -> None:
        self._take("awarded", badge, metadata)

    def on_revoked(self, badge: Any, metadata: Any, **_rest: Any) -> None:
        self._take("revoked", badge, metadata)

    def on_notified(self, notification_data: Any, metadata: Any, **_rest: Any) -> None:
        self._take("notified", notification_data, metadata)

    def _take(self, name: str, payload: Any, metadata: Any) -> None:
        self.events.append((name, payload, metadata))

    @property
    def names(self) -> list[str]:
        return [name for name, _payload, _metadata in self.events]


@pytest.fixture
def heard() -> Iterator[Heard]:
    ear = Heard()
    pairs = [
        (BADGE_AWARDED, ear.on_awarded),
        (BADGE_REVOKED, ear.on_revoked),
        (USER_NOTIFICATION_REQUESTED, ear.on_notified),
    ]
    for signal, receiver in pairs:
        signal.connect(receiver)
    yield ear
    for signal, receiver in pairs:
        signal.disconnect(receiver)


@pytest.fixture
def log() -> Iterator[HeardEvents]:
    with listening() as found:
        yield found


def work(*, later: timedelta = timedelta(0)) -> None:
    pump_lane(announcements.AnnouncementLane(), clock=lambda: timezone.now() + later, worker="w", seconds=20)


def test_a_new_badge_is_told_once_in_the_platform_s_own_classes(heard: Heard, log: HeardEvents) -> None:
    publish("one", {"outcome": "o.a"}, name="Mending <b>tyres</b> & tubes")
    learner = make_user()
    do_unit(learner, "a")
    assert heard.events == [], "nothing is told in the learner's own request"
    work()
    work()
    assert heard.names == ["awarded", "notified"]
    (_name, badge, metadata), (_name2, notice, _metadata2) = heard.events
    award = Award.objects.get()
    assert (badge.uuid, badge.user.id, badge.user.pii.email) == (str(award.pk), learner, "amina@example.org")
    assert badge.template.name == "Mending <b>tyres</b> & tubes"
    assert metadata.time == award.awarded_at
    response = Client().get(badge.template.image_url.partition("8000")[2])
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert (notice.user_ids, str(notice.course_key), notice.app_name) == (
        [learner],
        COURSE,
        "microcred_badge",
    )
    assert notice.context == {"badge": "Mending  b tyres /b    tubes"}
    (told,) = log.of(TrackedEvent.EARNED)
    assert (told.data["badge"], told.data["user_id"], told.context["course_id"]) == ("one", learner, COURSE)


def test_a_revocation_follows_its_award_and_what_was_never_told_is_not_revoked(heard: Heard) -> None:
    publish("one", {"outcome": "o.a"})
    publish("two", {"outcome": "o.b"})
    learner = make_user()
    do_unit(learner, "a")
    work()
    do_unit(learner, "b")
    officer = make_officer()
    for award in Award.objects.all():
        awards.reverse_award(str(award.pk), actor_id=officer, reason="Wrong", now=timezone.now())
    work()
    assert heard.names == ["awarded", "notified", "revoked"]
    assert heard.events[-1][1].template.name == "Badge one"


def test_a_worker_whose_clock_ran_ahead_hides_no_award(heard: Heard) -> None:
    publish("one", {"outcome": "o.a"})
    publish("two", {"outcome": "o.b"})
    learner = make_user()
    do_unit(learner, "a")
    work(later=timedelta(days=400))
    do_unit(learner, "b")
    work()
    assert [event[1].template.name for event in heard.events if event[0] == "awarded"] == [
        "Badge one",
        "Badge two",
    ]


def test_who_does_not_want_to_be_notified_is_not(heard: Heard, client: Client) -> None:
    publish("one", {"outcome": "o.a"})
    learner = make_user()
    client.force_login(_account(learner))
    page = client.get("/microcred/my/").content.decode()
    assert "Do not notify me" in page
    client.post("/microcred/my/notices/", {"wanted": "no"})
    assert "Notify me of new badges" in client.get("/microcred/my/").content.decode()
    do_unit(learner, "a")
    work()
    assert heard.names == ["awarded"]
    client.post("/microcred/my/notices/", {"wanted": "yes"})
    assert announcements.wants_notices(learner)


def test_a_badge_for_a_grade_is_notified_in_that_course_and_others_are_told_without(heard: Heard) -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.5})
    publish("stack", {"badge": "graded"}, kind="macro")
    learner = make_user()
    course_grade(learner, 0.8)
    work()
    assert sorted(heard.names) == ["awarded", "awarded", "notified"]


def test_a_receiver_that_fails_costs_nobody_anything(
    monkeypatch: pytest.MonkeyPatch, heard: Heard, log: HeardEvents
) -> None:
    publish("one", {"outcome": "o.a"})
    learner = make_user()

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("no broker")

    monkeypatch.setattr("microcred_app.applets.announcements.telling.emit", broken)
    do_unit(learner, "a")
    work()
    row = Announcement.objects.get()
    assert (row.state, row.last_code, row.attempts) == ("pending", "not_taken", 1)
    monkeypatch.undo()
    work(later=timedelta(hours=1))
    assert Announcement.objects.get().state == "delivered"
    assert [attempt.outcome for attempt in AnnouncementAttempt.objects.order_by("pk")] == [
        "retry",
        "delivered",
    ]
    assert len(log.of(TrackedEvent.EARNED)) == 1


def test_an_account_that_is_gone_or_retired_meanwhile_is_not_told_of(heard: Heard) -> None:
    publish("one", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    account = _account(learner)
    account.username = "retired__user_12ab"
    account.save()
    work()
    assert heard.names == []
    assert Announcement.objects.get().last_code == "no_account"


def test_what_is_rolled_back_is_not_told(heard: Heard, log: HeardEvents) -> None:
    class Away(Exception):
        pass

    with pytest.raises(Away), transaction.atomic():
        track(TrackedEvent.STARTED, {"unit": "u"}, user_id=1)
        raise Away
    assert log.of(TrackedEvent.STARTED) == []


def test_a_log_that_fails_does_not_reach_the_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("eventtracking.tracker.emit", broken)
    publish("one", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    assert set(awards.held_badges(learner)) == {"one"}


def test_a_back_fill_is_told_when_it_cannot_be_undone_any_more(heard: Heard) -> None:
    publish("one", {"outcome": "o.a"})
    learner = make_user()
    do_unit(learner, "a")
    Announcement.objects.all().delete()
    award = Award.objects.get()
    now = timezone.now()
    receivers.on_credentials_issued(
        credentials=((str(award.credentials.get().pk), learner),),
        award_ids=(str(award.pk),),
        now=now,
        hold_until=now + timedelta(hours=24),
    )
    work()
    assert heard.names == []
    work(later=timedelta(hours=25))
    assert heard.names == ["awarded", "notified"]


@pytest.mark.parametrize("release", ["older", "newer"])
def test_our_notification_stands_among_the_platform_s_own(
    monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    assert not notices.register_notices(), "this site has none"
    name = "openedx.core.djangoapps.notifications.base_notification"
    parts = name.split(".")
    for end in range(1, len(parts)):
        monkeypatch.setitem(sys.modules, ".".join(parts[:end]), ModuleType(".".join(parts[:end])))
    home: Any = ModuleType(name)
    home.COURSE_NOTIFICATION_APPS, home.COURSE_NOTIFICATION_TYPES = {}, {}
    if release == "newer":
        home.EmailCadence = SimpleNamespace(IMMEDIATELY="Immediately")
    monkeypatch.setitem(sys.modules, name, home)
    assert notices.register_notices()
    assert notices.register_notices(), "twice is once"
    kind = home.COURSE_NOTIFICATION_TYPES["microcred_badge"]
    group = home.COURSE_NOTIFICATION_APPS[kind["notification_app"]]
    said = str(kind["content_template"]).format(p="p", strong="strong", badge="Tyres")
    assert said == "<p>You have received the badge <strong>Tyres</strong></p>"
    older = {"core_info", "core_web", "core_email", "core_push", "core_email_cadence"}
    newer = {"enabled", "info", "web", "email", "push", "email_cadence", "non_editable"}
    assert older | newer <= group.keys()


def _account(learner: int) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=learner)

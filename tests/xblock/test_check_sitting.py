"""A learner sits at checks of every type: attempts, hints, policies, and what they may know."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from xblock.core import XBlockMixin
from xblock.fields import DateTime, Scope, String

from microcred_xblock.check_sitting import MOST_ATTEMPTS
from microcred_xblock.guards import visitor_of
from microcred_xblock.journey import Journey

from .check_kinds import IN_ORDER, KINDS, Kind, kind_of
from .courses import check, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp

EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
#: Nobody is wrong who has not confirmed yet, and there is nothing to look up.
TESTED = pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.check_type)


def submit(lesson: Page, answer: Any, attempt: int = 1) -> Any:
    return lesson.call(lesson.block(0), "submit", {"answer": answer, "attempt": attempt})


def html(lesson: Page) -> str:
    return str(lesson.block(0).render("student_view", {}).content)


@EVERY
def test_the_right_answer_completes_the_unit(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(unit(kind.olx()))
    reply = submit(lesson, kind.right)
    assert reply.status == 200, reply.body
    assert (reply.body["passed"], reply.body["closed"], reply.body["score"]) == (True, True, 1.0)
    assert reply.body["progress"]["complete"]


@TESTED
def test_a_wrong_answer_uses_an_attempt_and_tells_no_key(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(
        unit(
            kind.olx(
                attempts_allowed="2", pairs=[{**p, "feedback": ""} for p in kind.fields.get("pairs", [])]
            )
        )
    )
    reply = submit(lesson, kind.wrong)
    assert (reply.body["passed"], reply.body["attempts"]) == (False, "1 attempt left.")
    right = kind.right if isinstance(kind.right, str) and kind.check_type in ("number", "text") else None
    assert right is None or right not in json.dumps(reply.body)
    assert app.recorded == []


@EVERY
def test_the_open_page_and_the_data_for_apps_hold_no_answer(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(unit(kind.olx(feedback_correct="SECRET", hints=["SECRET"], reveal="never")))
    block = lesson.block(0)
    state = lesson.call(block, "student_view_user_state", {}).body
    everything = html(lesson) + json.dumps([block.student_view_data(), block.index_dictionary(), state])
    for secret in (*kind.secrets, "SECRET"):
        found = everything.replace("mc-o", "").replace('-o1"', "").replace('-o2"', "").replace('-o3"', "")
        assert secret not in found, secret


def test_things_to_order_are_named_by_what_they_say_and_begin_in_disorder(app: FakeApp) -> None:
    for learner in range(1, 30):
        lesson = open_page(unit(kind_of("order").olx()), user_id=learner)
        state = lesson.call(lesson.block(0), "student_view_user_state", {}).body
        assert state["arrangement"] != IN_ORDER
        assert sorted(state["arrangement"]) == sorted(IN_ORDER)


def test_the_data_for_apps_is_the_same_whatever_the_key(app: FakeApp) -> None:
    steps = kind_of("order").fields["options"]
    one = open_page(kind_of("order").olx()).block().student_view_data()
    other = open_page(kind_of("order").olx(options=[*steps[1:], steps[0]])).block().student_view_data()
    assert one == other


def test_shuffled_options_keep_their_order_for_a_learner(app: FakeApp) -> None:
    options = [
        {"id": f"o{n}", "text": f"Option {n}", "correct": n == 1, "fixed": n == 8} for n in range(1, 9)
    ]
    lesson = open_page(unit(check(options=options, shuffle="true")))

    def order() -> list[str]:
        return [line.split('"')[0] for line in html(lesson).split('data-mc-answer="" value="')[1:]]

    first = order()
    assert first == order()
    assert first[-1] == "o8"
    lesson.sign_in(ANA + 1)
    assert order() != first


@EVERY
def test_a_draft_comes_back(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(unit(kind.olx()))
    draft = kind.wrong or ["s1"]
    assert lesson.call(lesson.block(0), "save_draft", {"answer": draft}).status == 200
    state = lesson.call(lesson.block(0), "student_view_user_state", {}).body
    assert state["draft"] == draft
    assert state["attempt"] == 0


# Hints


def test_hints_come_one_at_a_time_and_are_counted(app: FakeApp) -> None:
    lesson = open_page(unit(check(hints=["First", "Second"], hint_cost="20")))
    assert "First" not in html(lesson)
    assert "Show hint 1 of 2 (costs 20 %)" in html(lesson)
    reply = lesson.call(lesson.block(0), "show_hint", {"hint": 1})
    assert "First" in reply.body["hints_html"] and "Second" not in reply.body["hints_html"]
    again = lesson.call(lesson.block(0), "show_hint", {"hint": 1})
    assert again.body["hints_used"] == 1, "a double click costs once"
    assert lesson.call(lesson.block(0), "show_hint", {"hint": 3}).status == 409
    result = submit(lesson, "a")
    assert result.body["passed"] is True
    assert result.body["score"] == 0.8
    assert app.scores[ANA, lesson.key(0)] == 0.8
    assert app.responses[ANA, lesson.key(0), 1].hints == 1
    assert lesson.call(lesson.block(0), "show_hint", {"hint": 2}).status == 409, "closed"


@pytest.mark.parametrize("number", [None, "1", 0, -1, True, 1.0, [1]])
def test_an_impossible_hint_is_refused(app: FakeApp, number: object) -> None:
    lesson = open_page(unit(check(hints=["First"])))
    assert lesson.call(lesson.block(0), "show_hint", {"hint": number}).status == 400
    assert lesson.block(0).hints_used == 0


def test_feedback_follows_the_attempts(app: FakeApp) -> None:
    lesson = open_page(
        unit(check(try_feedback=["Look again.", "At the rubber."], feedback_incorrect="General"))
    )
    shown = [submit(lesson, "b", attempt).body["result_html"] for attempt in (1, 2, 3)]
    assert ["Look again." in shown[0], "At the rubber." in shown[1], "At the rubber." in shown[2]] == [
        True
    ] * 3
    assert "General" not in "".join(shown)


# Attempts and scores


def test_practice_never_closes_and_weighs_nothing(app: FakeApp) -> None:
    lesson = open_page(unit(check(purpose="practice", attempts_allowed="1"), check()))
    for attempt, answer in enumerate(("b", "c", "a", "b"), 1):
        reply = submit(lesson, answer, attempt)
        assert (reply.status, reply.body["closed"]) == (200, False)
    assert app.scores[ANA, lesson.key(0)] == 1.0
    parts = Journey(lesson.block(), visitor_of(lesson.block())).unit.parts
    assert [part.kind for part in parts] == ["practice", "check"]


def test_mastery_below_full_marks_passes_and_lets_the_learner_improve(app: FakeApp) -> None:
    lesson = open_page(unit(kind_of("match").olx(partial_credit="true", mastery="50")))
    half = {**kind_of("match").right, "p2": kind_of("match").wrong["p2"]}
    first = submit(lesson, half)
    assert (first.body["passed"], first.body["closed"], first.body["score"]) == (True, False, 0.5)
    assert first.body["progress"]["complete"]
    second = submit(lesson, kind_of("match").right, 2)
    assert (second.body["closed"], second.body["score"]) == (True, 1.0)
    assert app.scores[ANA, lesson.key(0)] == 1.0


def test_the_latest_attempt_counts_where_the_author_wants_it(app: FakeApp) -> None:
    lesson = open_page(
        unit(kind_of("match").olx(partial_credit="true", mastery="50", attempt_policy="latest"), check())
    )
    half = {**kind_of("match").right, "p2": kind_of("match").wrong["p2"]}
    submit(lesson, half)
    lower = submit(lesson, kind_of("match").wrong, 2)
    assert lower.body["passed"] is True, "passed is passed"
    assert app.scores[ANA, lesson.key(0)] == 0.0
    assert "latest attempt counts" in lower.body["result_html"]


def test_a_mean_wants_several_good_attempts(app: FakeApp) -> None:
    lesson = open_page(unit(check(attempt_policy="average", average_over="2")))
    first = submit(lesson, "a")
    assert (first.body["passed"], first.body["closed"]) == (False, False)
    assert "Mean of the last 2 attempts: 50 %" in first.body["result_html"]
    assert submit(lesson, "a", 2).body["passed"] is True


def test_the_app_arbitrates_between_two_answers_to_one_attempt(app: FakeApp) -> None:
    """Two tabs, two processes: both loaded the block before either had saved."""
    lesson = open_page(unit(check(attempts_allowed="2")))
    first, second = lesson.block(0), lesson.block(0)
    won = lesson.call(first, "submit", {"answer": "b", "attempt": 1})
    lost = lesson.call(second, "submit", {"answer": "a", "attempt": 1})
    assert (won.body["passed"], lost.body["passed"]) == (False, False)
    assert lost.body["repeated"] is True
    assert lost.body["result_html"] == won.body["result_html"]
    block = lesson.block(0)
    assert (block.attempts_used, block.last["answer"], block.scores) == (1, "b", [0.0])
    assert app.recorded == []


def test_a_lost_state_does_not_give_attempts_back(app: FakeApp) -> None:
    lesson = open_page(unit(check(attempts_allowed="1")))
    submit(lesson, "b")
    block = lesson.block(0)
    block.attempts_used, block.last, block.scores = 0, {}, []
    block.save()
    reply = submit(lesson, "a")
    assert (reply.body["repeated"], reply.body["passed"], reply.body["closed"]) == (True, False, True)


def test_a_script_cannot_fill_the_record(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    block = lesson.block(0)
    block.attempts_used = MOST_ATTEMPTS
    block.last = {"attempt": MOST_ATTEMPTS, "answer": "b", "passed": False, "score": 0.0}
    block.save()
    assert submit(lesson, "b", MOST_ATTEMPTS + 1).status == 409
    assert app.responses == {}


def test_every_marked_answer_is_kept_for_item_analysis(app: FakeApp) -> None:
    for kind in KINDS:
        lesson = open_page(unit(kind.olx()))
        submit(lesson, kind.right)
        kept = app.responses.pop((ANA, lesson.key(0), 1))
        assert (kept.check_type, kept.score, kept.passed) == (kind.check_type, 1.0, True)
        assert kept.given
        assert len(kept.question) == 16
    order = open_page(unit(kind_of("order").olx()))
    submit(order, IN_ORDER[::-1])
    assert [name for _, name in app.responses[ANA, order.key(0), 1].given] == ["o3", "o2", "o1"]


# What may be known


class Inherited(XBlockMixin):
    """What the platform adds to every block."""

    showanswer = String(default="finished", scope=Scope.settings)
    show_correctness = String(default="always", scope=Scope.settings)
    due = DateTime(default=None, scope=Scope.settings)


def on_platform(olx: str, **settings: Any) -> Page:
    lesson = open_page(olx)
    lesson.runtime.mixologist = type(lesson.runtime.mixologist)((Inherited,))
    block = lesson.block(0)
    for name, value in settings.items():
        setattr(block, name, value)
    block.save()
    return lesson


@TESTED
def test_the_right_answer_is_shown_when_attempts_are_used_up_as_the_course_says(
    app: FakeApp, kind: Kind
) -> None:
    lesson = on_platform(unit(kind.olx(attempts_allowed="1")))
    assert "The right answer:" not in html(lesson)
    reply = submit(lesson, kind.wrong)
    assert "The right answer:" in reply.body["result_html"]
    hidden = on_platform(unit(kind.olx(attempts_allowed="1", reveal="never")))
    assert "The right answer:" not in submit(hidden, kind.wrong).body["result_html"]
    never = on_platform(unit(kind.olx(attempts_allowed="1")), showanswer="never")
    assert "The right answer:" not in submit(never, kind.wrong).body["result_html"]


def test_asking_for_the_answer_ends_a_check_that_counts(app: FakeApp) -> None:
    lesson = on_platform(unit(check()), showanswer="attempted_no_past_due")
    assert lesson.call(lesson.block(0), "show_answer", {}).status == 403
    submit(lesson, "b")
    assert "end this question" in html(lesson)
    reply = lesson.call(lesson.block(0), "show_answer", {})
    assert "On the sidewall" in reply.body["result_html"]
    assert reply.body["closed"] is True
    refused = submit(lesson, "a", 2)
    assert refused.status == 409 and "no further attempt counts" in refused.body["error"]
    assert app.recorded == []


def test_after_the_due_date_no_attempt_is_taken_once_answers_go_round(app: FakeApp) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    lesson = on_platform(unit(check()), due=past)
    assert "On the sidewall" in html(lesson)
    assert submit(lesson, "a").status == 409
    late = on_platform(unit(check()), due=past, showanswer="never")
    assert submit(late, "a").body["passed"] is True, "late is not wrong where nobody was told"


@pytest.mark.parametrize(
    ("setting", "due"), [("never", None), ("past_due", datetime(2999, 1, 1, tzinfo=UTC))]
)
def test_hidden_correctness_is_hidden_everywhere(app: FakeApp, setting: str, due: Any) -> None:
    answers = []
    for answer in ("b", "a"):
        app.responses.clear()
        lesson = on_platform(
            unit(check(attempts_allowed="2", feedback_correct="SECRET")), show_correctness=setting, due=due
        )
        reply = submit(lesson, answer)
        assert (reply.body["passed"], reply.body["score"], reply.body["closed"]) == (None, None, False)
        assert "progress" not in reply.body
        assert "SECRET" not in json.dumps(reply.body) and "moulded" not in json.dumps(reply.body)
        answers.append({k: v for k, v in reply.body.items() if k != "result_html"})
    assert answers[0] == answers[1], "right and wrong cannot be told apart"
    assert app.scores, "the facts are recorded all the same"


# Accommodations


def test_attempts_given_on_top_open_the_check_again(app: FakeApp) -> None:
    lesson = open_page(unit(check(attempts_allowed="1")))
    assert submit(lesson, "b").body["closed"] is True
    app.extra[ANA, lesson.key(0)] = 1
    assert "1 attempt left." in html(lesson)
    assert submit(lesson, "a", 2).body["passed"] is True


def test_nobody_gives_themselves_an_attempt(app: FakeApp) -> None:
    lesson = open_page(unit(check(attempts_allowed="1")))
    submit(lesson, "b")
    app.staff.add(ANA)
    assert lesson.call(lesson.block(0), "give_attempt", {}).status == 403
    assert app.extra == {}


# Exchange


@EVERY
def test_export_and_import_give_the_same_bytes(app: FakeApp, kind: Kind) -> None:
    more = {
        "hints": ["A\nhint", '"quoted"'], "try_feedback": ["é"], "mastery": "60", "partial_credit": "true",
        "attempt_policy": "average", "average_over": "4", "purpose": "practice", "reveal": "never", "shuffle": "true",
        "number_units": [{"name": "kPa", "worth": "0.01"}], "text_ignores": ["case", "accents"], "hint_cost": "5",
    }  # fmt: skip

    def exported(page: Page) -> bytes:
        written = BytesIO()
        page.runtime.export_to_xml(page.block(), written)
        return written.getvalue()

    page = open_page(unit(kind.olx(**more)))
    once = exported(page)
    again = open_page(once)
    assert exported(again) == once
    assert again.block(0).question == page.block(0).question
    assert once.count(b"<microcred_") == 2, "nothing is a child element but the check itself"

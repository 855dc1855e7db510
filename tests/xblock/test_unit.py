"""A learner walks through a micro-unit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from microcred_xblock.parts import visible

from .courses import check, element, evidence, unit
from .doubles import ANA, Completion, Page, open_page
from .fake_app import NOW, EarnedBadge, FakeApp, SubmissionInfo

TEXT = element("html", url_name="t")


def html(lesson: Page) -> str:
    return lesson.block().render("student_view", {}).content


def current_step(lesson: Page) -> str:
    shown = re.search(r'data-mc-go="([^"]+)"[^>]*aria-current="step"', html(lesson))
    assert shown
    return shown.group(1)


def test_the_header_says_outcome_minutes_and_progress(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second")))
    shown = html(lesson)
    assert "Read the size of a tyre" in shown
    assert "6 minutes" in shown
    assert "0 of 2 done" in shown
    assert '<progress class="mc-bar" value="0" max="2"' in shown
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert "1 of 2 done" in html(lesson)


def test_the_unit_is_complete_only_when_every_part_is(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second")))
    first = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert (first["done"], first["total"], first["complete"], first["earned"]) == (1, 2, False, [])
    assert lesson.runtime.published == []
    second = lesson.call(lesson.block(1), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert second["complete"]
    assert len(lesson.completions()) == len(lesson.grades()) == 1


def test_completion_and_grade_go_out_once_however_often_the_unit_is_opened(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    for _ in range(3):
        html(lesson)
        lesson.call(lesson.block(), "progress", {})
        lesson.call(lesson.block(), "go_to", {"to": lesson.key(0)})
    assert len(lesson.completions()) == len(lesson.grades()) == 1


def test_a_learner_resumes_at_the_step_they_left(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second"), check(display_name="Third")))
    assert current_step(lesson) == lesson.key(0)
    assert "Welcome back" not in html(lesson)
    assert lesson.call(lesson.block(), "go_to", {"to": lesson.key(2)}).status == 200
    assert current_step(lesson) == lesson.key(2)
    assert "Welcome back. 0 of 3 done, about 6 minutes left." in html(lesson)


def test_resuming_survives_reordering_and_removal_of_steps(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second"), check(display_name="Third")))
    second = lesson.key(1)
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    lesson.call(lesson.block(), "go_to", {"to": second})
    block = lesson.block()
    block.children = [block.children[1], block.children[0], block.children[2]]
    block.save()
    assert current_step(lesson) == second
    block = lesson.block()
    block.children = block.children[1:]
    block.save()
    assert current_step(lesson) == lesson.key(1), "the first step still to do"


def test_hidden_children_are_no_part_of_the_unit(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="For staff")))
    hidden = lesson.block().children[1]
    lesson.runtime.hidden.add(hidden)
    assert len(visible(lesson.block())) == 1
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.body["progress"]["total"] == 1
    assert reply.body["progress"]["complete"]
    assert lesson.call(lesson.block(), "go_to", {"to": str(hidden)}).status == 404


@pytest.mark.parametrize("to", ["nowhere", "x" * 600, 3, ["a"]])
def test_a_step_that_is_not_there_is_refused(app: FakeApp, to: object) -> None:
    lesson = open_page(unit(check()))
    assert lesson.call(lesson.block(), "go_to", {"to": to}).status in (400, 404)
    assert lesson.block().resume_at == ""


@pytest.mark.parametrize("seen", ["abc", [1], {"a": 1}])
def test_an_unreadable_list_of_seen_steps_is_refused(app: FakeApp, seen: object) -> None:
    lesson = open_page(unit(TEXT))
    assert lesson.call(lesson.block(), "go_to", {"to": lesson.key(0), "seen": seen}).status == 400


def test_content_counts_when_the_completion_service_says_so(app: FakeApp) -> None:
    service = Completion()
    lesson = open_page(unit(element("problem"), check()), completion=service)
    seen = lesson.call(lesson.block(), "go_to", {"to": lesson.key(1), "seen": [lesson.key(0)]})
    assert seen.body["done"] == 0, "a problem is not solved by moving past it"
    service.reached[lesson.block().children[0]] = 1.0
    assert lesson.call(lesson.block(), "progress", {}).body["done"] == 1
    assert app.recorded == [lesson.key(0)]


def test_a_quick_reader_need_not_wait_for_the_platforms_clock(app: FakeApp) -> None:
    service = Completion()
    lesson = open_page(unit(TEXT, check()), completion=service)
    reply = lesson.call(lesson.block(), "go_to", {"to": lesson.key(1), "seen": [lesson.key(0)]})
    assert reply.body["done"] == 1
    assert service.reached == {lesson.block().children[0]: 1.0}


@pytest.mark.parametrize("services", [{}, {"completion": Completion(tracking=False)}])
def test_content_counts_when_passed_where_nobody_counts_it(app: FakeApp, services: dict[str, object]) -> None:
    lesson = open_page(unit(TEXT, check()), **services)
    assert (
        lesson.call(lesson.block(), "go_to", {"to": lesson.key(1), "seen": [lesson.key(0)]}).body["done"] == 1
    )


def test_a_check_cannot_be_passed_by_saying_it_was_seen(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    assert (
        lesson.call(lesson.block(), "go_to", {"to": lesson.key(0), "seen": [lesson.key(0)]}).body["done"] == 0
    )


def test_foreign_children_get_what_the_platform_needs_to_count_a_view(app: FakeApp) -> None:
    lesson = open_page(unit(TEXT, check()), completion=Completion())
    context = {"wrap_xblock_data": {"mark-completed-on-view-after-delay": 1, "ours": True}}
    shown = lesson.block().render("student_view", context).content
    assert "mark-completed-on-view-after-delay&#x27;: 5000" in shown.replace("'", "&#x27;")
    assert "ours" not in shown, "our own wrapper's data is not the children's"


def test_content_without_a_continue_button_can_be_marked_by_its_reader(app: FakeApp) -> None:
    service = Completion()
    lesson = open_page(unit(TEXT, element("problem"), layout="page"), completion=service)
    shown = html(lesson)
    assert f'data-mc-seen="{lesson.key(0)}"' in shown
    assert f'data-mc-seen="{lesson.key(1)}"' not in shown, "a problem is done by solving it"
    lesson.call(lesson.block(), "go_to", {"to": "", "seen": [lesson.key(0)]})
    assert "data-mc-seen" not in html(lesson)


def test_a_unit_of_content_alone_can_be_finished(app: FakeApp) -> None:
    lesson = open_page(unit(TEXT))
    assert "I have worked through this" in html(lesson)
    reply = lesson.call(lesson.block(), "go_to", {"to": lesson.key(0), "seen": [lesson.key(0)]})
    assert reply.body["complete"]
    assert "I have worked through this" not in html(lesson)


def test_the_earned_card_is_there_when_the_unit_is_opened_later(app: FakeApp) -> None:
    lesson = open_page(unit(evidence()))
    app.submissions[ANA, lesson.key(0)] = SubmissionInfo(state="in_review", text="done")
    assert "in review" in html(lesson)
    assert "You earned" not in html(lesson)
    app.scores[ANA, lesson.key(0)] = 0.9
    shown = html(lesson)
    assert "You earned" in shown
    assert 'alt="A tyre"' in shown
    assert "Cycle School" in shown
    assert lesson.grades() == [{"value": 1.0, "max_value": 1.0}], "settled by opening the lesson"


def test_a_badge_is_private_until_its_owner_makes_a_link(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    private = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]["html"]
    assert "Create verify link" in private
    assert "Only you see this badge" in private
    assert "mc-qr" not in private
    assert 'href="https://badges.example/send/a1" target="_top"' in private
    app.earned = (
        replace(EarnedBadge(), shared=True, verify_url="https://v.example/c/1", qr_svg="<svg></svg>"),
    )
    shared = lesson.call(lesson.block(), "progress", {}).body["html"]
    assert 'value="https://v.example/c/1"' in shared
    assert "<svg></svg>" in shared
    assert "Stop sharing" in shared
    assert "Create verify link" not in shared


def test_a_badge_on_its_way_and_a_withdrawn_one_offer_no_actions(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    app.earned = (replace(EarnedBadge(), issued=False),)
    waiting = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]["html"]
    assert "being signed" in waiting and "wallet" not in waiting
    app.earned = (replace(EarnedBadge(), revoked=True),)
    withdrawn = lesson.call(lesson.block(), "progress", {}).body["html"]
    assert "Withdrawn" in withdrawn and "wallet" not in withdrawn and "You earned" not in withdrawn
    app.earned = (
        replace(EarnedBadge(), shared=True, suspended_at=NOW, suspended_told="We look into it <b>."),
    )
    waiting = lesson.call(lesson.block(), "progress", {}).body["html"]
    assert (
        "suspended for now" in waiting and "We look into it &lt;b&gt;." in waiting and "wallet" not in waiting
    )


def test_a_macro_badge_names_what_it_stacks(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    app.earned = (replace(EarnedBadge(), kind="macro", parts=("Tyre reader", "Tube patcher")),)
    shown = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]["html"]
    assert "Macro badge" in shown and "Tube patcher" in shown


def test_addresses_that_are_no_web_addresses_are_not_linked(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    app.earned = (
        replace(
            EarnedBadge(),
            send_url="javascript:alert(1)",
            image_url="data:text/html,x",
            share_url="//e.example",
        ),
    )
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert (
        "javascript" not in reply["html"]
        and "data:text" not in reply["html"]
        and "e.example" not in reply["html"]
    )
    assert reply["earned"][0]["send_url"] == ""


def test_counts_towards_is_shown_with_what_is_missing(app: FakeApp) -> None:
    shown = html(open_page(unit(check())))
    assert "Wheel expert" in shown
    assert "Earn both badges." in shown
    assert "Patch a tube" in shown


def test_counts_towards_names_the_next_step_its_reason_and_the_pathway(app: FakeApp) -> None:
    shown = html(open_page(unit(check())))
    assert '<a class="mc-link" href="/jump/tubes" target="_top">Tubes</a>' in shown
    assert "This is all that is missing." in shown
    assert "The wheel road" in shown
    assert "1 of 2 done" in shown
    assert "You follow this pathway" in shown


def test_layout_page_shows_everything_at_once(app: FakeApp) -> None:
    shown = html(open_page(unit(check(), check(display_name="Second"), layout="page")))
    assert "mc-nav" not in shown
    assert not re.search(r"<section[^>]* hidden", shown)


def test_what_the_platform_asks_without_a_user_needs_none(app: FakeApp) -> None:
    lesson = open_page(unit(check()), user_id=None)
    assert lesson.block().max_score() == 1.0
    assert lesson.block().student_view_data()["outcome_key"] == "read-tyre"
    assert lesson.block().index_dictionary()["content"]["outcome"] == "Read the size of a tyre"
    assert lesson.block(0).has_score is False, "points would be added a second time"

"""Nothing a learner wrote is lost: offline, signed out, in two windows, on somebody else's turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.contract.stage import Stage
from tests.xblock.courses import check, evidence, unit
from tests.xblock.doubles import ANA
from tests.xblock.fake_app import FakeApp

pytestmark = pytest.mark.browser
Open = Callable[..., Stage]
TYPED = unit(check(check_type="text", text_answers=["sidewall"], options=[]), check(display_name="Second"))


def stored_copies(put: Stage) -> int:
    return int(
        put.browser.evaluate("Object.keys(localStorage).filter(key => key.startsWith('microcred:')).length")
    )


def test_what_is_typed_offline_is_kept_here_and_sent_when_the_line_is_back(stage: Open, app: FakeApp) -> None:
    put = stage(TYPED)
    page = put.open()
    put.broken.add("offline")
    page.get_by_label("Your answer").fill("on the side")
    expect(page.get_by_text("Your draft is not saved yet").first).to_be_visible()
    assert stored_copies(put) == 1
    put.broken.discard("offline")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    assert put.lessons[0].block(0).draft == "on the side"
    assert stored_copies(put) == 0, "the server has it now"


def test_what_was_typed_before_the_page_was_lost_comes_back(stage: Open, app: FakeApp) -> None:
    put = stage(TYPED)
    page = put.open()
    put.broken.add("offline")
    page.get_by_label("Your answer").fill("half a sentence")
    expect(page.get_by_text("Your draft is not saved yet").first).to_be_visible()
    put.broken.discard("offline")
    put.open()
    expect(page.get_by_label("Your answer")).to_have_value("half a sentence")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    assert put.lessons[0].block(0).draft == "half a sentence"


def test_an_ended_session_says_so_and_going_on_needs_no_typing_anew(stage: Open, app: FakeApp) -> None:
    put = stage(TYPED)
    page = put.open()
    put.broken.add("signed out")
    page.get_by_label("Your answer").fill("sidewall")
    saved = page.locator("[data-mc=saved]").first
    expect(saved).to_contain_text("You are signed out. What you wrote is kept on this device")
    link = saved.get_by_role("link", name="Sign in in a new window")
    expect(link).to_have_attribute("target", "_blank")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_role("alert").filter(has_text="You are signed out").first).to_be_visible()
    put.broken.discard("signed out")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("That is right.")).to_be_visible()
    assert stored_copies(put) == 0


def test_moving_on_is_remembered_although_the_line_was_down(stage: Open, app: FakeApp) -> None:
    put = stage(TYPED)
    page = put.open()
    put.broken.add("offline")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("region", name="Second")).to_be_visible()
    expect(page.get_by_text("Your progress could not be saved")).to_be_visible()
    put.broken.discard("offline")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Your progress is saved.")).to_be_visible()
    expect(page.get_by_text("Your progress could not be saved")).to_be_hidden()
    assert put.lessons[0].block().resume_at == put.lessons[0].key(1)


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep what is here", "from the laptop"), ("Take the other one", "from the phone")]
)
def test_two_windows_are_told_apart_and_their_owner_chooses(
    stage: Open, app: FakeApp, choice: str, kept: str
) -> None:
    put = stage(unit(evidence(accept=[], allow_text=True, allow_link=False)))
    page = put.open()
    lesson = put.lessons[0]
    lesson.call(lesson.block(0), "save_draft", {"text": "from the phone", "link": ""})
    page.get_by_label("Your text").fill("from the laptop")
    asked = page.get_by_role("alert").filter(has_text="You wrote something else here")
    expect(asked).to_contain_text("from the phone")
    assert app.submissions[ANA, lesson.key(0)].text == "from the phone", "nothing was overwritten"
    asked.get_by_role("button", name=choice).click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value(kept)
    assert app.submissions[ANA, lesson.key(0)].text == kept
    expect(asked).to_have_count(0)


def test_a_double_tap_answers_once(stage: Open, app: FakeApp) -> None:
    put = stage(unit(check()))
    page = put.open()
    page.get_by_label("On the rim").check()
    page.get_by_role("button", name="Check my answer").dblclick()
    expect(page.get_by_text("Not quite.")).to_be_visible()
    assert put.asked.count("submit") == 1
    assert put.lessons[0].block(0).attempts_used == 1


def test_the_next_person_at_this_computer_saves_nothing_of_the_one_before(stage: Open, app: FakeApp) -> None:
    put = stage(TYPED)
    page = put.open()
    put.broken.add("offline")
    page.get_by_label("Your answer").fill("private words")
    expect(page.get_by_text("Your draft is not saved yet").first).to_be_visible()
    put.broken.discard("offline")
    lesson = put.lessons[0]
    lesson.sign_in(8)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Somebody else is signed in here now").first).to_be_visible()
    assert lesson.block(0).draft is None
    put.open()
    expect(page.get_by_label("Your answer")).to_have_value("")
    assert lesson.block(0).draft is None

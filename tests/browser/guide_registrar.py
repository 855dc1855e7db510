"""What the registrar's guide says, done in its order; :mod:`tests.browser.test_guides_step_by_step` takes the walk."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .guide_walk import Walk, is_well_made

__all__ = ["grants_a_badge", "revokes", "suspends", "takes_many_back"]


def grants_a_badge(walk: Walk, page: Page) -> None:
    """A back-fill, and its undoing."""
    with walk.step("Open Badges, choose the badge") as step:
        step.press(page.get_by_role("navigation", name="Registrar"), "Badges")
        step.press(page, "Safety")
        step.press(page, "Preview a back-fill")
    with walk.step("Read who Would gain it") as step:
        step.press(page, "Would gain it", whole=False)
        expect(page.get_by_role("table", name="Would gain it")).to_contain_text("Amina Diallo")
    is_well_made(page)
    with walk.step("Start the back-fill") as step:
        step.press(page, "Start the back-fill", whole=False)
    with walk.step("The job's page") as step:
        progress = page.get_by_role("region", name=step.named("Progress"))
        expect(progress).to_contain_text("looked at")
    with walk.step("Was it wrong?") as step:
        undo = page.get_by_role("form", name=step.named("Undo"))
        step.write(undo, "Reason", "The rule was too wide.")
        step.press(undo, "Undo")
        expect(page.get_by_text("The rule was too wide.").first).to_be_visible()


def revokes(walk: Walk, page: Page) -> None:
    """One award, with its reason."""
    with walk.step("Open Learners and awards") as step:
        step.press(page, "Learners and awards")
        step.write(page, "Learner: name, user name or whole e-mail address", "Amina")
        with page.expect_navigation(url="**=Amina*"):
            step.press(page, "Show")
    with walk.step("Follow the badge") as step:
        step.press(page, "Bicycle Inspector")
        expect(page.get_by_role("region", name=step.named("Why"))).to_contain_text("Rule of version 1")
    with walk.step("Write the Reason, such as Another") as step:
        step.write(page, "Reason", "Another person did the check.")
        step.press(page, "Revoke this award")
    with walk.step("History says") as step:
        history = page.get_by_role("region", name=step.named("History"))
        expect(history).to_contain_text("Another person did the check.")
        expect(history).to_contain_text("Ruth")


def suspends(walk: Walk, page: Page) -> None:
    """For a while, and back."""
    with walk.step("Open Learners and awards, choose") as step:
        step.press(page, "Learners and awards")
        step.field(page, "Badge").select_option(label=step.named("Chain cares"))
        with page.expect_navigation(url="**badge=chain-caring**"):
            step.press(page, "Show")
        step.press(page.get_by_role("table"), "Chain cares", "link")
    with walk.step("Suspend says") as step:
        place = page.get_by_role("region", name=step.named("Suspend"))
        expect(place).to_contain_text("at the latest")
        step.write(place, "Reason", "The chain is looked at again.")
        step.write(place, "What the holder reads (may stay empty)", "Please bring your chain on Friday.")
        step.press(place, "Suspend this award")
    with walk.step("The award says Suspended since") as step:
        step.sees(page, "Suspended since")
    with walk.step("Under Lift the suspension") as step:
        place = page.get_by_role("region", name=step.named("Lift the suspension"))
        step.write(place, "Reason", "The chain is in order.")
        step.press(place, "Lift the suspension")
        step.sees(page, "Held since")


def takes_many_back(walk: Walk, page: Page) -> None:
    """A selection of awards, for one reason."""
    with walk.step("In Learners and awards narrow") as step:
        step.press(page, "Learners and awards")
        step.field(page, "Badge").select_option(label=step.named("Chain cares"))
        with page.expect_navigation(url="**badge=chain-caring**"):
            step.press(page, "Show")
    with walk.step("Follow Take these awards back") as step:
        step.press(page, "Take these awards back…")
        expect(page.get_by_role("region", name=step.named("What is selected"))).to_contain_text("24")
    with walk.step("Write the Reason, such as The badge") as step:
        step.write(page, "Reason", "The badge was a copy.")
        page.get_by_label(re.compile(r"^Type \d+ to confirm")).fill("24")
        with page.expect_navigation():
            step.press(page, "Take them back")
    with walk.step("Jobs, then") as step:
        step.press(page, "Jobs")
        step.press(page, "Decisions about many awards")
        expect(page.get_by_role("main")).to_contain_text("The badge was a copy.")

"""Six readers follow their guides: author, learner, reviewer, registrar, employer and operator.

The steps are read from docs/how-to, and each is taken as it is written (``guide_walk.py`` says what that means). A step
that is added, changed or renamed fails here until it is taken too. ``make pictures`` keeps what each reader sees.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guide_registrar import grants_a_badge, revokes, suspends, takes_many_back
from tests.browser.guide_walk import GUIDES, Walk, is_well_made, keep, steps_of
from tests.browser.journeys import (
    COURSE,
    answer_text,
    check_of,
    editor_of,
    go_to_step,
    read_steps,
    unit_frame,
)
from tests.fixtures import builder_state, demo_state, home_state, insights_state
from tests.fixtures.demo import REPOSITORY, Demo, environment

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
READERS = ("author", "learn-in-a-unit", "review", "registrar", "check-badges", "operate")


@pytest.fixture(scope="module")
def world(demo: Demo) -> dict[str, str]:
    """People in the middle of things: the addresses that came of it."""
    demo.run_inside(Path(home_state.__file__))
    addresses = demo.run_inside(Path(demo_state.__file__))
    demo.run_inside(Path(builder_state.__file__))  # badges that are younger than what people have shown
    return json.loads(addresses)


@pytest.mark.parametrize("guide", READERS)
def test_a_guide_is_numbered_from_one(guide: str) -> None:
    found: dict[str, list[int]] = {}
    for step in steps_of(guide):
        found.setdefault(step.section, []).append(step.number)
    assert found
    assert {name: list(range(1, len(n) + 1)) for name, n in found.items()} == found


def test_a_walk_notices_what_it_leaves_out() -> None:
    walk = Walk("review")
    with pytest.raises(AssertionError, match="nobody touched"), walk.step("Open Reviews"):
        pass
    with pytest.raises(AssertionError, match="does not say “Publish”"), walk.step("Press Judge") as step:
        step.named("Publish")
    with pytest.raises(AssertionError, match="the next step is"), walk.step("Press Judge"):
        pass
    with pytest.raises(AssertionError, match="nobody took the step"):
        walk.ends()


def test_the_author(visit: Visit, world: dict[str, str], tmp_path: Path) -> None:
    walk = Walk("author")
    page = visit("author", "/studio/")
    page.get_by_role("button", name="New unit in “What to carry”").click()
    page.wait_for_url(re.compile("/container/"))
    with walk.step("On a page of the course press Micro-unit") as step:
        with page.expect_navigation():
            step.press(page, "Micro-unit")
        step.press(page, "Edit", whole=False)
    editor = editor_of(page)
    with walk.step("Title") as step:
        step.write(editor, "Title", "Choose a lock")
    with walk.step("Search") as step:
        field = step.field(editor, "Search: what will they be able to do?")
        field.press_sequentially(outcome := step.named("Choose a lock that fits the risk"))
        editor.get_by_role("option", name=f"{step.named('Write a new outcome')}: “{outcome}”").click()
    with walk.step("Choose a template") as step:
        step.choose(editor, "Show your work")
        expect(step.field(editor, "Minutes")).not_to_have_value("")
    keep(page, "author-form")
    with walk.step("Save") as step:
        with page.expect_navigation():
            step.press(editor, "Save")
        expect(page.get_by_text("Choose a lock").first).to_be_visible()
    with walk.step("Edit the unit again") as step:
        page.get_by_role("button", name=f"{step.named('Edit')} “Choose a lock”").click()
        expect(editor.get_by_text("It still has words of the template").first).to_be_visible()
        step.press(editor, "Edit Show your work")
    with walk.step("What to hand in") as step:
        step.write(editor, "What to hand in", "A photo of your lock, closed around a post.")
        editor_of(page)  # this form has started too
        with page.expect_navigation():
            step.press(editor, "Save")
        expect(page.locator("#editor-dialog")).to_be_hidden()
    with walk.step("Publish unit") as step:
        step.press(page, "Publish unit")
        expect(page.locator("#publish-state")).to_contain_text("Published")
    author_makes_units_of_a_course(walk, visit, tmp_path)
    page = visit("author", f"/studio/container/{insights_state.UNIT}")
    keep(page, "author-unit")
    with walk.step("Open the unit in Studio") as step:
        link = page.get_by_role("link", name=step.named("Insights: how learners get on")).first
        page.goto(link.get_attribute("href") or "")
    with walk.step("On the way to others") as step:
        table = page.get_by_role("table", name=step.named("On the way to others"))
        expect(table).to_contain_text(step.named("Put it into a wallet"))
    keep(page, "author-insights")
    is_well_made(page)
    walk.ends()


def author_makes_units_of_a_course(walk: Walk, visit: Visit, folder: Path) -> None:
    page = visit("author", f"/studio/xblock/{insights_state.UNIT}/action/edit")
    with walk.step("In the form of any unit, open More settings") as step:
        step.open_fold(page, "More settings")
        with page.expect_popup() as opened:
            step.press(page, "Make units of a whole course at once", whole=False)
        page = opened.value
        assert step.named("/microcred/studio/outline/") in page.url
    with walk.step("Download the sheet") as step:
        with page.expect_download() as download:
            step.press(page, "Download the sheet (CSV)")
        sheet = download.value.path().read_text(encoding="utf-8-sig")
    with walk.step("Edit it with a spreadsheet program"):
        path = folder / "units.csv"
        path.write_text(re.sub(r"\[What can learners do\?[^\]]*\]", "Name the tools a ride needs", sheet))
    with walk.step("Choose the file") as step:
        step.field(page, "Edited sheet").set_input_files(path)
        step.press(page, "Look at what it makes")
    with walk.step("Press Build") as step:
        step.press(page, "Build", whole=False)
        expect(page.get_by_text(re.compile("stands? in the draft now"))).to_be_visible()
    is_well_made(page)


def test_the_learner(visit: Visit, demo: Demo, world: dict[str, str], picture: Path) -> None:
    walk = Walk("learn-in-a-unit")
    with walk.step("Open your course and its unit") as step:
        assert step.named("Ben")
        page = visit("ben", "/")
        step.press(page, "Open course")
        step.press(page, "Mend a puncture", "link", whole=False)
    frame = unit_frame(page)
    with walk.step("Read to the end of each text") as step:
        expect(frame.locator(".mc-unit[data-ready]")).to_have_count(1)
        step.press(frame, "Continue")
        read_steps(page, "Get the tube out", "Find the hole", "Patch it in four steps", "Put it back")
    keep(page, "student-unit")
    with walk.step("Answer each question") as step:
        answer_the_questions(page, step.named("Check my answer"))
    with walk.step("Where something is asked for") as step:
        task = go_to_step(page, "Your patched tube")
        step.field(task, "Add files").set_input_files(picture)
        expect(task.get_by_text(picture.name).first).to_be_visible()
        step.press(task, "Hand in")
    with walk.step("When everything is done") as step:
        card = frame.get_by_role("article", name=step.named("You earned Puncture Mender"))
        expect(card).to_be_visible()
    page.goto(f"/courses/{COURSE}/")
    with walk.step("Open My badges") as step:
        step.press(page, "My badges")
        step.sees(page, "Private: only you can see it.")
    with walk.step("Press Share with a link") as step:
        step.press(page, "Share with a link")
        expect(page.get_by_text("Whoever has the link can see it")).to_be_visible()
    with walk.step("Send to my wallet") as step:
        step.press(page, "Send to my wallet")
        step.press(page, "Connect Demo wallet")
        page.get_by_role("button", name=re.compile("Ben")).click()
        page.get_by_role("button", name="Yes, allow it").click()
        page.wait_for_url(re.compile(re.escape(demo.url)))
    with walk.step("Go back to My badges") as step:
        step.press(page, "My badges")
        step.press(page, "Make it private")
        expect(page.get_by_role("button", name="Make it private")).to_have_count(0)
    with walk.step("Download everything") as step, page.expect_download():
        step.press(page, "Download everything (zip)")
    is_well_made(page)
    page.goto(f"/microcred/my/course/{COURSE}/")
    expect(page.get_by_role("table", name="Badges of this course")).to_contain_text("Chain care")
    keep(page, "student-course-badges")
    walk.ends()


def answer_the_questions(page: Page, button: str) -> None:
    """All checks of “Mend a puncture”, one of them wrong at first."""

    def submit(title: str) -> None:
        with page.expect_response("**/handler/submit"):
            check_of(page, title).get_by_role("button", name=button).click()

    check = go_to_step(page, "Read the holes")
    check.get_by_label("Renew the rim tape").check()
    submit("Read the holes")
    expect(check.locator("[data-mc=result]")).to_contain_text("Not")
    check.get_by_label("Pump the tyre up to the pressure it needs").check()
    submit("Read the holes")
    check = go_to_step(page, "What a patch can do")
    check.get_by_label("A thorn hole in the middle of the tube").check()
    check.get_by_label("Two holes 1 cm apart from a pinch").check()
    submit("What a patch can do")
    gaps = go_to_step(page, "Patch it in your head")
    gaps.get_by_label("Gap 1/3").select_option("roughen")
    gaps.get_by_label("Gap 2/3").fill("five")
    gaps.get_by_label("Gap 3/3").fill("shines")
    submit("Patch it in your head")
    expect(gaps.locator("[data-mc=result]")).to_contain_text("That is right.")
    answer_text(go_to_step(page, "The last stretch"), "at the valve")
    promise = go_to_step(page, "Before you ride on")
    promise.get_by_label("I check that the wheel").check()
    promise.get_by_label("I take the old tube").check()
    promise.get_by_role("button", name="Confirm").click()
    expect(promise.get_by_text("You have confirmed this.")).to_be_visible()


def test_the_reviewer(visit: Visit, world: dict[str, str]) -> None:
    walk = Walk("review")
    page = visit("reviewer", "/")
    with walk.step("Open Reviews") as step:
        step.press(page, "Reviews")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    keep(page, "reviewer-queue")
    is_well_made(page)
    with walk.step("Press Judge the next one") as step:
        step.press(page, "Judge the next one")
        expect(page.get_by_text("Reserved for you until")).to_be_visible()
    with walk.step("Look at Handed in") as step:
        handed_in = page.get_by_role("region", name=step.named("Handed in"))
        expect(handed_in.get_by_role("img").first).to_be_visible()
        expect(handed_in).to_contain_text("All five stops are fine.")
    with walk.step("Choose a level") as step:
        step.choose(page, "Complete")
        expect(page.get_by_text("2 of 2 points")).to_be_visible()
    with walk.step("Comment for the learner") as step:
        step.write(page, "Comment for the learner", "All stops are there. Note the pressure next time.")
    keep(page, "reviewer-judging")
    with walk.step("Press Pass") as step:
        expect(page.get_by_role("button", name=step.named("Send back"))).to_be_visible()
        step.press(page, "Pass")
        expect(page.get_by_text("The learner has been credited")).to_be_visible()
    walk.ends()


def test_the_employer(visit: Visit, world: dict[str, str], tmp_path: Path) -> None:
    walk = Walk("check-badges")
    page = visit("", re.sub(r"^https?://[^/]+", "", world["credential"]))
    with walk.step("Open its address") as step:
        step.sees(page, "Valid now")
    keep(page, "employer-check")
    is_well_made(page)
    with walk.step("Read What this person can do") as step:
        step.sees(page, "What this person can do")
        step.sees(page, "How it is earned")
    with walk.step("Checks has one line") as step:
        checks = page.get_by_role("region", name=step.named("Checks"))
        assert step.named("Could not check") not in checks.inner_text()
        expect(checks).to_contain_text("The issuer has not revoked it.")
    with walk.step("Do not want to believe the page?") as step:
        step.press(page, "Check it in my browser")
        expect(page.locator("[data-verifier-result]")).not_to_be_empty()
    with walk.step("Download the credential") as step:
        with page.expect_download() as download:
            step.press(page, "Download the credential (JSON)")
        document = tmp_path / "badge.json"
        download.value.save_as(document)
        assert json.loads(document.read_bytes())["id"] == world["credential"]
    with walk.step("Certificate to print") as step:
        link = page.get_by_role("link", name=step.named("Certificate to print, or to keep as one file"))
        assert page.request.get(link.get_attribute("href") or "").ok
    page = visit("registrar", "/microcred/registrar/")
    with walk.step("In the console open Check badges") as step:
        step.press(page, "Check badges")
    with walk.step("Choose Files") as step:
        step.field(page, "Files").set_input_files(document)
    with walk.step("Choose under Report") as step:
        expect(step.field(page, "Report")).to_have_value("page")
    with walk.step("Press Check") as step:
        step.press(page, "Check")
        expect(page.get_by_role("region", name=step.named("Result"))).to_contain_text("Valid now")
    is_well_made(page)
    walk.ends()


def test_the_registrar(visit: Visit, world: dict[str, str]) -> None:
    walk = Walk("registrar")
    page = visit("registrar", "/")
    with walk.step("Open Registrar") as step:
        step.press(page, "Registrar")
        step.sees(page, "What needs you")
    with walk.step("Follow the name of a badge") as step:
        step.press(page, "Chain care")
        expect(page.get_by_role("heading", level=1)).to_have_text("Chain care")
    grants_a_badge(walk, page)
    revokes(walk, page)
    suspends(walk, page)
    takes_many_back(walk, page)
    with walk.step("Open Audit log") as step:
        step.press(page, "Audit log")
        expect(page.get_by_role("region", name=step.named("Is the log whole?"))).to_contain_text("Whole")
    with walk.step("Narrow it") as step:
        step.write(page, "Who decided", "Ruth")
        step.press(page, "Show")
        step.open_fold(page, "Details")
    is_well_made(page)
    walk.ends()


def test_the_operator(visit: Visit, demo: Demo, world: dict[str, str]) -> None:
    walk = Walk("operate")
    page = visit("", "/sign-in/")
    with walk.step("Open /microcred/operate/health") as step:
        answer = page.request.get(step.named("/microcred/operate/health"))
        assert (answer.status, answer.json()["status"]) == (200, step.named("pass"))
    page = visit("registrar", "/microcred/registrar/")
    keep(page, "operator-overview")
    with walk.step("In the console's overview") as step:
        step.sees(page, "evaluations failed")
        step.sees(page, "deliveries in trouble")
    with walk.step("Deliveries says") as step:
        step.press(page, "Deliveries")
        step.sees(page, "Every badge got where its owner wanted it")
    with walk.step("Jobs says") as step:
        step.press(page, "Jobs")
        expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    for beginning in ("check", "microcred_audit", "microcred_reconcile"):
        with walk.step(f"./manage.py lms {beginning}") as step:
            command = step.named(step.names[0])
            print(said := run(demo, command))
            assert said
    walk.ends()


def run(demo: Demo, command: str) -> str:
    """What a command of the guide says in the demo, whose wallet host stands in for the example."""
    words = command.replace("https://wallet.example.org", demo.wallet_url).split()
    assert words[:2] == ["./manage.py", "lms"]
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "demo_site" / "manage.py"), *words[2:]],
        env=environment(demo.folder)
        | {"MICROCRED_DEMO_URL": demo.url, "MICROCRED_DEMO_WALLET": demo.wallet_url},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_every_picture_of_the_guides_is_there() -> None:
    for guide in READERS:
        for name in re.findall(r"\.\. image:: (\S+)", (GUIDES / f"{guide}.rst").read_text(encoding="utf-8")):
            assert (GUIDES / name).is_file(), (guide, name)

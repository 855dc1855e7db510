"""The whole road, walked by the people who use it: from Studio to a stranger's screen."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import (
    UNIT_PAGE,
    answer_number,
    answer_options,
    answer_text,
    check_of,
    editor_of,
    go_to_step,
    hand_in_file,
    keep_picture,
    read_steps,
    unit_frame,
)
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.interop import verifiers

#: The road begins where a person begins: at an empty folder.
FRESH_DEMO = True
pytestmark = [pytest.mark.browser, pytest.mark.interop]
Visit = Callable[..., Page]


@pytest.mark.timeout(900)  # eight stations, an own demo and verifiers from npm
def test_the_road(visit: Visit, demo: Demo, picture: Path) -> None:
    author_builds_a_unit(visit, demo)
    student_learns_and_comes_back(visit, demo)
    student_hands_in_for_review(visit, demo, picture)
    reviewer_sends_back_then_passes(visit, demo, picture)
    student_sees_the_badge(visit, demo)
    student_stacks_a_second_badge(visit, demo, picture)
    credential = student_sends_it_to_the_wallet(visit, demo)
    strangers_and_machines_verify(visit, demo, credential)
    foreign_verifiers_agree(demo, credential)
    registrar_sees_why_and_revokes(visit, demo, credential)
    everybody_sees_the_revocation(visit, demo, credential)


def author_builds_a_unit(visit: Visit, demo: Demo) -> None:
    page = visit("author", "/studio/")
    page.get_by_role("button", name="New unit in “What to carry”").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Micro-unit").click()
    page.get_by_role("button", name=re.compile("^Edit “")).first.click()
    editor = editor_of(page)
    editor.get_by_label("Title").fill("Adjust a saddle")
    editor.get_by_label("Write a new one").check()
    editor.get_by_label("After this unit, learners can …").fill("Understand saddles")
    expect(editor.get_by_text("cannot be observed")).to_be_visible()
    editor.get_by_label("After this unit, learners can …").fill("Set a saddle to the rider’s height")
    editor.get_by_label("Skill it belongs to").press_sequentially("Fitting a bicycle")
    editor.get_by_role("option", name="New skill: “Fitting a bicycle”").click()
    editor.get_by_label("Minutes").fill("5")
    with page.expect_navigation():
        editor.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Adjust a saddle").first).to_be_visible()
    page.get_by_role("link", name="View “Adjust a saddle”").click()
    page.wait_for_url(re.compile("microcred_unit"))
    for label in ("Text", "Quick check", "Evidence"):
        with page.expect_navigation():
            page.locator("[data-native-add-strip]").get_by_role("button", name=label, exact=True).click()
        expect(page.locator("#announcement")).to_contain_text("added")
    fill_in_check(page)
    fill_in_evidence(page)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Move up “Show")).click()
    expect(page.locator("#announcement")).to_contain_text("moved")
    page.get_by_role("button", name="Publish unit").click()
    expect(page.locator("#publish-state")).to_contain_text("Published")
    outcome = demo.rows("select * from microcred_app_outcome where statement like 'Set a saddle%'")
    assert len(outcome) == 1
    unit = demo.rows(
        "select usage_key from demo_courses_contentblock where branch = 'published' and fields like '%Adjust a saddle%'"
    )[0]["usage_key"]
    parts = demo.rows(
        "select block_type from demo_courses_contentblock"
        " where branch = 'published' and parent = ? order by position",
        unit,
    )
    assert [row["block_type"] for row in parts] == ["html", "microcred_evidence", "microcred_check"]


def fill_in_check(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Edit “Quick check")).click()
    editor = editor_of(page)
    editor.get_by_label("Question").fill("Where should your heel be at the lowest point of the pedal?")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_role("alert").first).to_be_visible()  # no option is right yet
    assert violations(page) == []
    texts = editor.get_by_label("Text", exact=True)
    while texts.count() < 2:
        editor.get_by_role("button", name="Add an option").click()
    texts.nth(0).fill("On the pedal, with the leg straight")
    texts.nth(1).fill("In the air")
    editor.get_by_label("Right", exact=True).nth(0).check()
    with page.expect_navigation():
        editor.get_by_role("button", name="Save").click()
    expect(page.locator("#editor-dialog")).to_be_hidden()
    expect(page.get_by_text("Where should your heel be")).to_be_visible()


def fill_in_evidence(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Edit “Show what you can do")).click()
    editor = editor_of(page)
    editor.get_by_label("What to hand in").fill("A photo of your saddle beside your hip.")
    editor.get_by_label("Nobody: handing in is enough").check()
    with page.expect_navigation():
        editor.get_by_role("button", name="Save").click()
    expect(page.locator("#editor-dialog")).to_be_hidden()
    expect(page.get_by_text("A photo of your saddle")).to_be_visible()


def student_learns_and_comes_back(visit: Visit, demo: Demo) -> None:
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    frame = unit_frame(page)
    expect(frame.get_by_text("0 of 7 done")).to_be_visible()
    check = go_to_step(page, "Read the side wall")
    expect(answer_number(check, "70")).to_contain_text("Not")
    answer_number(check, "4,8")  # a decimal comma is a number, too
    expect(check.get_by_text("Right").first).to_be_visible()
    check = go_to_step(page, "Judge a brake pad")
    answer_options(check, "Ride on: it has not passed the line yet")
    answer_options(check, "Change the pads of this brake, both of them")
    check = go_to_step(page, "Ride or leave it")
    check.get_by_label("The brake lever can be pulled all the way to the grip").check()
    expect(check.get_by_text("Saved")).to_be_visible()
    page.context.close()

    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    check = check_of(page, "Ride or leave it")
    expect(check).to_be_visible()  # the very step, with the half-given answer
    expect(check.get_by_label("The brake lever can be pulled all the way to the grip")).to_be_checked()
    answer_options(
        check,
        "White threads show through the tread of the rear tyre",
        "The quick-release lever of the front wheel closes without resistance",
    )
    read_steps(page, "The M-check", "Tyres: enough air", "Brakes: how thin")
    expect(unit_frame(page).locator("[data-mc=sentence]").first).to_have_text("6 of 7 done")


def student_hands_in_for_review(visit: Visit, demo: Demo, picture: Path) -> None:
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    step = go_to_step(page, "Your M-check")
    step.get_by_label("Add files").set_input_files(
        {"name": "trick.png", "mimeType": "image/png", "buffer": b"<html><script>alert(1)</script></html>"}
    )
    expect(step.get_by_role("alert").filter(has_text="not what its name says")).to_be_visible()
    hand_in_file(step, picture)
    expect(step.get_by_text("Handed in and in review").first).to_be_visible()
    assert violations(page) == []
    row = demo.rows("select f.* from microcred_app_evidencefile f")[0]
    assert row["sha256"] == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert demo.rows("select count(*) as n from microcred_app_award")[0]["n"] == 0


def reviewer_sends_back_then_passes(visit: Visit, demo: Demo, picture: Path) -> None:
    page = visit("reviewer", "/microcred/review/")
    page.get_by_role("link", name=re.compile("Your M-check.*Amina Diallo")).click()
    expect(page.get_by_role("img", name=re.compile("my bicycle.png"))).to_be_visible()
    choose_levels(page, best=False)
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_role("alert")).to_contain_text("what the learner should change")
    page.get_by_label("Comment for the learner").fill("Please show the front wheel.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Sent back with your comment")).to_be_visible()

    student = visit("amina", UNIT_PAGE.format("inspect-page"))
    step = go_to_step(student, "Your M-check")
    expect(step.get_by_text("Please show the front wheel.")).to_be_visible()
    assert violations(student) == []
    hand_in_file(step, picture)
    expect(step.get_by_text("Handed in and in review").first).to_be_visible()

    page.goto("/microcred/review/")
    page.get_by_role("link", name=re.compile("Your M-check.*Amina Diallo")).click()
    expect(page.get_by_text("Attempt 1:")).to_be_visible()
    choose_levels(page, best=True)
    page.get_by_role("button", name="Pass", exact=True).click()
    expect(page.get_by_text("The learner has been credited")).to_be_visible()


def choose_levels(page: Page, *, best: bool) -> None:
    for group in page.locator("fieldset").all():
        radios = group.get_by_role("radio")
        points = [
            int(re.search(r"(\d+) point", label.inner_text())[1]) for label in group.locator("label").all()
        ]
        wanted = max(points) if best else min(points)
        radios.nth(points.index(wanted)).check()


def student_sees_the_badge(visit: Visit, demo: Demo) -> None:
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    card = unit_frame(page).get_by_role("article", name="You earned Bicycle Inspector")
    expect(card).to_be_visible()
    expect(card.get_by_role("img").first).to_have_attribute("alt", re.compile("teal emblem"))
    expect(card.get_by_text("Inspect a bicycle along the M-line")).to_be_visible()
    expect(card.get_by_role("link", name="Send to my wallet")).to_be_visible()
    page.goto("/courses/course-v1:Microcred+BIKE101+2026/")
    complete = page.get_by_role("link", name=re.compile("Check a bicycle before you ride"))
    expect(complete).to_contain_text("Complete")
    grade = demo.rows("select * from demo_courses_grade where usage_key like '%inspect-unit'")
    assert len(grade) == 1
    assert grade[0]["earned"] == pytest.approx(1.0)


def student_stacks_a_second_badge(visit: Visit, demo: Demo, picture: Path) -> None:
    page = visit("amina", UNIT_PAGE.format("puncture-page"))
    answer_options(go_to_step(page, "Read the holes"), "Pump the tyre up to the pressure it needs")
    answer_options(
        go_to_step(page, "What a patch can do"),
        "A thorn hole in the middle of the tube",
        "Two holes 1 cm apart from a pinch",
    )
    gaps = go_to_step(page, "Patch it in your head")
    gaps.get_by_label("Gap 1/3").select_option("roughen")
    gaps.get_by_label("Gap 2/3").fill("five")
    gaps.get_by_label("Gap 3/3").fill("shines")
    expect(answer_options(gaps)).to_contain_text("That is right.")
    answer_text(go_to_step(page, "The last stretch"), "  At the VALVE ")
    promise = go_to_step(page, "Before you ride on")
    promise.get_by_label("I check that the wheel").check()
    promise.get_by_label("I take the old tube").check()
    promise.get_by_role("button", name="Confirm").click()
    expect(promise.get_by_text("You have confirmed this.")).to_be_visible()
    read_steps(page, "Get the tube out", "Find the hole", "Patch it in four steps", "Put it back")
    hand_in_file(go_to_step(page, "Your patched tube"), picture)
    frame = unit_frame(page)
    micro = frame.get_by_role("article", name="You earned Puncture Mender")
    macro = frame.get_by_role("article", name="You earned Roadside Repair")
    expect(micro).to_be_visible()  # without a reload
    expect(macro).to_be_visible()
    expect(macro.get_by_text("Bicycle Inspector")).to_be_visible()
    expect(macro.get_by_text("Puncture Mender")).to_be_visible()
    assert demo.rows("select count(*) as n from microcred_app_award")[0]["n"] == 3
    assert demo.rows("select count(*) as n from microcred_app_dueevaluation")[0]["n"] == 0


def student_sends_it_to_the_wallet(visit: Visit, demo: Demo) -> str:
    """Connect the wallet, send the first badge, share its link; the credential's address."""
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    card = unit_frame(page).get_by_role("article", name="You earned Bicycle Inspector")
    card.get_by_role("button", name="Create verify link").click()
    link = card.get_by_label(re.compile("Verify link"))
    expect(link).to_be_visible()
    assert scan(card.get_by_role("img", name=re.compile("QR code"))) == link.input_value()
    assert violations(page) == []
    address = link.input_value()
    keep_picture(page, "unit")
    card.get_by_role("link", name="Send to my wallet").click()
    page.get_by_role("button", name="Connect Demo wallet").click()
    page.wait_for_url(re.compile(re.escape(demo.wallet_url)))
    page.get_by_role("button", name=re.compile("Amina")).click()
    expect(page.get_by_role("button", name="Yes, allow it")).to_be_visible()
    assert violations(page) == []  # the consent page
    page.get_by_role("button", name="Yes, allow it").click()
    page.wait_for_url(re.compile(re.escape(demo.url)))
    page.get_by_role("button", name="Send to this wallet").click()
    expect(
        page.get_by_text(re.compile("^Sent|is in your wallet|arrived", re.IGNORECASE)).first
    ).to_be_visible()
    page.goto(demo.wallet_url + "/")
    expect(page.get_by_text("Bicycle Inspector").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Bicycle Inspector")).first.click()
    expect(page.get_by_text("Genuine and in force").first).to_be_visible()
    assert violations(page) == []
    deliveries = demo.rows("select * from microcred_app_delivery")
    assert [row["state"] for row in deliveries] == ["delivered"]
    return address


def strangers_and_machines_verify(visit: Visit, demo: Demo, address: str) -> None:
    page = visit("", address)
    expect(page.get_by_role("heading", name="Bicycle Inspector")).to_be_visible()
    for said in ("Valid now", "Amina Diallo", "Roadside Repair School", "Safety inspection of a bicycle"):
        expect(page.get_by_text(said).first).to_be_visible()
    digest = demo.rows("select sha256 from microcred_app_evidencefile order by added_at desc")[0]["sha256"]
    expect(page.get_by_text(digest)).to_be_visible()
    keep_picture(page, "verify")
    checks = page.get_by_role("region", name="Checks").get_by_role("list").first.get_by_role("listitem")
    expect(checks).to_have_count(8)
    for check in checks.all():
        expect(check).to_contain_text("passed")
    stored = demo.rows("select document from microcred_app_credential where uri = ?", address)[0]["document"]
    assert requests.get(address, timeout=30).content == bytes(stored)
    hidden = demo.rows("select uri from microcred_app_credential where shared_at is null")[0]["uri"]
    assert requests.get(hidden, timeout=30).status_code == 403


def signed(demo: Demo, address: str) -> dict:
    return requests.get(address, headers={"Accept": "application/json"}, timeout=30).json()


def foreign_verifiers_agree(demo: Demo, address: str) -> None:
    credential = signed(demo, address)
    for family in ("strict", "published"):
        assert verifiers.validate_against_schema(credential, family) == []
    assert_accepted_by_all(credential)
    renamed = json.loads(json.dumps(credential).replace("Bicycle Inspector", "Bicycle Inspectos", 1))
    without_evidence = {name: value for name, value in credential.items() if name != "evidence"}
    for forged in (renamed, without_evidence):
        assert_refused_by_all(forged)


def assert_accepted_by_all(credential: dict) -> None:
    status = requests.get(credential["credentialStatus"]["statusListCredential"], timeout=30).json()
    answer = verifiers.verify_with_digitalbazaar(credential, status_list=status)
    assert (answer["verified"], answer["status"]["revocation"]) == (True, False)
    assert verifiers.verify_with_verifier_core(credential, status_list=status)["verified"] is True


def assert_refused_by_all(credential: dict) -> None:
    status = requests.get(credential["credentialStatus"]["statusListCredential"], timeout=30).json()
    answer = verifiers.verify_with_digitalbazaar(credential, status_list=status)
    assert not answer["verified"] or answer["status"]["revocation"]
    assert verifiers.verify_with_verifier_core(credential, status_list=status)["verified"] is False


def registrar_sees_why_and_revokes(visit: Visit, demo: Demo, address: str) -> None:
    page = visit("registrar", "/microcred/registrar/awards/")
    page.get_by_label("Badge").select_option(label="Bicycle Inspector")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=re.compile("Bicycle Inspector.*Amina Diallo")).click()
    for said in (
        "Inspect a bicycle along the M-line",
        "course staff, against the rubric",
        "microcred_unit+block@inspect-unit",
    ):
        expect(page.get_by_text(said).first).to_be_visible()
    digest = demo.rows("select sha256 from microcred_app_evidencefile order by added_at desc")[0]["sha256"]
    expect(page.get_by_text(digest)).to_be_visible()
    expect(page.get_by_text("They stay valid unless you revoke them too")).to_be_visible()
    page.get_by_label("Reason").fill("The photo shows another person’s bicycle.")
    page.get_by_role("button", name="Revoke this award").click()
    expect(page.get_by_text("Whoever checks the badge from now on sees it")).to_be_visible()
    entry = demo.rows("select * from microcred_app_auditentry where action = 'award.reversed'")[0]
    assert entry["reason"] == "The photo shows another person’s bicycle."


def everybody_sees_the_revocation(visit: Visit, demo: Demo, address: str) -> None:
    page = visit("", address)
    expect(page.get_by_text("Revoked").first).to_be_visible()
    expect(page.get_by_role("region", name="Checks").get_by_text("failed")).to_be_visible()
    assert_refused_by_all(signed(demo, address))
    wallet = visit("", demo.wallet_url + "/")
    wallet.get_by_role("button", name=re.compile("Amina")).click()
    wallet.get_by_role("link", name=re.compile("Bicycle Inspector")).first.click()
    wallet.get_by_role("button", name="Check again").click()
    expect(wallet.get_by_text("Revoked by its issuer")).to_be_visible()
    student = visit("amina", UNIT_PAGE.format("inspect-page"))
    expect(unit_frame(student).get_by_text("withdrawn").first).to_be_visible()
    assert violations(student) == violations(page) == []


def scan(code: Locator) -> str:
    """What a phone reads from a QR code on the screen."""
    picture = Image.open(io.BytesIO(code.screenshot()))
    return str(zxingcpp.read_barcodes(picture)[0].text)

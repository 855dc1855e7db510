"""Whatever people write, pages show it as text, and credentials sign and verify."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from demo_site.courses import authoring
from microcred_app.api import verify_credential
from microcred_app.applets.badges import api as badges
from microcred_app.applets.evidence.models import Submission
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.skills.models import Outcome, Skill
from microcred_app.ob3.verification import verify
from tests.fixtures.catalogue import PICTURE
from tests.fixtures.course_walk import COURSE, PARTS, Browser, block

from .conftest import Site

ATTACK = (
    """"'><script>alert(1)</script><img src=x onerror=alert(1)><x-evil>{{ 7|add:1 }}</textarea></title>"""
)
TEXTS: dict[str, str] = {
    "markup": ATTACK,
    "control characters": "Ket\x07ting\x00 \x1b[31molie\x7f\x85n\r\nnu",
    "entities": "Chain &amp;amp; oil &lt;b&gt;5 &#60; 6&lt;/b&gt; &copy;",
    "emoji": "Kette 👩🏽\u200d🔧 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🚲",
    "right to left": "تنظيف السلسلة וניקוי",
    "overrides": "safe\u202egnp.exe\u202c \u2066left open",
    "halves and noncharacters": "a\ufffe\uffffb\ufeffc",
}
OUTSIDE = (
    "\x07",
    "\x00",
    "\x1b",
    "\x7f",
    "\x85",
    "\u202e",
    "\u202c",
    "\ufffe",
    "\uffff",
    "&amp;",
    "&lt;",
    "&#60;",
)


class _Page(HTMLParser):
    """Notices whatever of an attack has become part of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        # A block of data is never run; it must only not end early.
        self._is_data = dict(attrs).get("type") == "application/ld+json"
        if tag == "x-evil":
            self.found.append(tag)
        for name, value in attrs:
            dangerous = name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
            if dangerous and "alert" in (value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._in_script and (("<" in data) if self._is_data else ("alert(1)" in data)):
            self.found.append(f"script: {data[:80]}")


def assert_escaped(html: str, *, times: int = 1) -> None:
    """The attack stands in the page as text, at least *times* times, and nothing of it as markup."""
    page = _Page()
    page.feed(html)
    assert page.found == []
    assert html.count("&lt;x-evil&gt;") >= times, "the page does not show the text at all"


def write_everywhere(site: Site, text: str) -> None:
    """Authors, registrar and learner all call everything *text*."""
    user = site.user("amina")
    user.first_name, user.last_name = text[:140], "Diallo"
    user.save()
    course = block("course", "course")
    assert authoring.is_published(course)
    authoring.change_fields(course, {"display_name": text})
    for unit in ("chain", "inspect"):
        authoring.change_fields(block("microcred_unit", f"{unit}-unit"), {"display_name": text})
        for kind, name in PARTS[unit]:
            authoring.change_fields(block(kind, name), {"display_name": text})
    authoring.change_fields(
        block("microcred_check", "chain-gauge"),
        {
            "prompt": text, "hint": text, "feedback_correct": text, "feedback_incorrect": text, "image_alt": text,
            "image_url": "/static/" + text,
            "options": [
                {"id": "wait", "text": text, "correct": False, "feedback": text},
                {"id": "chain", "text": text + "!", "correct": True, "feedback": text},
            ],
        },
    )  # fmt: skip
    authoring.change_fields(block("microcred_check", "chain-wear"), {"number_unit": text, "prompt": text})
    authoring.change_fields(block("microcred_evidence", "chain-note"), {"instructions": text})
    levels = [{"id": "full", "name": text, "points": 2, "description": text}]
    rubric = {
        "criteria": [{"id": "complete", "name": text, "description": text, "levels": levels}],
        "pass_points": 1,
    }
    authoring.change_fields(
        block("microcred_evidence", "inspect-evidence"), {"instructions": text, "rubric": rubric}
    )
    for unit in ("chain", "inspect"):
        authoring.publish(block("vertical", f"{unit}-page"))
    Outcome.objects.filter(key__in=["bike.chain", "bike.inspect"]).update(statement=text)
    Skill.objects.update(name=text[:200], statement=text)
    badges.define_issuer(
        slug="roadside-repair-school", name=text, url="https://bikes.example.org", description=text
    )
    current = badges.current_badge("chain-carer")
    definition = badges.BadgeDefinition(
        key=current.key,
        kind=current.kind,
        issuer_slug=current.issuer.slug,
        name=text,
        description=text,
        achievement_type=current.achievement_type,
        image=PICTURE,
        image_alt=text,
        requirement={"outcome": "bike.chain"},
        criteria_intro=text,
        skill_keys=current.skill_keys,
    )
    badges.publish_badge(definition, actor_id=None, now=datetime.now(UTC))


def earn_both(site: Site, amina: Browser, text: str) -> None:
    """Do the chain unit and the reviewed one, with *text* wherever something is written."""
    amina.open_unit("chain")
    amina.read("chain")
    amina.answer_checks("chain")
    note = amina.call("microcred_evidence", "chain-note", "hand_in", {"text": text, "link": ""})
    assert note.status_code == 200, note.content
    amina.open_unit("inspect")
    amina.read("inspect")
    amina.answer_checks("inspect")
    sheet = amina.call("microcred_evidence", "inspect-evidence", "hand_in", {"text": text, "link": ""})
    assert sheet.status_code == 200, sheet.content
    submission = str(Submission.objects.get(part_usage_key__contains="inspect").pk)
    verdict = site.browser("reviewer").review(submission, comment=text)
    assert verdict.status_code == 302, verdict.content


@pytest.mark.parametrize("kind", TEXTS)
def test_a_credential_full_of_odd_texts_signs_verifies_and_is_clean(
    site: Site, amina: Browser, kind: str
) -> None:
    text = TEXTS[kind]
    write_everywhere(site, text)
    earn_both(site, amina, text)
    assert Credential.objects.count() == 2
    now = datetime.now(UTC)
    for row in Credential.objects.all():
        assert verify_credential(bytes(row.document), now=now).verdict == "valid"
        amina.client.post(reverse("microcred_app:share", args=[row.pk]), headers={"X-CSRFToken": amina.token})
        url = reverse("microcred_app:credential", args=[row.pk])
        served = site.browser().client.get(url, headers={"Accept": "application/vc"}).content
        assert served == bytes(row.document)
        # A stranger with nothing but the bytes: the status is all that cannot be looked up.
        report = verify(served, now=now + timedelta(seconds=1))
        outcomes = {check.code: check.outcome for check in report.checks}
        assert {code for code, outcome in outcomes.items() if outcome != "passed"} == {"status"}
        said = json.dumps(json.loads(served), ensure_ascii=False)
        assert [odd for odd in OUTSIDE if odd in said] == []
        page = site.browser().page("credential", row.pk)
        assert page.status_code == 200
        assert "microcred" in page.content.decode()


def test_a_learner_without_a_printable_name_still_gets_a_credential(site: Site) -> None:
    user = site.user("amina")
    user.first_name, user.last_name = "\u202e\x07", "\x00"
    user.save()
    site.browser("amina").do_unit("chain")
    document = json.loads(bytes(Credential.objects.get().document))
    kinds = [entry["identityType"] for entry in document["credentialSubject"]["identifier"]]
    assert kinds == ["emailAddress"]


def test_learners_pages_show_attacks_as_text(site: Site, amina: Browser) -> None:
    write_everywhere(site, ATTACK)
    assert_escaped(amina.open_unit("chain"), times=8)
    draft = amina.call("microcred_evidence", "chain-note", "save_draft", {"text": ATTACK, "link": ""})
    assert draft.status_code == 200
    assert_escaped(amina.open_unit("chain"), times=9)
    wrong = amina.answer("chain-gauge", "wait").json()
    assert_escaped(wrong["result_html"])
    amina.answer("chain-gauge", "chain", attempt=2)
    earn_rest(site, amina)
    for html in (
        amina.open_unit("chain"),
        amina.open_unit("inspect"),
        amina.page("my-badges").content.decode(),
        amina.client.get(reverse("lms:course", args=[COURSE])).content.decode(),
        amina.client.get(reverse("lms:dashboard")).content.decode(),
    ):
        assert_escaped(html)
    progress = amina.call("microcred_unit", "chain-unit", "progress").json()
    assert_escaped(progress["html"])


def earn_rest(site: Site, amina: Browser) -> None:
    """The same as :func:`earn_both`, when one check is answered already."""
    amina.read("chain")
    amina.answer_checks("chain", but="chain-gauge")
    amina.call("microcred_evidence", "chain-note", "hand_in", {"text": ATTACK, "link": ""})
    amina.open_unit("inspect")
    amina.read("inspect")
    amina.answer_checks("inspect")
    amina.call("microcred_evidence", "inspect-evidence", "hand_in", {"text": ATTACK, "link": ""})
    submission = str(Submission.objects.get(part_usage_key__contains="inspect").pk)
    returned = site.browser("reviewer").review(submission, verdict="return", comment=ATTACK)
    assert returned.status_code == 302


def test_pages_of_reviewer_registrar_and_stranger_show_attacks_as_text(site: Site, amina: Browser) -> None:
    write_everywhere(site, ATTACK)
    amina.open_unit("inspect")
    amina.read("inspect")
    amina.answer_checks("inspect")
    amina.call("microcred_evidence", "inspect-evidence", "hand_in", {"text": ATTACK, "link": ""})
    submission = str(Submission.objects.get().pk)
    reviewer = site.browser("reviewer")
    assert_escaped(reviewer.page("review-queue").content.decode())
    assert_escaped(reviewer.page("review-submission", submission).content.decode(), times=4)
    refused = reviewer.review(submission, verdict="return", comment="", **{"level-complete": ATTACK})
    assert refused.status_code == 400
    assert_escaped(refused.content.decode())
    assert reviewer.review(submission, comment=ATTACK).status_code == 302
    assert_escaped(reviewer.page("review-submission", submission).content.decode())
    amina.open_unit("chain")
    amina.read("chain")
    amina.answer_checks("chain")
    amina.call("microcred_evidence", "chain-note", "hand_in", {"text": ATTACK, "link": ""})

    credential = Credential.objects.get(award__version__badge__key="chain-carer")
    send = amina.page("wallet-send", credential.pk)
    assert send.status_code == 200
    assert_escaped(send.content.decode())
    amina.client.post(
        reverse("microcred_app:share", args=[credential.pk]), headers={"X-CSRFToken": amina.token}
    )
    stranger, registrar = site.browser(), site.browser("registrar")
    assert_escaped(stranger.page("credential", credential.pk).content.decode(), times=4)
    assert_escaped(stranger.page("achievement", "chain-carer", 2).content.decode(), times=3)
    assert_escaped(stranger.page("issuer", "roadside-repair-school").content.decode(), times=2)
    assert_escaped(stranger.page("skill", "bike-care.chain").content.decode())
    assert_escaped(registrar.page("registrar-award", credential.award_id).content.decode(), times=2)
    revoke = registrar.client.post(
        reverse("microcred_app:registrar-award", args=[credential.award_id]),
        {"reason": ATTACK},
        headers={"X-CSRFToken": registrar.token, "Accept": "text/html"},
    )
    assert revoke.status_code == 302
    assert_escaped(registrar.page("registrar-award", credential.award_id).content.decode(), times=3)
    for name in ("registrar-awards", "registrar-badges"):
        assert_escaped(registrar.page(name).content.decode())
    assert_escaped(stranger.page("credential", credential.pk).content.decode(), times=4)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("microcred_unit", "chain-unit"),
        ("microcred_check", "chain-gauge"),
        ("microcred_evidence", "inspect-evidence"),
    ],
)
def test_authors_pages_show_attacks_as_text(site: Site, kind: str, name: str) -> None:
    write_everywhere(site, ATTACK)
    author = site.browser("author")
    form = author.client.get(reverse("studio:edit", args=[block(kind, name)]))
    assert form.status_code == 200
    assert_escaped(form.content.decode(), times=1)
    container = author.client.get(reverse("studio:container", args=[block("vertical", "chain-page")]))
    assert container.status_code == 200
    assert_escaped(container.content.decode(), times=2)


def test_an_account_with_an_attack_as_its_name_is_only_a_name(site: Site) -> None:
    get_user_model().objects.filter(username="amina").update(first_name=ATTACK[:150], last_name=ATTACK[:150])
    amina = site.browser("amina")
    amina.do_unit("inspect")
    assert_escaped(site.browser("reviewer").page("review-queue").content.decode())
    assert_escaped(amina.client.get(reverse("lms:dashboard")).content.decode())
    page = site.browser("author").client.get(reverse("lms:course", args=[COURSE]))
    assert_escaped(page.content.decode())

"""A learner's evidence on its pages: links, receipt, publishing, removing; and course staff who look after it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from microcred_app import api
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile, Submission
from tests.fixtures.catalogue import COURSE, NOW, make_user, unit
from tests.fixtures.media import png, wav

SignIn = Callable[..., Client]
SPEC = unit("a", kind="evidence")
PART = SPEC.parts[0].usage_key
PAGE = "/microcred/my/evidence/"


@pytest.fixture(autouse=True)
def staff(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    known: set[int] = set()
    demo = "demo_site.platform.DemoPlatform"
    monkeypatch.setattr(f"{demo}.is_enrolled", lambda _s, _u, _c: True)
    monkeypatch.setattr(f"{demo}.is_course_staff", lambda _s, user, _c: user in known)
    monkeypatch.setattr(f"{demo}.is_reviewer", lambda _s, user, _c: user in known)
    monkeypatch.setattr(f"{demo}.reviewable_courses", lambda _s, user: (COURSE,) if user in known else ())
    return known


def handed_in(learner: int, *, mode: str = "auto", name: str = "my bike.png", content: bytes = b"") -> str:
    task = evidence.EvidenceTask(3, 1_000_000, ("image", "audio", "text"), True, True, mode, {}, "Photo")
    body = io.BytesIO(content or png())
    api.add_evidence_file(learner, SPEC, PART, task, filename=name, content=body, now=NOW)
    api.save_evidence_text(learner, SPEC, PART, task, text="<b>So</b>", link="", now=NOW)
    return api.hand_in(learner, SPEC, PART, task, now=NOW)[0].id


def test_everything_is_listed_with_what_it_proves_and_who_may_see_it(amina: int, sign_in: SignIn) -> None:
    handed_in(amina)
    page = sign_in(amina).get(PAGE).content.decode()
    for words in ("my bike.png", "Mend part a of a bicycle", "Accepted", "Who can open it", "Fingerprint"):
        assert words in page
    assert "&lt;b&gt;So" in page
    assert "my bike.png" not in sign_in(make_user("eve")).get(PAGE).content.decode()
    assert sign_in().get(PAGE).status_code == 302


def test_the_receipt_has_every_fingerprint(amina: int, sign_in: SignIn) -> None:
    key = handed_in(amina)
    answer = sign_in(amina).get(f"{PAGE}{key}/receipt.txt")
    text = answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert EvidenceFile.objects.get().sha256 in text
    assert text.count("SHA-256") >= 2
    assert sign_in(make_user("eve")).get(f"{PAGE}{key}/receipt.txt").status_code == 404


def test_a_link_is_made_shown_opened_without_an_account_and_ended(amina: int, sign_in: SignIn) -> None:
    handed_in(amina, name="voice.wav", content=wav(0.2))
    file, owner, stranger = EvidenceFile.objects.get(), sign_in(amina), sign_in()
    page = owner.post(f"{PAGE}link/{file.pk}", {"days": "3", "note": "<boss>"}, follow=True).content.decode()
    found = re.search(r'value="http://testserver(/microcred/evidence/shared/[^"]+)"', page)
    assert found
    assert "&lt;boss&gt;" in page
    shown = stranger.get(found[1])
    assert shown["X-Robots-Tag"].startswith("noindex")
    assert "voice.wav" in shown.content.decode()
    assert "boss" not in shown.content.decode()
    part = stranger.get(f"{found[1]}?inline=1", headers={"Range": "bytes=0-3"})
    assert b"".join(part.streaming_content) == b"RIFF"
    assert stranger.get(f"{found[1]}?download=1")["Content-Disposition"].startswith("attachment")
    assert stranger.get(f"/microcred/evidence/{file.pk}").status_code == 302
    end = re.search(r'action="(/microcred/my/evidence/link/[^"]+/end)"', page)
    assert end
    assert sign_in(make_user("eve")).post(end[1]).status_code == 404
    owner.post(end[1])
    assert stranger.get(found[1]).status_code == 404


@pytest.mark.parametrize("days", ["0", "91", "-1", "x", "", "9" * 40, "٣"])
def test_odd_days_are_refused_with_a_sentence(amina: int, sign_in: SignIn, days: str) -> None:
    handed_in(amina)
    answer = sign_in(amina).post(f"{PAGE}link/{EvidenceFile.objects.get().pk}", {"days": days})
    assert answer.status_code == 400
    assert "1 to 90 days" in answer.content.decode()


def test_publishing_is_off_until_the_learner_wants_it(amina: int, sign_in: SignIn) -> None:
    key, client = handed_in(amina), sign_in(amina)
    assert not Submission.objects.get().publish_with_credential
    assert (
        "It is published"
        in client.post(f"{PAGE}{key}/publish", {"publish": "yes"}, follow=True).content.decode()
    )
    assert Submission.objects.get().publish_with_credential
    client.post(f"{PAGE}{key}/publish", {"publish": "no"})
    assert not Submission.objects.get().publish_with_credential
    assert sign_in(make_user("eve")).post(f"{PAGE}{key}/publish", {"publish": "yes"}).status_code == 404


def test_removing_needs_a_tick_and_leaves_the_fingerprint(amina: int, sign_in: SignIn) -> None:
    key, client = handed_in(amina), sign_in(amina)
    assert client.post(f"{PAGE}{key}/remove").status_code == 400
    page = client.post(f"{PAGE}{key}/remove", {"sure": "yes"}, follow=True).content.decode()
    assert "A file that was removed" in page
    assert EvidenceFile.objects.get().sha256 in page
    assert client.get(f"/microcred/evidence/{EvidenceFile.objects.get().pk}").status_code == 404


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "text/plain", "application/zip"])
def test_what_a_browser_would_execute_is_never_shown_in_place(
    amina: int, sign_in: SignIn, media_type: str
) -> None:
    handed_in(amina)
    EvidenceFile.objects.update(media_type=media_type)
    answer = sign_in(amina).get(f"/microcred/evidence/{EvidenceFile.objects.get().pk}?inline=1")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


def test_staff_grant_list_and_end_more_time(amina: int, sign_in: SignIn, staff: set[int]) -> None:
    boss = make_user("boss")
    url = f"/microcred/evidence-care/{COURSE}/"
    assert sign_in(boss).get(url).status_code == 403
    staff.add(boss)
    client = sign_in(boss)
    assert COURSE in client.get("/microcred/evidence-care/").content.decode()
    form = {"learner": "amina", "extra_days": "5", "extra_attempts": "0", "reason": "Broken arm"}
    page = client.post(url, form, follow=True).content.decode()
    assert "5 more days" in page
    assert "Broken arm" in page
    refused = client.post(url, {**form, "learner": "nobody", "reason": "<kept>"})
    assert refused.status_code == 400
    assert "&lt;kept&gt;" in refused.content.decode()
    end = re.search(r'action="(/microcred/evidence-care/end/[^"]+)"', page)
    assert end
    assert sign_in(amina).post(end[1], {"course": COURSE}).status_code == 403
    assert "5 more days" not in client.post(end[1], {"course": COURSE}, follow=True).content.decode()


def test_staff_say_how_long_the_course_keeps_files(amina: int, sign_in: SignIn, staff: set[int]) -> None:
    boss = make_user("boss")
    staff.add(boss)
    client, url = sign_in(boss), f"/microcred/evidence-care/{COURSE}/retention"
    client.post(url, {"keep": "days", "days": "90"})
    assert evidence.read_retention(COURSE) == 90
    for odd in ("", "-1", "x", "99999999"):
        assert client.post(url, {"keep": "days", "days": odd}).status_code == 400
    client.post(url, {"keep": "ask", "days": "90"})
    assert evidence.read_retention(COURSE) is None
    assert sign_in(amina).post(url, {"keep": "days", "days": "0"}).status_code == 403


def test_nobody_signed_in_meets_no_form_handler(sign_in: SignIn) -> None:
    some: Any = "00000000-0000-0000-0000-000000000000"
    for path in (
        f"{PAGE}link/{some}",
        f"{PAGE}link/{some}/end",
        f"{PAGE}{some}/publish",
        f"{PAGE}{some}/remove",
    ):
        assert sign_in().post(path).status_code == 302


def test_a_pdf_is_shown_by_the_browsers_viewer_in_our_own_frames_only(amina: int, sign_in: SignIn) -> None:
    """The one kind that goes without a sandbox, in which viewers do not start: its type is fixed instead."""
    handed_in(amina)
    EvidenceFile.objects.update(media_type="application/pdf", name='x".pdf\r\nX-Evil: 1')
    file = EvidenceFile.objects.get()
    answer = sign_in(amina).get(f"/microcred/evidence/{file.pk}?inline=1")
    policy = answer["Content-Security-Policy"].partition(",")[0]  # the demo adds its own
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert (
        "frame-ancestors 'self'" in policy and "default-src 'none'" in policy and "script-src" not in policy
    )
    assert answer["Content-Disposition"].startswith("inline") and "X-Evil" not in answer
    plain = sign_in(amina).get(f"/microcred/evidence/{file.pk}")
    assert (
        plain["Content-Disposition"].startswith("attachment")
        and "sandbox" in plain["Content-Security-Policy"]
    )
    assert plain["X-Frame-Options"] == "DENY"
    assert sign_in(make_user("eve")).get(f"/microcred/evidence/{file.pk}?inline=1").status_code == 404
    assert (
        f'src="/microcred/evidence/{file.pk}?inline=1#navpanes=0"'
        in sign_in(amina).get(PAGE).content.decode()
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<!-- %PDF-1.7 --><script>alert(1)</script>%%EOF",
        b"\n%PDF-1.7\n<script>alert(1)</script>\n%%EOF",
        b"%PDF-1.7\n<script>alert(1)</script>",
        b"GIF89a%PDF-1.7 %%EOF",
    ],
)
def test_what_is_no_pdf_does_not_come_in_under_its_name(amina: int, content: bytes) -> None:
    task = evidence.EvidenceTask(3, 1_000_000, ("pdf",), True, True, "auto", {}, "Report")
    with pytest.raises(evidence.FileRefused):
        api.add_evidence_file(amina, SPEC, PART, task, filename="r.pdf", content=io.BytesIO(content), now=NOW)
    assert not EvidenceFile.objects.exists()

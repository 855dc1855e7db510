"""The reviewer's pages: what they show, what they keep, and what they do not let through."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from demo_site.courses import roles
from demo_site.courses.models import Role
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile, Review, Submission
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.reviews.models import FeedbackMessage, ReviewClaim, SavedComment, VerdictDraft
from tests.fixtures.catalogue import COURSE, NOW, make_user
from tests.fixtures.review_world import add_file, hand_in, save_text

SignIn = Callable[..., Client]
QUEUE = "/microcred/review/"
BAD = "<script>alert(1)</script>"


def judge(name: str, role: Role = Role.REVIEWER) -> int:
    user = make_user(name, first_name=name.title(), last_name="Silva")
    roles.give_role(user, CourseKey.from_string(COURSE), role)
    return user


@pytest.fixture
def ana() -> int:
    return judge("ana")


@pytest.fixture
def dean() -> int:
    return judge("dean", Role.STAFF)


def verdict(**changes: str) -> dict[str, str]:
    return {"level-c": "2", "comment": "Well done", "verdict": "pass"} | changes


def test_a_refused_verdict_keeps_everything_and_says_error_in_the_title(ana: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    client = sign_in(ana)
    response = client.post(QUEUE + submission, verdict(**{"level-c": "0"}))
    page = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error:" in page and "passing needs 2" in page
    assert ">Well done</textarea>" in page and 'value="0" data-points="0" checked' in page
    assert not Review.objects.exists()
    assert VerdictDraft.objects.get().comment == "Well done"


def test_a_verdict_against_a_lost_reservation_is_kept_as_a_draft(ana: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    bo = judge("bo")
    reviews.claim(bo, submission, now=timezone.now())
    response = sign_in(ana).post(QUEUE + submission, verdict(comment="An hour of thought"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Bo Silva is judging this since" in page and "kept as your draft" in page
    assert "An hour of thought" in sign_in(ana).get(QUEUE + submission).content.decode()
    reviews.decide(bo, submission, passed=True, levels={"c": "2"}, comment="", now=timezone.now())
    assert sign_in(ana).post(QUEUE + submission, verdict(comment="Two hours")).status_code == 409
    page = sign_in(ana).get(QUEUE + submission).content.decode()
    assert "Your draft" in page and "Two hours" in page
    assert Review.objects.count() == 1


def test_opening_a_page_changes_nothing(ana: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    assert sign_in(ana).get(QUEUE + submission).status_code == 200
    assert not ReviewClaim.objects.exists() and not VerdictDraft.objects.exists()
    for address in ("next", "files.zip", f"{submission}/reserve", f"{submission}/draft"):
        assert sign_in(ana).get(QUEUE + address).status_code in (404, 405)


def test_judge_the_next_one_reserves_and_opens_it(ana: int, sign_in: SignIn) -> None:
    one, two = hand_in(make_user("l1")), hand_in(make_user("l2"), now=NOW + timedelta(minutes=1))
    client = sign_in(ana)
    response = client.post(QUEUE + "next?sort=newest")
    assert response.url == f"{QUEUE}{two}?sort=newest"
    assert str(ReviewClaim.objects.get().submission_id) == two
    response = client.post(f"{QUEUE}{two}?sort=newest", verdict(then="next"))
    assert response.url == f"{QUEUE}{one}?sort=newest&then=next"
    client.post(QUEUE + one, verdict())
    assert "Nothing is free" in client.post(QUEUE + "next", follow=True).content.decode()


def test_autosave_keeps_the_draft_and_tells_who_holds_it(ana: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    answer = sign_in(ana).post(f"{QUEUE}{submission}/draft", {"level-c": "2", "comment": "So far"}).json()
    assert answer["mine"] is True and "Draft saved at" in answer["saved"]
    bo = judge("bo")
    answer = sign_in(bo).post(f"{QUEUE}{submission}/draft", {"comment": "Mine too"}).json()
    assert answer["mine"] is False and "Ana Silva is judging this" in answer["claim"]
    assert sorted(VerdictDraft.objects.values_list("comment", flat=True)) == ["Mine too", "So far"]


def test_saved_comments_work_without_script(ana: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    client = sign_in(ana)
    client.post(QUEUE + submission, verdict(comment="Show the valve.", keep="mine"))
    saved = SavedComment.objects.get()
    page = client.post(QUEUE + submission, verdict(comment="First.", insert=str(saved.pk))).content.decode()
    assert ">First.\nShow the valve.</textarea>" in page
    assert not Review.objects.exists()
    page = client.post(f"{QUEUE}comments/", {"text": "Again", "course": COURSE}, follow=True).content.decode()
    assert "Again" in page
    client.post(f"{QUEUE}comments/{saved.pk}", {"do": "change", "text": "Show both."})
    client.post(f"{QUEUE}comments/{SavedComment.objects.get(text='Again').pk}", {"do": "delete"})
    assert [one.text for one in SavedComment.objects.all()] == ["Show both."]
    assert client.post(f"{QUEUE}comments/", {"text": ""}).status_code == 400
    assert client.post(f"{QUEUE}comments/{saved.pk}", {"text": ""}).status_code == 400


def test_hostile_words_are_shown_as_words(ana: int, dean: int, sign_in: SignIn) -> None:
    learner = make_user("lea", first_name=BAD, last_name="")
    save_text(learner, f"{BAD}</textarea>", link="https://x.example/?a=%22%3E%3Cscript%3E")
    add_file(learner, content=b"text " + BAD.encode(), name="notes.txt")
    submission = hand_in(learner)
    EvidenceFile.objects.filter(name="photo.png").update(name=f'"><img src=x onerror=alert(1)>{BAD}.png')
    reviews.say_as_learner(learner, submission, text=BAD, now=NOW)
    reviews.save_comment(ana, text=f"</textarea>{BAD}", now=NOW)
    client = sign_in(ana)
    pages = [client.get(QUEUE), client.get(QUEUE + submission), client.get(QUEUE + "comments/")]
    client.post(QUEUE + submission, verdict(comment=f"</textarea>{BAD}", verdict="return"))
    staff = sign_in(dean)
    pages += [staff.get(f"{QUEUE}{submission}?anew=1"), staff.get(QUEUE + "report/")]
    pages += [
        sign_in(learner).get(f"/microcred/my/work/{submission}"),
        client.get(QUEUE, {"q": BAD, "state": "all"}),
    ]
    save_text(learner, f"changed {BAD}")
    pages.append(client.get(QUEUE + hand_in(learner, colour="blue")))
    for response in pages:
        page = response.content.decode()
        assert response.status_code == 200
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "query",
    ["state=x", "sort=pk;drop", "age=-1", "age=9999999999999", "reviewer=²", "reviewer=99999999999", "q=%00",
     "course=%00&outcome=%F0%9F%94%A7", "after=x", "after=a&after=b&after=c"],
)  # fmt: skip
def test_no_address_breaks_the_queue(ana: int, sign_in: SignIn, query: str) -> None:
    hand_in(make_user("lea"))
    assert sign_in(ana).get(f"{QUEUE}?{query}").status_code in (200, 400)


def test_declining_hides_the_learner_and_can_be_taken_back(ana: int, sign_in: SignIn) -> None:
    learner = make_user("cousin")
    submission = hand_in(learner)
    client = sign_in(ana)
    client.post(f"{QUEUE}{submission}/decline", {"reason": "My cousin"})
    assert client.get(QUEUE + submission).status_code == 403
    assert "My cousin" in client.get(QUEUE + "comments/").content.decode()
    client.post(f"{QUEUE}declined/{learner}/take-back")
    assert client.get(QUEUE + submission).status_code == 200


def test_staff_judge_anew_with_a_reason_and_reviewers_do_not(ana: int, dean: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    sign_in(ana).post(QUEUE + submission, verdict())
    form = verdict(verdict="return", comment="Looked again", **{"level-c": "0"})
    assert sign_in(ana).post(f"{QUEUE}{submission}/anew", form | {"reason": "x"}).status_code == 403
    assert "anew=1" not in sign_in(ana).get(QUEUE + submission).content.decode()
    client = sign_in(dean)
    refused = client.post(f"{QUEUE}{submission}/anew", form)
    assert refused.status_code == 400 and "Looked again" in refused.content.decode()
    assert client.post(f"{QUEUE}{submission}/anew", form | {"reason": "Appeal"}).status_code == 302
    page = client.get(QUEUE + submission).content.decode()
    assert "Judged anew" in page and "Appeal" in page
    assert Submission.objects.get().state == "returned"
    client.post(f"{QUEUE}{submission}/anew", {"verdict": "reset", "comment": "Send it again", "reason": "x"})
    assert Review.objects.filter(purpose="reset").count() == 1


def test_the_conversation_goes_both_ways(ana: int, sign_in: SignIn) -> None:
    learner = make_user("lea")
    submission = hand_in(learner)
    client = sign_in(ana)
    assert client.post(f"{QUEUE}{submission}/say", {"text": " "}).status_code == 400
    client.post(f"{QUEUE}{submission}/say", {"text": "Which valve?"})
    address = f"/microcred/my/work/{submission}"
    page = sign_in(learner).get(address).content.decode()
    assert "Which valve?" in page and "Ana" not in page
    sign_in(learner).post(address, {"text": "The left one", "answers": str(FeedbackMessage.objects.get().pk)})
    assert sign_in(learner).post(address, {"text": ""}).status_code == 400
    assert "The left one" in client.get(QUEUE + submission).content.decode()
    assert sign_in(make_user("tim")).get(address).status_code == 404
    assert sign_in(make_user("tom")).post(address, {"text": "x"}).status_code == 404


def test_the_figures_and_rules_are_for_staff(ana: int, dean: int, sign_in: SignIn) -> None:
    submission = hand_in(make_user("lea"))
    sign_in(ana).post(QUEUE + submission, verdict())
    for address in ("report/", f"report/?course={COURSE.replace('+', '%2B')}", "report.csv"):
        assert sign_in(ana).get(QUEUE + address).status_code == 403
    client = sign_in(dean)
    page = client.get(QUEUE + "report/").content.decode()
    assert "Ana Silva" in page and "1 submission" not in page
    sheet = b"".join(client.get(QUEUE + "report.csv", {"course": COURSE}).streaming_content).decode()
    assert "reviewer,Ana Silva,1,1," in sheet
    rules = {"course": COURSE, "answer_days": "3", "both_needed": "yes", "issuer": "school"}
    assert client.post(QUEUE + "report/rules", rules).status_code == 302
    assert evidence.rules_of(COURSE) == evidence.ReviewRules(COURSE, True, 3, "school")
    for wrong in ({"answer_days": "soon"}, {"answer_days": "0"}, {"issuer": "a b"}):
        assert client.post(QUEUE + "report/rules", rules | wrong).status_code == 400
    assert sign_in(ana).post(QUEUE + "report/rules", rules).status_code == 403
    assert evidence.rules_of(COURSE).answer_days == 3


def test_the_learner_is_told_when_to_expect_an_answer(dean: int, sign_in: SignIn) -> None:
    learner = make_user("lea")
    evidence.set_rules(dean, evidence.ReviewRules(COURSE, answer_days=3), now=NOW)
    submission = hand_in(learner)
    assert (
        "answers by March 5, 2026"
        in sign_in(learner).get(f"/microcred/my/work/{submission}").content.decode()
    )


def test_many_are_downloaded_at_once(ana: int, sign_in: SignIn) -> None:
    hand_in(make_user("lea"))
    response = sign_in(ana).post(QUEUE + "files.zip?state=all")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="evidence-')
    names = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist()
    assert names == ["0001_Lea_Diallo_attempt1/01_photo.png", "manifest.csv"]


def test_nothing_is_saved_while_looking_as_a_learner(
    ana: int, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = hand_in(make_user("lea"))
    monkeypatch.setattr("demo_site.platform.DemoPlatform.is_masquerading", lambda _self: True)
    for address in ("", "/draft", "/reserve", "/decline", "/say", "/anew", "/release"):
        assert sign_in(ana).post(QUEUE + submission + address, verdict()).status_code == 403
    assert not Review.objects.exists() and not VerdictDraft.objects.exists()

"""What blocks meet in the LMS: state, hidden children, wrappers, services, resources, failures."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from completion.models import BlockCompletion
from django.test import Client
from django.urls import reverse
from lxml import html
from xblock.exceptions import InvalidScopeError

from demo_site.courses import authoring, roles
from demo_site.courses.models import Grade, LearnerState
from demo_site.lms.outline import course_outline
from demo_site.runtime.field_store import DatabaseState
from demo_site.runtime.runtime import LmsRuntime, Viewer

from .conftest import ToyCourse


def _post(client: Client, url: str, data: Any) -> Any:
    return client.post(url, json.dumps(data), content_type="application/json")


def _runtime(course: ToyCourse, user: Any) -> LmsRuntime:
    return LmsRuntime(course.key, Viewer(user=user, state=DatabaseState()))


def _page(client: Client, usage_key: Any) -> html.HtmlElement:
    response = client.get(reverse("lms:chromeless", args=[usage_key]))
    assert response.status_code == 200
    return html.fromstring(response.content)


def test_state_is_kept_for_each_learner_on_their_own(
    course: ToyCourse, as_learner: Client, as_stranger: Client
) -> None:
    url = course.handler(course.block("toy", "toy"), "add")
    assert _post(as_learner, url, {"by": 2}).json()["count"] == 2
    assert _post(as_learner, url, {"by": 3}).json()["count"] == 5
    assert _post(as_stranger, url, {"by": 1}).json()["count"] == 1


def test_saving_one_field_keeps_what_another_request_stored_meanwhile(
    course: ToyCourse, learner: Any
) -> None:
    key = course.block("toy", "toy")
    early = _runtime(course, learner).get_block(key)
    assert early is not None and early.other == 0
    late = _runtime(course, learner).get_block(key)
    late.other = 7
    late.save()
    early.count = 1
    early.save()
    assert LearnerState.objects.get(user_id=learner.pk).fields == {"count": 1, "other": 7}


def test_authored_fields_cannot_be_changed_by_a_learners_request(course: ToyCourse, learner: Any) -> None:
    block = _runtime(course, learner).get_block(course.block("toy", "toy"))
    block.display_name = "Mine now"
    with pytest.raises(InvalidScopeError):
        block.runtime.service(block, "field-data").set(block, "display_name", "Mine now")


def test_a_hidden_block_is_none_for_a_learner_and_left_out_of_the_children(
    course: ToyCourse, learner: Any
) -> None:
    runtime = _runtime(course, learner)
    box = runtime.get_block(course.block("toy_box", "box"))
    assert runtime.get_block(course.block("toy", "inner-secret")) is None
    assert [child.url_name for child in box.get_children()] == ["inner", "inner-words"]
    assert len(box.children) == 3


def test_hiding_a_unit_hides_what_is_in_it(course: ToyCourse, learner: Any) -> None:
    unit = course.block("vertical", "second")
    authoring.change_fields(unit, {"visible_to_staff_only": True})
    authoring.publish(unit)
    assert _runtime(course, learner).get_block(course.block("toy", "inner")) is None


def test_staff_see_hidden_blocks(course: ToyCourse, author: Any) -> None:
    assert _runtime(course, author).get_block(course.block("toy", "secret")) is not None


def test_the_wrapper_speaks_the_platforms_dialect(course: ToyCourse, as_learner: Client) -> None:
    key = course.block("toy", "toy")
    wrapper = _page(as_learner, course.block("vertical", "first")).xpath(f'//div[@data-usage-id="{key}"]')[0]
    assert wrapper.get("class").split() == ["xblock", "xblock-student_view", "xblock-student_view-toy"]
    expected = {
        "data-init": "Toy",
        "data-runtime-class": "LmsRuntime",
        "data-runtime-version": "1",
        "data-block-type": "toy",
        "data-course-id": str(course.key),
        "data-graded": "False",
        "data-has-score": "True",
    }
    assert {name: wrapper.get(name) for name in expected} == expected


def test_each_nested_block_has_its_own_arguments_and_no_text_ends_the_script(
    course: ToyCourse, as_learner: Client
) -> None:
    response = as_learner.get(reverse("lms:chromeless", args=[course.block("vertical", "second")]))
    page = html.fromstring(response.content)
    box = page.xpath('//div[@data-block-type="toy_box"]')[0]
    toy = page.xpath('//div[@data-block-type="toy"]')[0]
    path = './script[@class="xblock-json-init-args"]'
    assert json.loads(box.xpath(path)[0].text) == {"kind": "box"}
    assert json.loads(toy.xpath(path)[0].text) == {"text": "</script><b>&\u2028", "name": "Inner"}
    assert b"</script><b>" not in response.content


def test_pages_carry_no_inline_script_or_style_and_an_enforced_policy(
    course: ToyCourse, as_learner: Client
) -> None:
    response = as_learner.get(reverse("lms:chromeless", args=[course.block("vertical", "first")]))
    page = html.fromstring(response.content)
    scripts = [s for s in page.iter("script") if not s.get("src") and "json" not in (s.get("type") or "")]
    assert scripts == [] and page.xpath("//style | //*[@style]") == []
    assert "script-src 'self'" in response["Content-Security-Policy"]
    text = [s.get("src") for s in page.iter("script") if "/fragments/" in (s.get("src") or "")]
    assert as_learner.get(text[0]).content == b"window.Toy = function () {};"


def test_a_failing_block_leaves_a_box_and_its_neighbours_work(course: ToyCourse, as_learner: Client) -> None:
    unit = course.block("vertical", "first")
    authoring.change_fields(course.block("toy", "toy"), {"display_name": "broken"})
    authoring.publish(unit)
    page = _page(as_learner, unit)
    assert len(page.xpath('//div[@class="block-error"]')) == 1
    assert len(page.xpath('//div[@class="html-block"]')) == 1
    assert "secret" not in page.text_content()


def test_course_files_are_linked_and_served_to_the_course_only(
    course: ToyCourse, as_learner: Client, as_stranger: Client
) -> None:
    source = _page(as_learner, course.block("vertical", "first")).xpath('//img[contains(@src, "pic")]/@src')[
        0
    ]
    assert b"".join(as_learner.get(source).streaming_content) == b"\x89PNG picture"
    assert as_stranger.get(source).status_code == 404
    assert as_learner.get(source.replace("pic.png", "../../x")).status_code == 404


def test_text_is_marked_for_completion_by_viewing_in_units_and_containers(
    course: ToyCourse, learner: Any, as_learner: Client
) -> None:
    words = course.block("html", "words")
    marked = "//div[@data-mark-completed-on-view-after-delay]/@data-usage-id"
    assert _page(as_learner, course.block("vertical", "first")).xpath(marked) == [str(words)]
    assert _page(as_learner, course.block("vertical", "second")).xpath(marked) == [
        str(course.block("html", "inner-words"))
    ]
    answer = _post(as_learner, course.handler(words, "publish_completion"), {"completion": 1.0})
    assert answer.status_code == 200
    assert BlockCompletion.objects.get(user=learner, block_key=words).completion == 1.0
    assert _page(as_learner, course.block("vertical", "first")).xpath(marked) == []


def test_completion_by_viewing_is_refused_for_blocks_that_must_be_answered(
    course: ToyCourse, as_learner: Client
) -> None:
    answer = _post(
        as_learner, course.handler(course.block("toy", "toy"), "publish_completion"), {"completion": 1}
    )
    assert answer.status_code == 400
    assert not BlockCompletion.objects.exists()


@pytest.mark.parametrize("value", [None, "1", True, 2, -0.1, [], {}])
def test_a_completion_that_is_no_share_is_refused(
    course: ToyCourse, as_learner: Client, value: object
) -> None:
    url = course.handler(course.block("html", "words"), "publish_completion")
    assert _post(as_learner, url, {"completion": value}).status_code == 400


def test_a_grade_is_recorded_by_weight_and_completes_the_block(
    course: ToyCourse, learner: Any, as_learner: Client
) -> None:
    toy = course.block("toy", "toy")
    assert _post(as_learner, course.handler(toy, "grade"), {"value": 3, "max_value": 4}).status_code == 200
    grade = Grade.objects.get(user=learner)
    assert (grade.usage_key, grade.earned, grade.possible) == (str(toy), 7.5, 10)
    assert BlockCompletion.objects.get(user=learner, block_key=toy).completion == 1.0


def test_a_unit_is_ticked_when_everything_the_learner_can_see_is_complete(
    course: ToyCourse, learner: Any, as_learner: Client
) -> None:
    def ticks() -> list[bool]:
        outline = course_outline(_runtime(course, learner))
        assert outline is not None
        return [unit.complete for unit in outline.units]

    _post(
        as_learner, course.handler(course.block("html", "words"), "publish_completion"), {"completion": 1.0}
    )
    assert ticks() == [False, False]
    _post(as_learner, course.handler(course.block("toy", "toy"), "grade"), {"value": 1, "max_value": 1})
    assert ticks() == [True, False]


def test_the_user_service_tells_blocks_who_is_there(
    course: ToyCourse, learner: Any, as_learner: Client
) -> None:
    told = as_learner.get(course.handler(course.block("toy", "toy"), "who")).json()
    assert told["edx-platform.user_id"] == learner.pk
    assert told["edx-platform.user_is_staff"] is False
    assert re.fullmatch("[0-9a-f]{32}", told["edx-platform.anonymous_user_id"])


def test_block_files_come_from_the_public_folder_only(course: ToyCourse, as_learner: Client) -> None:
    def status(path: str) -> int:
        return as_learner.get(reverse("lms:block-resource", args=["html", path])).status_code

    assert status("public/html_editor.js") == 200
    assert status("html.py") == 404
    assert status("public/../html.py") == 404
    assert status("public/missing.js") == 404


def test_pages_of_a_course_are_for_its_people(course: ToyCourse, as_stranger: Client, client: Client) -> None:
    unit = course.block("vertical", "first")
    addresses = [
        reverse("lms:course", args=[course.key]),
        reverse("lms:unit", args=[course.key, unit]),
        reverse("lms:chromeless", args=[unit]),
    ]
    assert [as_stranger.get(address).status_code for address in addresses] == [404, 404, 404]
    assert [client.get(address).status_code for address in addresses] == [302, 302, 404]


def test_enrolling_opens_the_course(course: ToyCourse, as_stranger: Client) -> None:
    answer = as_stranger.post(reverse("lms:enrol", args=[course.key]), follow=True)
    assert answer.status_code == 200
    assert roles.is_enrolled(answer.context["user"].pk, course.key)


def test_jump_to_leads_to_the_unit_of_a_block(course: ToyCourse, as_learner: Client) -> None:
    answer = as_learner.get(reverse("lms:jump-to", args=[course.key, course.block("toy", "inner")]))
    assert answer["Location"] == reverse("lms:unit", args=[course.key, course.block("vertical", "second")])

"""Studio: drafts, publishing, order, copies, editors and who may do all that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from opaque_keys.edx.keys import UsageKey

from demo_site.courses import authoring
from demo_site.courses.models import Branch
from demo_site.courses.tree import load_tree
from demo_site.runtime.field_store import SessionState
from demo_site.runtime.runtime import EditorRuntime, PreviewRuntime, Viewer

from .conftest import ToyCourse


def _send(client: Client, method: str, url: str, data: Any = None) -> Any:
    return client.generic(
        method, url, json.dumps(data if data is not None else {}), content_type="application/json"
    )


def _create(client: Client, parent: UsageKey, **body: Any) -> Any:
    return _send(client, "POST", reverse("studio:create"), {"parent_locator": str(parent), **body})


def _block(usage_key: UsageKey) -> str:
    return reverse("studio:block", args=[usage_key])


def _children(course: ToyCourse, usage_key: UsageKey, branch: Branch = Branch.DRAFT) -> list[str]:
    node = load_tree(course.key, branch).nodes[usage_key]
    return [key.block_id for key in node.children]


def test_learners_see_a_new_block_only_after_publishing(course: ToyCourse, as_author: Client) -> None:
    unit = course.block("vertical", "first")
    answer = _create(as_author, unit, category="html")
    assert answer.status_code == 200 and answer.json()["courseKey"] == str(course.key)
    made = UsageKey.from_string(answer.json()["locator"])
    assert made.block_id in _children(course, unit)
    assert made.block_id not in _children(course, unit, Branch.PUBLISHED)
    published = _send(as_author, "POST", _block(unit), {"publish": "make_public"}).json()
    assert published == {"id": str(unit), "published": True, "has_changes": False}
    assert made.block_id in _children(course, unit, Branch.PUBLISHED)


def test_a_changed_field_reaches_learners_with_the_next_publishing(
    course: ToyCourse, as_author: Client, as_learner: Client
) -> None:
    unit, toy = course.block("vertical", "first"), course.block("toy", "toy")

    def learners_page() -> str:
        return as_learner.get(reverse("lms:chromeless", args=[unit])).content.decode()

    answer = _send(as_author, "PATCH", _block(toy), {"fields": {"display_name": "Spaceship"}})
    assert answer.json()["has_changes"] is True
    assert "Robot" in learners_page() and "Spaceship" not in learners_page()
    as_author.post(reverse("studio:publish", args=[unit]))
    assert "Spaceship" in learners_page()


@pytest.mark.parametrize(
    "fields", [{"nothing": 1}, {"count": 3}, {"children": []}, {"options": "{not json"}, {"weight": "heavy"}]
)
def test_fields_that_a_block_cannot_hold_are_refused(
    course: ToyCourse, as_author: Client, fields: Any
) -> None:
    answer = _send(as_author, "POST", _block(course.block("toy", "toy")), {"fields": fields})
    assert answer.status_code == 400 and answer.json()["error"]
    assert load_tree(course.key, Branch.DRAFT).nodes[course.block("toy", "toy")].fields["weight"] == 10


@pytest.mark.parametrize("body", [{"fields": [1]}, {"metadata": "x"}, {"children": "x"}, [], "x"])
def test_a_request_of_the_wrong_shape_is_refused(course: ToyCourse, as_author: Client, body: Any) -> None:
    assert _send(as_author, "POST", _block(course.block("vertical", "first")), body).status_code == 400


def test_children_are_put_in_a_new_order(course: ToyCourse, as_author: Client) -> None:
    unit = course.block("vertical", "first")
    order = [course.block("toy", "secret"), course.block("html", "words"), course.block("toy", "toy")]
    assert _send(as_author, "PUT", _block(unit), {"children": [str(key) for key in order]}).status_code == 200
    assert _children(course, unit) == ["secret", "words", "toy"]
    assert _children(course, unit, Branch.PUBLISHED) == ["words", "toy", "secret"]


def test_an_order_that_forgets_a_block_changes_nothing(course: ToyCourse, as_author: Client) -> None:
    unit = course.block("vertical", "first")
    answer = _send(as_author, "PUT", _block(unit), {"children": [str(course.block("toy", "toy"))]})
    assert answer.status_code == 400
    assert _children(course, unit) == ["words", "toy", "secret"]


def test_a_deleted_block_stays_with_learners_until_the_unit_is_published(
    course: ToyCourse, as_author: Client
) -> None:
    unit, box = course.block("vertical", "second"), course.block("toy_box", "box")
    assert as_author.delete(_block(box)).status_code == 204
    assert course.block("toy", "inner") not in load_tree(course.key, Branch.DRAFT).nodes
    assert course.block("toy", "inner") in load_tree(course.key, Branch.PUBLISHED).nodes
    authoring.publish(unit)
    assert course.block("toy", "inner") not in load_tree(course.key, Branch.PUBLISHED).nodes


def test_a_copy_has_new_keys_and_stands_behind_the_original(course: ToyCourse, as_author: Client) -> None:
    unit, box = course.block("vertical", "second"), course.block("toy_box", "box")
    answer = _create(as_author, unit, duplicate_source_locator=str(box))
    copy = UsageKey.from_string(answer.json()["locator"])
    tree = load_tree(course.key, Branch.DRAFT)
    assert _children(course, unit) == ["box", copy.block_id]
    assert tree.nodes[copy].fields["display_name"] == "Copy of “Box”"
    assert len(tree.nodes[copy].children) == 3
    assert not set(tree.nodes[copy].children) & set(tree.nodes[box].children)


@pytest.mark.parametrize(
    ("parent", "category"),
    [
        (("html", "words"), "html"),
        (("vertical", "first"), "chapter"),
        (("sequential", "s"), "html"),
        (("vertical", "first"), "uninstalled"),
        (("vertical", "first"), ""),
        (("vertical", "first"), None),
    ],
)
def test_a_block_is_not_made_where_it_does_not_belong(
    course: ToyCourse, as_author: Client, parent: tuple[str, str], category: str | None
) -> None:
    before = len(load_tree(course.key, Branch.DRAFT).nodes)
    answer = _create(as_author, course.block(*parent), category=category)
    assert answer.status_code == 400 and answer.json()["error"]
    assert len(load_tree(course.key, Branch.DRAFT).nodes) == before


def test_blocks_that_name_the_platforms_addresses_reach_the_same_endpoints(
    course: ToyCourse, as_author: Client
) -> None:
    body = {"parent_locator": str(course.block("toy_box", "box")), "category": "html"}
    made = _send(as_author, "POST", "/xblock/", body).json()["locator"]
    assert as_author.delete(f"/xblock/{made}").status_code == 204


def test_only_authors_may_change_anything(
    course: ToyCourse, as_learner: Client, as_stranger: Client, client: Client
) -> None:
    unit, toy = course.block("vertical", "first"), course.block("toy", "toy")
    handler = reverse("studio:handler", args=[toy, "rename"])
    for browser in (as_learner, as_stranger, client):
        assert _create(browser, unit, category="html").status_code == 403
        assert _send(browser, "POST", _block(toy), {"fields": {"display_name": "x"}}).status_code == 403
        assert browser.delete(_block(toy)).status_code == 403
        assert _send(browser, "POST", handler, {"name": "x"}).status_code == 403
        assert browser.get(reverse("studio:edit", args=[toy])).status_code in (302, 403)
        assert browser.get(reverse("studio:container", args=[unit])).status_code in (302, 403)


def test_an_editors_handler_changes_the_draft_and_a_previews_cannot(
    course: ToyCourse, as_author: Client
) -> None:
    toy = course.block("toy", "toy")
    _send(
        as_author, "POST", reverse("studio:preview-handler", args=[toy, "rename"]), {"name": "From preview"}
    )
    assert load_tree(course.key, Branch.DRAFT).nodes[toy].fields["display_name"] == "Robot"
    _send(as_author, "POST", reverse("studio:handler", args=[toy, "rename"]), {"name": "From editor"})
    assert load_tree(course.key, Branch.DRAFT).nodes[toy].fields["display_name"] == "From editor"


def test_what_an_author_tries_in_a_preview_is_not_stored_for_anybody(
    course: ToyCourse, as_author: Client
) -> None:
    from demo_site.courses.models import LearnerState

    url = reverse("studio:preview-handler", args=[course.block("toy", "toy"), "add"])
    assert [_send(as_author, "POST", url).json()["count"] for _ in range(2)] == [1, 2]
    assert not LearnerState.objects.exists()


def test_studio_has_fewer_services_and_says_when_it_is_a_preview(course: ToyCourse, author: Any) -> None:
    viewer = Viewer(user=author, state=SessionState({}, "preview"))
    preview, editor = PreviewRuntime(course.key, viewer), EditorRuntime(course.key, viewer)
    for runtime in (preview, editor):
        block = runtime.get_block(course.block("toy", "toy"))
        assert runtime.service(block, "completion") is None
        assert runtime.service(block, "publish") is None
        assert runtime.service(block, "i18n").gettext("") == ""
    user = preview.service(preview.get_block(course.block("toy", "toy")), "user").get_current_user()
    assert user.opt_attrs["edx-platform.anonymous_user_id"] == "student"
    assert user.opt_attrs["edx-platform.user_is_staff"] is False
    assert preview.is_author_mode is True
    assert not hasattr(editor, "is_author_mode")
    assert editor.get_block(course.block("toy", "toy")).scope_ids.user_id is None


def test_a_container_page_offers_exactly_the_nested_blocks(course: ToyCourse, as_author: Client) -> None:
    page = html.fromstring(
        as_author.get(reverse("studio:container", args=[course.block("toy_box", "box")])).content
    )
    buttons = page.xpath('//button[@data-action="add"]')
    assert [(b.get("data-category"), b.get("disabled") is not None) for b in buttons] == [
        ("toy", True),  # single instance, and one is there
        ("html", False),
        ("nowhere", True),  # not installed
    ]
    templates = json.loads(page.xpath('//script[@id="component-templates"]')[0].text)
    assert templates[0] == {
        "type": "toy",
        "display_name": "Toy",
        "boilerplate_name": None,
        "single_instance": True,
        "disabled": True,
        "disabled_reason": "There can be only one.",
    }


def test_a_container_page_frames_each_child_once_with_named_buttons(
    course: ToyCourse, as_author: Client
) -> None:
    page = html.fromstring(
        as_author.get(reverse("studio:container", args=[course.block("toy_box", "box")])).content
    )
    frames = page.xpath('//div[@class="studio-xblock-wrapper"]/@data-locator')
    assert frames == [
        str(course.block(*key))
        for key in (("toy", "inner"), ("toy", "inner-secret"), ("html", "inner-words"))
    ]
    names = [" ".join(b.text_content().split()) for b in page.xpath('//div[@class="block-actions"]//button')]
    assert "Move up “More words”" in names and "Edit “Inner”" in names


def test_a_unit_page_shows_the_container_as_one_block(course: ToyCourse, as_author: Client) -> None:
    page = html.fromstring(
        as_author.get(reverse("studio:container", args=[course.block("vertical", "second")])).content
    )
    assert page.xpath('//div[@class="studio-xblock-wrapper"]/@data-locator') == [
        str(course.block("toy_box", "box"))
    ]


def test_a_new_unit_is_a_draft_until_it_is_published(course: ToyCourse, as_author: Client) -> None:
    answer = as_author.post(reverse("studio:new-unit", args=[course.block("sequential", "s")]), follow=True)
    assert "Draft: learners do not see it" in answer.content.decode()
    new = load_tree(course.key, Branch.DRAFT).units()[-1].usage_key
    assert not authoring.is_published(new)
    authoring.publish(new)
    assert _children(course, course.block("sequential", "s"), Branch.PUBLISHED)[-1] == new.block_id


def test_an_empty_title_is_refused(course: ToyCourse, as_author: Client) -> None:
    unit = course.block("vertical", "first")
    as_author.post(reverse("studio:rename", args=[unit]), {"display_name": "  "})
    assert load_tree(course.key, Branch.DRAFT).nodes[unit].fields["display_name"] == "First unit"

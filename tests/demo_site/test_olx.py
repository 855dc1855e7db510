"""OLX in and out: the same course, or a clear refusal and no change."""

from __future__ import annotations

import pytest
from lxml import etree

from demo_site.courses import authoring
from demo_site.courses.models import Branch, ContentBlock
from demo_site.courses.tree import load_tree
from demo_site.runtime import olx

from .conftest import OLX, ToyCourse


def test_import_keeps_fields_order_and_names(course: ToyCourse) -> None:
    tree = load_tree(course.key, Branch.PUBLISHED)
    assert str(course.key) == "course-v1:Org+Toys+run"
    assert [node.usage_key.block_id for node in tree.units()] == ["first", "second"]
    assert tree.nodes[course.block("toy", "toy")].fields["options"] == ["a", "b"]
    assert (
        tree.nodes[course.block("html", "words")].fields["data"]
        == '<p>Read & <img src="/static/pic.png"></p>'
    )
    assert tree.nodes[course.block("html", "inner-words")].fields["data"] == "<p>Inside</p>"


def test_importing_twice_gives_the_same_course(course: ToyCourse) -> None:
    before = load_tree(course.key, Branch.DRAFT)
    olx.import_course(course.folder)
    assert load_tree(course.key, Branch.DRAFT) == before


def test_a_container_survives_export_and_import(course: ToyCourse) -> None:
    box = course.block("toy_box", "box")
    exported = olx.export_block(box)
    before = load_tree(course.key, Branch.DRAFT).content_of(box)
    authoring.delete_block(box)
    olx.import_block(course.key, exported, course.block("vertical", "second"))
    assert load_tree(course.key, Branch.DRAFT).content_of(box) == before


def test_text_with_the_end_mark_of_cdata_survives(course: ToyCourse) -> None:
    words = course.block("html", "words")
    text = "<p>a ]]> b & <i>c</i></p>"
    authoring.change_fields(words, {"data": text})
    exported = olx.export_block(words)
    authoring.delete_block(words)
    olx.import_block(course.key, exported, course.block("vertical", "first"))
    assert load_tree(course.key, Branch.DRAFT).nodes[words].fields["data"] == text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (OLX.replace("</course>", ""), "course.xml"),
        (OLX.replace('<toy url_name="toy"', '<unknown_thing url_name="toy"'), "unknown_thing"),
        (OLX.replace('url_name="secret"', 'url_name="toy"'), "already has"),
        (OLX.replace('org="Org" ', ""), "org"),
        ("<library/>", "must begin with <course>"),
    ],
)
def test_faulty_olx_is_refused_and_changes_nothing(course: ToyCourse, wrong: str, says: str) -> None:
    before = list(ContentBlock.objects.order_by("id").values())
    (course.folder / "course.xml").write_text(wrong, encoding="utf-8")
    with pytest.raises(olx.OlxError, match=says):
        olx.import_course(course.folder)
    assert list(ContentBlock.objects.order_by("id").values()) == before


def test_entities_are_not_resolved(course: ToyCourse) -> None:
    attack = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html url_name="x"><p>&e;</p></html>'
    made = olx.import_block(course.key, attack, course.block("vertical", "first"))
    assert "root:" not in load_tree(course.key, Branch.DRAFT).nodes[made].fields.get("data", "")


def test_pointer_tags_and_html_files_of_an_export_are_followed(course: ToyCourse) -> None:
    root = etree.fromstring(OLX)
    unit = root.find(".//vertical")
    assert unit is not None
    for child in list(unit):
        unit.remove(child)
    etree.SubElement(unit, "html", url_name="filed", filename="filed")
    (course.folder / "vertical").mkdir()
    (course.folder / "html").mkdir()
    (course.folder / "vertical" / "first.xml").write_bytes(etree.tostring(unit))
    (course.folder / "html" / "filed.html").write_text("<p>From a file</p>", encoding="utf-8")
    parent = unit.getparent()
    assert parent is not None
    parent.replace(unit, etree.Element("vertical", url_name="first"))
    (course.folder / "course.xml").write_bytes(etree.tostring(root))
    olx.import_course(course.folder)
    tree = load_tree(course.key, Branch.PUBLISHED)
    assert tree.nodes[course.block("vertical", "first")].fields["display_name"] == "First unit"
    assert tree.nodes[course.block("html", "filed")].fields["data"] == "<p>From a file</p>"

"""The map of a requirement: nothing overlaps, everything is also a list, and titles cannot become markup."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings

from microcred_app import rules
from microcred_app.pages.pathway_map import Box, lay_out, render_map
from tests.rules.strategies import trees

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TREE = rules.parse_requirement(
    {
        "all": [
            {"badge": "safety"},
            {"at_least": 2, "of": [{"badge": "a"}, {"badge": "b", "within": "P2Y"}, {"badge": "c"}]},
        ]
    }
)


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x < inner.x
        and outer.y < inner.y
        and inner.x + inner.width < outer.x + outer.width
        and inner.y + inner.height < outer.y + outer.height
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees)
def test_members_stand_inside_their_group_and_never_overlap(node: rules.Node) -> None:
    layout = lay_out(node, rules.Names())
    by_path = {box.path: box for box in layout.boxes}
    assert set(by_path) == {path for path, _node in rules.walk_with_paths(node)}
    for box in layout.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
        for other in layout.boxes:
            if other is not box and not holds(box, other) and not holds(other, box):
                assert box.y + box.height <= other.y or other.y + other.height <= box.y


def picture(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])


def test_titles_are_escaped_and_shortened() -> None:
    names = rules.Names(badges={"safety": "<script>x</script>" + "W" * 600, "a": "a & b"})
    html = render_map(TREE, names)
    assert "<script>" not in html
    texts = [node.text or "" for node in picture(html).iter("text")]
    assert any(text.endswith("…") for text in texts)
    assert "a & b" in texts


def test_the_list_says_the_same() -> None:
    html = render_map(TREE, rules.Names(badges={"safety": "Safety"}))
    listed = html.split("<details")[1]
    assert "At least 2 of these 3" in listed
    assert "Holds the badge “Safety”" in listed
    assert "within the last 2 years" in listed
    assert "within the last 2 years" in " ".join(node.text or "" for node in picture(html).iter("text"))


def test_states_have_a_sign_and_a_word() -> None:
    facts = rules.Facts([rules.BadgeFact("1", "safety", NOW)], rules.Relations())
    html = render_map(TREE, rules.Names(), rules.explain(TREE, facts, NOW))
    texts = [node.text or "" for node in picture(html).iter("text")]
    assert "✓" in texts
    assert "Badge · done" in texts
    assert "still open" in html


@pytest.mark.parametrize("language", ["ar", "he"])
def test_it_is_mirrored_for_scripts_from_right_to_left(language: str) -> None:
    plain = [node.get("x") for node in picture(render_map(TREE, rules.Names())).iter("text")]
    with override(language):
        mirrored = [node.get("x") for node in picture(render_map(TREE, rules.Names())).iter("text")]
    assert plain != mirrored


def test_the_largest_tree_is_drawn() -> None:
    node = rules.parse_requirement({"any": [{"badge": f"b{number}"} for number in range(499)]})
    assert render_map(node, rules.Names()).count("<rect") == 500


def test_templates_draw_it_with_a_tag() -> None:
    template = Template("{% load microcred_map %}{% requirement_map node names %}")
    assert template.render(Context({"node": TREE, "names": rules.Names()})) == render_map(TREE, rules.Names())

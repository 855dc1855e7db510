"""What is counted in a text, and when its minutes are called too few."""

from __future__ import annotations

import time

import pytest

from microcred_xblock.effort import clearly_exceeds, reading_minutes
from microcred_xblock.page_text import TextFacts, read_text


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Mend a tube</p>", 3),
        ("<p>Mend</p><p>it</p>", 2),
        ("Mend&nbsp;it &amp; ride", 3),
        ("don't low-level 3.5 bar", 4),
        ("<script>var many = words here</script><style>p { color: red }</style><p>Two words</p>", 2),
        ("<p>unclosed <b>tags", 2),
        ("<!-- not counted --> one", 1),
        ("", 0),
        ("   ", 0),
        ("Größe ändern", 2),
        ("حجم الإطار", 2),
    ],
)
def test_words_are_what_is_read(markup: str, words: int) -> None:
    assert read_text(markup).words == words


@pytest.mark.parametrize("value", [None, 3, [], {}, b"bytes"])
def test_what_is_no_text_has_nothing(value: object) -> None:
    assert read_text(value) == TextFacts()


def test_scripts_without_spaces_are_counted_by_character() -> None:
    facts = read_text("<p>自転車のタイヤを読む</p>")
    assert (facts.words, facts.unspaced) == (0, 10)
    assert reading_minutes(facts) > 0


def test_what_shuts_somebody_out_is_counted() -> None:
    facts = read_text(
        '<h2>A</h2><h4>B</h4><img src="a.png"><img src="b.png" alt=""><img src="c.png" alt="A tyre">'
        '<a href="/x">Click here</a> <a href="/y">The size table</a> <a href="/z"><img src="d" alt="Sizes"></a>'
        '<a href="/e"></a><table><tr><td>1</td></tr></table><table><tr><th>bar</th></tr></table>'
        '<iframe src="/v"></iframe><iframe src="/w" title="Film"></iframe>'
    )
    assert (facts.images, facts.images_without_alt) == (4, 1)
    assert facts.vague_links == 2
    assert facts.skipped_headings == 1
    assert facts.tables_without_headers == 1
    assert facts.frames_without_title == 1


def test_the_longest_sentence_is_found_and_a_paragraph_ends_one() -> None:
    assert read_text("<p>One two three. Four five.</p><p>Six seven eight nine</p>").longest_sentence == 4


def test_pictures_inside_the_text_do_not_hide_what_follows() -> None:
    assert read_text(f'<img alt="" src="data:image/png;base64,{"A" * 300_000}"><p>Two words</p>').words == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "<" * 300_000,
        "<a href=x>" * 50_000,
        "&#" * 100_000,
        "<table>" * 50_000,
        "x" * 2_000_000,
        "." * 300_000 + "x",
        " " * 300_000 + "x",
        "a." * 100_000,
        "</" * 100_000,
    ],
)
def test_a_hostile_text_costs_little(hostile: str) -> None:
    begun = time.process_time()
    read_text(hostile)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("estimate", "stated", "told"),
    [
        (6, 5, False),
        (7.4, 5, False),
        (7.5, 5, True),
        (2, 1, False),
        (3, 1, True),
        (44, 30, False),
        (46, 30, True),
    ],
)
def test_only_a_clear_excess_is_told(estimate: float, stated: int, told: bool) -> None:
    assert clearly_exceeds(estimate, stated) is told

"""What is written reads back equal, whatever the texts are, and always as the same bytes."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app.bundle.reading import read_text
from microcred_app.bundle.writing import write_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "yes",
        "NO",
        "null",
        "~",
        "1",
        "1.5",
        "- a",
        "a: b",
        "a #b",
        "| x",
        "two\nlines\n",
        " lead\nline",
        "x\n\n",
        "\t",
        "a\n\ufffe",
        "a\n\uffff",
        "\ufffe\n",
        "\x7f\n",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(TEXTS.filter(lambda text: text != "<<"), VALUES, min_size=1, max_size=4))
def test_reading_what_was_written_gives_the_same(value: dict[str, Any]) -> None:
    written = write_text(value)
    try:
        found = read_text(written.encode()).value
    except Exception as error:
        raise AssertionError(written) from error
    assert found == value
    assert write_text(found) == written


def test_it_reads_well() -> None:
    entry = {
        "key": "a",
        "text": "One line.\nAnother: line",
        "list": ["x", {"k": "v", "l": 1}],
        "empty": [],
        "on": "no",
    }
    assert write_text({"badges": [entry]}, heading="About this") == (
        "# About this\n"
        "badges:\n"
        "  - key: a\n"
        "    text: |-\n"
        "      One line.\n"
        "      Another: line\n"
        "    list:\n"
        "      - x\n"
        "      - k: v\n"
        "        l: 1\n"
        "    empty: []\n"
        '    "on": "no"\n'
    )


@pytest.mark.parametrize(
    "text", ["Ärztliche Hilfe, 2. Teil", "مهارة", "a\nb", "yes", "2027-01-01", "#1f5f8b", "a: b"]
)
def test_other_peoples_readers_read_the_same(text: str) -> None:
    assert yaml.safe_load(write_text({"a": text})) == {"a": text}

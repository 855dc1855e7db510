"""What changed between two attempts."""

import time

from hypothesis import given
from hypothesis import strategies as st

from microcred_app.applets.reviews.history import AttemptWork, compare, compare_texts


def test_files_are_told_apart_by_their_digests() -> None:
    older = AttemptWork((("wheel.png", "a"), ("chain.png", "b")), "", "")
    newer = AttemptWork((("renamed.png", "a"), ("chain.png", "c")), "", "https://x.example/")
    found = compare(older, newer)
    assert (found.added, found.removed, found.kept) == (("chain.png",), ("chain.png",), ("renamed.png",))
    assert (found.old_link, found.new_link) == ("", "https://x.example/")
    assert not found.nothing
    assert compare(older, older).nothing


def test_texts_are_compared_by_words() -> None:
    found = compare_texts("The tube is patched.", "The inner tube is patched well.")
    assert [(piece.kind, piece.text) for piece in found if piece.kind != "same"] == [
        ("added", " inner"),
        ("removed", "patched."),
        ("added", "patched well."),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_is_lost_in_the_comparison(older: str, newer: str) -> None:
    found = compare_texts(older, newer)
    if older == newer:
        assert found == ()
    else:
        assert "".join(piece.text for piece in found if piece.kind != "removed") == newer
        # Runs that both have are written in the newer one's letters, which are the older one's too.
        assert "".join(piece.text for piece in found if piece.kind != "added") == older


def test_comparing_is_bounded_whatever_a_learner_writes() -> None:
    begun = time.process_time()
    older, newer = "a b " * 10_000, "b a c " * 10_000
    assert "".join(p.text for p in compare_texts(older, newer) if p.kind != "removed") == newer
    lines = "x\n" * 20_000
    assert compare_texts(lines, lines + "y\n")
    assert time.process_time() - begun < 10

"""Names in the archive stay inside it, on every system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app.applets.reviews.archive import safe_name


@pytest.mark.parametrize(
    ("given_name", "wanted"),
    [
        ("my wheel.png", "my_wheel.png"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\windows\\system32", "windows_system32"),
        ("/absolute.txt", "absolute.txt"),
        ("C:\\x.exe", "C_x.exe"),
        (".bashrc", "bashrc"),
        ("a....b", "a.b"),
        ("CON", "file_CON"),
        ("nul.txt", "file_nul.txt"),
        ("", "file"),
        ("...", "file"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("a\x00b\n.png", "a_b_.png"),
        ("=cmd|' /C calc'!A0", "cmd_C_calc_A0"),
        ("صورة.png", "صورة.png"),
        ("．．／x", "x"),
    ],
)
def test_a_name_is_one_name(given_name: str, wanted: str) -> None:
    assert safe_name(given_name) == wanted


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name) <= 90
    assert not set(name) & set('/\\:*?"<>|\0')
    assert ".." not in name
    assert name[0] not in ".-" and name[-1] not in ". "
    assert all(c.isprintable() for c in name)

"""What a terminal obeys is made visible; what a person can read stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.printable import visible, visible_lines, visible_styled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, Ünïcode, 日本語, 👍, a\u0301", "plain, Ünïcode, 日本語, 👍, a\u0301"),
        ("replaced \ufffd stays", "replaced \ufffd stays"),
        ("\x1b[2K\x1b[1Aforged", "\\x1b[2K\\x1b[1Aforged"),
        ("\x1b]52;c;ZXZpbA==\x07", "\\x1b]52;c;ZXZpbA==\\x07"),
        ("\x1b]8;;http://evil\x1b\\link", "\\x1b]8;;http://evil\\x1b\\link"),
        ("\x9b31mred", "\\x9b31mred"),
        ("a\rb\nc\td", "a\\rb\\nc\\td"),
        ("\u202egpj.exe\u202c", "\\u202egpj.exe\\u202c"),
        (
            "\u2066a\u2069\u200b\u200e\ufeff\u2028\u2029\u00ad",
            "\\u2066a\\u2069\\u200b\\u200e\\ufeff\\u2028\\u2029\\xad",
        ),
        ("\x00\x08\x7f\x85", "\\x00\\x08\\x7f\\x85"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_a_line(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_lines_keep_their_ends() -> None:
    assert visible_lines("a\n\tb\r\n\x1b[1m") == "a\n\tb\\r\n\\x1b[1m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1mbold\x1b[0m \x1b[31m\x1b[1mred\x1b[0m", "\x1b[1mbold\x1b[0m \x1b[31m\x1b[1mred\x1b[0m"),
        ("\x1b[8mhidden\x1b[0m", "\\x1b[8mhidden\x1b[0m"),
        ("\x1b[30;40mblack on black", "\\x1b[30;40mblack on black"),
        ("\x1b[2J\x1b[mx", "\\x1b[2J\x1b[mx"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ],
)
def test_styles_of_our_own_stay(text: str, expected: str) -> None:
    assert visible_styled(text) == expected


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    """No control, format, surrogate or separating character but a space; and cleaning twice changes nothing."""
    once = visible(text)
    left = {unicodedata.category(c) for c in once} & {"Cc", "Cs", "Zl", "Zp"}
    assert left == set()
    assert all(
        unicodedata.bidirectional(c) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for c in once
    )
    assert visible(once) == once
    assert "\x1b" not in visible_lines(text)

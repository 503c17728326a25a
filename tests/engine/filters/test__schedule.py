"""The text of schedule tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.filters._schedule import Times, read_tag

WEEK = frozenset((day, 19) for day in range(5))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Times()),
        (" On ", Times()),
        ("'off'", Times(never=True)),
        ("off=(M-F,19)", Times(off=WEEK)),
        ("off=(M-F,19);on=(S,7);tz=pt;", Times(WEEK, frozenset({(5, 7)}), "pt")),
        ("off=[(M-H,19),(F,19)]", Times(off=WEEK)),
        ("on=(F-M,0)", Times(on=frozenset({(4, 0), (5, 0), (6, 0), (0, 0)}))),
        ("offu3du28M-Fu2c19u29", Times(off=WEEK)),
        ("off=(M-F,19);on=never", Times(WEEK, frozenset())),
        ("tz=america/new_york", Times(zone="america/new_york")),
        ("hello", None),
        ("true", None),
        ("off=(M-F, 19)", None),
        ("off=(M-F,24)", None),
        ("off=(M,F,19)", None),
        ("off=[]", None),
        ("off", Times(never=True)),
        ("tz=nowhere", None),
        ("foo=(M,1)", None),
        (";", None),
    ],
)
def test_read_tag(text: str, expected: Times | None) -> None:
    assert read_tag(text) == expected


@given(st.text(max_size=40) | st.from_regex(r"(off|on|tz)=[\[\](),a-z0-9;=-]{0,20}"))
def test_never_raises(text: str) -> None:
    read_tag(text)

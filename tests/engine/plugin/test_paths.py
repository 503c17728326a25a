"""Paths: what records have besides JMESPath's own functions, and options written into them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.model.json import Json
from engine.plugin.paths import bound, getter, options_in

DATA = {"Types": {"big": "small"}, "Type": "big", "Date": "2026-11-01T00:00:00Z", "Path": "Types.big"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lookup(Types, Type)", "small"),
        ("lookup(Types, 'other')", None),
        ("lookup(Types, `5`)", None),
        ("lookup(Nothing, Type)", None),
        ("lookup({big: `0`}, Type)", 0),
        ("product([`2`, `1.5`])", 3),
        ("product(['a'])", None),
        ("days_after(Date, `2`)", "2026-11-03T00:00:00+00:00"),
        ("days_after(Moment, `0.5`)", "2026-11-21T12:00:00+00:00"),
        ("days_after(Type, `2`)", None),
        ("days_after(Nothing, `2`)", None),
        ("days_after(Date, Nothing)", None),
        ("search(Path, @)", "small"),
        ("search('Types[', @)", None),
        ("search(Nothing, @)", None),
    ],
)
def test_functions(path: str, expected: Json) -> None:
    assert getter(path)({**DATA, "Moment": datetime(2026, 11, 21, tzinfo=UTC)}) == expected


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        ("Tags[?Key == _options.tag]", {"tag": "a"}, 'Tags[?Key == `"a"`]'),
        ('_options."skip-this" || X', {"skip-this": ["a`b"]}, '`["a\\`b"]` || X'),
        ("_options.none", {}, "`null`"),
        ("X.options", {"options": 1}, "X.options"),
    ],
)
def test_bound(path: str, options: dict[str, Json], expected: str) -> None:
    assert bound(path, options) == expected


def test_options_in() -> None:
    assert options_in('_options.a && _options."b-c" || X') == {"a", "b-c"}

"""Paths: what they give, what they read, and tables filled from them."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.model.json import Json
from engine.plugin.paths import PathRejected, bound, fill, getter, options_in, place, roots

DATA: Json = {"a": {"b": {"c": 1}, "l": [{"x": 1}, {"x": 2}]}, "t": "p/q", "j": '{"k": [1]}', "n": None, "a-b": 3}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b.c", 1),
        ("a", DATA["a"]),
        ("a.nope.c", None),
        ("a.l.x", None),
        ("t.x", None),
        ("n", None),
        ("n.x", None),
        ("a.l[].x", [1, 2]),
        ("a.l[?x==`2`] | [0].x", 2),
        ('"a-b"', 3),
        ("length(n)", None),
        ("length(a.l)", 2),
        ("split('/', t)[-1]", "q"),
        ("split('/', n)", None),
        ("from_json(j).k[0]", 1),
        ("from_json(t)", None),
        ("from_json(n)", None),
        ("@.a.b.c", 1),
    ],
)
def test_what_a_path_gives(path: str, expected: Json) -> None:
    assert getter(path)(DATA) == expected


@pytest.mark.parametrize("data", [None, 1, "x", [], {}])
def test_nothing_is_missing_with_an_error(data: Json) -> None:
    assert [getter(path)(data) for path in ("a", "a.b", "a[0]")] == [None, None, None]


NAMES = some.sampled_from(["a", "b", "c"])
NESTED = some.recursive(
    some.integers(), lambda inner: some.dictionaries(NAMES, inner) | some.lists(inner), max_leaves=6
)


@given(some.lists(NAMES, min_size=1, max_size=4), some.dictionaries(NAMES, NESTED))
def test_plain_getters_do_what_jmespath_does(parts: list[str], data: dict[str, Any]) -> None:
    assert getter(".".join(parts))(data) == jmespath.search(".".join(parts), data)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", {"a"}),
        ("a.b.c", {"a"}),
        ("a[].b", {"a"}),
        ("a[?b==`1`].c", {"a"}),
        ("a.* | [0]", {"a"}),
        ("a[] | [?x]", {"a"}),
        ("length(a)", {"a"}),
        ("a && b.c || !d", {"a", "b", "d"}),
        ("{x: a, y: b.c}", {"a", "b"}),
        ("[a, b]", {"a", "b"}),
        ("sort_by(a, &b)", {"a", "b"}),
        ("@", {"@"}),
        ("keys(@)", {"@"}),
        ("'a'", set()),
        ("`1`", set()),
        ("a == 'b'", {"a"}),
        ("`true` || a", set()),
        ("`false` || a", {"a"}),
        ("`0` && a", {"a"}),
        ("`[]` && a", set()),
        ("!(contains(`[1]`, `1`)) && a || b", {"b"}),
        ("(!(`true`) || a) && b", {"a", "b"}),
        ("a || `true` || b", {"a", "b"}),
        ("contains(['x'], 'x') && a", {"a"}),
        ("contains(`null`, 'x') && a", {"a"}),
    ],
)
def test_what_a_path_reads(path: str, expected: set[str]) -> None:
    assert roots(path) == expected


@pytest.mark.parametrize("path", ["a[", "a..b", "", "a b", "nope("])
def test_what_is_no_path_is_told(path: str) -> None:
    for read in (getter, roots):
        with pytest.raises(PathRejected) as told:
            read(path)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a.b.c", 1),
        ("'text'", "text"),
        ({"X": "a.b.c", "Y": ["t", {"Z": "n"}]}, {"X": 1, "Y": ["p/q", {"Z": None}]}),
        (("t",), ["p/q"]),
        (5, 5),
        (True, True),
        ("nope", None),
    ],
)
def test_tables(template: Json, expected: Json) -> None:
    assert fill(template, DATA) == expected


def test_places_are_made_on_the_way() -> None:
    params: dict[str, Json] = {"A": {"B": 1}}
    place(params, "A.C.D", 2)
    place(params, "E", 3)
    place(params, "A.B", 4)
    assert params == {"A": {"B": 4, "C": {"D": 2}}, "E": 3}


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

"""The value options: keys, tags, where the expected value comes from, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.filters._options import ValueOptions, reader
from engine.model.need import ContentNeed, FacetNeed
from engine.model.verdict import Kind

from .views import MACHINE, Rejected, matched, tree, verdict, why

LIST = ContentNeed("s3://b/l.txt")
FROM = "{type: value, key: k, op: %s, value_from: {url: 's3://b/l.txt'}}"


@pytest.mark.parametrize(
    ("key", "data", "expected"),
    [
        ("a", {"a": 1}, 1),
        ("a.b", {"a.b": 1, "a": {"b": 2}}, 1),
        ("a.b", {"a": {"b": 2}}, 2),
        ("a-b", {"a-b": 3}, 3),
        ("a-b", {}, None),
        ('x."a-b"', {"x": {"a-b": 4}}, 4),
        ("length(k)", {}, None),
        ("tag:N", {"Tags": [{"Key": "N", "Value": "v"}]}, "v"),
        ("tag:N", {"Tags": None}, None),
        ("tag:N", {"Tags": "junk"}, None),
        ("tag:N", {"Tags": [], "tags": {"N": "v"}}, None),
        ("tag:N", {"labels": {"N": "v"}}, "v"),
        ("tag:N", {"tags": [{"key": "N", "value": "v"}]}, "v"),
        ("tag:a:b", {"Tags": [{"Key": "a:b", "Value": "v"}]}, "v"),
        ("a", None, None),
    ],
)
def test_reader(key: str, data: Any, expected: Any) -> None:
    assert reader(key)(data) == expected


def test_tag_key_transforms_apply_in_order() -> None:
    read = reader("tag:FooBar", ("strip", "title", "nounderscores"))
    assert read({"Tags": [{"Key": " foo_bar ", "Value": "x"}]}) == "x"
    assert reader("tag:foobar", ("lower", "nospaces"))({"tags": {"Foo Bar": "x"}}) == "x"


def test_value_from_is_a_set_without_blanks() -> None:
    for op, k, expected in [("in", "a", True), ("in", "z", False), ("in", "", False), ("not-in", "", True)]:
        assert matched(FROM % op, {"k": k}, facts={LIST: ["a", "b", ""]}) is expected
    assert matched(FROM % "intersect", {"k": ["a"]}, facts={LIST: ["a"]})


def test_value_from_that_finds_nothing_is_unknown() -> None:
    assert verdict(FROM % "in", {"k": "a"}, facts={LIST: None}).kind is Kind.UNKNOWN
    assert verdict(FROM % "in", {"k": "a"}).kind is Kind.UNKNOWN


def test_expected_value_from_the_same_resource() -> None:
    assert matched("{type: value, key: k, op: intersect, value_path: o}", {"k": [1], "o": [1, 2]})
    assert matched(
        "{type: value, key: k, value: 'tag:N', value_type: expr}", {"k": "x", "Tags": [{"Key": "N", "Value": "x"}]}
    )


def test_needs() -> None:
    policy = FacetNeed("policy")
    assert ValueOptions(key="Policy.x", value=1).value_needs(MACHINE) == frozenset()
    assert ValueOptions(key="k", value_path="Policy.x").value_needs(MACHINE) == {policy}
    assert ValueOptions(key="k", value="Policy.x", value_type="expr").value_needs(MACHINE) == {policy}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{type: value, value: 3}", "needs 'key'"),
        ("{type: value, key: k}", "needs 'value', 'value_from' or 'value_path'"),
        ("{type: value, key: k, value: {a: 1}}", "value cannot be a mapping"),
        ("{type: value, key: 'k[', value: 1}", "'k[' is no path"),
        ("{type: value, key: k.a-b, value: 1}", "'k.a-b' is no path"),
        ("{type: value, key: 'tag:', value: 1}", "the tag has no name"),
        ("{type: value, key: k, value: 1, value_regex: 'a'}", "'a' must have exactly one group"),
        ("{type: value, key: k, value: 1, value_regex: '('}", "'(' is no pattern: missing )"),
        ("{type: value, key: k, op: regex, value: '('}", "( is no pattern: missing )"),
        ("{type: value, key: k, op: regex, value: 5}", "5 is no pattern: is no text"),
        ("{type: value, key: k, op: mod, value: 0}", "nothing can be divided by 0"),
        ("{type: value, key: k, op: ne, value: present}", "'present' cannot be combined with op ne"),
        ("{type: value, key: k, value_from: {url: 'file:///x'}}", "value_from needs an op"),
        ("{type: value, key: k, value: 'o[', value_type: expr}", "'o[' is no path"),
        ("{type: value, key: k, value: x, value_type: age}", "value x is not a number of days"),
        ("{type: value, key: k, value: x, default: 5}", "'default' of filter 'value' is 5, not a mapping"),
        ("{type: value, key: k, value: x, tag_key_transforms: [zzz]}", "cannot be the string 'zzz'"),
        ("{type: value, key: k, value: x, op: eqq}", "'op' of filter 'value' cannot be the string 'eqq'"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    with pytest.raises(Rejected) as rejected:
        tree(text)
    assert any(problem in said for said in rejected.value.texts), rejected.value.texts


@pytest.mark.parametrize(
    "text",
    [
        "{type: value, key: k, value: absent, op: eq}",
        "{type: value, key: k, value: present, op: in, value_type: swap}",
        "{type: value, key: k, value: '2001:db8::/32', op: in, value_type: cidr}",
        "{type: value, key: engine-version, value: x}",
        "{type: value, key: k, value_path: o, value_type: date, op: lt}",
        "{type: value, key: k, value: 2026-01-01, value_type: date, op: lt}",
    ],
)
def test_no_problems(text: str) -> None:
    tree(text)


def test_the_sentence() -> None:
    assert why("{type: value, key: T, op: gt, value: 30, value_type: age}", {}).filter == "age of T > 30 days"
    assert why(FROM % "in", {}, facts={LIST: []}).expected == "in s3://b/l.txt"
    assert why("{type: value, key: k, value_path: o}", {}).expected == "= its own o"

"""The shapes of tags, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.model.json import Json
from engine.plugin.tagging import pairs_of, shaped, tags_of

SHAPES = [
    ("pairs", [{"Key": "a", "Value": "1"}]),
    ("lower", [{"key": "a", "value": "1"}]),
    ("tag-pairs", [{"TagKey": "a", "TagValue": "1"}]),
    ("map", {"a": "1"}),
]


@pytest.mark.parametrize(("form", "value"), SHAPES)
def test_each_form(form: str, value: Json) -> None:
    assert shaped({"a": "1"}, form) == value
    assert pairs_of(value, form) == [{"Key": "a", "Value": "1"}]


@pytest.mark.parametrize(("form", "expected"), [("keys", ["a", "b"]), ("key-maps", [{"Key": "a"}, {"Key": "b"}])])
def test_keys_alone(form: str, expected: Json) -> None:
    assert shaped({"a": "1", "b": ""}, form) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ([], []),
        ({}, []),
        ([{"Key": "a"}], [("a", "")]),
        ([{"Key": "a", "Value": None}], [("a", "")]),
        ([{"Other": 1}], []),
    ],
)
def test_what_is_not_there(value: Json, expected: list[tuple[str, str]]) -> None:
    assert pairs_of(value, "pairs") == [{"Key": k, "Value": v} for k, v in expected]


@given(some.dictionaries(some.text(), some.text()), some.sampled_from([form for form, _ in SHAPES]))
def test_there_and_back(tags: dict[str, str], form: str) -> None:
    assert tags_of({"Tags": pairs_of(shaped(tags, form), form)}) == tags


@pytest.mark.parametrize("attributes", [{}, {"Tags": None}, {"Tags": []}])
def test_no_tags(attributes: Json) -> None:
    assert tags_of(attributes) == {}

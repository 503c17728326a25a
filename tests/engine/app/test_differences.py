"""How a change differs from the plan's: in sentences, at the first place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.app.differences import difference, first_difference, held_by, short, shown
from engine.app.plan_file import SavedChange, saved_change
from engine.executor.intent import Planned
from engine.model.change import Change
from engine.plugin.discover import catalog
from tests.engine.executor.cloud import Cloud, intent

from .saved import TAG

TYPE = catalog().provider.type


def change(word: str = "ec2") -> tuple[SavedChange, Change]:
    """A tagging of an instance, or of a bucket that has a tag already."""
    cloud = Cloud(buckets={"b": {"Owner": "ana"}}).instance("i-1")
    (planned,) = intent(cloud, {"resource": word, "actions": [TAG]}).planned
    return saved_change(planned), planned.change


def test_what_is_equal_does_not_differ() -> None:
    saved, same = change()
    assert difference(saved, same, TYPE("ec2")) == ""


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"action": "stop"}, "the policy wants 'tag' there, the plan 'stop'"),
        ({"before": {"tag:A": "z"}}, "tag:A is absent now, it was 'z' when this was planned"),
        ({"before": {"tag:A": None, "x || y": 1}}, "x is absent now, it was 1 when this was planned"),
        ({"after": {"tag:A": "c"}}, "it would set tag:A to 'b', the plan says 'c'"),
        ({"calls": []}, "the policy makes ec2:CreateTags, the plan has no call"),
        ({"destructive": True}, "it is not destructive, the plan says otherwise"),
        ({"reversible": False}, "it can be undone, the plan says otherwise"),
    ],
)
def test_what_differs_is_named(members: dict[str, Any], says: str) -> None:
    saved, now = change()
    assert difference(replace(saved, **members), now, TYPE("ec2")) == says


def test_a_way_back_that_is_lost_is_a_difference() -> None:
    saved, now = change()
    lost = replace(now, inverse=(), irreversible="its tags are not known")
    assert difference(saved, lost, TYPE("ec2")) == "it cannot be undone: its tags are not known"


def test_a_value_that_the_plan_has_written_itself_is_expected() -> None:
    saved, now = change()
    now = replace(now, before={"tag:A": "a"})
    assert difference(saved, now, TYPE("ec2"), {"tag:A": ["a"]}) == ""
    assert "is 'a' now" in difference(saved, now, TYPE("ec2"), {"tag:B": ["a"]})


def test_tags_of_others_are_no_difference_where_all_are_written() -> None:
    saved, now = change("s3")
    call = now.calls[0]
    params = {**call.params, "Tagging": {"TagSet": [{"Key": "New", "Value": "x"}, {"Key": "A", "Value": "b"}]}}
    assert difference(saved, replace(now, calls=(replace(call, params=params),)), TYPE("s3")) == ""
    other = replace(call, params={**params, "Bucket": "c"})
    assert difference(saved, replace(now, calls=(other,)), TYPE("s3")) == (
        "Bucket of s3:PutBucketTagging is 'c' now, the plan has 'b'"
    )


@pytest.mark.parametrize("params", [{}, {"Tagging": None}, {"Tagging": []}, {"Tagging": {"TagSet": "x"}}])
def test_a_plan_without_the_set_of_tags_is_compared_without_failing(params: dict[str, Any]) -> None:
    saved, now = change("s3")
    calls = [{**saved.calls[0], "params": {"Bucket": "b", **params}}]
    assert isinstance(difference(replace(saved, calls=calls), now, TYPE("s3")), str)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, None),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ("a[1].b", 2, 3)),
        ({"a": [1]}, {"a": 1}, ("a", [1], 1)),
        (1, 1.0, None),
        (1, True, ("", 1, True)),
        (False, 0, ("", False, 0)),
        ("1", 1, ("", "1", 1)),
        (None, None, None),
    ],
)
def test_the_first_difference(now: Any, then: Any, expected: Any) -> None:
    assert first_difference(now, then) == expected


def test_what_only_one_has_differs() -> None:
    for now, then, path in (({"a": None}, {}, "a"), ({}, {"a": None}, "a"), ([1], [1, 2], "[1]"), ([1, 2], [1], "[1]")):
        found = first_difference(now, then)
        assert found is not None
        assert found[0] == path


def test_values_in_sentences() -> None:
    assert [shown(value) for value in (None, "x", True, 3, [1], {"a": 1})] == [
        "absent", "'x'", "True", "3", "[1]", '{"a": 1}',
    ]  # fmt: skip
    assert shown("x" * 100) == f"'{'x' * 58}…"
    assert short("A.B || `x` | sort(@)") == "A.B"
    assert short("a\x1b[31m\n") == "a\\x1b[31m\\x0a"
    assert len(short("x" * 999)) == 200
    assert held_by(["tag", "stop"]) == "the policy's earlier action 'tag', 'stop' on it is not as planned"


def test_a_change_is_saved_with_what_identifies_it() -> None:
    _, now = change()
    assert saved_change(Planned("p", 3, now)).step == 3

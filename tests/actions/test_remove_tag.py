"""remove-tag: those it has are removed, and written back by undo."""

from __future__ import annotations

from engine.model.json import Json
from engine.plugin.paths import getter

from .table import DENIED, calls, change, inverse, item, skip

GONE: Json = {"type": "remove-tag", "tags": ["A", "B"]}


def test_only_those_it_has() -> None:
    """DeleteTags by key; the inverse has the values."""
    found = change(GONE, item("ec2", {"A": "1", "C": "3"}))
    assert calls(found) == [("ec2:DeleteTags", {"Resources": ["i-1"], "Tags": [{"Key": "A"}]})]
    assert inverse(found)[0][1]["Tags"] == [{"Key": "A", "Value": "1"}]
    assert (found.before, found.after) == ({"tag:A": "1"}, {"tag:A": None})
    assert found.batching is not None
    assert found.done is not None
    assert getter(found.done.expression)({"Tags": [{"Key": "C", "Value": "3"}]}) is True


def test_none_of_them() -> None:
    """No call."""
    assert skip(GONE, item("ec2", {"C": "3"})) == "it has none of these tags"


def test_a_bucket_keeps_the_others() -> None:
    """The whole set without it."""
    found = change(GONE, item("s3", {"A": "1", "C": "3"}))
    assert calls(found)[0][1]["Tagging"]["TagSet"] == [{"Key": "C", "Value": "3"}]
    assert {t["Key"] for t in inverse(found)[0][1]["Tagging"]["TagSet"]} == {"A", "C"}


def test_keys_by_the_tagging_api() -> None:
    """A list of names."""
    found = change({"type": "untag", "tags": ["A"]}, item("lambda", {"A": "1"}))
    assert calls(found)[0][0] == "resourcegroupstaggingapi:UntagResources"
    assert calls(found)[0][1]["TagKeys"] == ["A"]


def test_unknown_tags_are_removed_without_a_way_back() -> None:
    """All that were asked for."""
    found = change(GONE, item("lambda", DENIED))
    assert calls(found)[0][1]["TagKeys"] == ["A", "B"]
    assert found.inverse == ()
    assert found.irreversible


def test_defaults() -> None:
    """c7n's own mark; one key for Auto Scaling groups."""
    assert calls(change("unmark", item("ec2", {"maid_status": "x"})))[0][1]["Tags"] == [{"Key": "maid_status"}]
    assert calls(change({"type": "remove-tag", "key": "A"}, item("ec2", {"A": "x"})))[0][1]["Tags"] == [{"Key": "A"}]

"""tag: what is written, what is left alone, and what takes it back; for each way in which types are tagged."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.change import Batching
from engine.model.json import Json
from engine.plugin.paths import getter

from .table import DENIED, FUNCTION, calls, change, inverse, item, skip

IDLE: Json = {"type": "tag", "key": "Idle", "value": "true"}


def test_pairs_on_an_instance() -> None:
    """CreateTags, taken back by DeleteTags; other tags are not touched."""
    found = change(IDLE, item("ec2", {"Owner": "ana"}))
    assert calls(found) == [
        ("ec2:CreateTags", {"Resources": ["i-1"], "DryRun": False, "Tags": [{"Key": "Idle", "Value": "true"}]})
    ]
    assert inverse(found) == [("ec2:DeleteTags", {"Resources": ["i-1"], "Tags": [{"Key": "Idle"}]})]
    assert (found.before, found.after) == ({"tag:Idle": None}, {"tag:Idle": "true"})
    assert found.batching == Batching("Resources", 25)
    assert not found.destructive


def test_a_value_that_was_there_comes_back() -> None:
    """The inverse writes the old value, it does not delete."""
    found = change(IDLE, item("ec2", {"Idle": "false"}))
    assert inverse(found)[0][0] == "ec2:CreateTags"
    assert inverse(found)[0][1]["Tags"] == [{"Key": "Idle", "Value": "false"}]


def test_new_and_old_tags_together() -> None:
    """One call to write, two to take back."""
    found = change(
        {"type": "tag", "tags": {"New": "1", "Old": "2", "Same": "3"}}, item("ec2", {"Old": "x", "Same": "3"})
    )
    assert calls(found)[0][1]["Tags"] == [{"Key": "New", "Value": "1"}, {"Key": "Old", "Value": "2"}]
    assert [name for name, _ in inverse(found)] == ["ec2:CreateTags", "ec2:DeleteTags"]
    assert found.before == {"tag:New": None, "tag:Old": "x"}


def test_what_is_so_already_is_left_alone() -> None:
    """No call."""
    assert skip(IDLE, item("ec2", {"Idle": "true"})) == "it is tagged so already"


def test_a_bucket_gets_its_whole_set_in_its_own_region() -> None:
    """PutBucketTagging replaces; the inverse is the whole set as it was."""
    found = change(IDLE, item("s3", {"Owner": "ana"}))
    ((name, params),) = calls(found)
    assert name == "s3:PutBucketTagging"
    assert params["Tagging"]["TagSet"] == [{"Key": "Owner", "Value": "ana"}, {"Key": "Idle", "Value": "true"}]
    assert found.calls[0].scope.region == "eu-west-1"
    assert inverse(found)[0][1]["Tagging"]["TagSet"] == [{"Key": "Owner", "Value": "ana"}]
    assert found.batching is None


def test_tables_and_functions_go_by_the_tagging_api() -> None:
    """By ARN, twenty at a time, and what it says failed is looked for."""
    found = change(IDLE, item("lambda", {}))
    assert calls(found) == [
        (
            "resourcegroupstaggingapi:TagResources",
            {"ResourceARNList": [FUNCTION["FunctionArn"]], "Tags": {"Idle": "true"}},
        )
    ]
    assert found.batching == Batching("ResourceARNList", 20, "FailedResourcesMap")
    table = change(IDLE, item("dynamodb-table", {}))
    assert calls(table)[0][1]["ResourceARNList"] == ["arn:aws:dynamodb:us-east-1:123456789012:table/t"]


def test_tags_that_cannot_be_read_are_written_but_cannot_be_taken_back() -> None:
    """The change says why."""
    found = change(IDLE, item("lambda", DENIED))
    assert found.inverse == ()
    assert "tagging is denied" in found.irreversible


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"type": "tag", "value": "x"}, {"maid_status": "x"}),
        ({"type": "tag", "tag": "A", "value": 5}, {"A": "5"}),
        ({"type": "mark", "tag": "A", "value": "x"}, {"A": "x"}),
        ({"type": "tag", "key": "Owner", "value": {"type": "resource", "key": "OwnerId"}}, {"Owner": "ana"}),
        ({"type": "tag", "tags": {"S": {"type": "resource", "key": "State.Name"}}}, {"S": "running"}),
        ({"type": "tag", "tags": {"S": {"type": "resource", "key": "No", "default-value": "none"}}}, {"S": "none"}),
    ],
)
def test_values(action: Json, expected: dict[str, str]) -> None:
    """c7n's spellings."""
    found = change(action, item("ec2", {}))
    assert {t["Key"]: t["Value"] for t in calls(found)[0][1]["Tags"]} == expected


def test_a_value_that_is_not_there_writes_nothing() -> None:
    """No tag `None`."""
    action = {"type": "tag", "tags": {"S": {"type": "resource", "key": "No"}}}
    assert skip(action, item("ec2", {})) == "it is tagged so already"


@pytest.mark.parametrize("text", ["it's", 'say "x"', "C:\\temp\\", "`tick`", "line\nbreak", "ü", "", "null"])
def test_done_is_recognised_whatever_the_text(text: str) -> None:
    """Quotes, backslashes and backticks in keys and values."""
    found = change({"type": "tag", "tags": {text or "k": text}}, item("ec2", {"Other": "1"}))
    assert found.done is not None
    after: Any = {"Tags": [{"Key": "Other", "Value": "1"}, {"Key": text or "k", "Value": text}]}
    assert getter(found.done.expression)(after) is True
    assert getter(found.done.expression)({"Tags": [{"Key": text or "k", "Value": "else"}]}) is False

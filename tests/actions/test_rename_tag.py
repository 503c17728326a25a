"""rename-tag: the value moves, and comes back."""

from __future__ import annotations

from engine.model.json import Json

from .table import DENIED, calls, change, inverse, item, skip

RENAME: Json = {"type": "rename-tag", "old_keys": ["owner", "OWNER"], "new_key": "Owner"}


def test_write_then_remove() -> None:
    """Two calls; two to take back."""
    found = change(RENAME, item("ec2", {"owner": "ana"}))
    assert [name for name, _ in calls(found)] == ["ec2:CreateTags", "ec2:DeleteTags"]
    assert calls(found)[0][1]["Tags"] == [{"Key": "Owner", "Value": "ana"}]
    assert [name for name, _ in inverse(found)] == ["ec2:CreateTags", "ec2:DeleteTags"]
    assert inverse(found)[0][1]["Tags"] == [{"Key": "owner", "Value": "ana"}]
    assert found.before == {"tag:Owner": None, "tag:owner": "ana"}
    assert found.after == {"tag:Owner": "ana", "tag:owner": None}
    assert found.batching is None


def test_the_first_of_several() -> None:
    """In the order written."""
    found = change(RENAME, item("ec2", {"OWNER": "bob", "owner": "ana"}))
    assert found.after["tag:Owner"] == "ana"
    assert "tag:OWNER" not in found.before


def test_what_stood_there_comes_back() -> None:
    """The new key's former value is in the inverse, and it is not deleted."""
    found = change(RENAME, item("ec2", {"owner": "ana", "Owner": "old"}))
    assert inverse(found) == [
        ("ec2:CreateTags", {"Resources": ["i-1"], "DryRun": False,
                            "Tags": [{"Key": "owner", "Value": "ana"}, {"Key": "Owner", "Value": "old"}]})
    ]  # fmt: skip


def test_the_same_value_only_removes() -> None:
    """One call."""
    found = change(RENAME, item("ec2", {"owner": "ana", "Owner": "ana"}))
    assert [name for name, _ in calls(found)] == ["ec2:DeleteTags"]


def test_a_bucket_in_one_call() -> None:
    """The whole set with the new name."""
    found = change(RENAME, item("s3", {"owner": "ana", "Env": "dev"}))
    ((_, params),) = calls(found)
    assert {t["Key"]: t["Value"] for t in params["Tagging"]["TagSet"]} == {"Owner": "ana", "Env": "dev"}


def test_nothing_to_rename() -> None:
    """Neither key, or the name it has already."""
    assert skip(RENAME, item("ec2", {"Env": "dev"})) == "it has no tag of that name"
    same = {"type": "rename-tag", "old_key": "Owner", "new_key": "Owner"}
    assert skip(same, item("ec2", {"Owner": "ana"})) == "it has no tag of that name"
    assert skip(RENAME, item("lambda", DENIED)) == "it has no tag of that name"

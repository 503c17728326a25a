"""A whole-set tag write, put on top of the tags that there are now."""

from __future__ import annotations

from engine.executor.rebase import rebased, tags_after
from engine.model.change import Change
from engine.model.json import Json
from tests.actions.table import DENIED, change, item

TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}


def whole(found: Change) -> list[dict[str, str]]:
    """The tags of its calls and of its inverses."""
    return [{t["Key"]: t["Value"] for t in call.params["Tagging"]["TagSet"]} for call in (*found.calls, *found.inverse)]


def test_a_buckets_tags_are_those_it_has_now() -> None:
    """Both ways; the planned change is not touched."""
    planned = change(TAG, item("s3", {"Owner": "ana"}))
    found, reason = rebased(planned, item("s3", {"Owner": "bob", "New": "1"}))
    assert reason == ""
    assert whole(found) == [{"Owner": "bob", "New": "1", "Idle": "true"}, {"Owner": "bob", "New": "1"}]
    assert whole(planned) == [{"Owner": "ana", "Idle": "true"}, {"Owner": "ana"}]
    assert found.calls[0].params["Bucket"] == "b"


def test_a_removed_tag_stays_removed() -> None:
    """Also when somebody gave it another value."""
    planned = change({"type": "remove-tag", "tags": ["Owner"]}, item("s3", {"Owner": "ana"}))
    found, _ = rebased(planned, item("s3", {"Owner": "bob", "New": "1"}))
    assert whole(found)[0] == {"New": "1"}


def test_tags_that_cannot_be_read_keep_it_away() -> None:
    """The set would be lost."""
    planned = change(TAG, item("s3", {}))
    assert "tagging is denied" in rebased(planned, item("s3", DENIED))[1]


def test_other_ways_of_tagging_need_nothing() -> None:
    """Nor do other changes."""
    for word in ("ec2", "lambda"):
        planned = change(TAG, item(word, {}))
        assert rebased(planned, item(word, {"New": "1"})) == (planned, "")
    stop = change("stop", item("ec2", {}))
    assert rebased(stop, item("ec2", DENIED)) == (stop, "")


def test_what_a_change_writes() -> None:
    """By name, None for what it removes."""
    rename = change({"type": "rename-tag", "old_key": "a", "new_key": "b"}, item("ec2", {"a": "1"}))
    assert tags_after(rename) == {"b": "1", "a": None}
    assert tags_after(change("stop", item("ec2", {}))) == {}

"""Changes to tags by each scheme, and what is not known of them."""

from __future__ import annotations

import pytest

from actions._tag_changes import move_tag, remove_tags, replaced, tag_needs, write_tags
from engine.executor.item import Item
from engine.model.change import Change, Skip
from engine.model.listing import Identity, Listing
from engine.model.need import FacetNeed
from engine.model.record import ResourceType, Tags, TagWrite
from engine.plugin.discover import catalog
from engine.plugin.paths import getter
from engine.plugin.protocols import Setting

from .table import DENIED, NOW, SCOPE, calls, inverse, item

TYPES = catalog().provider.type


def setting(on: Item) -> Setting:
    return Setting(on.type, SCOPE, NOW, {"name": "p"})


def wrote(on: Item, **tags: str) -> Change:
    found = write_tags(on, setting(on), "tag", tags)
    assert isinstance(found, Change)
    return found


@pytest.mark.parametrize(
    ("word", "listed"), [("ec2", True), ("s3", False), ("lambda", False), ("dynamodb-table", False)]
)
def test_what_must_be_known(word: str, listed: bool) -> None:
    assert tag_needs(TYPES(word)) == (frozenset() if listed else {FacetNeed("tags")})
    assert replaced(TYPES(word)) == ({FacetNeed("tags")} if word == "s3" else frozenset())


def test_only_what_differs_is_written_and_all_of_it_comes_back() -> None:
    found = wrote(item("ec2", {"Old": "x", "Same": "3"}), New="1", Old="2", Same="3")
    assert calls(found)[0][1]["Tags"] == [{"Key": "New", "Value": "1"}, {"Key": "Old", "Value": "2"}]
    assert inverse(found) == [
        ("ec2:CreateTags", {"Resources": ["i-1"], "DryRun": False, "Tags": [{"Key": "Old", "Value": "x"}]}),
        ("ec2:DeleteTags", {"Resources": ["i-1"], "Tags": [{"Key": "New"}]}),
    ]


def test_nothing_to_write() -> None:
    on = item("ec2", {"a": "1"})
    assert write_tags(on, setting(on), "tag", {"a": "1"}) == Skip(on.resource.ref, "tag", "it is tagged so already")
    assert remove_tags(on, setting(on), "untag", ["b"]) == Skip(on.resource.ref, "untag", "it has none of these tags")


def test_removal_of_those_that_are_there() -> None:
    on = item("ec2", {"a": "1", "b": "2"})
    found = remove_tags(on, setting(on), "untag", ["a", "zebra"])
    assert isinstance(found, Change)
    assert calls(found) == [("ec2:DeleteTags", {"Resources": ["i-1"], "Tags": [{"Key": "a"}]})]
    assert (found.before, found.after) == ({"tag:a": "1"}, {"tag:a": None})


def test_what_was_is_not_known() -> None:
    """It may be written, not undone; where writing replaces the whole, the action keeps away by `replaced`."""
    found = wrote(item("lambda", DENIED), Idle="true")
    assert (found.inverse, found.irreversible) == ((), "the tags it had before are not known: tagging is denied")
    on = item("lambda", DENIED)
    removed = remove_tags(on, setting(on), "untag", ["a", "b"])
    assert isinstance(removed, Change)
    assert calls(removed)[0][1]["TagKeys"] == ["a", "b"]


@pytest.mark.parametrize("value", ["plain", 'quo"te', "back`tick", "back\\slash", "", "é"])
def test_whether_it_is_done_can_be_seen_whatever_the_value(value: str) -> None:
    found = wrote(item("ec2", {}), Key=value)
    assert found.done is not None
    done = getter(found.done.expression)
    assert done({"Tags": [{"Key": "Key", "Value": value}]}) is True
    assert done({"Tags": [{"Key": "Key", "Value": value + "x"}]}) is False
    assert not done({"Tags": []})


def test_a_moved_tag_takes_its_value_along() -> None:
    on = item("ec2", {"old": "v", "new": "was"})
    found = move_tag(on, setting(on), "rename-tag", "old", "new")
    assert isinstance(found, Change)
    assert [name for name, _ in calls(found)] == ["ec2:CreateTags", "ec2:DeleteTags"]
    assert inverse(found) == [
        ("ec2:CreateTags", {"Resources": ["i-1"], "DryRun": False, "Tags": [{"Key": "old", "Value": "v"}, {"Key": "new", "Value": "was"}]})
    ]  # fmt: skip
    assert found.batching is None


def test_members_that_each_pair_has_besides() -> None:
    """Auto Scaling's tags name their group and whether they propagate."""
    found = wrote(item("asg", {}, AutoScalingGroupName="g"), a="1")
    ((_, params),) = calls(found)
    assert {"Key": "a", "Value": "1", "ResourceId": "g"}.items() <= params["Tags"][0].items()


def test_what_cannot_be_tagged_is_a_bug_to_ask_for() -> None:
    type = ResourceType("x", "s", "X.", Identity("Id"), Listing("L", "I"), tags=Tags(write=None))
    on = item("ec2", {})
    with pytest.raises(LookupError, match="x cannot be tagged"):
        write_tags(on, Setting(type, SCOPE, NOW), "tag", {"a": "1"})
    assert TagWrite("W", {}, "Tags", "pairs").most == 1

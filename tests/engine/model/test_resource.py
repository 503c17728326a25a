"""References are values that sort; resources are themselves."""

from __future__ import annotations

from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope

REF = ResourceRef("ec2", Scope("1", "us-east-1"), "i-1")


def test_a_reference_says_where_it_is() -> None:
    assert str(REF) == "ec2 i-1 in 1/us-east-1"


def test_references_sort_by_type_then_scope_then_id() -> None:
    others = [
        ResourceRef("s3", Scope("1", "us-east-1"), "a"),
        ResourceRef("ec2", Scope("2", "us-east-1"), "a"),
        ResourceRef("ec2", Scope("1", "us-east-1"), "i-2"),
        ResourceRef("ec2", Scope("1", "eu-west-1"), "i-9"),
    ]
    assert sorted([*others, REF]) == [others[3], REF, others[2], others[1], others[0]]


def test_two_snapshots_of_one_thing_are_two() -> None:
    """Facts are kept by snapshot: an equal one must not take another's."""
    assert Resource(REF, {}) != Resource(REF, {})
    assert len({Resource(REF, {"a": [1]}), Resource(REF, {"a": [1]})}) == 2

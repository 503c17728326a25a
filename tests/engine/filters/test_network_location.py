"""network-location: the same place, or not."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.model.json import Json
from engine.model.need import RelatedNeed
from engine.model.record import Join
from engine.plugin.tree import found_by

from .views import MACHINE, PlainView, Rejected, matched, setting, tree, verdict, why

KEY = "tag:Team"
RECORD = dataclasses.replace(
    MACHINE, joins={"subnet": Join("subnet", "SubnetId"), "security-group": Join("security-group", "Groups")}
)
BOTH = "compare: [resource, security-group]"


def tagged(value: str | None, **more: Json) -> dict[str, Json]:
    """Something with the tag, or without."""
    return {"Tags": [] if value is None else [{"Key": "Team", "Value": value}], **more}


def facts(groups: Json, subnets: Json, *more: str) -> Any:
    """What it names, by value of the tag."""
    return {
        RelatedNeed("security-group", (KEY, *more)): [
            (f"sg-{n}", tagged(v, GroupName=f"g{n}")) for n, v in enumerate(groups)
        ],
        RelatedNeed("subnet", (KEY, *more)): [(f"subnet-{n}", tagged(v)) for n, v in enumerate(subnets)],
    }


@pytest.mark.parametrize(
    ("options", "own", "groups", "subnets", "differ"),
    [
        ("", "a", ["a"], ["a"], False),
        ("", "a", ["a"], ["b"], True),
        ("", "b", ["a"], ["a"], True),
        ("", "a", ["a", "b"], ["a"], True),
        ("", "a", ["a"], [None], True),
        ("", None, ["a"], ["a"], True),
        (BOTH, "a", ["a"], ["b"], False),
        (BOTH, "a", ["a", "b"], [], True),
        (f"{BOTH}, max-cardinality: 2", "a", ["a", "b"], [], True),
        ("compare: [security-group], max-cardinality: 2", None, ["a", "b"], [], False),
        ("compare: [subnet], missing-ok: true", None, [], ["a", None], False),
        ("compare: [subnet]", None, [], ["a", None], True),
        ("compare: [resource, subnet]", "a", ["b"], ["a"], False),
    ],
)
def test_judge(options: str, own: str | None, groups: Json, subnets: Json, differ: bool) -> None:
    """`equal` finds what `not-equal` does not."""
    for match, expected in (("not-equal", differ), ("equal", not differ)):
        text = f"{{type: network-location, key: '{KEY}', match: {match}, {options}}}"
        assert matched(text, tagged(own), facts=facts(groups, subnets), record=RECORD) is expected


@pytest.mark.parametrize(
    ("options", "own", "groups", "expected"),
    [
        ("value: [a, b]", "a", ["b"], True),
        ("value: [a]", "a", ["b"], False),
        ("value: [b]", "a", ["b"], False),
        ("value: [a]", "a", ["a", None], False),
        ("value: [a], missing-ok: true", "a", ["a", None], True),
    ],
)
def test_within(options: str, own: str, groups: Json, expected: bool) -> None:
    """Every value is a right one."""
    text = f"{{type: network-location, key: '{KEY}', match: in, {options}}}"
    assert matched(text, tagged(own), facts=facts(groups, ["a"][: "a" in options]), record=RECORD) is expected


def test_what_is_ignored_does_not_count() -> None:
    """By any of its attributes."""
    text = f"{{type: network-location, key: '{KEY}', {BOTH}, ignore: [{{GroupName: g1}}]}}"
    assert not matched(text, tagged("a"), facts=facts(["a", "b"], [], "GroupName"), record=RECORD)


def test_in_no_network() -> None:
    """A stopped function, a terminated instance: nothing to compare."""
    for match in ("equal", "not-equal"):
        text = f"{{type: network-location, key: '{KEY}', match: {match}}}"
        assert not matched(text, tagged(None), facts=facts([], []), record=RECORD)


def test_the_groups_that_differ_are_found() -> None:
    """For modify-security-groups."""
    made = tree(f"{{type: network-location, key: '{KEY}', {BOTH}}}", record=RECORD)
    view = PlainView(tagged("a"), facts(["a", "b", None], []))
    assert found_by([made], view, setting(record=RECORD)) == {"network-location": ["sg-1", "sg-2"]}


def test_unknown_and_evidence() -> None:
    """What cannot be read is unknown; the reasons are told."""
    text = f"{{type: network-location, key: '{KEY}'}}"
    assert verdict(text, tagged("a"), record=RECORD).causes == ("no RelatedNeed",)
    told = why(text, tagged("a"), facts=facts(["b"], ["a"]), record=RECORD)
    assert "subnets and security groups differ" in told.observed


@pytest.mark.parametrize("options", ["match: in", "ignore: [{'a[': x}]"])
def test_problems(options: str) -> None:
    """Told before anything runs."""
    with pytest.raises(Rejected):
        tree(f"{{type: network-location, key: '{KEY}', {options}}}", record=RECORD)


@pytest.mark.parametrize(
    ("options", "own", "role", "expected"),
    [
        ("", "a", "a", False),
        ("", "a", "b", True),
        ("", "a", None, True),
        ("", None, "a", True),
        ("missing-ok: true", "a", None, False),
        ("match: equal", "a", "a", True),
        ("match: in, value: [a, b]", "a", "b", True),
        ("match: in, value: [a]", "a", "b", False),
    ],
)
def test_another_join_than_those_of_networks(options: str, own: str | None, role: str | None, expected: bool) -> None:
    """The tag of a function and that of its role; its groups do not count."""
    record = dataclasses.replace(RECORD, joins={**RECORD.joins, "role": Join("iam-role", "Role")})
    text = f"{{type: network-location, key: '{KEY}', {options}}}"
    known: Any = {RelatedNeed("role", (KEY,)): [("r", tagged(role))]}
    assert matched(text, tagged(own), facts=known, presets={"joins": ["role"]}, record=record) is expected
    gone: Any = {RelatedNeed("role", (KEY,)): [("r", None)]}
    assert not matched(text, tagged(own), facts=gone, presets={"joins": ["role"]}, record=record)

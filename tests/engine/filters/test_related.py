"""Comparisons on resources that this one names."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.model.need import FacetNeed, RelatedNeed
from engine.model.record import Join
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

RECORD = dataclasses.replace(views.MACHINE, joins={"groups": Join("security-group", "Groups[].Id")})
NEED = RelatedNeed("groups", ("tag:N",))
KNOWN = {"a": "x", "b": "y", "c": None}
PRESETS = {"join": "groups"}


def fact(names: str) -> list[tuple[str, Any]]:
    """`c` has no tag; `z` leads to nothing."""
    tags = {name: [{"Key": "N", "Value": value}] if value else [] for name, value in KNOWN.items()}
    return [(name, {"Tags": tags[name]} if name in tags else None) for name in names]


def passing(options: str, attributes: dict[str, object] | None = None) -> list[str]:
    """Which of these named sets pass."""
    return [
        names
        for names in ("", "a", "b", "c", "z", "ab", "az", "aa")
        if views.matched(
            f"{{type: related, {options}}}",
            attributes or {},
            facts=dict.fromkeys((NEED, RelatedNeed("groups")), fact(names)),
            presets=PRESETS,
            record=RECORD,
        )
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("key: 'tag:N', value: x", ["a", "ab", "az", "aa"]),
        ("key: 'tag:N', value: x, operator: and", ["", "a", "aa"]),
        ("key: 'tag:N', value: absent", ["c", "z", "az"]),
        ("key: 'tag:N', value: absent, operator: and", ["", "c", "z"]),
        ("key: 'tag:N', op: ne, value: x", ["b", "c", "ab"]),
        ("key: 'tag:N', value: empty", ["c"]),
        ("key: 'tag:N', op: not-in, value: [x]", ["b", "c", "ab"]),
        ("value_type: resource_count, op: eq, value: 2", ["ab", "az"]),
        ("value_type: resource_count, op: lt, value: 1", [""]),
    ],
)
def test_judge(options: str, expected: list[str]) -> None:
    assert passing(options) == expected


def test_match_resource() -> None:
    own: dict[str, object] = {"Tags": [{"Key": "N", "Value": "x"}]}
    assert passing("key: 'tag:N', match-resource: true", own) == ["a", "ab", "az", "aa"]
    assert passing("key: 'tag:N', match-resource: true, op: ne", own) == ["b", "c", "ab"]


def test_what_names_none() -> None:
    assert passing("missing: true") == [""]


def test_the_parts_are_shown() -> None:
    presets = {**PRESETS, "part": "Policies", "key": "Name"}
    found = [("r", {"Policies": [{"Name": "a"}, {"Name": "b"}]})]
    facts = {RelatedNeed("groups", ("Policies",)): found}
    told = views.why("{type: related, value: b}", {}, facts=facts, presets=presets, record=RECORD)
    assert told.observed == 'r: ["a", "b"]'


def test_where_leaves_some_of_the_others_out() -> None:
    """Devices that do not count; an id that leads to nothing stays."""
    presets = {**PRESETS, "where": "!contains(_options.skip || `[]`, Device)", "options": {"skip": ["a"]}}
    need = RelatedNeed("groups", ("Size", "!contains(_options.skip || `[]`, Device)"))
    disks = [("1", {"Device": "a", "Size": 8}), ("2", {"Device": "b", "Size": 9}), ("3", None)]

    def passes(value: int | str) -> bool:
        text = f"{{type: related, key: Size, value: {value}}}"
        return views.matched(text, {}, facts={need: disks}, presets=presets, record=RECORD)

    assert [passes(value) for value in (8, 9, "absent")] == [False, True, True]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("value: a", "a ab"),
        ("op: glob, value: '?'", "a ab b"),
        ("value: a, operator: and", "a ab -"),
        ("op: ne, value: a", "b ab"),
    ],
)
def test_part_compares_elements(options: str, expected: str) -> None:
    """One element of a list of each of the others must pass."""
    found = []
    presets = {**PRESETS, "part": "Policies", "key": "Name"}
    for names in ("a", "b", "ab", "", "-"):
        others = [] if names == "-" else [("r", {"Policies": [{"Name": name} for name in names]})]
        facts = {RelatedNeed("groups", ("Policies",)): others}
        if views.matched(f"{{type: related, {options}}}", {}, facts=facts, presets=presets, record=RECORD):
            found.append(names)
    assert sorted(found) == sorted(expected.split(" "))


def test_unknown_needs_evidence() -> None:
    text = "{type: related, key: 'tag:N', value: x}"
    assert views.verdict(text, {}, presets=PRESETS, record=RECORD).kind is Kind.UNKNOWN
    told = views.tree("{type: related, key: Policy, match-resource: true}", PRESETS, RECORD)
    assert isinstance(told, Leaf)
    assert told.piece.needs(RECORD) == {RelatedNeed("groups", ("Policy",)), FacetNeed("policy")}
    shown = views.why(text, {}, facts={NEED: fact("az")}, presets=PRESETS, record=RECORD)
    assert (shown.filter, shown.observed) == ("groups tag:N = x", "a: x, z: does not exist")


@pytest.mark.parametrize(
    ("options", "presets"),
    [
        ("", PRESETS),
        ("key: k", PRESETS),
        ("value: 1", PRESETS),
        ("value_type: resource_count, value: 1", PRESETS),
        ("key: k, value: 1", {"join": "nowhere"}),
        ("key: k, value: 1, operator: xor", PRESETS),
    ],
)
def test_problems(options: str, presets: dict[str, object]) -> None:
    with pytest.raises(views.Rejected):
        views.tree(f"{{type: related, {options}}}", presets, RECORD)


def test_among() -> None:
    """Only ids that the record's path gives count."""
    presets = {**PRESETS, "among": "Counted[?@ != _options.less]", "options": {"less": "b"}}
    for counted, expected in ((["a", "b"], True), (["b"], False), ([], False), (None, False)):
        kept = views.matched(
            "{type: related, value_type: resource_count, op: eq, value: 1}",
            {"Counted": counted},
            facts={RelatedNeed("groups"): fact("ab")},
            presets=presets,
            record=RECORD,
        )
        assert kept is expected

"""Elements of lists."""

from __future__ import annotations

import pytest

from engine.filters._options import asked_need
from engine.model.need import ContentNeed, FacetNeed, RelatedNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf, finds, found_by

from .views import MACHINE, PlainView, Rejected, matched, setting, tree, verdict, why

K = [{"p": 22, "c": "x"}, {"p": 80, "c": "y"}]
COUNTED = "{type: list-item, key: k, attrs: [{p: 22}, {type: value, value_type: resource_count, op: gte, value: 1}]}"
FROM = "{type: value, key: p, op: in, value_from: {url: 'file:///l.txt'}}"


@pytest.mark.parametrize(
    ("text", "k", "expected"),
    [
        ("{type: list-item, key: k, attrs: [{p: 22}, {c: x}]}", K, True),
        ("{type: list-item, key: k, attrs: [{p: 22}, {c: y}]}", K, False),
        ("{type: list-item, key: k}", K, True),
        ("{type: list-item, key: k}", [], False),
        ("{type: list-item, key: k, attrs: [{or: [{p: 1}, {c: y}]}], count: 1}", K, True),
        ("{type: list-item, key: k, attrs: [{p: 22}], count: 1, count_op: gt}", K, False),
        ("{type: list-item, key: k, attrs: [{p: 22}], count: 0}", None, True),
        ("{type: list-item, key: k, attrs: [{p: present}], count: 1, count_op: eq}", ["s", {"p": 1}, 5], True),
        (COUNTED, K, True),
        (COUNTED, [{"p": 1}], False),
        (
            "{type: list-item, key: k, attrs: [{not: [{type: value, value_type: resource_count, op: gt, value: 1}]}]}",
            K,
            False,
        ),
        ("{type: list-item, key: k, attrs: [{'tag:N': v}]}", [{"Tags": [{"Key": "N", "Value": "v"}]}], True),
    ],
)
def test_judge(text: str, k: object, expected: bool) -> None:
    assert matched(text, {"k": k}) is expected


def test_a_record_may_ask_for_none() -> None:
    presets = {"options": {"state": False}}
    assert matched("{type: list-item, key: k, attrs: [{p: 1}]}", {"k": K}, presets=presets)
    assert not matched("{type: list-item, key: k, attrs: [{p: 22}]}", {"k": K}, presets=presets)
    assert matched("{type: list-item, key: k}", {"k": None}, presets=presets)
    assert why("{type: list-item, key: k}", {"k": K}, presets=presets).expected == "none"


def test_unknown_only_where_it_decides() -> None:
    either = "{type: list-item, key: k, attrs: [{or: [{p: 22}, %s]}]%s}"
    assert matched(either % (FROM, ""), {"k": K})
    assert verdict(either % (FROM, ", count: 2"), {"k": K}).kind is Kind.UNKNOWN
    assert matched(either % (FROM, ", count: 1, count_op: gte"), {"k": K})


def test_needs_leave_out_attributes_of_elements() -> None:
    told = tree(f"{{type: list-item, key: Policy.s, attrs: [{{Policy: 1}}, {FROM}]}}")
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy"), ContentNeed("file:///l.txt")}


def test_tells_which_elements_pass() -> None:
    told = tree("{type: list-item, key: k, attrs: [{p: 22}]}")
    assert finds([told]) == {"k"}
    assert found_by([told], PlainView({"k": K}), setting()) == {"k": [K[0]]}


def test_evidence() -> None:
    told = why("{type: list-item, key: k, attrs: [{p: 22}]}", {"k": K})
    assert told.filter == "elements of k with p = 22"
    assert told.observed == '1 of 2 elements pass, the first: {"p": 22, "c": "x"}'
    assert why("{type: list-item, key: k, attrs: [{p: 22}]}", {}).observed == "key missing"


@pytest.mark.parametrize(
    "text",
    [
        "{type: list-item, key: k, attrs: [{type: list-item, key: x}]}",
        "{type: list-item, key: k, attrs: [{type: event, key: x, value: 1}]}",
        "{type: list-item, key: k, attrs: [tag-count]}",
        "{type: list-item, key: k, attrs: [{p: 1}], count: 1, count_op: in}",
        "{type: list-item, attrs: [{p: 1}]}",
        "{type: list-item, key: 'k[', attrs: [{p: 1}]}",
    ],
)
def test_problems(text: str) -> None:
    with pytest.raises(Rejected):
        tree(text)


def test_what_the_elements_name_adds_to_them() -> None:
    """The element's own attributes win; what leads to nothing adds nothing."""
    groups = [("g1", {"Rules": [1, 2], "Name": "theirs"}), ("g2", None)]
    presets = {"key": "Rules", "join": "groups", "ref": "Group"}
    attributes = {"Rules": [{"Name": "own", "Group": "g1"}, {"Name": "b", "Group": "g2"}, {"Name": "c"}]}
    for attrs, expected in (
        ("{type: value, key: Rules, value_type: size, value: 2}", True),
        ("{Name: theirs}", False),
        ("{Name: own}", True),
        ("{Name: c}", True),
    ):
        text = f"{{type: list-item, attrs: [{attrs}]}}"
        facts = {RelatedNeed("groups"): groups}
        assert matched(text, attributes, facts=facts, presets=presets) is expected, attrs


@pytest.mark.parametrize(
    ("attrs", "op", "expected"),
    [
        ("[{a: 1}, {b: 2}]", None, False),
        ("[{a: 1}, {b: 2}]", "or", True),
        ("[{a: 1}, {b: 1}]", None, True),
        ("[{a: 3}, {b: 2}]", "or", False),
        ("[]", "or", True),
    ],
)
def test_of_what_is_asked_for(attrs: str, op: str | None, expected: bool) -> None:
    """The list is what a facet says that is asked with the options; nothing said is unknown."""
    options = {"op": op, "states": ["X"]}
    presets = {"ask": "told", "called": "told", "options": options}
    need = asked_need("told", options)
    text = f"{{type: list-item, key: '@', attrs: {attrs}}}"
    facts = {need: [{"a": 1, "b": 1}]}
    assert (verdict(text, {}, presets=presets, facts=facts).kind is Kind.MATCH) is expected
    assert verdict(text, {}, presets=presets, facts={need: []}).kind is Kind.NO_MATCH
    assert verdict(text, {}, presets=presets).kind is Kind.UNKNOWN
    assert why(text, {}, presets=presets, facts={need: None}).observed == "key missing"


def test_what_decides_where_there_are_no_attrs() -> None:
    presets = {"key": "Disks", "without_attrs": "length(Disks) > `1` == _options.many", "options": {"many": True}}
    two = {"Disks": [{"Size": 1}, {"Size": 2}]}
    assert matched("{type: list-item}", two, presets=presets)
    assert not matched("{type: list-item}", {"Disks": [{"Size": 1}]}, presets=presets)
    assert matched("{type: list-item, attrs: [{Size: 1}]}", {"Disks": [{"Size": 1}]}, presets=presets)
    shown = why("{type: list-item}", two, presets=presets)
    assert (shown.expected, shown.observed) == ("length(Disks) > `1` == `true`", "2 elements")
    with pytest.raises(Rejected, match="is no path"):
        tree("{type: list-item}", {**presets, "without_attrs": "a["})

"""web-acl: has it one, and which; told by the resource, by a join, or by the ACLs."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from engine.model.json import Json
from engine.model.need import PopulationNeed, RelatedNeed
from engine.model.record import Join

from .views import MACHINE, Rejected, matched, tree, verdict, why

RECORD = dataclasses.replace(MACHINE, joins={"acl": Join("wafv2", "AclArn")})
NAMED: dict[str, Json] = {"join": "acl", "name": "AclName", "pattern": True}
JOINED: dict[str, Json] = {"join": "acl"}
BY: dict[str, Json] = {"acls": "wafv2", "at": "Users"}


def facts(name: str, keys: tuple[str, ...] = ("Name",)) -> Any:
    """The join leads to an ACL of this name, or nowhere."""
    return {RelatedNeed("acl", keys): [("a", {"Name": name, "Rules": [1]} if name else None)]}


@pytest.mark.parametrize(
    ("options", "name", "expected"),
    [
        ("", "", True),
        ("", "edge", False),
        ("state: true", "", False),
        ("state: true", "edge", True),
        ("state: true, web-acl: edge", "edge", True),
        ("state: true, web-acl: other", "edge", False),
        ("web-acl: other", "edge", True),
        ("web-acl: edge", "edge", False),
        ("web-acl: edge", "", True),
    ],
)
def test_has_it(options: str, name: str, expected: bool) -> None:
    """The same, wherever the name is from."""
    text = f"{{type: web-acl, {options}}}"
    assert matched(text, {"AclName": name}, presets=NAMED, record=RECORD) is expected
    assert matched(text, {}, facts=facts(name), presets=JOINED, record=RECORD) is expected
    acls = frozenset({json.dumps({"Name": name, "on": ["i-1"]})} if name else ())
    need = PopulationNeed("wafv2", "to_string({Name: Name, on: Users})")
    assert matched(text, {"id": "i-1"}, facts={need: acls}, presets=BY, record=RECORD) is expected
    assert matched(text, {"id": "i-2"}, facts={need: acls}, presets=BY, record=RECORD) is ("state" not in options)


def test_a_pattern() -> None:
    """From the start, where the record says so; else the name as it is."""
    text = "{type: web-acl, state: true, web-acl: 'FM.*'}"
    assert matched(text, {"AclName": "FMManaged"}, presets=NAMED, record=RECORD)
    assert not matched(text, {}, facts=facts("FMManaged"), presets=JOINED, record=RECORD)


@pytest.mark.parametrize(
    ("options", "name", "expected"),
    [
        ("key: Rules, value: empty", "", True),
        ("key: Rules, value: empty", "edge", False),
        ("key: length(Rules), op: gte, value: 1", "edge", True),
        ("key: length(Rules), op: gte, value: 1", "", False),
    ],
)
def test_of_the_acl_itself(options: str, name: str, expected: bool) -> None:
    """Without one there is nothing to compare."""
    key = "length(Rules)" if "length" in options else "Rules"
    given = facts(name, (key,))
    assert matched(f"{{type: web-acl, {options}}}", {}, facts=given, presets=NAMED, record=RECORD) is expected


def test_unknown_and_evidence() -> None:
    """ACLs that cannot be listed are no answer."""
    assert verdict("web-acl", {}, presets=BY, record=RECORD).causes == ("no PopulationNeed",)
    told = why("{type: web-acl, web-acl: a}", {"AclName": "edge"}, presets=NAMED, record=RECORD)
    assert (told.filter, told.observed) == ("lacks web ACL a", "edge")


@pytest.mark.parametrize("options", ["web-acl: a, key: Name, value: b", "key: Name", "value: b", "web-acl: '('"])
def test_problems(options: str) -> None:
    """Two ways at once, half of one, or no pattern."""
    with pytest.raises(Rejected):
        tree(f"{{type: web-acl, {options}}}", NAMED, RECORD)

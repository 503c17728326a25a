"""One comparison as its author wrote it."""

from __future__ import annotations

import pytest

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Severity
from engine.model.node import node_of
from engine.model.span import NOWHERE
from engine.plugin.discover import catalog


def compared(key: str, value: object = None) -> Compared:
    node = node_of(value)
    return Compared("value", node, catalog().provider.type("ec2"), key, NOWHERE, NOWHERE, node)


@pytest.mark.parametrize(
    ("key", "tag", "presence"),
    [
        ("State.Name", "", "add '- State.Name: present' before it"),
        ("tag:Env", "Env", "add '- \"tag:Env\": present' before it"),
        ('a."b-c"', "", "add '- 'a.\"b-c\"': present' before it"),
    ],
)
def test_key(key: str, tag: str, presence: str) -> None:
    assert (compared(key).tag, compared(key).presence) == (tag, presence)


def test_value() -> None:
    assert compared("k", "absent").word_asked
    assert not compared("k", "x").word_asked
    assert (compared("k", "x").shown, compared("k", True).shown, compared("k", [1]).plain) == ("x", "true", [1])


def test_warns() -> None:
    assert warns("W399", "text").severity is Severity.WARNING

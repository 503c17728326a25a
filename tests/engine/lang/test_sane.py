"""Values from Python: what can stand in a policy, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from engine.lang import sane
from engine.lang.sane import insane, node_from
from engine.model.node import node_of


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"a": [1, 2.5, True, None, "x"]}, []),
        (2**63 - 1, []),
        (-(2**63), []),
        (2**63, ["C218 9223372036854775808 is no number that a policy can work with"]),
        (10**400, ["C218 a number of more than 38 digits is no number that a policy can work with"]),
        (float("inf"), ["C218 inf is no number that a policy can work with"]),
        ([float("nan")], ["C218 nan is no number that a policy can work with"]),
    ],
    ids=str,
)
def test_numbers(data: Any, expected: list[str]) -> None:
    assert [f"{d.code} {d.summary}" for d in insane(node_of(data))] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"a": [1, (2,)], 5: None}, []),
        (b"x", ["C219 a policy cannot hold a Python bytes"]),
        ({"a": {1, 2}}, ["C219 a policy cannot hold a Python set"]),
    ],
    ids=["plain", "bytes", "others"],
)  # fmt: skip
def test_plain(data: Any, expected: list[str]) -> None:
    assert [f"{d.code} {d.summary}" for d in node_from(data)[1]] == expected


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_depth() -> None:
    assert not node_from(nested(99))[1]
    assert [d.code for d in node_from(nested(100))[1]] == ["P109"]
    assert [d.code for d in node_from(nested(5000))[1]] == ["P109"]


def test_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sane, "MOST_ALIASED", 1000)
    assert [d.code for d in node_from([0] * 2000)[1]] == ["P105"]
    wide: list[Any] = []
    wide += [wide] * 3
    assert {d.code for d in node_from(wide)[1]} <= {"P105", "P109"}

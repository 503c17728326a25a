"""`max-resources`: what is said, word for word, and what is read."""

from __future__ import annotations

import pytest

from engine.lang.limits import read_limits
from engine.lang.syntax import Limits
from engine.model.node import node_of
from engine.plugin.params import Reading

from .told import Told, cases, of

LIMITS = cases("""
max-resources: 0
    C206 'max-resources' is 0, not a whole number from 1

max-resources: 1.5
    C206 'max-resources' is 1.5, not a whole number from 1

max-resources: true
    C206 'max-resources' is true, not a whole number from 1

max-resources: many
    C206 'max-resources' is the string 'many', not a whole number from 1

max-resources: [5]
    C206 'max-resources' is a list, not a whole number from 1

max-resources: {amont: 5}
    C216 this limit never applies: it names no number
         give amount, percent or both
    C200 unknown key 'amont' in a policy
         did you mean 'amount'?

max-resources: {}
    C216 this limit never applies: it names no number
         give amount, percent or both

max-resources: {amount: 5, op: nor}
    C209 'op' cannot be 'nor'
         did you mean 'or'?

max-resources: {amount: 5, op: and}
    C216 this limit never applies: 'op: and' needs both
         give both amount and percent, or op: or

max-resources: {percent: 101}
    C216 this limit never applies: it names no number
         give amount, percent or both
    C206 'percent' is 101, not a number from 0 to 100

max-resources-percent: 0
    C216 this limit never applies: 0 percent means no limit
         give at least 1, or use max-resources

max-resources-percent: 101
    C206 'max-resources-percent' is 101, not a number from 0 to 100

max-resources-percent: x
    C206 'max-resources-percent' is the string 'x', not a number from 0 to 100
""")


@pytest.mark.parametrize(("given", "expected"), LIMITS)
def test_limit(given: str, expected: list[Told]) -> None:
    assert of(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"max-resources": 5}, Limits(5)),
        ({"max-resources": 5.0}, Limits(5)),
        ({"max-resources-percent": 10}, Limits(None, 10)),
        ({"max-resources": {"amount": 5, "percent": 10}}, Limits(5, 10)),
        ({"max-resources": {"amount": 5, "percent": 10, "op": "and"}}, Limits(5, 10, "and")),
    ],
)
def test_read(given: dict[str, object], expected: Limits | None) -> None:
    reading = Reading()
    assert read_limits(node_of(given), reading) == expected
    assert not reading.diagnostics

"""Functions of lists and tables, in paths."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.plugin.paths import getter

DATA = {"Types": {"big": "small"}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("those_like(Nothing, 'a')", []),
        ("those_like(`[\"a\"]`, '(')", None),
        ("pick(Types, ['small', 'big', Nothing])", ["small"]),
        ("pick(Nothing, ['big'])", []),
        ("chunks(`[1, 2, 3]`, `2`)", [[1, 2], [3]]),
        ("chunks(Nothing, `2`)", []),
        ("unique(`[2, 1, 2]`)", [2, 1]),
        ("unique(Nothing)", []),
        ("quotient(`3`, `2`)", 1.5),
        ("quotient(`3`, `0`)", None),
        ("quotient(Nothing, `2`)", None),
        ('those_like(`["Protocol-A", "B-Protocol", 1]`, \'^protocol-\')', ["Protocol-A"]),
        ('those_like(`[1, "a"]`, Nothing)', [1, "a"]),
    ],
)
def test_functions(path: str, expected: Json) -> None:
    assert getter(path)(DATA) == expected

"""Options of records: what fits, and what is said of what does not."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.model.node import node_of
from engine.model.record import Option
from engine.plugin.option import option_fits
from engine.plugin.params import Reading

MODE = Option("string", enum=("fast", "slow"))
SIZE = Option("integer", least=1, most=5)
NAMES = Option("array", words=("matched",), enum=("a", "b"))


@pytest.mark.parametrize(
    ("option", "value", "code", "hint"),
    [
        (MODE, "fast", "", ""),
        (MODE, "fats", "C213", "did you mean 'fast'?"),
        (MODE, "zebra", "C213", "expected one of: fast, slow"),
        (MODE, 1, "C212", "expected one of: fast, slow"),
        (SIZE, 5, "", ""),
        (SIZE, 5.0, "", ""),
        (SIZE, 5.5, "C212", ""),
        (SIZE, True, "C212", ""),
        (SIZE, 6, "C214", ""),
        (NAMES, ["a"], "", ""),
        (NAMES, "matched", "", ""),
        (NAMES, "a", "C212", "expected one of: a, b"),
        (NAMES, ["a", "c"], "C213", "expected one of: a, b"),
    ],
)
def test_what_fits(option: Option, value: Json, code: str, hint: str) -> None:
    reading = Reading()
    assert option_fits(option, node_of(value), "it", "x", reading) is not bool(code)
    assert [(d.code, d.hint) for d in reading.diagnostics] == ([(code, hint)] if code else [])

"""JSON of others: values, or an error that says what is wrong; nothing that would end the stack later."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.json import MOST_DEPTH, Json, TooDeep, is_too_deep, parsed


def nested(levels: int) -> Json:
    value: Json = []
    for _ in range(levels - 1):
        value = [value]
    return value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_any_value_comes_back(value: Json) -> None:
    assert parsed(json.dumps(value)) == value
    assert parsed(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1), "it nests more than 100 levels deep"),
        ("[" * 100_000 + "]" * 100_000, "it nests more than 100 levels deep"),
        ('{"a":' * 100_000, "it nests more than 100 levels deep"),
        ("9" * 5000, "it has a number of more than 4300 digits"),
        ("{", "Expecting property name"),
    ],
)
def test_what_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parsed(text)


def test_depth() -> None:
    assert not is_too_deep(nested(MOST_DEPTH))
    assert is_too_deep(nested(MOST_DEPTH + 1))
    assert is_too_deep({"a": (nested(MOST_DEPTH),)})
    assert not is_too_deep([[]] * 10_000)
    assert issubclass(TooDeep, ValueError)
    assert parsed("[]" + " " * 10) == []
    assert parsed(json.dumps(["[" * 500])) == ["[" * 500]  # brackets in a text are no depth

"""What every filter on the shelf must be."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.need import Need
from engine.model.record import Join
from engine.plugin.params import parameters
from engine.plugin.protocols import Filter, SetFilter
from engine.plugin.tree import Leaf, judge

from .views import MACHINE, SHELF, PlainView, setting, tree

WORDS = SHELF.words()
PRESETS: dict[str, dict[str, Any]] = {
    "age": {"date": "k"},
    "state": {"expression": "k"},
    "attribute": {"of": "k", "each": True},
    "related": {"join": "other"},
    "subnet": {"join": "other"},
    "cross-account": {"of": "Policy"},
    "has-statement": {"of": "Policy"},
    "linked": {"other": "other", "ids": "Ids", "where": "k"},
    "parts": {"of": {"in": "In"}, "options": {"in": {"key": "k", "value": 1}}},
    "mirror": {"join": "other"},
    "dangling": {"joins": ["other"]},
    "unused": {"by": [{"type": "other", "path": "k"}]},
}
RECORD = dataclasses.replace(MACHINE, joins={"other": Join("other", "k")})
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "a", "2026-11-01", "x: stop@2026/11/20"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["k", "Key", "Value"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(["k", "Tags", "State", "Policy", "IpPermissions", "LaunchTime", "Engine", "detail"])


def examples() -> list[Any]:
    return [
        pytest.param(word, text, id=f"{word}-{i}") for word in WORDS for i, text in enumerate(SHELF.get(word).EXAMPLES)
    ]  # type: ignore[union-attr]


def test_words() -> None:
    assert "value" in WORDS
    assert not [word for word in WORDS if word.startswith("-")]


@pytest.mark.parametrize("word", WORDS)
def test_documented(word: str) -> None:
    cls: Any = SHELF.get(word)
    assert cls.__doc__
    assert cls.EXAMPLES
    assert all(parameter.says.text for parameter in parameters(cls))


@pytest.mark.parametrize(("word", "text"), examples())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_examples_are_read_and_never_raise(word: str, text: str, data: st.DataObject) -> None:
    told = tree(text, PRESETS.get(word), RECORD)
    attributes = data.draw(st.dictionaries(KEYS, JUNK, max_size=4))
    view = PlainView(attributes, _facts(told, data))
    if isinstance(told, Leaf) and isinstance(told.piece, SetFilter):
        assert len(told.piece.judge_all([view, view], setting(record=RECORD))) == 2
        return
    verdict = judge(told, view, setting(record=RECORD))
    if isinstance(told, Leaf) and isinstance(told.piece, Filter) and verdict.kind != "unknown":
        assert told.piece.evidence(view, setting(record=RECORD)).verdict == verdict


def _facts(told: Any, data: st.DataObject) -> dict[Need, Any]:
    shapes: dict[str, st.SearchStrategy[Any]] = {
        "MetricNeed": st.lists(st.floats(), max_size=3),
        "RelatedNeed": st.lists(
            st.tuples(st.sampled_from("ab"), st.none() | st.dictionaries(KEYS, JUNK, max_size=2)), max_size=3
        ),
        "PopulationNeed": st.frozensets(st.sampled_from("ab")),
        "PolicyNeed": st.integers(0, 2),
        "ContentNeed": JUNK,
    }
    needs = told.piece.needs(RECORD) if isinstance(told, Leaf) else ()
    return {need: data.draw(shapes[type(need).__name__]) for need in needs if type(need).__name__ in shapes}

"""Any bytes as a plan: a plan, or a sentence. What altered plans say word for word is in the end-to-end tests."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.app.plan_file import SavedPlan, document
from engine.app.plan_reading import read
from engine.model.errors import PlanRejected, UsageRejected
from tests.engine.executor.cloud import NOW, Cloud

from .saved import LATER, TAG, planned

TARGET = {"profile": "", "assume": ["arn:aws:iam::123456789012:role/x"], "external_id": "", "sandbox": False}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def whole() -> dict[str, Any]:
    """A plan that is right."""
    saved = planned(Cloud().instance("i-1"), {"resource": "ec2", "actions": [TAG]})
    return {**document(saved), "target": TARGET}


WHOLE = whole()


def as_read(content: bytes) -> SavedPlan | str:
    """The plan, or what is said."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.plan"
        path.write_bytes(content)
        try:
            return read(path, LATER)
        except (UsageRejected, PlanRejected) as error:
            return str(error)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a plan."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, each in inner for place in places(each, (*at, key)))]


def replaced(value: Any, at: tuple[Any, ...], by: Any) -> Any:
    """The same with another value at one place."""
    if not at:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = replaced(value[at[0]], at[1:], by)
    return copy


def test_what_is_right_is_read() -> None:
    assert isinstance(as_read(json.dumps(WHOLE).encode()), SavedPlan)


@given(st.sampled_from(places(WHOLE)), JSON)
@settings(max_examples=300, deadline=None)
def test_any_value_at_any_place_is_read_or_told(place: tuple[Any, ...], value: Any) -> None:
    found = as_read(json.dumps(replaced(WHOLE, place, value)).encode())
    assert isinstance(found, SavedPlan) or "x.plan'" in found


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_told(content: bytes) -> None:
    assert isinstance(as_read(content), str)


@given(st.integers(0, len(json.dumps(WHOLE)) - 1), st.binary(min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_bytes_in_a_plan_are_read_or_told(at: int, content: bytes) -> None:
    text = json.dumps(WHOLE).encode()
    found = as_read(text[:at] + content + text[at + len(content) :])
    assert isinstance(found, SavedPlan) or "x.plan'" in found


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_every_key_is_needed(key: str) -> None:
    lacking = {k: v for k, v in WHOLE.items() if k != key}
    found = as_read(json.dumps(lacking).encode())
    if key == "regions":  # for readers: those of the changes count
        assert isinstance(found, SavedPlan)
    else:
        assert isinstance(found, str)
        assert f"it has no '{key}'" in found


@pytest.mark.parametrize(
    ("age", "says"),
    [
        (timedelta(minutes=-4), ""),
        (timedelta(minutes=-6), "which is in the future"),
        (timedelta(hours=23), ""),
        (timedelta(hours=24), "expired at 2026-11-22 09:00 UTC"),
    ],
)
def test_a_plan_lasts_a_day(age: timedelta, says: str, tmp_path: Path) -> None:
    (tmp_path / "x.plan").write_text(json.dumps(WHOLE))
    if not says:
        assert read(tmp_path / "x.plan", NOW + age).id == WHOLE["id"]
        return
    with pytest.raises(PlanRejected, match=says):
        read(tmp_path / "x.plan", NOW + age)

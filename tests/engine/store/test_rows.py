"""Rows and values: there and back, and rows that are damaged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.model.change import Status
from engine.model.codec import change_json
from engine.model.errors import StoreUnavailable
from engine.model.json import Json
from engine.plugin.journal import Entry
from engine.store.rows import change_text, entry_of, record_of, run_row

from .suite import NOW, change, run

WHOLE = replace(run("r"), ended=NOW, status="done", summary={"done": 1}, plan="p", host="h", born="1", lease=NOW)
ENTRY = Entry("r", 3, "a", change(1), Status.DONE, "why", NOW)
ROW = ("r", 3, "a", change_text(ENTRY), "done", "why", NOW.isoformat())


def test_there_and_back() -> None:
    """Nothing is lost."""
    assert record_of(run_row(WHOLE)) == WHOLE
    assert record_of(run_row(run("r"))) == run("r")
    assert entry_of(ROW, "x") == ENTRY


@pytest.mark.parametrize(("at", "value"), [(2, "when"), (4, "{"), (5, "3"), (6, "x"), (8, None), (9, "x"), (13, "?")])
def test_a_damaged_run_is_marked(at: int, value: object) -> None:
    """Its id is still known."""
    row = list(run_row(WHOLE))
    row[at] = value
    found = record_of(row)
    assert (found.id, found.status) == ("r", "damaged")


@pytest.mark.parametrize(
    ("at", "value"),
    [(3, "{"), (3, "[]"), (3, "{}"), (3, "null"), (3, "[" * 100_000), (3, None), (4, "gone"), (6, "x"), (6, 5)],
)
def test_a_damaged_change_is_named(at: int, value: object) -> None:
    """With what a person can do."""
    row = list(ROW)
    row[at] = value
    with pytest.raises(
        StoreUnavailable, match=r"change 3 of run r in the journal x is damaged.*engine runs settle r 3 done\|not-done"
    ):
        entry_of(row, "x")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"action": 1.5}, {"before": "text"}, {"after": [1]}, {"type": "\ud800"}, {"id": None}, {"irreversible": 3},
        {"done": {"expression": 7, "gone": False}},
    ],
    ids=str,
)  # fmt: skip
def test_a_value_of_another_kind_is_damage(spoilt: dict[str, Json]) -> None:
    """Whoever reads the change would stumble over it later."""
    body = json.dumps({**change_json(change(1)), **spoilt})
    with pytest.raises(StoreUnavailable, match="change 3 of run r in the journal j is damaged"):
        entry_of(("r", 3, "p", body, "done", "", None), "j")

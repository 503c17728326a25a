"""Which calls merge, and which may not."""

from __future__ import annotations

import pytest

from engine.executor.batches import batches_of, failed_in, merged
from engine.model.call import Call, Mark
from engine.model.change import Batching, Change, Status
from engine.plugin.journal import Entry

from .cloud import SCOPE, change

TWO = Batching("Ids", 2)


def entry(number: int, mark: Mark | None = None, batching: Batching | None = TWO, tag: str = "a") -> Entry:
    call = Call("x", "Y", {"Ids": [f"i-{number}"], "Tag": tag}, SCOPE, mark=mark)
    return Entry("r", number, "p", change("y", f"i-{number}", call, batching=batching), Status.PLANNED)


MARK = Mark(Call("x", "Z", {}, SCOPE), "Found", to="Text")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry(n) for n in range(5)], [[0, 1], [2, 3], [4]]),
        ([entry(n, batching=None) for n in range(2)], [[0], [1]]),
        ([entry(0, tag="a"), entry(1, tag="b"), entry(2, tag="a")], [[0, 2], [1]]),
        ([entry(n, mark=MARK) for n in range(2)], [[0], [1]]),  # each needs its own mark
    ],
)
def test_batches(entries: list[Entry], expected: list[list[int]]) -> None:
    assert [[e.number for e in batch] for batch in batches_of(entries)] == expected


def test_merged_lists_hold_each_once() -> None:
    changes: list[Change] = [entry(1).change, entry(2).change, entry(1).change]
    assert merged(changes).params == {"Ids": ["i-1", "i-2"], "Tag": "a"}
    with pytest.raises(ValueError, match="do not merge"):
        merged([entry(1, batching=None).change])


def test_what_an_answer_calls_failed() -> None:
    batching = Batching("Ids", 2, "Failed")
    batch = [entry(n, batching=batching) for n in range(3)]
    answer = {"Failed": {"i-1": {"ErrorMessage": "no"}, "i-2": {"Code": 5}}}
    assert failed_in(batch, answer) == {1: "no", 2: "{'Code': 5}"}
    assert failed_in(batch, {}) == {}
    assert failed_in([entry(1)], answer) == {}

"""Answers that are broken off are read to their end, and joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.model.call import Call
from engine.model.json import Json
from engine.model.record import Facet
from engine.model.scope import Scope
from providers.aws.adapter.gather.pages import all_pages, whole

from ..doubles import at

CALL = Call("iam", "ListThings", {}, Scope("1", "us-east-1"))
PAGES: list[Json] = [
    {"Name": "one", "Things": [1], "Tags": {"a": "1"}, "Stream": {"Shards": [1], "Status": "ACTIVE"}},
    {"Name": "two", "Things": [2], "Tags": {"b": "2"}, "Stream": {"Shards": [2], "Status": "UPDATING"}, "More": [3]},
]


def test_pages_are_joined_at_any_depth() -> None:
    """Lists and tables grow; what is one thing stays the first page's."""
    connection, _ = at(lambda call: PAGES)
    assert all_pages(connection, CALL) == {
        "Name": "one", "Things": [1, 2], "Tags": {"a": "1", "b": "2"},
        "Stream": {"Shards": [1, 2], "Status": "ACTIVE"}, "More": [3],
    }  # fmt: skip
    assert PAGES[0]["Things"] == [1], "what was answered stays as it was"


@pytest.mark.parametrize(
    ("take", "follows", "read"),
    [("Things", True, [1, 2]), ("Things", False, [1]), ("Things[0]", True, [1]), ("", True, [1, 2])],
)
def test_further_pages_are_read_where_an_answer_names_them(
    take: str, follows: bool, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what takes the first element: it has it."""

    def named(call: Call, answer: Mapping[str, Any]) -> bool:
        return follows

    connection, door = at(lambda call: PAGES)
    monkeypatch.setattr(door, "follows", named)
    assert whole(connection, Facet("ListThings", {}, "T", take=take), CALL, PAGES[0])["Things"] == read

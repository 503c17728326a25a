"""Which words a type has: from the shelves where they make sense, and from its record."""

from __future__ import annotations

import pytest

from engine.lang.words import BLOCKS, KINDS, ActionWords, action_words, filter_words
from engine.plugin.discover import catalog

CATALOG = catalog()
EVERY = sorted({t.word for t in map(CATALOG.provider.type, CATALOG.provider.words()) if t.origin == "curated"})


def test_ec2() -> None:
    type = CATALOG.provider.type("ec2")
    filters, actions = filter_words(type, CATALOG), action_words(type, CATALOG)
    assert {"value", "metrics", "marked-for-op", "instance-age", "security-group", *BLOCKS} <= set(filters)
    assert {"stop", "terminate", "tag", "mark", "unmark", "mark-for-op"} <= set(actions)
    assert not KINDS - {"offhour", "onhour", "subnet", "check-permissions"} & set(filters)
    assert "allow-stop" not in actions
    assert "missing" not in filters


def test_where_they_make_sense() -> None:
    account = CATALOG.provider.type("account")
    assert "missing" in filter_words(account, CATALOG)
    assert "tag" not in action_words(account, CATALOG)


@pytest.mark.parametrize("word", EVERY)
def test_sorted_and_without_repeats(word: str) -> None:
    type = CATALOG.provider.type(word)
    for words in (filter_words(type, CATALOG), action_words(type, CATALOG)):
        assert words == sorted(set(words))


def test_looked_up_when_asked() -> None:
    type = CATALOG.provider.type("ec2")
    words = ActionWords(type, CATALOG)
    assert list(words) == action_words(type, CATALOG)
    assert words[0] == words[:1][0]
    assert "stop" in words

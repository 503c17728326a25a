"""An account for as long as a block lasts."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import WorldRejected, read_text

from .conftest import asking


def test_it_is_there_and_then_gone() -> None:
    with sandbox(read_text("{name: w, queues: [{name: q}]}")) as account:
        assert (account.pid, account.name, account.world) == (os.getpid(), "w", None)
        assert len(asking(account)("sqs").list_queues()["QueueUrls"]) == 1
    with pytest.raises(URLError):
        urlopen(account.endpoint + "/engine-sandbox/status", timeout=2)


def test_each_is_fresh(tmp_path: Path) -> None:
    """Also one that was left by an error; and a world from a file knows its file."""
    world = tmp_path / "w.yml"
    world.write_text("{name: w, topics: [{name: t}]}")
    with pytest.raises(ZeroDivisionError), sandbox(world) as account:
        asking(account)("sqs").create_queue(QueueName=f"left-{1 // 0}")
    with sandbox(world) as account:
        assert account.world == world
        assert "QueueUrls" not in asking(account)("sqs").list_queues()
        assert len(asking(account)("sns").list_topics()["Topics"]) == 1


def test_a_world_with_problems_is_none(tmp_path: Path) -> None:
    world = tmp_path / "w.yml"
    world.write_text("{name: w, kews: []}")
    with pytest.raises(WorldRejected, match="kews"), sandbox(world):
        pass

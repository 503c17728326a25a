"""The way of an undo: what is read again, what is refused, what is asked."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from engine.cli import taking_back
from engine.cli.exits import Exit
from engine.cli.taking_back import read_now, undo
from engine.model.change import Status
from engine.model.errors import UsageRejected
from engine.plugin.journal import Entry, RunRecord
from engine.store import process
from engine.store.sqlite import SqliteJournal
from tests.engine.executor.cloud import NOW, Cloud, intent

from .here import TAG, Here

RETAG = {"resource": "ec2", "actions": [{"type": "tag", "key": "A", "value": "b"}]}


def entries(on: Cloud, *statuses: Status) -> list[Entry]:
    changes = [p.change for p in intent(on, RETAG).planned]
    return [
        Entry("r", n, "p", change, status) for n, (change, status) in enumerate(zip(changes, statuses, strict=True))
    ]


def test_only_what_was_done_and_is_still_there_is_read() -> None:
    on = Cloud().instance("i-1").instance("i-2").instance("i-3")
    made = entries(on, Status.DONE, Status.FAILED, Status.DONE)
    del on.instances["i-3"]
    on.calls.clear()
    found = read_now(made, {"123456789012": on.connection})
    assert {ref.id: item.resource.ref.id for ref, item in found.items()} == {"i-1": "i-1"}
    assert all("i-2" not in call.params.get("InstanceIds", ()) for call in on.calls)


def test_nothing_done_nothing_read() -> None:
    on = Cloud().instance("i-1")
    made = entries(on, Status.FAILED)
    on.calls.clear()
    assert read_now(made, {}) == {}
    assert on.calls == []


def test_a_run_that_goes_on_is_not_taken_back(alone: Path) -> None:
    journal = SqliteJournal(alone / "home" / "journal.db")
    journal.begin(
        RunRecord(
            "r-1", "run", NOW, "engine run", pid=os.getppid(), host=process.here().host, born=process.born(os.getppid())
        )
    )
    journal.close()
    with pytest.raises(UsageRejected, match=f"run r-1 is still going on \\(process {os.getppid()}\\)"):
        undo("r-1", dry_run=False, yes=True, force=False)


@pytest.mark.parametrize(("answer", "code", "left"), [(True, Exit.DONE, 0), (False, Exit.DECLINED, 2)])
def test_on_a_terminal_it_is_asked(
    answer: bool, code: Exit, left: int, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.engine("run", "--sandbox", here.write("p.yml", TAG))
    monkeypatch.setattr(taking_back, "interactive", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: answer)
    assert undo("last", dry_run=False, yes=False, force=False) is code
    assert sum("Seen" in tags for tags in here.instances().values()) == left


def test_an_undo_is_a_run_of_its_own_that_last_passes_over(here: Here) -> None:
    here.engine("run", "--sandbox", here.write("p.yml", TAG))
    here.engine("undo", "last", "--yes")
    assert [r["kind"] for r in here.json("runs")] == ["undo", "run"]
    again = here.engine("undo", "last", "--yes")
    assert again.code == 0
    assert "Plan: 0 changes" in again.out

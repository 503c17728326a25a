"""Earlier runs: which still live, which have died, and what the next run must know of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import history
from engine.cli.history import cut_short, find_run, run_json, settled, status_of
from engine.model.change import Status
from engine.model.errors import UsageRejected
from engine.plugin.journal import RunRecord
from engine.store.process import born, here
from engine.store.sqlite import SqliteJournal
from tests.engine.executor.cloud import NOW, Cloud, intent

RETAG = {"name": "p", "resource": "ec2", "actions": [{"type": "tag", "key": "A", "value": "b"}]}
TARGET = {"profile": "audit"}
RUN = RunRecord("r-1", "run", NOW, "engine run", ("p",), TARGET, pid=7)
"""Of a process that is not there: it names no host."""


def going(run: RunRecord = RUN) -> RunRecord:
    """The run of a process that lives: the parent of this one."""
    return replace(run, pid=os.getppid(), host=here().host, born=born(os.getppid()))


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def journal(alone: Path) -> Iterator[SqliteJournal]:
    made = SqliteJournal(alone / "home" / "journal.db")
    yield made
    made.close()


def cloud() -> Cloud:
    return Cloud().instance("i-1").instance("i-2").instance("i-3")


def kept(journal: SqliteJournal, run: RunRecord, *statuses: Status, end: str = "", on: Cloud | None = None) -> None:
    """A run whose changes have come so far."""
    journal.begin(run)
    changes = [(p.policy, p.change) for p in intent(on or cloud(), RETAG).planned]
    entries = journal.intend(run.id, changes[: len(statuses)])
    for entry, status in zip(entries, statuses, strict=True):
        if status is not Status.PLANNED:
            journal.started([entry])
        if status not in (Status.PLANNED, Status.STARTED):
            journal.closed([entry], status, {})
    if end:
        journal.end(run.id, end, NOW, {})


def test_whose_process_is_gone_has_died(gone: int) -> None:
    assert status_of(replace(going(), pid=gone)) == "died"
    assert status_of(going()) == "running"
    assert status_of(replace(going(), status="interrupted", pid=gone)) == "interrupted"


@pytest.mark.parametrize(
    ("id", "says"), [("last", "no run has changed anything yet"), ("r-9", "no run 'r-9', or more than one begins so")]
)
def test_no_such_run(id: str, says: str, journal: SqliteJournal) -> None:
    with pytest.raises(UsageRejected, match=says):
        find_run(journal, id)


def test_runs_are_found_by_their_beginning(journal: SqliteJournal) -> None:
    for id in ("ab-1", "ab-2"):
        journal.begin(replace(RUN, id=id))
    assert find_run(journal, "ab-2").id == "ab-2"
    with pytest.raises(UsageRejected):
        find_run(journal, "ab-")


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The cloud that the journal's credentials lead to."""
    on = cloud()
    monkeypatch.setattr(history, "connection_of", lambda record, entries: {"123456789012": on.connection})
    return on


def test_what_is_uncertain_is_looked_up(journal: SqliteJournal, reached: Cloud) -> None:
    """The first was made, the second was not: AWS tells; and the run has died."""
    kept(journal, RUN, Status.STARTED, Status.STARTED, Status.PLANNED, on=reached)
    reached.instances["i-1"]["tags"]["A"] = "b"
    found = settled(journal, RUN)
    assert [e.status for e in found] == [Status.DONE, Status.FAILED, Status.PLANNED]
    record = journal.run("r-1")
    assert record is not None
    assert record.status == "died"


def test_a_run_that_goes_on_is_left_alone(journal: SqliteJournal) -> None:
    kept(journal, going(), Status.STARTED)
    assert [e.status for e in settled(journal, going())] == [Status.STARTED]


@pytest.mark.parametrize(
    ("run", "statuses", "end", "expected"),
    [
        (RUN, [Status.DONE, Status.PLANNED], "", ["done", "planned"]),
        (RUN, [Status.DONE, Status.PLANNED], "interrupted", ["done", "planned"]),
        (RUN, [Status.DONE, Status.DONE], "done", []),
        (RUN, [Status.DONE, Status.UNCERTAIN], "failed", ["uncertain"]),
        (RUN, [Status.DONE, Status.PLANNED], "failed", ["done", "planned"]),
        (replace(RUN, kind="undo"), [Status.DONE, Status.PLANNED], "", []),
        (replace(RUN, policies=("other",)), [Status.DONE], "", []),
        (replace(RUN, target={"profile": "x"}), [Status.DONE], "", []),
        (going(), [Status.DONE], "", []),
    ],
)
def test_what_the_next_run_must_know(
    run: RunRecord,
    statuses: list[Status],
    end: str,
    expected: list[str],
    journal: SqliteJournal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of runs cut short everything, of the last that ended what is uncertain; only with the same credentials."""
    monkeypatch.setattr(history, "reconcile", lambda *_: None)
    monkeypatch.setattr(history, "connection_of", lambda *_: {})
    kept(journal, run, *statuses, end=end)
    entries, policies = cut_short(TARGET, ["p"])
    assert [e.status.value for e in entries] == expected
    assert policies == (["p"] if expected else [])


def test_a_run_that_ended_hides_what_was_before_it(journal: SqliteJournal) -> None:
    kept(journal, RUN, Status.DONE, Status.PLANNED)
    kept(journal, replace(RUN, id="r-2", started=NOW.replace(hour=10)), Status.DONE, end="done")
    assert cut_short(TARGET, ["p"]) == ([], [])


def test_without_a_journal_none_is_made(alone: Path) -> None:
    assert cut_short(TARGET, ["p"]) == ([], [])
    assert not (alone / "home").exists()


def test_a_run_as_json(journal: SqliteJournal) -> None:
    kept(journal, RUN, Status.DONE, Status.FAILED, Status.DONE)
    entries = journal.entries("r-1")
    told = run_json(RUN, entries)
    assert (told["changes"], told["status"], "entries" in told) == ({"done": 2, "failed": 1}, "died", False)
    whole = run_json(RUN, entries, whole=True)["entries"]
    assert [(e["number"], e["status"], e["policy"], e["reason"]) for e in whole][1] == (2, "failed", "p", None)

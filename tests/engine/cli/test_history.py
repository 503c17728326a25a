"""Earlier runs: which still live, which have died, and what the next run must know of them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import history
from engine.cli.history import Resumed, find_run, resume, run_json, settle_by_hand, settled, status_of, touched
from engine.executor.intent import Intent, Planned
from engine.model.change import Status
from engine.model.errors import StoreUnavailable, UsageRejected
from engine.model.json import Json
from engine.plugin.journal import RunRecord, held_by
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


SNAP: dict[str, Json] = {
    "name": "p",
    "resource": "ec2",
    "actions": ["reboot", {"type": "tag", "key": "A", "value": "b"}],
}
"""A change that nothing shows afterwards, and one that the resource shows."""


def snapped(on: Cloud) -> Intent:
    return intent(on, SNAP)


def kept_of(
    journal: SqliteJournal, run: RunRecord, planned: Sequence[Planned], *statuses: Status, end: str = ""
) -> None:
    """A run whose first changes have come so far."""
    journal.begin(run)
    entries = journal.intend(run.id, [(p.policy, p.change) for p in planned])
    for entry, status in zip(entries, statuses, strict=False):
        if status is not Status.PLANNED:
            journal.started([entry])
        if status not in (Status.PLANNED, Status.STARTED):
            journal.closed([entry], status, {})
    if end:
        journal.end(run.id, end, NOW, {})


def left(on: Cloud, target: dict[str, Json] = TARGET) -> tuple[set[tuple[str, str]], set[tuple[str, str]], Resumed]:
    """(what is left to do, what is left out) as (id, action), and the whole."""
    found = resume(snapped(on), {"123456789012": on.connection}, target)
    planned = {(p.change.ref.id, p.change.action) for p in found.intent.planned}
    return planned, {(s.ref.id, s.action) for _, s in found.intent.skipped}, found


@pytest.mark.parametrize("run", [RUN, replace(RUN, target={"profile": "other"}), replace(RUN, policies=("other",))])
@pytest.mark.parametrize("status", [Status.STARTED, Status.UNCERTAIN])
def test_what_is_uncertain_holds_the_resource_whole(status: Status, run: RunRecord, journal: SqliteJournal) -> None:
    """Whatever policy and credentials it is of: the reboot of one may have been made, so nothing is done to it."""
    on = Cloud().instance("i-1").instance("i-2")
    kept_of(journal, run, snapped(on).planned, status)
    planned, out, found = left(on)
    assert planned == {("i-2", "reboot"), ("i-2", "tag")}
    assert out == {("i-1", "reboot"), ("i-1", "tag")}
    assert found.uncertain
    assert {s.reason for _, s in found.intent.skipped} == {held_by("r-1", 1)}


def test_what_a_person_has_settled_holds_nothing(journal: SqliteJournal) -> None:
    """Done: not again. Not done: again."""
    on = Cloud().instance("i-1")
    kept_of(journal, RUN, snapped(on).planned, Status.STARTED)
    assert settle_by_hand("r-1", 1, done=False) == "change 1 of run r-1 is failed now"
    planned, _, found = left(on)
    assert (planned, found.uncertain) == ({("i-1", "reboot"), ("i-1", "tag")}, False)


@pytest.mark.parametrize(
    ("run", "number", "says"),
    [("r-1", 1, "change 1 of run r-1 is done: only"), ("r-1", 9, "has no change 9"), ("r-9", 1, "no run 'r-9'")],
)
def test_what_cannot_be_settled(run: str, number: int, says: str, journal: SqliteJournal) -> None:
    on = Cloud().instance("i-1")
    kept_of(journal, RUN, snapped(on).planned, Status.DONE)
    with pytest.raises(UsageRejected, match=says):
        settle_by_hand(run, number, done=True)


def test_a_run_that_goes_on_settles_its_own(journal: SqliteJournal) -> None:
    on = Cloud().instance("i-1")
    kept_of(journal, going(), snapped(on).planned, Status.STARTED)
    with pytest.raises(UsageRejected, match="is still going on"):
        settle_by_hand("r-1", 1, done=True)
    assert left(on)[0] == {("i-1", "reboot"), ("i-1", "tag")}  # its claim holds it when changes are made


@pytest.mark.parametrize(
    ("run", "end", "planned"),
    [
        (RUN, "", {("i-1", "tag")}),
        (RUN, "interrupted", {("i-1", "tag")}),
        (RUN, "failed", {("i-1", "tag")}),  # it did not come to its second change
        (replace(RUN, target={"profile": "x"}), "", {("i-1", "tag")}),
        (replace(RUN, kind="undo"), "", {("i-1", "reboot"), ("i-1", "tag")}),
    ],
)
def test_what_a_run_made_before_it_was_cut_short_is_not_made_again(
    run: RunRecord, end: str, planned: set[tuple[str, str]], journal: SqliteJournal
) -> None:
    on = Cloud().instance("i-1")
    kept_of(journal, run, snapped(on).planned, Status.DONE, end=end)
    found = left(on)
    assert found[0] == planned
    assert not found[2].uncertain
    assert found[2].policies == (() if len(planned) == 2 else ("p",))


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (replace(RUN, id="r-2"), True),
        (replace(RUN, id="r-2", policies=("other",)), False),
        (replace(RUN, id="r-2", target={"profile": "elsewhere"}), False),
        (replace(RUN, id="r-2", kind="undo"), False),
    ],
)
def test_a_later_run_that_came_to_its_end_closes_the_account(
    later: RunRecord, again: bool, journal: SqliteJournal
) -> None:
    """However many other runs there were: the next one wants it anew."""
    on = Cloud().instance("i-1")
    kept_of(journal, RUN, snapped(on).planned, Status.DONE)
    for number in range(120):
        kept_of(journal, replace(RUN, id=f"x-{number}", policies=("x",)), [], end="done")
    kept_of(journal, later, [], end="done")
    assert (("i-1", "reboot") in left(on)[0]) is again


def test_a_run_that_did_all_wants_it_anew(journal: SqliteJournal) -> None:
    on = Cloud().instance("i-1")
    kept_of(journal, RUN, snapped(on).planned, Status.DONE, Status.DONE, end="done")
    assert left(on)[0] == {("i-1", "reboot"), ("i-1", "tag")}


def test_without_a_journal_none_is_made(alone: Path) -> None:
    on = Cloud().instance("i-1")
    assert left(on)[2] == Resumed(snapped(on))
    assert touched() == 0
    assert not (alone / "home").exists()


def test_a_damaged_run_is_named(journal: SqliteJournal) -> None:
    """The others are still read."""
    for id in ("r-1", "r-2"):
        journal.begin(replace(RUN, id=id))
    with sqlite3.connect(journal.path) as db:
        db.execute("UPDATE runs SET policies = '{' WHERE id = 'r-1'")
    db.close()
    assert find_run(journal, "r-2").id == "r-2"
    assert [(r.id, status_of(r)) for r in journal.runs()] == [("r-2", "died"), ("r-1", "damaged")]
    with pytest.raises(StoreUnavailable, match=r"run r-1 in the journal .* is damaged"):
        find_run(journal, "r-1")


def test_a_run_as_json(journal: SqliteJournal) -> None:
    kept(journal, RUN, Status.DONE, Status.FAILED, Status.DONE)
    entries = journal.entries("r-1")
    told = run_json(RUN, journal.counts("r-1"))
    assert (told["changes"], told["status"], "entries" in told) == ({"done": 2, "failed": 1}, "died", False)
    whole = run_json(RUN, journal.counts("r-1"), entries)["entries"]
    assert [(e["number"], e["status"], e["policy"], e["reason"]) for e in whole][1] == (2, "failed", "p", None)

"""The journal as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from textwrap import dedent

from engine.model.call import Call
from engine.model.change import Change, Status
from engine.model.resource import ResourceRef
from engine.plugin.journal import Entry, RunRecord
from engine.report.runs import counted, print_run, print_runs
from tests.engine.executor.cloud import SCOPE

from .runs_of import printed

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
RUN = RunRecord(
    "20261121-090000-abcd",
    "run",
    NOW,
    "engine run [x].yml",
    ("idle", "[odd]"),
    ended=NOW + timedelta(seconds=3),
    status="failed",
)
STOP = Call("ec2", "StopInstances", {}, SCOPE)
CHANGE = Change(
    ResourceRef("ec2", SCOPE, "i-1"), "stop", (STOP,), {"State.Name": "running"}, {"State.Name": "stopped"}, (STOP,)
)
ENTRIES = [
    Entry(RUN.id, 1, "idle", CHANGE, Status.DONE),
    Entry(RUN.id, 2, "[odd]", replace(CHANGE, inverse=(), irreversible="it is gone"), Status.FAILED, "denied"),
]


def test_a_list_of_runs() -> None:
    assert printed(
        lambda screen: print_runs(screen, [(RUN, {"done": 1, "failed": 1}), (replace(RUN, status="died"), {})])
    ) == dedent("""\
        run                   kind  status  changes           policies
        20261121-090000-abcd  run   failed  1 done, 1 failed  idle, [odd]
        20261121-090000-abcd  run   died    none              idle, [odd]""")


def test_no_runs() -> None:
    assert printed(lambda screen: print_runs(screen, [])) == "no run has changed anything yet"


def test_one_run_with_its_changes() -> None:
    assert printed(lambda screen: print_run(screen, RUN, ENTRIES)) == dedent("""\
        20261121-090000-abcd  run, failed
          started 2026-11-21 09:00:00 UTC, ended 2026-11-21 09:00:03 UTC
          engine run [x].yml
          #  policy  change  id   region     outcome  what
          1  idle    stop    i-1  us-east-1  done     State.Name: running → stopped
          2  [odd]   stop    i-1  us-east-1  failed   State.Name: running → stopped  (denied)  [cannot be undone: it is gone]
        1 done, 1 failed.  take it back: engine undo 20261121-090000-abcd""")


def test_a_run_that_goes_on_and_has_nothing_to_take_back() -> None:
    told = printed(lambda screen: print_run(screen, replace(RUN, ended=None), ENTRIES[1:]))
    assert "ended" not in told
    assert told.endswith("\n1 failed.")


def test_counts() -> None:
    assert counted({"done": 1, "failed": 1}) == "1 done, 1 failed"
    assert counted({}) == "none"

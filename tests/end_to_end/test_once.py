"""A change is made once: lost answers and errors of every acting call, concurrent runs, a journal that fails midway.

The faults are put in over HTTP, between the engine and the account; what was made is counted there.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.change import Status
from tests.end_to_end.killing import INSTANCES, Bench, bench
from tests.end_to_end.proxy import Fault

SAFE = """
policies:
  - name: put-to-rest
    resource: aws.ec2
    filters: [{State.Name: running}]
    actions:
      - {type: tag, key: Idle, value: "true"}
      - snapshot
      - terminate
"""
FAULTS = (
    Fault("", "lost-after", 1), Fault("", "lost-after"), Fault("", "lost-before", 1), Fault("", "lost-before"),
    Fault("", "error-after", 1), Fault("", "error-after", 2, 503, "ServiceUnavailable"),
    Fault("", "error-before", 1, 503, "RequestLimitExceeded"), Fault("", "error-before", 1, 403, "UnauthorizedOperation"),
)  # fmt: skip
ACTIONS = ("CreateTags", "CreateSnapshots", "TerminateInstances")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("once")) as made:
        (made.folder / "safe.yml").write_text(SAFE)
        (made.folder / "daily.yml").write_text("policies: [{name: daily, resource: aws.ebs, actions: [snapshot]}]")
        yield made


def running(at: Bench, policy: str = "safe.yml") -> subprocess.Popen[str]:
    return at.started(at.folder / policy)


def ended(process: subprocess.Popen[str], seconds: float = 60) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=seconds)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def gone(at: Bench) -> set[str]:
    """Instances that are terminated."""
    return {
        id for id, state in at.shown().items() if id.startswith("i-") and state[0] in ("shutting-down", "terminated")
    }


def with_snapshot(at: Bench) -> set[str]:
    """Instances that have one, by the proxy's count."""
    return {what.split()[1] for what in at.proxy.made if what.startswith("CreateSnapshots")}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.kind}-{f.status}-{min(f.times, 9)}")
@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_becomes_of_the_answer(action: str, fault: Fault, at: Bench) -> None:
    """Each call takes effect at most once a run; the journal tells the truth; nothing is deleted without its snapshot.

    The run after it, without faults, brings to an end what is certain and leaves the rest.
    """
    at.fresh()
    at.proxy.faults = [Fault(action, fault.kind, fault.times, fault.status, fault.code)]
    code, _, _ = ended(running(at))
    (run,) = at.runs()
    truth(at, run.id)
    assert max(at.proxy.made.values(), default=1) == 1
    assert gone(at) <= with_snapshot(at)
    entries = at.entries(run.id)
    certain = all(e.status is Status.DONE for e in entries)
    assert code == (0 if certain else 6)
    at.proxy.faults.clear()
    second, _, _ = ended(running(at))
    assert max(at.marks().values(), default=1) == 1
    assert gone(at) <= with_snapshot(at)
    assert second == 0 if len(gone(at)) == INSTANCES else second == 6
    for each in at.runs():
        truth(at, each.id)


def truth(at: Bench, run: str) -> None:
    """What the journal calls done was made, what it calls failed was not; of the rest it says that it does not know."""
    shown, snapshots = at.shown(), at.snapshots_of(run)
    for entry in at.entries(run):
        state = shown.get(entry.change.ref.id, ("terminated",))
        made = {
            "tag": "Idle=true" in state,
            "snapshot": entry.number in snapshots,
            "terminate": state[0] in ("shutting-down", "terminated"),
        }[entry.change.action]
        if entry.status is Status.DONE:
            assert made, (entry.number, entry.change.action, entry.reason)
        if entry.status is Status.FAILED and entry.change.action == "snapshot":
            assert not made, (entry.number, entry.reason)
        assert entry.status is not Status.STARTED


def test_five_runs_at_once_make_each_snapshot_once(at: Bench) -> None:
    """One has the disk, the others leave it to it and say so."""
    at.fresh()
    at.proxy.delay = 0.02
    found = [ended(each) for each in [running(at, "daily.yml") for _ in range(5)]]
    at.proxy.delay = 0.0
    made = at.snapshots()
    assert (len(made), max(made.values())) == (INSTANCES, 1)
    codes = [code for code, _, _ in found]
    assert set(codes) <= {0, 8}
    reasons = {o["reason"] for _, out, _ in found for o in json.loads(out)["outcomes"] if o["status"] == "skipped"}
    assert all(reason.startswith(("being changed by run", "changed by run")) for reason in reasons)


def test_three_undos_at_once_undo_once(at: Bench) -> None:
    at.fresh()
    before = at.shown()
    assert ended(at.started())[0] == 0
    (run,) = at.runs()
    at.proxy.made.clear()
    at.proxy.delay = 0.02
    environment = at.environment()
    undos = [
        subprocess.Popen(
            at.command("undo", run.id, "--yes"),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    codes = [ended(each)[0] for each in undos]
    at.proxy.delay = 0.0
    assert set(codes) <= {0, 8}
    assert 0 in codes
    assert max(at.proxy.made.values()) == 1
    assert at.shown() == before


def hold(journal: Path) -> sqlite3.Connection:
    """Another process that does not let go of the journal."""
    other = sqlite3.connect(journal, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_journal_that_is_locked_from_the_start(at: Bench) -> None:
    """Five seconds, then a sentence; nothing was changed."""
    at.fresh()
    assert ended(running(at, "daily.yml"))[0] == 0
    at.proxy.made.clear()
    other = hold(at.home / "journal.db")
    began = time.monotonic()
    code, _, err = ended(running(at, "daily.yml"))
    other.close()
    assert code == 9
    assert "has been locked by another process for 5 seconds" in err
    assert time.monotonic() - began < 15
    assert at.proxy.made == {}


def test_a_journal_that_is_locked_midway(at: Bench) -> None:
    """What is under way ends, nothing more begins; the message counts what was made, and the next run settles it."""
    at.fresh()
    at.proxy.delay = 0.05
    process = running(at, "daily.yml")
    at.proxy.wait_for(9)
    other = hold(at.home / "journal.db")
    began = time.monotonic()
    code, _, err = ended(process)
    assert time.monotonic() - began < 15
    other.close()
    at.proxy.delay = 0.0
    made = sum(at.proxy.made.values())
    assert 0 < made < INSTANCES
    assert code == 6
    assert f"{made} of {INSTANCES} changes had been made, nothing further was" in err
    assert "uncertain: snapshot ebs vol-" in err
    ended(running(at, "daily.yml"))
    snapshots = at.snapshots()
    assert (len(snapshots), max(snapshots.values())) == (INSTANCES, 1)


def test_a_journal_that_nobody_may_write(at: Bench, tmp_path: Path) -> None:
    """A folder in its place, or bytes that are none."""
    at.fresh()
    (at.home / "journal.db").write_bytes(b"no database " * 500)
    code, _, err = ended(running(at, "daily.yml"))
    (at.home / "journal.db").unlink()
    assert code == 9
    assert "journal.db cannot be used: file is not a database" in err
    assert at.proxy.made == {}

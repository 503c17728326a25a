"""Killed at any moment, a run leaves no change that the journal does not know; the next finishes and doubles nothing.

`ENGINE_KILLS=100 pytest tests/end_to_end/test_kill.py` kills a hundred times.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import pytest

from engine.model.change import Status
from tests.campaign.journal import a_minute_later
from tests.end_to_end.killing import INSTANCES, WRITES, Bench, Kill, bench, kill, summary

KILLS = int(os.environ.get("ENGINE_KILLS", "3"))
SEED = 1
KILLED: list[Kill] = []


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("kill")) as made:
        yield made


@pytest.mark.parametrize("seed", range(SEED, SEED + KILLS))
def test_a_killed_run_is_recorded_settled_finished_and_taken_back(seed: int, at: Bench) -> None:
    found = kill(at, seed)
    KILLED.append(found)
    assert found.entries == 5 * INSTANCES
    assert found.unrecorded == []
    assert found.doubles == []
    assert found.wrong == []


def test_the_kills_have_landed_inside_calls() -> None:
    assert len(KILLED) == KILLS, "runs after the kills"
    print(summary(KILLED))
    assert sum(each.uncertain for each in KILLED) >= KILLS
    assert len({each.after for each in KILLED}) > KILLS / 3


def test_a_run_that_is_interrupted_stops_says_so_and_can_be_gone_on_with(at: Bench) -> None:
    at.fresh()
    at.proxy.delay = 0.05
    process = at.started()
    at.proxy.wait_for(12)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    at.proxy.drain()
    at.proxy.delay = 0.0
    assert process.returncode == 130
    assert "changes were made: engine runs " in told
    assert told.strip().endswith("interrupted")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    (run,) = at.runs()
    assert run.status == "interrupted"
    statuses = {entry.status for entry in at.entries(run.id)}
    assert statuses == {Status.DONE, Status.PLANNED}
    assert at.proxy.writes < WRITES / 2
    at.engine("run", "--sandbox", str(at.folder / "policies.yml"), "--yes")
    assert max(at.proxy.made.values()) == 1
    assert all("stopped" in state for id, state in at.shown().items() if id.startswith("i-"))


def test_what_a_killed_run_has_made_is_held_back_once(at: Bench) -> None:
    """The run after a killed one finds its snapshots by their marks; the one after that is a new occasion."""
    at.fresh()
    policy = at.folder / "snapshots.yml"
    policy.write_text("policies: [{name: daily, resource: aws.ebs, actions: [snapshot]}]")
    at.proxy.delay = 0.03
    process = at.started(policy)
    at.proxy.wait_for(12)
    process.kill()
    process.communicate()
    at.proxy.drain()
    at.proxy.delay = 0.0
    command = ("run", "--sandbox", str(policy), "--yes", "--format", "json")
    (first,) = at.runs()
    assert len(at.snapshots_of(first.id)) >= 12
    a_minute_later(at.home / "journal.db")
    second = json.loads(at.engine(*command))
    reasons = [skip["reason"] for skip in second["left_alone"]]
    assert len(reasons) == len(at.snapshots_of(first.id))
    assert set(reasons) == {f"made already by run {first.id}, which was cut short"}
    assert len(second["outcomes"]) == INSTANCES - len(reasons)
    assert max(at.snapshots().values()) == 1
    third = json.loads(at.engine(*command))
    assert third["left_alone"] == []
    assert len(third["outcomes"]) == INSTANCES

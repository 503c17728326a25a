"""Kill an acting run at a random moment, again and again, and hold the account against the journal each time.

    python -m tests.end_to_end.killing 100 [seed]

The account is a sandbox server of its own behind a loopback proxy, which is slow with what writes, so that kills land
inside calls; which looks into the journal before it hands a write on; and which counts.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.config import Config

from engine.cli.main import main
from engine.executor.marks import TAG
from engine.model.change import Status
from engine.plugin.journal import Entry, RunRecord, is_held
from engine.sandbox.account import STATE, ensure, find, reset, stop
from engine.store.sqlite import SqliteJournal
from tests.campaign.journal import a_minute_later
from tests.end_to_end.proxy import Proxy

INSTANCES = 26
WRITES = 2 + INSTANCES + 1 + 2 * INSTANCES  # tags by 25, snapshots one by one, one stop; a snapshot and a change a disk
POLICIES = """
policies:
  - name: put-to-rest
    resource: aws.ec2
    filters: [{State.Name: running}]
    actions:
      - {type: tag, key: Idle, value: "true"}
      - snapshot
      - stop
  - name: cheaper-disks
    resource: aws.ebs
    filters: [{VolumeType: gp2}]
    actions:
      - snapshot
      - {type: modify, volume-type: gp3}
"""


def world() -> str:
    """Instances that run, each with a disk of the old kind."""
    rows = "\n".join(f"  - {{name: n{number}, disk_type: gp2}}" for number in range(INSTANCES))
    return f"name: herd\nregion: us-east-1\ninstances:\n{rows}\n"


@dataclass
class Kill:
    """What one kill left, and what became of it."""

    seed: int
    after: int
    entries: int = 0
    uncertain: int = 0
    held_back: int = 0
    unrecorded: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """An account behind a proxy, and a home for the engine."""

    folder: Path
    proxy: Proxy

    @property
    def home(self) -> Path:
        """The engine's home."""
        return self.folder / "home"

    def engine(self, *arguments: str, code: int = 0) -> str:
        """A command in this very process, which must end with this code; what it prints."""
        out, err, ended = io.StringIO(), io.StringIO(), 0
        with patch.dict(os.environ, self.environment(), clear=True), redirect_stdout(out), redirect_stderr(err):
            try:
                main(arguments)
            except SystemExit as told:
                ended = int(told.code or 0)
        assert ended == code, f"{arguments} ended with {ended}\n{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue()

    def command(self, *arguments: str) -> list[str]:
        """The command line of the engine, which hears Ctrl-C even where the tests run in the background of a shell."""
        heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        return [sys.executable, "-c", f"{heard}; from engine.cli.main import main; main()", *arguments]

    def environment(self) -> dict[str, str]:
        """Nothing of AWS but what the sandbox gives."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ENGINE_"))}
        return {**kept, "ENGINE_HOME": str(self.home), "COLUMNS": "200"}

    @cached_property
    def ec2(self) -> Any:
        """A boto3 client on the server, past the proxy."""
        return boto3.client(
            "ec2", region_name="us-east-1", endpoint_url=self.proxy.target, aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox", config=Config(proxies={}),
        )  # fmt: skip

    def fresh(self) -> None:
        """The account as in the beginning, and an empty journal."""
        running = find(self.folder / "server")
        assert running is not None
        reset(running)
        for file in self.home.glob("journal.db*"):
            file.unlink()
        self.proxy.forget()

    def started(self, policy: Path | None = None) -> subprocess.Popen[str]:
        """An acting run, in a process group of its own."""
        return subprocess.Popen(
            self.command("run", "--sandbox", str(policy or self.folder / "policies.yml"), "--yes", "--format", "json"),
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def runs(self) -> list[RunRecord]:
        """The journal's runs, newest first."""
        with closing(SqliteJournal(self.home / "journal.db")) as journal:
            return journal.runs()

    def entries(self, run: str) -> list[Entry]:
        """A run's entries, straight from the journal."""
        with closing(SqliteJournal(self.home / "journal.db")) as journal:
            return journal.entries(run)

    def shown(self) -> dict[str, tuple[str, ...]]:
        """What the policies change and undo brings back: instance → state and tags, disk → kind."""
        found = {}
        for reservation in self.ec2.describe_instances()["Reservations"]:
            for each in reservation["Instances"]:
                tags = sorted(f"{t['Key']}={t['Value']}" for t in each.get("Tags", ()))
                found[each["InstanceId"]] = (each["State"]["Name"], *tags)
        return found | {v["VolumeId"]: (v["VolumeType"],) for v in self.ec2.describe_volumes()["Volumes"]}

    def snapshots_of(self, run: str) -> set[int]:
        """Numbers of a run's changes that have made a snapshot, by their marks."""
        return {int(mark.rpartition("/")[2]) for mark in self.marks() if mark.startswith(f"{run}/")}

    def marks(self) -> Counter[str]:
        """How many snapshots have each change's mark."""
        found = self.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        return Counter(t["Value"] for s in found for t in s.get("Tags", ()) if t["Key"] == TAG)

    def snapshots(self) -> Counter[str]:
        """How often each was made, by what it says it is of; those that the world brought have no such text."""
        found = self.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        return Counter(
            f"{s['Description'].split(' (')[0]} {s['VolumeId']}"
            for s in found
            if s["Description"].startswith(("Snapshot Created for", "Automated snapshot"))
        )


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """The account, its proxy and the policies; everything is stopped at the end."""
    (folder / "home").mkdir()
    (folder / "herd.yml").write_text(world())
    (folder / "policies.yml").write_text(POLICIES)
    server = ensure(folder / "herd.yml", folder / "server", idle_minutes=5)
    proxy = Proxy(server.endpoint, folder / "home" / "journal.db")
    try:
        status = json.loads((folder / "server" / STATE).read_text())
        (folder / "home" / STATE).write_text(json.dumps({**status, "endpoint": proxy.endpoint}))
        yield Bench(folder, proxy)
    finally:
        proxy.close()
        stop(server, folder / "server")


def kill(at: Bench, seed: int) -> Kill:
    """One round: run and kill, settle, run again, undo both."""
    chance = random.Random(seed)
    at.fresh()
    before = at.shown()
    found = Kill(seed, chance.randint(1, WRITES - 2))
    at.proxy.delay = 0.03
    process = at.started()
    at.proxy.wait_for(found.after)
    time.sleep(chance.random() * 0.03)
    process.kill()
    out, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, out
    at.proxy.drain()
    at.proxy.delay = 0.0
    (killed,) = at.runs()
    found.entries = len(at.entries(killed.id))
    unsure = _settle(at, killed.id, found)
    _again(at, found, before, unsure)
    _undo(at, before, found)
    found.unrecorded = list(at.proxy.unrecorded)
    return found


def _settle(at: Bench, run: str, found: Kill) -> bool:
    """`engine runs RUN` reads AWS to learn how the changes under way ended; a minute later it knows of all.

    Whether some are left that it does not know of.
    """
    under_way = [e for e in at.entries(run) if e.status is Status.STARTED]
    found.uncertain = len(under_way)
    at.engine("runs", run)
    a_minute_later(at.home / "journal.db")  # nothing is on its way any more: the proxy is drained
    told = json.loads(at.engine("runs", run, "--format", "json"))
    shown, made_of = at.shown(), at.snapshots_of(run)
    for entry in at.entries(run):
        change = entry.change
        if entry.status is Status.STARTED:
            found.wrong.append(f"{entry.number} is still started")
        if change.action == "snapshot" and entry.status is not Status.PLANNED:
            seen = entry.number in made_of
            if entry.status is not (Status.DONE if seen else Status.FAILED):
                found.wrong.append(f"{entry.number} snapshot is {entry.status}, the account has it: {seen}")
        if entry.status is Status.UNCERTAIN:
            found.wrong.append(f"{entry.number} {change.action} could have been settled")
        if change.action != "snapshot" and entry.status in (Status.DONE, Status.FAILED):
            made = {"tag": "Idle=true", "stop": "stopped", "modify": "gp3"}[change.action] in shown[change.ref.id]
            if made is not (entry.status is Status.DONE):
                found.wrong.append(f"{entry.number} {change.action} is {entry.status}, the account says {made}")
    if told["status"] != "died":
        found.wrong.append(f"the run is {told['status']}")
    return any(e.status is Status.UNCERTAIN for e in at.entries(run))


def _again(at: Bench, found: Kill, before: dict[str, tuple[str, ...]], unsure: bool) -> None:
    """The next run finishes the rest, and makes nothing twice; what may have been made it leaves alone and says so."""
    command = ("run", "--sandbox", str(at.folder / "policies.yml"), "--yes", "--format", "json")
    told = json.loads(at.engine(*command, code=6 if unsure else 0))
    held = [skip for skip in told["left_alone"] if is_held(skip["reason"])]
    found.held_back = len(held)
    lacking = {skip["id"] for skip in held}
    for id, state in at.shown().items():
        if id in lacking:
            if "stopped" in state or state == ("gp3",):
                found.wrong.append(f"{id} is {state} though it is held")
            continue
        right = ("stopped", "Idle=true", *before[id][1:]) if id.startswith("i-") else ("gp3",)
        if sorted(state) != sorted(right):
            found.wrong.append(f"{id} is {state} after the second run")
    made = at.snapshots()
    found.doubles += [f"{what} {times} times" for what, times in made.items() if times > 1]
    found.doubles += [f"{what} {times} times" for what, times in at.proxy.made.items() if times > 1]
    if len(made) < 2 * INSTANCES - len(lacking):
        found.wrong.append(f"{len(made)} snapshots, {len(lacking)} resources held")
    for run in at.runs():
        for entry in at.entries(run.id):
            if entry.status is Status.UNCERTAIN:
                at.engine("runs", "settle", run.id, str(entry.number), "not-done")


def _undo(at: Bench, before: dict[str, tuple[str, ...]], found: Kill) -> None:
    """Both runs taken back, the newer first: the account is as it was, apart from snapshots."""
    for run in at.runs():
        at.engine("undo", run.id, "--yes")
    left = {id: state for id, state in at.shown().items() if state != before[id]}
    if left:
        found.wrong.append(f"not as before: {left}")


def summary(kills: Sequence[Kill]) -> str:
    """The numbers of many rounds."""
    numbers = {
        "kills": len(kills),
        "entries": sum(k.entries for k in kills),
        "under way when killed": sum(k.uncertain for k in kills),
        "held back": sum(k.held_back for k in kills),
        "doubles": sum(len(k.doubles) for k in kills),
        "unrecorded": sum(len(k.unrecorded) for k in kills),
        "wrong": sum(len(k.wrong) for k in kills),
    }
    return ", ".join(f"{number} {what}" for what, number in numbers.items())


def many(times: int, seed: int) -> int:
    """Kill so many times; 1 when anything was not as it should be."""
    kills = []
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder)) as at:
        for number in range(times):
            kills.append(kill(at, seed + number))
            for text in (*kills[-1].unrecorded, *kills[-1].doubles, *kills[-1].wrong):
                print(f"seed {kills[-1].seed}, after write {kills[-1].after}: {text}")
    print(summary(kills))
    return 1 if any(k.unrecorded or k.doubles or k.wrong for k in kills) else 0


if __name__ == "__main__":
    sys.exit(many(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))

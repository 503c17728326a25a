"""Kill the engine at random moments of run, apply, undo and runs, go on, and hold the account against the journal.

    python -m tests.campaign.kills 300 [seed]

What is held: no write that the journal does not know of; nothing done twice; no delete whose snapshot is not proven;
a journal that tells the truth once it is settled; and that the work can always be finished.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from engine.model.change import Status
from engine.plugin.journal import Entry
from engine.sandbox.world import read_text

from .account import Account, Ended, Write, account
from .journal import a_minute_later, entries_of, runs_of

INSTANCES = VOLUMES = 8
WRITES = 2 + 2 * VOLUMES
CLEAN = """
  - name: clean-up
    resource: aws.ebs
    filters: [{Attachments: []}]
    actions: [snapshot, delete]
"""
REST = """
  - name: put-to-rest
    resource: aws.ec2
    filters: [{State.Name: running}]
    actions:
      - {type: tag, key: Idle, value: "true"}
      - stop
"""
MODES = ("run", "apply", "undo")
FORBIDDEN = ("done twice", "unjournalled", "unproven", "lies", "not recovered", "broke")


def world() -> str:
    """Instances that run, and disks that nothing uses."""
    instances = "\n".join(f"  - {{name: n{number}}}" for number in range(INSTANCES))
    volumes = "\n".join(f"  - {{name: v{number}, size: 8}}" for number in range(VOLUMES))
    return f"name: herd\nregion: us-east-1\ninstances:\n{instances}\nvolumes:\n{volumes}\n"


@dataclass
class Tally:
    """Numbers of many rounds, and what was wrong."""

    numbers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def violated(self, kind: str, where: str, text: str) -> None:
        """Note a violation of a kind."""
        self.numbers[kind] += 1
        self.wrong.append(f"{where}: {kind}: {text}")

    def __str__(self) -> str:
        told = {**dict.fromkeys(("rounds", "kills", *FORBIDDEN), 0), **self.numbers}
        return ", ".join(f"{number} {what}" for what, number in told.items())


@dataclass
class Bench:
    """The account, and what the rounds have shown."""

    at: Account
    tally: Tally = field(default_factory=Tally)
    where: str = ""

    def file(self, name: str, policies: str) -> str:
        """A file of policies."""
        path = self.at.folder / name
        path.write_text(f"policies:{policies}")
        return str(path)

    def client(self) -> Any:
        """A boto3 client on the account; what it asks is no write."""
        return boto3.client(
            "ec2", region_name="us-east-1", endpoint_url=self.at.endpoint, aws_access_key_id="x",
            aws_secret_access_key="x", config=Config(proxies={}),
        )  # fmt: skip

    def ended(self, ended: Ended, *arguments: str, codes: Sequence[int] = (0, 6, 8)) -> Ended:
        """Note a command that ended as none may."""
        if ended.code == 2 and "no run has changed anything yet" in ended.err:
            return ended  # killed before it had begun
        if ended.wrong or (ended.code not in codes and ended.code != -9):
            self.tally.violated("broke", self.where, f"{arguments[:2]} ended with {ended.code}: {ended.err[-300:]}")
        return ended

    def engine(self, *arguments: str, codes: Sequence[int] = (0, 6, 8)) -> Ended:
        """A command to its end."""
        return self.ended(self.at.engine(*arguments), *arguments, codes=codes)

    def killed(self, chance: random.Random, *arguments: str, writes: int = WRITES) -> bool:
        """A command, killed at a random moment if it has not ended by then; whether it was."""
        started = self.at.start(*arguments)
        before = self.at.came
        if chance.random() < 0.8 and writes:
            wanted, until = before + chance.randint(1, writes), time.monotonic() + 20
            while started.running and self.at.came < wanted and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(chance.random() * 0.04)
        else:
            until = time.monotonic() + chance.random() * 1.2
            while started.running and time.monotonic() < until:
                time.sleep(0.002)
        dead = started.kill()
        self.ended(started.end(), *arguments)
        self.at.drain()
        self.tally.numbers["kills"] += dead
        self.tally.numbers[f"kills of {arguments[0]}"] += dead
        return dead


def round(bench: Bench, seed: int) -> None:
    """One round: a command is killed, then perhaps what comes after it; then the work is finished and held."""
    chance = random.Random(seed)
    mode = MODES[seed % len(MODES)]
    bench.where = f"seed {seed}, {mode}"
    bench.at.fresh()
    bench.tally.numbers["rounds"] += 1
    policies = bench.file("p.yml", REST if mode == "undo" else REST + CLEAN)
    command: tuple[str, ...] = ("run", policies, "--yes")
    if mode == "apply":
        plan = str(bench.at.folder / "p.plan")
        bench.engine("plan", policies, "-o", plan)
        command = ("apply", plan, "--yes")
    elif mode == "undo":
        bench.engine("run", policies, "--yes", codes=(0,))
        command = ("undo", runs_of(bench.at.journal)[-1].id, "--yes")
    bench.at.say("delay", str(chance.choice((0.0, 0.02, 0.05))))
    bench.killed(chance, *command, writes=2 if mode == "undo" else WRITES)
    while chance.random() < 0.6 and bench.at.journal.exists():
        bench.killed(chance, "runs", "last", writes=0)
        if chance.random() < 0.6:
            bench.killed(chance, *command, writes=2 if mode == "undo" else WRITES)
    bench.at.say("delay", "0")
    applied = finish(bench, command)
    hold(bench, mode)
    if left := unfinished(bench, mode):
        bench.tally.numbers["left for a new plan"] += applied
        if not applied:
            bench.tally.violated("not recovered", bench.where, left)


def finish(bench: Bench, command: tuple[str, ...]) -> bool:
    """A minute later everything can be told, and the same command finishes the work.

    Returns:  whether it cannot: a plan that was applied but for what was uncertain then counts as applied, and the rest
              is left for a new one.
    """
    applied = False
    for _ in range(2):
        if bench.at.journal.exists():
            a_minute_later(bench.at.journal)
            for run in reversed(runs_of(bench.at.journal)):
                bench.engine("runs", run.id)
        applied = "was applied at" in bench.engine(*command).err
    a_minute_later(bench.at.journal)
    return applied


def hold(bench: Bench, mode: str) -> None:
    """The account and its journal, once the work is finished."""
    writes = [write for write in bench.at.writes if write.effective]
    tell: Callable[[str, str], None] = lambda kind, text: bench.tally.violated(kind, bench.where, text)  # noqa: E731
    for write in writes:
        if not write.known:
            tell("unjournalled", f"{write.operation} {sorted(write.ids)[:2]}")
        if not write.proven:
            tell("unproven", f"{write.operation} {sorted(write.ids)[:2]}")
    made = per_resource(writes)
    for (operation, id), numbers in made.items():
        if len(numbers) > 1:
            tell("done twice", f"{operation} on {id} {len(numbers)} times")
        if operation == "ec2:DeleteVolume" and min(made.get(("ec2:CreateSnapshot", id), [10**9])) > numbers[0]:
            tell("unproven", f"{id} was deleted without a snapshot")
    entries = in_journal_order(bench.at.journal)
    bench.tally.numbers["entries"] += len(entries)
    bench.tally.numbers["writes"] += len(writes)
    for text in lies(entries, made):
        tell("lies", text)


def in_journal_order(journal: Path) -> list[Entry]:
    """Every entry of every run, the oldest run first."""
    return [entry for run in reversed(runs_of(journal)) for entry in entries_of(journal, run.id)]


def per_resource(writes: Sequence[Write]) -> dict[tuple[str, str], list[int]]:
    """(operation, resource) → the numbers of the writes that took effect on it."""
    made: dict[tuple[str, str], list[int]] = {}
    for write in writes:
        for id in write.ids:
            made.setdefault((write.operation, id), []).append(write.number)
    return made


def lies(entries: Sequence[Entry], made: dict[tuple[str, str], list[int]]) -> Iterator[str]:
    """As many changes are DONE as took effect, of each operation on each resource; nothing is left started."""
    done: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for call in entry.change.calls:
            done[str(call), entry.change.ref.id] += entry.status is Status.DONE
        if entry.status in (Status.STARTED, Status.UNCERTAIN):
            yield f"{entry.change.action} on {entry.change.ref.id} is {entry.status} ({entry.reason[-200:]})"
    for key in {*done, *made}:
        if done[key] != len(made.get(key, ())):
            yield f"{' '.join(key)}: {done[key]} are done by the journal, {len(made.get(key, ()))} at the wire"


def unfinished(bench: Bench, mode: str) -> str:
    """What the work has not reached, or empty."""
    ec2 = bench.client()
    states = Counter(
        (each["State"]["Name"], any(tag["Key"] == "Idle" for tag in each.get("Tags", ())))
        for reservation in ec2.describe_instances()["Reservations"]
        for each in reservation["Instances"]
    )
    wanted = {("running", False): INSTANCES} if mode == "undo" else {("stopped", True): INSTANCES}
    free = [v for v in ec2.describe_volumes()["Volumes"] if not v["Attachments"]]
    left = len(free) if mode != "undo" else 0
    return "" if states == wanted and not left else f"instances are {dict(states)}, {left} volumes are left"


@contextmanager
def bench() -> Iterator[Bench]:
    """The account in its own process; everything is imported before the first command is forked."""
    with tempfile.TemporaryDirectory() as folder, account(read_text(world()), Path(folder)) as at:
        made = Bench(at)
        at.engine("run", made.file("warm.yml", REST), "--dry-run")
        yield made


def main(kills: int, seed: int = 1) -> int:
    """Rounds until so many kills have hit; 1 when anything was not as it should be."""
    started = time.monotonic()
    with bench() as made:
        while made.tally.numbers["kills"] < kills:
            before = len(made.tally.wrong)
            round(made, seed)
            seed += 1
            for text in made.tally.wrong[before:]:
                print(text, flush=True)
            if seed % 20 == 0:
                print(f"… {made.tally}", flush=True)
    print(f"{made.tally} in {time.monotonic() - started:.0f} s")
    print(json.dumps(dict(made.tally.numbers)))
    return 1 if made.tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))

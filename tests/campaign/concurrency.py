"""Several commands at once: runs, applies of one plan, undos of one run, and mixtures, with writes that take their time.

    python -m tests.campaign.concurrency 60 [seed]

What is held: nothing is done twice; who leaves a resource alone says to which run; exit codes are 0, 6 and 8; the
journal tells the truth; and the work is finished.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

from engine.model.change import Status
from engine.plugin.journal import Entry, left_to_another

from .account import Ended, Engine, Write
from .journal import runs_of
from .kills import CLEAN, REST, Bench, Tally, bench, in_journal_order, lies, per_resource, unfinished

NIGHT = """
  - name: night
    resource: aws.ec2
    filters: [{State.Name: running}]
    actions:
      - {type: tag, key: Night, value: "true"}
      - stop
"""
TIDY = """
  - name: tidy
    resource: aws.ebs
    filters: [{Attachments: []}]
    actions: [{type: tag, key: Old, value: "true"}, delete]
"""
TURNS = {"StopInstances": "power", "StartInstances": "power"}
"""Operations that take each other back."""
CODES = (0, 6, 8)
RUN = re.compile(r"run \d{8}-\d{6}-[0-9a-f]{4}")

Commands = Sequence[tuple[str, ...]]


def same(at: Bench, count: int) -> Commands:
    """One policy file, many runs."""
    return [("run", at.file("same.yml", REST + CLEAN), "--yes")] * count


def different(at: Bench, count: int) -> Commands:
    """Policies that want the same resources, each for itself."""
    files = [at.file("rest.yml", REST + CLEAN), at.file("night.yml", NIGHT), at.file("tidy.yml", TIDY + NIGHT)]
    return [("run", files[number % len(files)], "--yes") for number in range(count)]


def applies(at: Bench, count: int) -> Commands:
    """One plan, applied by many."""
    plan = str(at.at.folder / "one.plan")
    at.engine("plan", at.file("plan.yml", REST + CLEAN), "-o", plan)
    return [("apply", plan, "--yes")] * count


def undos(at: Bench, count: int) -> Commands:
    """One run, taken back by many."""
    at.engine("run", at.file("back.yml", REST), "--yes", codes=(0,))
    return [("undo", runs_of(at.at.journal)[0].id, "--yes")] * count


def mixture(at: Bench, count: int) -> Commands:
    """A run that is taken back while others run, apply and look."""
    file = at.file("mix.yml", REST)
    plan = str(at.at.folder / "mix.plan")
    at.engine("plan", at.file("clean.yml", CLEAN), "-o", plan)
    at.engine("run", file, "--yes", codes=(0,))
    run = runs_of(at.at.journal)[0].id
    kinds: Commands = [
        ("undo", run, "--yes"), ("run", at.file("tidy.yml", TIDY), "--yes"), ("apply", plan, "--yes"),
        ("runs", run), ("run", file, "--yes"), ("undo", run, "--yes"), ("apply", plan, "--yes"), ("runs",),
    ]  # fmt: skip
    return kinds[:count]


SCENARIOS: dict[str, Callable[[Bench, int], Commands]] = {
    "same policy": same, "different policies": different, "applies of one plan": applies, "undos of one run": undos,
    "mixture": mixture,
}  # fmt: skip


def round(at: Bench, scenario: str, count: int, seed: int) -> None:
    """So many commands at once, a little apart."""
    chance = random.Random(seed)
    at.where = f"seed {seed}, {count} x {scenario}"
    at.at.fresh()
    commands = SCENARIOS[scenario](at, count)
    at.at.say("delay", str(chance.choice((0.0, 0.02, 0.06))))
    at.tally.numbers["rounds"] += 1
    begun: list[tuple[tuple[str, ...], Engine]] = []
    for command in commands:
        begun.append((command, at.at.start(*command)))
        time.sleep(chance.random() * chance.choice((0.0, 0.05, 0.4)))
    ends = [(command, engine.end()) for command, engine in begun]
    at.at.drain()
    at.at.say("delay", "0")
    for command, ended in ends:
        at.tally.numbers["commands"] += 1
        at.tally.numbers[f"exit {ended.code}"] += 1
        at.ended(ended, *command, codes=CODES)
        if ended.code == -9:
            at.tally.violated("broke", at.where, f"{command[:2]} did not end")
        if ended.code == 8 and not names_a_run(ended):
            at.tally.violated(
                "unnamed", at.where, f"{command[:2]} does not say whom it left what to: {ended.out[-300:]}"
            )
    hold(at, scenario)


def names_a_run(ended: Ended) -> bool:
    """Whether a command says which run it left something to, or that what a plan was made for is gone."""
    return RUN.search(ended.out + ended.err) is not None or "it is gone" in ended.out


def hold(at: Bench, scenario: str) -> None:
    """The account and its journal after a round."""
    writes = [write for write in at.at.writes if write.effective]
    for text in twice(writes):
        at.tally.violated("done twice", at.where, text)
    for write in writes:
        if not write.known:
            at.tally.violated("unjournalled", at.where, f"{write.operation} {sorted(write.ids)[:2]}")
        if not write.proven:
            at.tally.violated("unproven", at.where, f"{write.operation} {sorted(write.ids)[:2]}")
    entries = in_journal_order(at.at.journal)
    for text in lies(entries, per_resource(writes)):
        at.tally.violated("lies", at.where, text)
    for text in silent(entries):
        at.tally.violated("unnamed", at.where, text)
    at.tally.numbers["entries"] += len(entries)
    at.tally.numbers["left to others"] += sum(left_to_another(entry.reason) for entry in entries)
    goal = {"same policy": "run", "applies of one plan": "run", "undos of one run": "undo"}.get(scenario)
    if goal and (left := unfinished(at, goal)):
        at.tally.violated("not recovered", at.where, left)


def silent(entries: Sequence[Entry]) -> list[str]:
    """Skipped changes whose reason names no run and no earlier failure."""
    skipped = [e for e in entries if e.status is Status.SKIPPED and not RUN.search(e.reason)]
    return [f"{e.change.action} of {e.change.ref.id}: {e.reason!r}" for e in skipped]


def twice(writes: Sequence[Write]) -> list[str]:
    """What took effect twice on a resource, without having been taken back in between."""
    found: list[str] = []
    last: dict[tuple[str, str], str] = {}
    for write in sorted(writes, key=lambda write: write.number):
        operation = write.operation.partition(":")[2]
        for id in write.ids:
            for what in _subjects(operation, write):
                if last.get((id, what)) == operation:
                    found.append(f"{operation} of {id} ({what})")
                last[id, what] = operation
    return found


def _subjects(operation: str, write: Write) -> list[str]:
    """What an operation changes of a resource: its power, each tag by its key, else what the operation is called."""
    if operation in ("CreateTags", "DeleteTags"):
        form = parse_qsl(write.key.rpartition("\x00")[2])
        return [f"tag {value}" for name, value in form if re.fullmatch(r"Tag\.\d+\.Key", name)]
    return [TURNS.get(operation, operation)]


def main(rounds: int, seed: int = 1) -> int:
    """So many rounds, scenario by scenario; 1 when anything was not as it should be."""
    started = time.monotonic()
    by_scenario: dict[str, Counter[str]] = {}
    with bench() as at:
        whole = Tally()
        for number in range(rounds):
            scenario = list(SCENARIOS)[number % len(SCENARIOS)]
            at.tally = Tally()
            round(at, scenario, (2, 4, 8)[number // len(SCENARIOS) % 3], seed + number)
            by_scenario.setdefault(scenario, Counter()).update(at.tally.numbers)
            whole.numbers += at.tally.numbers
            whole.wrong += at.tally.wrong
            for text in at.tally.wrong:
                print(text, flush=True)
    for scenario, numbers in by_scenario.items():
        print(f"{scenario}: {dict(numbers)}")
    print(f"{whole} in {time.monotonic() - started:.0f} s")
    return 1 if whole.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))

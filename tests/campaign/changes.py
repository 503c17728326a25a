"""The campaign against changing: every acting operation that the sandbox can make, each call of it, each fault.

    python -m tests.campaign.changes [TYPE …] [--most N]

What is held: each call took effect at most once; the journal tells the truth once it is settled; later actions are made
only after what came before them is done; undo takes back what is done, once; what is uncertain holds the resource.

Each trial runs in a fork of a process that holds the account, and so begins with the same one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from engine.executor.intent import Planned
from engine.lang.vocabulary import actions_of
from engine.model.change import Change
from engine.model.errors import EngineError
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.discover import catalog
from engine.sandbox.account import DEFAULT_WORLD, sandbox_of
from engine.sandbox.world import read_file
from tests.end_to_end.at_work import AtWork
from tests.end_to_end.cases import BESIDE, GENERIC, OPERATIONS, TAGGED, UNTAGGABLE, UNTRIED, Case
from tests.end_to_end.estate import furnish

from .account import Recorder, prepare
from .trial import CHANGE_FAULTS, Seen, Trial, ends, run, shown, undo

TRIAL_SECONDS = 90.0
LATER: Json = {"type": "tag", "tags": {"Later": "yes"}}
FIRST: Json = {"type": "tag", "tags": {"Before": "yes"}}


@dataclass
class Tally:
    """What a campaign has seen."""

    trials: int = 0
    commands: int = 0
    operations: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    missed: int = 0
    unshown: int = 0
    forks: int = 0
    violations: list[str] = field(default_factory=list)
    unsettled: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.trials} faulted changes of {len(self.operations)} operations, {len(self.calls)} calls, "
            f"{self.commands} commands, {self.missed} trials whose call was not made, "
            f"{self.unshown} operations that the sandbox does not show, {dict(self.ends)}, "
            f"{sum(self.unsettled.values())} left uncertain, {len(self.violations)} violations"
        )

    def add(self, trial: Trial, seen: Seen) -> None:
        """Count a trial."""
        self.trials += 1
        self.commands += seen.commands
        self.operations.add(trial.name)
        self.calls.add(f"{trial.name} {trial.call}")
        self.missed += not seen.hits
        self.violations += [f"{trial}: {text}" for text in seen.violations]
        self.unsettled.update(f"{trial.name}: {text}" for text in seen.unsettled)
        self.ends.update(seen.ends)


@dataclass
class Campaign:
    """An account that every trial finds as it was, and what the trials have shown."""

    server: Recorder
    at: AtWork
    folder: Path
    tally: Tally = field(default_factory=Tally)

    def planned(self, case: Case) -> list[Planned]:
        """What a case's policy would do; nothing where the sandbox has nothing to do it on, or lacks what it reads."""
        try:
            return self.at.wanted(case.type, case.action, case.filters).planned
        except (AssertionError, EngineError):
            return []

    def trials(self, cases: Iterable[Case], faults: Sequence[str]) -> Iterator[Trial]:
        """The trials of these cases."""
        for case in cases:
            planned = self.planned(case)
            if not planned:
                continue
            policy = policy_of(case, planned[0].change)
            for call in dict.fromkeys(str(c) for c in planned[0].change.calls):
                for fault in faults:
                    yield Trial(case.id, policy, call, fault, True)
                    yield Trial(case.id, policy, call, fault, False)
                if "reset after" in faults:
                    yield Trial(case.id, policy, call, "reset after", False, blind=True)
            for call in dict.fromkeys(str(c) for c in planned[0].change.inverse):
                for fault in faults:
                    yield Trial(case.id, policy, call, fault, len(fault) % 2 == 0, undoing=True)

    def shows(self, trial: Trial) -> bool:
        """Whether the sandbox shows what the policy changes: some of moto's calls are answered, and do nothing."""
        ends = self.forked(trial, shown).ends
        self.tally.unshown += "failed" in ends
        return "failed" not in ends

    def forked(self, trial: Trial, what: Callable[[Trial, Recorder, Path], Seen] = run) -> Seen:
        """A trial in a fork, which leaves this account as it is."""
        ours, theirs = os.pipe()
        self.tally.forks += 1
        if not (pid := os.fork()):
            seen = Seen()
            try:
                seen = what(trial, self.server, self.folder / f"t{self.tally.forks}")
            except BaseException as broken:  # told by the parent, whatever it is
                seen.violations.append(f"the trial itself failed: {type(broken).__name__}: {broken}"[:600])
            os.write(theirs, json.dumps(asdict(seen)).encode()[:60_000])
            os._exit(0)
        os.close(theirs)
        ready, _, _ = select.select([ours], [], [], TRIAL_SECONDS)
        with os.fdopen(ours, "rb") as pipe:
            text = pipe.read() if ready else b""
        if not ready:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return Seen(**json.loads(text)) if text else Seen([f"no end within {TRIAL_SECONDS:g} seconds"])

    def against(self, trials: Iterable[Trial], report: bool = False) -> None:
        """Run trials."""
        shows: dict[str, bool] = {}
        for trial in trials:
            if trial.name not in shows:
                shows[trial.name] = self.shows(trial)
            if not shows[trial.name]:
                continue
            before = len(self.tally.violations)
            self.tally.add(trial, self.forked(trial, undo if trial.undoing else run))
            for text in self.tally.violations[before:] if report else ():
                print(f"  {text}", flush=True)


def policy_of(case: Case, change: Change) -> dict[str, Json]:
    """The case as a policy on one resource, with another action after it, or before it where the resource is gone."""
    type = catalog().provider.type(case.type)
    names = (*type.identity.within, type.identity.id)
    values = change.ref.id.split("/", len(names) - 1)
    own: list[Json] = [{"type": "value", "key": k, "value": v} for k, v in zip(names, values, strict=False)]
    actions: list[Json] = [case.action]
    tagging = case.word in ("tag", "remove-tag", "rename-tag", "mark-for-op", "copy-instance-tags", "propagate-tags")
    if case.type in TAGGED and case.type not in UNTAGGABLE and not tagging:
        actions = [FIRST, case.action] if ends(change) else [case.action, LATER]
    filters = own if len(names) == len(values) else list(case.filters)
    return {"name": "campaign", "resource": f"aws.{case.type}", "filters": filters, "actions": actions}


def bare(type: ResourceType) -> Iterator[Case]:
    """The type's operations as their examples write them: deletes, creations, and all others."""
    for element in actions_of(type, catalog()):
        operation = type.operations.get(element.word)
        if operation is None or operation.hidden:
            continue
        action = yaml.safe_load(element.examples[0]) if element.examples and "…" not in element.examples[0] else None
        if action is None and not element.bare:
            continue
        options = {k: v for k, v in action.items() if k != "type"} if isinstance(action, dict) else {}
        yield Case(type.word, element.word, options)


def cases(words: Sequence[str]) -> Iterator[Case]:
    """The tables' cases and every operation by its example, of these types."""
    known = set()
    for case in (*OPERATIONS, *BESIDE, *GENERIC):
        if case.type in words and case.type not in UNTRIED and not case.moto and not case.first:
            known.add((case.type, case.word))
            yield case
    for word in words:
        if word in UNTRIED:
            continue
        if word in TAGGED and word not in UNTAGGABLE:
            yield Case(word, "tag", {"tags": {"Idle": "true"}})
            yield Case(word, "mark-for-op", {"op": "tag", "days": 4, "tag": "Marked"})
        for case in bare(catalog().provider.type(word)):
            if (case.type, case.word) not in known:
                yield case


@contextmanager
def campaign(furnished: bool = True) -> Iterator[Campaign]:
    """A campaign against the shop with everything that the tables of cases put beside it."""
    prepare()
    server = Recorder(read_file(DEFAULT_WORLD))
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        try:
            at = AtWork(sandbox_of(server.status), None)  # type: ignore[arg-type]  # plans only
            if furnished:
                furnish(at)
            yield Campaign(server, at, Path(folder))
        finally:
            server.close()


@contextmanager
def paused(at: Campaign) -> Iterator[None]:
    """The server does not listen, so that the process may fork."""
    at.server.pause()
    try:
        yield
    finally:
        at.server.go_on()


def main(arguments: Sequence[str]) -> int:
    """The whole campaign, type by type (`--most N`: trials of a type at most); prints what it sees."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("words", nargs="*", help="resource types (default: every curated one)")
    parser.add_argument("--most", type=int, default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="the shop as it comes, which is there sooner")
    given = parser.parse_args(arguments)
    chance, started = random.Random(given.seed), time.monotonic()
    with campaign(furnished=not given.plain) as ran:
        chosen = given.words or sorted(catalog().provider.curated())  # type: ignore[attr-defined]
        for word in chosen:
            trials = list(ran.trials(cases([word]), list(CHANGE_FAULTS)))
            if given.most is not None:
                trials = chance.sample(trials, min(given.most, len(trials)))
            if trials:
                print(f"{word}: {len(trials)} trials of {len({t.name for t in trials})} operations", flush=True)
                with paused(ran):
                    ran.against(trials, report=True)
        print(f"{ran.tally} in {time.monotonic() - started:.0f} s")
        for text, times in ran.tally.unsettled.most_common():
            print(f"  uncertain {times} times: {text}")
        return 1 if ran.tally.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from engine.executor.intent import Planned
from engine.lang.vocabulary import actions_of
from engine.model.change import Change, Status
from engine.model.errors import EngineError
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry
from engine.sandbox.account import DEFAULT_WORLD, sandbox_of
from engine.sandbox.world import read_file
from tests.end_to_end.at_work import AtWork
from tests.end_to_end.cases import BESIDE, GENERIC, OPERATIONS, TAGGED, UNTAGGABLE, Case
from tests.end_to_end.estate import furnish

from .account import Ended, Recorder, a_minute_later, command, entries_of, environment, prepare, runs_of
from .faults import FAULTS, PAGE, Answer, Exchange, Fault, error, hang, raw, reset, truncated
from .wire import Rule

TRIAL_SECONDS = 90.0
AGAIN_AND_AGAIN = {"type": "tag", "tags": {"Later": "yes"}}
FIRST: Json = {"type": "tag", "tags": {"Before": "yes"}}


def after(fault: Fault) -> Fault:
    """The request is carried out; what comes back is the fault's."""

    def made(exchange: Exchange) -> Answer:
        exchange.healthy()
        return fault(exchange)

    return made


CHANGE_FAULTS: dict[str, Fault] = {
    "reset after": reset(after=True),
    "reset before": reset(after=False),
    "500 after": after(error("InternalFailure", 500)),
    "503 after": after(error("ServiceUnavailable", 503)),
    "408 after": after(error("RequestTimeout", 408)),
    "500 before": error("InternalFailure", 500),
    "throttled": error("Throttling"),
    "slow down": error("SlowDown", 503),
    "denied": error("AccessDenied", 403),
    "an invented code": error("SomethingUnheardOf"),
    "not found, before": error("ResourceNotFoundException", 404),
    "a web page after": after(raw(PAGE)),
    "a web page before": raw(PAGE),
    "truncated after": truncated,
    "empty body after": after(raw(b"", kind="text/xml")),
    "somebody's JSON after": after(raw(b'{"error": "blocked"}', kind="application/json")),
    "hang after": after(hang),
    "broken off after": FAULTS["broken off"],
    "malformed after": FAULTS["malformed"],
}
"""Name → fault. `after`: the account has carried the request out; `before`: it never saw it."""


@dataclass
class Trial:
    """One policy, one call, one fault; `first_only`: on its first request. `blind`: nothing can be read afterwards."""

    name: str
    policy: dict[str, Json]
    call: str
    fault: str
    first_only: bool
    blind: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.call}: {self.fault}{', once' if self.first_only else ''}"


@dataclass
class Seen:
    """What came of a trial."""

    violations: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    hits: int = 0
    commands: int = 0


@dataclass
class Tally:
    """What a campaign has seen."""

    trials: int = 0
    commands: int = 0
    operations: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    missed: int = 0
    violations: list[str] = field(default_factory=list)
    unsettled: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.trials} faulted changes of {len(self.operations)} operations, {len(self.calls)} calls, "
            f"{self.commands} commands, {self.missed} trials whose call was not made, {dict(self.ends)}, "
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

    def forked(self, trial: Trial) -> Seen:
        """A trial in a fork, which leaves this account as it is."""
        ours, theirs = os.pipe()
        if not (pid := os.fork()):
            seen = Seen()
            try:
                seen = run(trial, self.server, self.folder / f"t{os.getpid()}")
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
        for trial in trials:
            before = len(self.tally.violations)
            self.tally.add(trial, self.forked(trial))
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
        actions = [FIRST, case.action] if _ends(change) else [case.action, AGAIN_AND_AGAIN]
    filters = own if len(names) == len(values) else list(case.filters)
    return {"name": "campaign", "resource": f"aws.{case.type}", "filters": filters, "actions": actions}


def _ends(change: Change) -> bool:
    return change.done is not None and change.done.gone


class _Held:
    """A trial while it runs: the commands, and what they have done at the wire."""

    def __init__(self, trial: Trial, server: Recorder, folder: Path) -> None:
        self.trial, self.server, self.folder, self.seen = trial, server, folder, Seen()
        self.variables = environment(server.status, folder)
        self.journal = folder / "journal.db"
        self.policy = folder / "policy.yml"
        self._from = 0

    def command(self, *arguments: str) -> Ended:
        """A command; it must not break."""
        self._from = len(self.server.writes)
        ended = command(self.variables, *arguments)
        self.seen.commands += 1
        if ended.wrong:
            self.wrong(f"{arguments[0]}: {ended.wrong}")
        self._once(arguments[0])
        return ended

    def wrong(self, text: str) -> None:
        """Note a violation."""
        self.seen.violations.append(text)

    @property
    def effects(self) -> Counter[str]:
        """What took effect during the last command, by operation."""
        return Counter(w.operation for w in self.server.writes[self._from :] if w.effective)

    def _once(self, what: str) -> None:
        made = Counter((w.operation, w.key) for w in self.server.writes[self._from :] if w.effective)
        for (operation, key), times in made.items():
            if times > 1 and not _deduplicated(operation, key):
                self.wrong(f"{what}: {operation} took effect {times} times")


def _deduplicated(operation: str, key: str) -> bool:
    """Whether AWS knows a request that is sent again by a token in it. moto knows few."""
    return "oken" in key and operation.partition(":")[2] not in ("DeleteSnapshot",)


def run(trial: Trial, server: Recorder, folder: Path) -> Seen:
    """One trial: run under the fault, settle, undo twice, run again."""
    server.go_on()
    (folder).mkdir(parents=True)
    held = _Held(trial, server, folder)
    held.policy.write_text(yaml.safe_dump({"policies": [trial.policy]}))
    rule = Rule(trial.call, CHANGE_FAULTS[trial.fault], trial.first_only)
    server.wire.begin(rule)
    held.command("run", str(held.policy), "--yes", "--format", "json", "-r", "us-east-1")
    made = held.effects
    server.wire.begin(None)
    held.seen.hits = rule.hits
    runs = runs_of(held.journal)
    if not runs:
        return held.seen
    entries = settled(held, runs[0].id)
    truth(held, entries, made)
    in_order(held, entries)
    held.seen.ends = [entry.status.value for entry in entries]
    unsettled = [e for e in entries if e.status is Status.UNCERTAIN]
    held.seen.unsettled = [f"{e.change.action}: {e.reason[-160:]}" for e in unsettled]
    taken_back(held, runs[0].id, entries)
    held.command("run", str(held.policy), "--yes", "--format", "json", "-r", "us-east-1")
    if unsettled and held.effects:
        held.wrong(f"the next run makes {dict(held.effects)} though {unsettled[0].change.action} is uncertain")
    for entry in entries:
        repeated = held.effects.keys() & {str(c) for c in entry.change.calls}
        if entry.status is Status.DONE and _ends(entry.change) and repeated:
            held.wrong(f"the next run makes {repeated} again")
    return held.seen


def settled(held: _Held, run: str) -> list[Entry]:
    """The run's entries once what can be told has been told, a minute later."""
    held.command("runs", run)
    if any(e.status is Status.UNCERTAIN for e in entries_of(held.journal, run)):
        a_minute_later(held.journal)
        held.command("runs", run)
    entries = entries_of(held.journal, run)
    for entry in entries:
        if entry.status is Status.STARTED:
            held.wrong(f"{entry.change.action} is still started")
    return entries


def truth(held: _Held, entries: Sequence[Entry], made: Counter[str]) -> None:
    """DONE: every call took effect. FAILED, SKIPPED, PLANNED: none did, but where the reason names those that did."""
    for entry in entries:
        calls = Counter(str(c) for c in entry.change.calls if c.sweep is None)
        took = {c: made[c] for c in calls if made[c]}
        text = f"{entry.change.action} is {entry.status}{f' ({entry.reason[-200:]})' if entry.reason else ''}"
        if entry.status is Status.DONE and any(made[c] < n for c, n in calls.items()):
            held.wrong(f"{text}, but at the wire there were {dict(took)} of {dict(calls)}")
        told = (
            "had been made" in entry.reason
            or "was made all the same" in entry.reason
            or "may have been made" in entry.reason
        )
        if entry.status in (Status.FAILED, Status.SKIPPED, Status.PLANNED) and took and not told:
            held.wrong(f"{text}, but at the wire there were {took}")


def in_order(held: _Held, entries: Sequence[Entry]) -> None:
    """An action was begun only if those before it on the resource are done."""
    for number, entry in enumerate(entries):
        for before in entries[:number]:
            if before.change.ref == entry.change.ref and entry.started and before.status is not Status.DONE:
                held.wrong(f"{entry.change.action} was begun, {before.change.action} is {before.status}")


def taken_back(held: _Held, run: str, entries: Sequence[Entry]) -> None:
    """Undo takes back what is done, and a second undo takes nothing back."""
    back = Counter(str(c) for e in entries if e.status is Status.DONE for c in e.change.inverse if c.sweep is None)
    held.command("undo", run, "--yes")
    for operation, times in held.effects.items():
        if times > back[operation] and back.keys().isdisjoint({operation}):
            held.wrong(f"undo makes {operation}, which takes back nothing that is done")
        elif times > back[operation]:
            held.wrong(f"undo makes {operation} {times} times, {back[operation]} are to be taken back")
    if any(held.effects.values()):
        held.command("undo", run, "--yes")
        if held.effects:
            held.wrong(f"a second undo makes {dict(held.effects)}")


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
        if case.type in words and not case.moto and not case.first:
            known.add((case.type, case.word))
            yield case
    for word in words:
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
    given = parser.parse_args(arguments)
    chance, started = random.Random(given.seed), time.monotonic()
    with campaign() as ran:
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

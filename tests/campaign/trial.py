"""One trial of the campaign against changing: a policy's run or its undo under one fault, and what is held of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from engine.model.change import Change, Status
from engine.model.json import Json
from engine.plugin.journal import Entry
from providers.aws.adapter.changes import TOKENS

from .account import Ended, Recorder, command, environment
from .faults import FAULTS, PAGE, SDK, Answer, Exchange, Fault, error, hang, raw, reset, truncated
from .journal import a_minute_later, entries_of, forget, runs_of
from .wire import Rule


def after(fault: Fault) -> Fault:
    """The request is carried out; what comes back is the fault's, unless the account refuses it or lacks the call."""

    def made(exchange: Exchange) -> Answer:
        found = exchange.healthy()
        return found if found.status >= 300 else fault(exchange)

    return made


CHANGE_FAULTS: dict[str, Fault] = {
    "reset after": after(reset(after=False)),
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
    """One policy, one call, one fault; `first_only`: on its first request.

    `blind`: nothing can be read after the fault until the command ends. `undoing`: the fault meets the undo of a run.
    """

    name: str
    policy: dict[str, Json]
    call: str
    fault: str
    first_only: bool
    blind: bool = False
    undoing: bool = False

    def __str__(self) -> str:
        name = f"undo of {self.name}" if self.undoing else self.name
        return (
            f"{name}: {self.call}: {self.fault}{', once' if self.first_only else ''}{', blind' if self.blind else ''}"
        )


@dataclass
class Seen:
    """What came of a trial."""

    violations: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    hits: int = 0
    commands: int = 0


class Held:
    """A trial while it runs: the commands, and what they have done at the wire."""

    def __init__(self, trial: Trial, server: Recorder, folder: Path) -> None:
        self.trial, self.server, self.folder, self.seen = trial, server, folder, Seen()
        self.variables = environment(server.status, folder)
        self.journal = folder / "journal.db"
        self.policy = folder / "policy.yml"
        self._from = 0

    @classmethod
    def begin(cls, trial: Trial, server: Recorder, folder: Path) -> Held:
        """A trial whose account listens and whose policy is written."""
        server.go_on()
        folder.mkdir(parents=True)
        held = cls(trial, server, folder)
        held.policy.write_text(yaml.safe_dump({"policies": [trial.policy]}))
        return held

    @property
    def running(self) -> tuple[str, ...]:
        """The command that runs the policy."""
        return ("run", str(self.policy), "--yes", "--format", "json", "-r", "us-east-1")

    def under_fault(self, *arguments: str) -> Counter[str]:
        """A command that meets the trial's fault; what took effect."""
        rule = Rule(self.trial.call, CHANGE_FAULTS[self.trial.fault], self.trial.first_only)
        self.server.wire.begin(rule)
        self.server.blind = self.trial.blind
        self.command(*arguments)
        self.server.blind = False
        self.server.wire.begin(None)
        self.seen.hits = rule.hits
        return self.effects

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
    """Whether AWS knows a request that is sent again, as this was, by a token in it; moto knows few."""
    service, _, name = operation.partition(":")
    model = SDK.operation(service, name)
    shape = model.input_shape if model is not None else None
    tokens = [n for n, each in (shape.members if shape else {}).items() if each.metadata.get("idempotencyToken")]
    return any(token.lower() in key.lower() for token in (*tokens, TOKENS.get((service, name), "\x00none")))


def run(trial: Trial, server: Recorder, folder: Path) -> Seen:
    """One trial: run under the fault, settle, undo twice, run again."""
    held = Held.begin(trial, server, folder)
    made = held.under_fault(*held.running)
    runs = runs_of(held.journal)
    if not runs:
        return held.seen
    in_order(held, entries_of(held.journal, runs[0].id))
    entries = settled(held, runs[0].id)
    truth(held, entries, made)
    in_order(held, entries)
    held.seen.ends = [entry.status.value for entry in entries]
    unsettled = [e for e in entries if e.status is Status.UNCERTAIN]
    held.seen.unsettled = [f"{e.change.action}: {e.reason[-160:]}" for e in unsettled]
    taken_back(held, runs[0].id, entries)
    held.command(*held.running)
    if unsettled and held.effects:
        held.wrong(f"the next run makes {dict(held.effects)} though {unsettled[0].change.action} is uncertain")
    return held.seen


def undo(trial: Trial, server: Recorder, folder: Path) -> Seen:
    """One trial: run, undo under the fault, settle, undo once more."""
    held = Held.begin(trial, server, folder)
    held.command(*held.running)
    runs = runs_of(held.journal)
    if not runs:
        return held.seen
    made = held.under_fault("undo", runs[0].id, "--yes")
    undone = next((r for r in runs_of(held.journal) if r.kind == "undo"), None)
    if undone is None:
        return held.seen
    entries = settled(held, undone.id)
    truth(held, entries, made)
    held.seen.ends = [entry.status.value for entry in entries]
    unsettled = [e for e in entries if e.status is Status.UNCERTAIN]
    held.seen.unsettled = [f"{e.change.action}: {e.reason[-160:]}" for e in unsettled]
    held.command("undo", runs[0].id, "--yes")
    done = {str(c) for e in entries if e.status in (Status.DONE, Status.UNCERTAIN) for c in e.change.calls}
    left = {str(c) for e in entries if e.status not in (Status.DONE, Status.UNCERTAIN) for c in e.change.calls}
    if repeated := held.effects.keys() & (done - left):
        held.wrong(f"the next undo makes {repeated} again")
    return held.seen


def shown(trial: Trial, server: Recorder, folder: Path) -> Seen:
    """How the policy's changes end where all goes well and their answers are forgotten: does the sandbox show them?"""
    held = Held.begin(trial, server, folder)
    held.command(*held.running)
    for record in runs_of(held.journal):
        forget(held.journal)
        held.seen.ends = [entry.status.value for entry in settled(held, record.id)]
    return held.seen


def settled(held: Held, run: str) -> list[Entry]:
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


def truth(held: Held, entries: Sequence[Entry], made: Counter[str]) -> None:
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


def in_order(held: Held, entries: Sequence[Entry]) -> None:
    """An action was begun only if those before it on the resource are done."""
    for number, entry in enumerate(entries):
        for before in entries[:number]:
            if before.change.ref == entry.change.ref and entry.started and before.status is not Status.DONE:
                held.wrong(f"{entry.change.action} was begun, {before.change.action} is {before.status}")


def taken_back(held: Held, run: str, entries: Sequence[Entry]) -> None:
    """Undo takes back what is done, and a second undo takes nothing back."""
    done = [c for e in entries if e.status is Status.DONE for c in e.change.inverse]
    back, sweeps = Counter(map(str, done)), {str(c) for c in done if c.sweep is not None}
    held.command("undo", run, "--yes")
    for operation, times in held.effects.items():
        if times > back[operation] and back.keys().isdisjoint({operation}):
            held.wrong(f"undo makes {operation}, which takes back nothing that is done")
        elif times > back[operation] and operation not in sweeps:
            held.wrong(f"undo makes {operation} {times} times, {back[operation]} are to be taken back")
    if first := held.effects:
        held.command("undo", run, "--yes")
        if repeated := held.effects.keys() & first.keys():
            held.wrong(f"a second undo makes {repeated} again")


def ends(change: Change) -> bool:
    return change.done is not None and change.done.gone

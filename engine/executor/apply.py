"""Make changes: each is in the journal before its call is made, and closed with its outcome.

Equal calls of many resources merge where the record says how. What fails is told for each resource; later actions of
the policy leave it alone. When a merged call is refused, its resources are tried one by one, so that one bad
resource does not keep the others from their change. What is uncertain is looked up in AWS before the next action.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias

from engine.executor.batches import batches_of, failed_in, merged
from engine.executor.events import Observer
from engine.executor.intent import Planned
from engine.executor.marks import doubt, mark_of, marked
from engine.executor.perform import perform, token_of
from engine.model.call import Call
from engine.model.change import Change, Outcome, Status
from engine.model.errors import CallFailed, FailureKind, StoreUnavailable
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Entry, Journal, held_by
from engine.plugin.protocols import Door

BATCHES_AT_ONCE = 8

Settle: TypeAlias = Callable[[Sequence[Entry]], Sequence[tuple[Entry, Status, str]]]
"""How entries ended whose answer was lost: each with its status, UNCERTAIN where AWS does not show it, and why."""


@dataclass(frozen=True, slots=True)
class Application:
    """What applying needs: the doors by scope, the journal, who watches, and whether to stop.

    `settle` reads AWS for changes whose answer was lost. `since`: the journal's counter from before the resources were
    read. `anywhere`: types whose resources are the same in every region.
    """

    door: Callable[[Scope], Door]
    journal: Journal
    observer: Observer
    stop: threading.Event
    settle: Settle | None = None
    since: int | None = None
    anywhere: Set[str] = frozenset()


def apply(run: str, planned: Sequence[Planned], with_: Application) -> list[Outcome]:
    """Outcomes in the order of the changes.

    A change that may have been made, and one that was not, hold the later actions of their policy on the resource; one
    that may have been made holds those of every policy.

    Raises:   StoreUnavailable; its `made` and `outcomes` tell what was changed before the journal failed.
    """
    entries = with_.journal.intend(
        run, [(p.policy, p.change) for p in planned], since=with_.since, anywhere=with_.anywhere
    )
    making = _Making(with_, entries)
    try:
        for step in _steps(planned, entries):
            _make(making.ready(step), making)
            making.settle(step)
    except StoreUnavailable as error:
        raise making.broken_off(error) from error
    return making.ends()


class _Making:
    """A run's changes while they are made."""

    def __init__(self, with_: Application, entries: Sequence[Entry]) -> None:
        self.with_, self.entries = with_, entries
        self.outcomes: dict[int, Outcome] = {}
        self.perhaps_gone: set[int] = set()
        """Deletions that AWS answered with "not found"."""
        self.lost: dict[int, int] = {}
        """Changes of which later calls were not made, because the answer to the call at this place was lost."""
        self._holds: dict[tuple[str, ResourceRef], str] = {}
        for entry in entries:
            if entry.status is Status.SKIPPED:  # another run has the resource
                self._end(entry, Status.SKIPPED, entry.reason)

    def ready(self, step: Sequence[Entry]) -> list[Entry]:
        """Those of a step that nothing holds; the others are closed."""
        found = []
        for entry in step:
            if entry.status is not Status.PLANNED:
                continue
            ref = entry.change.ref
            if reason := self._holds.get(("", ref)) or self._holds.get((entry.policy, ref)):
                self.close([entry], Status.SKIPPED, reason)
            else:
                found.append(entry)
        return found

    def settle(self, step: Sequence[Entry]) -> None:
        """Look up what is uncertain in a step, and note what holds later actions."""
        doubtful = {e.number for e in step if self.status(e) is Status.UNCERTAIN or e.number in self.perhaps_gone}
        if doubtful and self.with_.settle is not None:
            begun = [e for e in self.with_.journal.entries(step[0].run) if e.number in doubtful]  # with their start
            whole = {e.number: e for e in begun}
            for sent, status, reason in self.with_.settle([self._sent(e) for e in begun]):
                entry = whole[sent.number]
                if entry.number in self.lost:
                    self.close([entry], *self._in_part(entry, status, reason))
                elif entry.number not in self.perhaps_gone:
                    self.close([entry], status, f"{self.outcomes[entry.number].reason}; {reason}")
                elif status is Status.DONE:
                    self.close([entry], status, "it is gone")
        for entry in step:
            ended = self.status(entry)
            if ended is Status.UNCERTAIN or (ended is Status.FAILED and entry.number in self.perhaps_gone):
                self.with_.observer.changed(self.outcomes[entry.number])
            if ended is Status.UNCERTAIN:
                self._holds["", entry.change.ref] = held_by(entry.run, entry.number, self.outcomes[entry.number].reason)
            elif ended is Status.FAILED:
                self._holds[entry.policy, entry.change.ref] = "an earlier action of the policy failed on it"

    def _sent(self, entry: Entry) -> Entry:
        """The entry with those calls of its change that were sent."""
        at = self.lost.get(entry.number)
        if at is None:
            return entry
        return replace(entry, change=replace(entry.change, calls=entry.change.calls[: at + 1], unseen=(0, 0)))

    def _in_part(self, entry: Entry, status: Status, reason: str) -> tuple[Status, str]:
        """The end of a change whose later calls were not made: never DONE."""
        change, at = self.outcomes[entry.number].change, self.lost[entry.number]
        before = f"{self.outcomes[entry.number].reason}; {reason}"
        if status is Status.DONE:
            status, before = Status.FAILED, f"{before}: {change.calls[at]} had been made"
        elif status is Status.FAILED:
            before += f"; {change.calls[at]} itself may have been made"
        return status, f"{before}; not made: {', '.join(map(str, _unmade(change, at)))}"

    def status(self, entry: Entry) -> Status | None:
        """How a change has ended; None while it has not."""
        outcome = self.outcomes.get(entry.number)
        return outcome.status if outcome is not None else None

    def close(self, entries: Sequence[Entry], status: Status, reason: str) -> None:
        """Record an outcome. Where the journal cannot, what was begun is uncertain, and nothing more is begun."""
        if not entries:
            return
        try:
            self.with_.journal.closed(entries, status, {e.number: reason for e in entries})
        except StoreUnavailable as error:
            self.with_.stop.set()
            if status is not Status.SKIPPED:
                for entry in entries:
                    why = f"{status}{f' ({reason})' if reason else ''}, but the journal could not record it: {error}"
                    self._end(entry, Status.UNCERTAIN, why)
            raise
        for entry in entries:
            self._end(entry, status, reason)

    def _end(self, entry: Entry, status: Status, reason: str) -> None:
        """Keep an outcome; one that may still be settled is reported then."""
        outcome = self.outcomes[entry.number] = Outcome(entry.change, status, reason)
        if status is not Status.UNCERTAIN and not (status is Status.FAILED and entry.number in self.perhaps_gone):
            self.with_.observer.changed(outcome)

    def ends(self) -> list[Outcome]:
        """Every change's outcome, in their order."""
        stopped = "the run was stopped before it was made"
        return [self.outcomes.get(e.number, Outcome(e.change, Status.PLANNED, stopped)) for e in self.entries]

    def broken_off(self, error: StoreUnavailable) -> StoreUnavailable:
        """The journal's failure with what had been changed by then; changes under way have come to their end."""
        ends = self.ends()
        made = sum(o.status in (Status.DONE, Status.UNCERTAIN) for o in ends)
        if not made:
            return StoreUnavailable(f"{error}; nothing was changed", 0, ends)
        uncertain = [o for o in ends if o.status is Status.UNCERTAIN]
        text = f"{error}; {made} of {len(ends)} changes had been made, nothing further was"
        for outcome in uncertain[:10]:
            text += f"\n  uncertain: {outcome.change.action} {outcome.change.ref}: {outcome.reason}"
        return StoreUnavailable(text, made, ends)


def _steps(planned: Sequence[Planned], entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries that may be made side by side: one policy, one of its actions."""
    groups: dict[tuple[str, int], list[Entry]] = {}
    for want, entry in zip(planned, entries, strict=True):
        groups.setdefault((want.policy, want.step), []).append(entry)
    yield from groups.values()


def _make(entries: Sequence[Entry], making: _Making) -> None:
    batches = list(batches_of(entries))
    if len(batches) == 1:
        _perform(batches[0], making)
        return
    with ThreadPoolExecutor(BATCHES_AT_ONCE, "change") as pool:
        futures = [pool.submit(_perform, batch, making) for batch in batches]
        try:
            for future in futures:
                future.result()
        except BaseException:
            making.with_.stop.set()  # what is under way comes to its end, what is not does not begin
            raise


def _perform(batch: Sequence[Entry], making: _Making) -> None:
    with_ = making.with_
    if with_.stop.is_set():
        return
    with_.journal.started(batch)
    door = with_.door(batch[0].change.ref.scope)
    run, numbers = batch[0].run, [entry.number for entry in batch]
    calls = batch[0].change.calls if len(batch) == 1 else (merged([e.change for e in batch]),)
    answer: dict[str, Json] = {}
    for number, call in enumerate(calls):
        try:
            made = marked(call, mark_of(run, numbers[0], number))
            answer = perform(made, door, with_.stop, token_of(run, *numbers, "call", number))
            if (wrong := doubt(made, answer)) is not None:
                raise wrong
        except CallFailed as failed:
            afterwards = _cleaned_up(calls[number + 1 :], door, token_of(run, *numbers, "after", number))
            _failed(batch, failed, making, calls[:number], afterwards)
            return
    reasons = failed_in(batch, answer)
    making.close([e for e in batch if e.number not in reasons], Status.DONE, "")
    for entry in batch:
        if entry.number in reasons:
            making.close([entry], Status.FAILED, reasons[entry.number])


def _failed(
    batch: Sequence[Entry], failed: CallFailed, making: _Making, made: Sequence[Call] = (), afterwards: str = ""
) -> None:
    """Close what failed. `made` are calls of the change that had succeeded: it is made in part then.

    "Not found" to a deletion may mean that it was made before: that is looked up as a lost answer is.
    """
    before = f"after {', '.join(map(str, made))} had been made: " if made else ""
    if failed.sent is None:
        if len(batch) == 1 and _unmade(batch[0].change, len(made)):
            making.lost[batch[0].number] = len(made)
        making.close(batch, Status.UNCERTAIN, f"{before}no answer came: {failed}{afterwards}")
    elif len(batch) > 1 and failed.kind in (FailureKind.INVALID, FailureKind.GONE, FailureKind.DENIED):
        for entry in batch:
            _perform([entry], making)
    elif failed.kind is FailureKind.GONE and all(e.change.done is not None and e.change.done.gone for e in batch):
        making.perhaps_gone |= {e.number for e in batch}
        making.close(batch, Status.FAILED, f"{before}{failed}{afterwards}")
    else:
        making.close(batch, Status.FAILED, f"{before}{failed}{afterwards}")


def _unmade(change: Change, at: int) -> list[Call]:
    """The calls that are not made once the one at a place has failed."""
    return [call for call in change.calls[at + 1 :] if not call.always]


def _cleaned_up(rest: Sequence[Call], door: Door, token: str) -> str:
    """Make those of the calls after one that failed which are made always; what came of them, for a person."""
    told = ""
    for number, call in enumerate(rest):
        if call.always:
            try:
                door.change(call, token_of(token, number))
                told += f"; {call} was made all the same"
            except CallFailed as failed:
                told += f"; {failed}"
    return told

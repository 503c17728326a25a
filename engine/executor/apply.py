"""Make changes: each is in the journal before its call is made, and closed with its outcome.

Equal calls of many resources merge where the record says how. What fails is told for each resource; later actions of
the policy leave it alone. When a merged call is refused, its resources are tried one by one, so that one bad
resource does not keep the others from their change.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace

from engine.executor.events import Observer
from engine.executor.intent import Planned
from engine.executor.perform import perform
from engine.model.call import Call
from engine.model.change import Batching, Change, Outcome, Status
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Entry, Journal
from engine.plugin.paths import getter, place
from engine.plugin.protocols import Door

BATCHES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Application:
    """What applying needs: the doors by scope, the journal, who watches, and whether to stop."""

    door: Callable[[Scope], Door]
    journal: Journal
    observer: Observer
    stop: threading.Event


def apply(run: str, planned: Sequence[Planned], with_: Application) -> list[Outcome]:
    """Outcomes in the order of the changes. Raises StoreUnavailable before anything is changed."""
    entries = with_.journal.intend(run, [(p.policy, p.change) for p in planned])
    outcomes: dict[int, Outcome] = {}
    lost: set[tuple[str, ResourceRef]] = set()
    for step in _steps(planned, entries):
        ready = []
        for entry in step:
            if (entry.policy, entry.change.ref) in lost:
                _close(with_, outcomes, [entry], Status.SKIPPED, "an earlier action of the policy failed on it")
            else:
                ready.append(entry)
        _make(ready, with_, outcomes)
        lost |= {
            (e.policy, e.change.ref)
            for e in step
            if e.number in outcomes and outcomes[e.number].status in (Status.FAILED, Status.UNCERTAIN)
        }
    return [outcomes.get(e.number, Outcome(e.change, Status.PLANNED, "the run was stopped")) for e in entries]


def _steps(planned: Sequence[Planned], entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries that may be made side by side: one policy, one of its actions."""
    groups: dict[tuple[str, int], list[Entry]] = {}
    for want, entry in zip(planned, entries, strict=True):
        groups.setdefault((want.policy, want.step), []).append(entry)
    yield from groups.values()


def _make(entries: Sequence[Entry], with_: Application, outcomes: dict[int, Outcome]) -> None:
    batches = list(_batches(entries))
    if len(batches) == 1:
        _perform(batches[0], with_, outcomes)
        return
    with ThreadPoolExecutor(BATCHES_AT_ONCE, "change") as pool:
        futures = [pool.submit(_perform, batch, with_, outcomes) for batch in batches]
        try:
            for future in futures:
                future.result()
        except BaseException:
            with_.stop.set()  # what is under way comes to its end, what is not does not begin
            raise


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries whose calls merge into one, at most as many as the record allows."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_mergeable(entry), []).append(entry)
    for group in groups.values():
        batching = group[0].change.batching
        most = batching.most if batching is not None else 1
        for at in range(0, len(group), most):
            yield group[at : at + most]


def _mergeable(entry: Entry) -> str:
    """Equal for entries whose calls differ only in the batch's list."""
    change = entry.change
    if change.batching is None or len(change.calls) != 1:
        return f"alone {entry.number}"
    call = change.calls[0]
    rest = _with_list(call, change.batching, [])
    return f"{call} {call.scope} {sorted(rest.items(), key=str)!r} {change.batching}"


def _perform(batch: Sequence[Entry], with_: Application, outcomes: dict[int, Outcome]) -> None:
    if with_.stop.is_set():
        return
    with_.journal.started(batch)
    door = with_.door(batch[0].change.ref.scope)
    calls = batch[0].change.calls if len(batch) == 1 else (merged([e.change for e in batch]),)
    answer: dict[str, Json] = {}
    for made, call in enumerate(calls):
        try:
            answer = perform(call, door, with_.stop)
        except CallFailed as failed:
            _failed(batch, failed, with_, outcomes, calls[:made], _restored(calls[made + 1 :], door))
            return
    reasons = _partial(batch, answer)
    _close(with_, outcomes, [e for e in batch if e.number not in reasons], Status.DONE, "")
    for entry in batch:
        if entry.number in reasons:
            _close(with_, outcomes, [entry], Status.FAILED, reasons[entry.number])


def _failed(
    batch: Sequence[Entry],
    failed: CallFailed,
    with_: Application,
    outcomes: dict[int, Outcome],
    made: Sequence[Call] = (),
    afterwards: str = "",
) -> None:
    """Close what failed. `made` are calls of the change that had succeeded: it is made in part then."""
    before = f"after {', '.join(map(str, made))} had been made: " if made else ""
    if failed.sent is None:
        _close(with_, outcomes, batch, Status.UNCERTAIN, f"{before}no answer came: {failed}{afterwards}")
    elif len(batch) > 1 and failed.kind in (FailureKind.INVALID, FailureKind.GONE, FailureKind.DENIED):
        for entry in batch:
            _perform([entry], with_, outcomes)
    else:
        _close(with_, outcomes, batch, Status.FAILED, f"{before}{failed}{afterwards}")


def _restored(rest: Sequence[Call], door: Door) -> str:
    """Make those of the calls after one that failed which are made always; what came of them, for a person."""
    told = ""
    for call in rest:
        if call.always:
            try:
                door.perform(call)
                told += f"; {call} was made all the same"
            except CallFailed as failed:
                told += f"; {failed}"
    return told


def merged(changes: Sequence[Change]) -> Call:
    """One call for changes that differ only in their batch's list."""
    call, batching = changes[0].calls[0], changes[0].batching
    if batching is None:
        raise ValueError("these changes do not merge")
    joined: list[Json] = []
    for change in changes:
        joined += [each for each in _list_of(change.calls[0], batching) if each not in joined]
    return replace(call, params=_with_list(call, batching, joined))


def _list_of(call: Call, batching: Batching) -> list[Json]:
    """The list that is joined."""
    value: Json = call.params
    for name in batching.param.split("."):
        value = value[name]
    return list(json.loads(value) if batching.text else value)


def _with_list(call: Call, batching: Batching, elements: list[Json]) -> dict[str, Json]:
    """The call's parameters with another list."""
    params = deepcopy(call.params) if "." in batching.param else dict(call.params)
    place(params, batching.param, json.dumps(elements) if batching.text else elements)
    return params


def _partial(batch: Sequence[Entry], answer: Mapping[str, Json]) -> dict[int, str]:
    """Number → why it failed, for answers that name the elements that failed."""
    batching = batch[0].change.batching
    if batching is None or not batching.failures:
        return {}
    told = getter(batching.failures)(answer) or {}
    reasons = {}
    for entry in batch:
        for element in entry.change.calls[0].params.get(batching.param, ()):
            if element in told:
                reasons[entry.number] = str(told[element].get("ErrorMessage") or told[element])
    return reasons


def _close(
    with_: Application, outcomes: dict[int, Outcome], entries: Sequence[Entry], status: Status, reason: str
) -> None:
    if not entries:
        return
    with_.journal.closed(entries, status, {e.number: reason for e in entries})
    for entry in entries:
        outcome = outcomes[entry.number] = Outcome(entry.change, status, reason)
        with_.observer.changed(outcome)

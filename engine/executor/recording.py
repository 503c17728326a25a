"""A run in the journal, from its beginning to its end: opened, kept alive by a heartbeat, closed whatever happens."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.model.change import Outcome
from engine.model.errors import StoreUnavailable
from engine.plugin.journal import Journal, RunRecord

BEAT_EVERY = 10.0
"""Seconds between two signs of life: a lease outlasts several of them."""

NOT_DONE = frozenset({"failed", "uncertain", "planned"})
"""Outcomes after which a run has not done what it set out to do."""


@dataclass(slots=True)
class Recording:
    """A run that is open: what became of its changes, once that is known. `closed`: somebody has ended it already."""

    outcomes: Sequence[Outcome] = field(default_factory=tuple)
    status: str = "failed"
    closed: bool = False

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Note the outcomes; the run is done when nothing failed and nothing is left."""
        self.outcomes = outcomes
        self.status = "failed" if NOT_DONE & {o.status.value for o in outcomes} else "done"


@contextmanager
def recording(
    journal: Journal, record: RunRecord, stop: threading.Event, after: Collection[str] = ()
) -> Iterator[Recording]:
    """Open a run and close it at the end; an interrupt and any failure are its end too.

    Args:     after: for a run that applies a saved plan, the runs of the same plan that it comes after.
    Raises:   StoreUnavailable where the journal fails; its `made` says how many changes were made before that.
              PlanRejected where another run has begun to apply the plan.
    """
    journal.begin(record, after)
    run = Recording()
    ending = threading.Event()
    heart = threading.Thread(target=_beat, args=(journal, record.id, ending, stop), name="heartbeat", daemon=True)
    heart.start()
    failure: BaseException | None = None
    try:
        yield run
    except BaseException as error:
        failure = error
        if isinstance(error, KeyboardInterrupt):
            stop.set()
            run.status = "interrupted"
        elif isinstance(error, StoreUnavailable):
            run.outcomes = error.outcomes
        raise
    finally:
        ending.set()
        heart.join()
        if not run.closed:
            _end(journal, record.id, run, failure)


def _end(journal: Journal, id: str, run: Recording, failure: BaseException | None) -> None:
    """Close the run. Where that fails too, the failure before it is the one to report."""
    counts = Counter(o.status.value for o in run.outcomes)
    try:
        journal.end(id, run.status, datetime.now(UTC), dict(counts))
    except StoreUnavailable as error:
        if failure is not None:
            return
        made = counts["done"] + counts["uncertain"]
        text = f"{error}; {made} of {len(run.outcomes)} changes had been made, and the run could not be closed"
        raise StoreUnavailable(text, made, run.outcomes) from error


def _beat(journal: Journal, id: str, ending: threading.Event, stop: threading.Event) -> None:
    """Renew the lease until the run ends. A journal that cannot be written lets nothing further be made."""
    while not ending.wait(BEAT_EVERY):
        try:
            journal.beat(id)
        except StoreUnavailable:
            stop.set()
            return

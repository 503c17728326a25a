"""A run in the journal: closed whatever happens, alive as long as it goes on, honest about how it ended."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from engine.executor import recording as module
from engine.executor.recording import recording
from engine.model.change import Outcome, Status
from engine.model.errors import StoreUnavailable
from engine.plugin.journal import RunRecord
from engine.store.sqlite import SqliteJournal

from .cloud import NOW, change

RUN = RunRecord("r", "run", NOW, "test")


def outcomes(*statuses: Status) -> list[Outcome]:
    return [Outcome(change("x", f"i-{n}"), status) for n, status in enumerate(statuses)]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "done"),
        ([Status.DONE, Status.SKIPPED], "done"),
        ([Status.DONE, Status.FAILED], "failed"),
        ([Status.UNCERTAIN], "failed"),
        ([Status.DONE, Status.PLANNED], "failed"),
    ],
)
def test_how_a_run_ended(statuses: list[Status], expected: str, tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    with recording(journal, RUN, threading.Event()) as run:
        run.ended(outcomes(*statuses))
    found = journal.run("r")
    assert found is not None
    assert (found.status, found.ended is not None) == (expected, True)
    assert sum(found.summary.values()) == len(statuses)
    journal.close()


@pytest.mark.parametrize(
    ("raised", "status", "stopped"), [(KeyboardInterrupt, "interrupted", True), (ZeroDivisionError, "failed", False)]
)
def test_what_ends_it_early(raised: type[BaseException], status: str, stopped: bool, tmp_path: Path) -> None:
    journal, stop = SqliteJournal(tmp_path / "journal.db"), threading.Event()
    with pytest.raises(raised), recording(journal, RUN, stop):
        raise raised
    found = journal.run("r")
    assert found is not None
    assert (found.status, stop.is_set()) == (status, stopped)
    journal.close()


class Failing:
    """A journal whose methods of these names fail."""

    def __init__(self, inner: SqliteJournal, *names: str) -> None:
        self._inner, self._names = inner, names

    def __getattr__(self, name: str) -> object:
        if name in self._names:

            def fail(*_: object) -> None:
                raise StoreUnavailable(f"{name} failed")

            return fail
        return getattr(self._inner, name)


def test_a_run_that_cannot_be_closed_says_what_was_made(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    with (
        pytest.raises(
            StoreUnavailable, match="2 of 3 changes had been made, and the run could not be closed"
        ) as raised,
        recording(Failing(journal, "end"), RUN, threading.Event()) as run,  # type: ignore[arg-type]
    ):
        run.ended(outcomes(Status.DONE, Status.DONE, Status.FAILED))
    assert raised.value.made == 2
    journal.close()


@pytest.mark.parametrize("raised", [StoreUnavailable("the first", 3), KeyboardInterrupt()])
def test_the_first_failure_is_the_one_that_is_told(raised: BaseException, tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.db")
    with (
        pytest.raises(type(raised)) as found,
        recording(Failing(journal, "end"), RUN, threading.Event()),  # type: ignore[arg-type]
    ):
        raise raised
    assert found.value is raised
    journal.close()


def test_the_heart_beats_until_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each beat renews the lease; none comes after the end."""
    monkeypatch.setattr(module, "BEAT_EVERY", 0.01)
    journal = SqliteJournal(tmp_path / "journal.db")
    leases = set()
    with recording(journal, RUN, threading.Event()) as run:
        for _ in range(100):
            time.sleep(0.01)
            found = journal.run("r")
            assert found is not None
            leases.add(found.lease)
            if len(leases) > 2:
                break
        run.ended([])
    assert len(leases) > 2
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}
    journal.close()


def test_a_heart_that_cannot_beat_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another host would take the run for dead."""
    monkeypatch.setattr(module, "BEAT_EVERY", 0.01)
    journal, stop = SqliteJournal(tmp_path / "journal.db"), threading.Event()
    with recording(Failing(journal, "beat"), RUN, stop) as run:  # type: ignore[arg-type]
        assert stop.wait(5)
        run.ended([])
    journal.close()

"""The journal in a file: the suite, and what files can do wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.model.change import Status
from engine.model.errors import StoreUnavailable
from engine.store.sqlite import SqliteJournal

from .suite import JournalSuite, change, run


class TestSqlite(JournalSuite):
    """The suite."""

    @pytest.fixture
    def opened(self, tmp_path: Path) -> Iterator[Callable[[], SqliteJournal]]:
        """The same file each time."""
        made: list[SqliteJournal] = []

        def open_() -> SqliteJournal:
            made.append(SqliteJournal(tmp_path / "deep" / "journal.db"))
            return made[-1]

        yield open_
        for each in made:
            each.close()


def newer(path: Path) -> None:
    """Written by a version to come."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def garbage(path: Path) -> None:
    """Not a database."""
    path.write_bytes(b"this is no database " * 200)


def folder(path: Path) -> None:
    """Something else stands there."""
    path.mkdir()


def cut(path: Path) -> None:
    """A database that broke off."""
    journal = SqliteJournal(path)
    journal.begin(run("r"))
    journal.close()
    path.write_bytes(path.read_bytes()[:3000])


@pytest.mark.parametrize("spoil", [newer, garbage, folder, cut])
def test_files_that_cannot_be_used(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """One kind of error, with the path, and the file is left as it is."""
    path = tmp_path / "journal.db"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreUnavailable, match=r"journal\.db"):
        SqliteJournal(path).entries("r")
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file stands in the way."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        SqliteJournal(tmp_path / "file" / "journal.db")


def test_the_newer_version_is_named(tmp_path: Path) -> None:
    """What is the matter is clear."""
    newer(tmp_path / "journal.db")
    with pytest.raises(StoreUnavailable, match="was written by a newer version of the engine"):
        SqliteJournal(tmp_path / "journal.db")


def test_a_journal_that_is_closed_is_unavailable(tmp_path: Path) -> None:
    """Not sqlite's own exception."""
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.close()
    with pytest.raises(StoreUnavailable):
        journal.begin(run("r"))
    with pytest.raises(StoreUnavailable):
        journal.runs()


def test_a_failed_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    """A second run of the same id is refused; its changes are not there."""
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.begin(run("r"))
    with pytest.raises(StoreUnavailable):
        journal.begin(run("r"))
    journal.begin(run("s"))
    assert {r.id for r in journal.runs()} == {"r", "s"}
    journal.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.store.sqlite import SqliteJournal
from tests.engine.store.suite import change, run
journal = SqliteJournal(Path(sys.argv[1]))
journal.begin(run("r"))
entries = journal.intend("r", [("a", change(n)) for n in range(3)])
journal.started(entries[:2])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_written_before_a_kill_is_there(tmp_path: Path) -> None:
    """No close, no commit of ours after the call returned."""
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "journal.db")], cwd=root, check=False)
    assert done.returncode == -9
    journal = SqliteJournal(tmp_path / "journal.db")
    assert [e.status for e in journal.entries("r")] == [Status.STARTED, Status.STARTED, Status.PLANNED]
    assert journal.entries("r")[0].change == change(0)
    journal.close()


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_nobody_else_can_read_it(umask: int, tmp_path: Path) -> None:
    """Folder and files, the side files too, whatever the umask; a folder that was there is left as it is."""
    before = os.umask(umask)
    try:
        journal = SqliteJournal(tmp_path / "deep" / "journal.db")
        journal.begin(run("r"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "deep").iterdir()}
        journal.close()
    finally:
        os.umask(before)
    assert (tmp_path / "deep").stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}
    assert "journal.db-wal" in modes


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    """As earlier versions made it."""
    tmp_path.chmod(0o755)
    (tmp_path / "journal.db").touch(0o644)
    SqliteJournal(tmp_path / "journal.db").close()
    assert (tmp_path / "journal.db").stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_lock_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first write waits; those after it do not, until the lock is gone."""
    monkeypatch.setattr("engine.store.sqlite.LOCK_WAIT", 0.4)
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.begin(run("r"))
    other = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits = []
    for _ in range(4):
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match=r"has been locked by another process for 0\.4 seconds; wait for"):
            journal.beat("r")
        waits.append(time.monotonic() - began)
    assert waits[0] >= 0.35
    assert max(waits[1:]) < 0.3
    assert [r.id for r in journal.runs()] == ["r"]  # readers are not held up
    other.execute("ROLLBACK")
    other.close()
    journal.beat("r")
    journal.close()


def test_a_run_whose_claim_was_taken_over_begins_nothing_more(tmp_path: Path) -> None:
    """It was suspended until its lease had run out, on a host that nobody else can look at."""
    journal = SqliteJournal(tmp_path / "journal.db")
    past = run("r").started - timedelta(days=1)
    journal.begin(replace(run("slept"), host="elsewhere", lease=past))
    journal.begin(run("awake", pid=0))
    slept = journal.intend("slept", [("a", change(1)), ("a", change(2))])
    assert journal.intend("awake", [("a", change(1))])[0].status is Status.PLANNED
    journal.started(slept[1:])
    with pytest.raises(
        StoreUnavailable, match=r"run slept no longer holds ec2 i-1 in .*: another run has taken it over"
    ):
        journal.started(slept[:1])
    assert [e.status for e in journal.entries("slept")] == [Status.PLANNED, Status.STARTED]
    journal.close()


def test_what_was_settled_meanwhile_stays_settled(tmp_path: Path) -> None:
    """A person's word is not overwritten by a slower reader of AWS."""
    journal = SqliteJournal(tmp_path / "journal.db")
    journal.begin(run("r-1"))
    (entry,) = journal.intend("r-1", [("p", change("i-1"))])
    journal.started([entry])
    journal.settle("r-1", entry.number, Status.DONE, "a person saw it")
    journal.settle("r-1", entry.number, Status.FAILED, "it was not made")
    assert journal.status("r-1", entry.number) == "done"
    journal.close()

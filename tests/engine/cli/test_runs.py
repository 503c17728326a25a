"""`engine runs`: what earlier runs did."""

from __future__ import annotations

import sqlite3

import pytest

from .here import TAG, Here


@pytest.fixture
def run(here: Here) -> Here:
    here.engine("run", "--sandbox", here.write("p.yml", TAG))
    here.engine("undo", "last", "--yes")
    return here


def test_newest_first_and_no_more_than_asked_for(run: Here) -> None:
    told = run.json("runs")
    assert [(r["kind"], r["status"], r["changes"]) for r in told] == [
        ("undo", "done", {"done": 2}),
        ("run", "done", {"done": 2}),
    ]
    assert "entries" not in told[0]
    assert [r["kind"] for r in run.json("runs", "-n", "1")] == ["undo"]
    assert len(run.engine("runs").out.splitlines()) == 3


def test_one_run_by_the_beginning_of_its_id(run: Here) -> None:
    id = run.json("runs")[1]["run"]
    told = run.json("runs", id[:-1])
    assert (told["run"], told["policies"]) == (id, ["tagged"])
    assert [(e["number"], e["action"], e["status"]) for e in told["entries"]] == [
        (1, "tag", "done"),
        (2, "tag", "done"),
    ]
    text = run.engine("runs", id).out
    assert "2 done.  take it back: engine undo" in text


@pytest.mark.parametrize(("flag", "status"), [("--reconcile", "done"), ("--no-reconcile", "started")])
def test_what_is_uncertain_is_asked_for_unless_told_not_to(flag: str, status: str, run: Here) -> None:
    """A change that was under way when its run was killed: the tag is there, so it was made."""
    id = run.json("runs")[1]["run"]
    assert run.engine("run", "--sandbox", "p.yml").code == 0
    with sqlite3.connect(run.folder / "home" / "journal.db") as db:
        db.execute("UPDATE changes SET status = 'started' WHERE run = ?", (id,))
        db.execute("UPDATE runs SET ended = NULL, status = 'running', pid = 0 WHERE id = ?", (id,))
    db.close()
    assert {e["status"] for e in run.json("runs", id, flag)["entries"]} == {status}


def test_none(here: Here) -> None:
    assert here.engine("runs").out == "no run has changed anything yet\n"
    assert here.json("runs") == []
    assert here.engine("runs", "last").code == 2
    assert here.engine("runs", "-n", "0").code == 2


def uncertain(run: Here) -> str:
    """The first run, its first change uncertain again; nothing can be read of it any more."""
    id: str = run.json("runs")[1]["run"]
    with sqlite3.connect(run.folder / "home" / "journal.db") as db:
        db.execute("UPDATE changes SET status = 'uncertain', reason = 'x' WHERE run = ? AND number = 1", (id,))
    db.close()
    return id


def test_a_person_settles_what_aws_does_not_show(run: Here) -> None:
    id = uncertain(run)
    done = run.engine("runs", "settle", id, "1", "not-done")
    assert (done.code, done.out.strip()) == (0, f"change 1 of run {id} is failed now")
    entry = run.json("runs", id, "--no-reconcile")["entries"][0]
    assert (entry["status"], entry["reason"]) == ("failed", "settled by a person: it was not made")
    again = run.engine("runs", "settle", id, "1", "done")
    assert again.code == 2
    assert f"change 1 of run {id} is failed: only uncertain changes are settled" in again.err


@pytest.mark.parametrize(
    "words", [["settle"], ["settle", "r", "1"], ["settle", "r", "x", "done"], ["settle", "r", "1", "maybe"]]
)
def test_what_settle_takes(words: list[str], here: Here) -> None:
    told = here.engine("runs", *words)
    assert told.code == 2
    assert "write 'engine runs settle RUN CHANGE done|not-done'" in told.err


def test_two_runs_are_not_shown_at_once(here: Here) -> None:
    assert "give one RUN, or 'settle" in here.engine("runs", "a", "b").err


def test_a_damaged_change_is_named_and_hides_no_other_run(run: Here) -> None:
    """The list counts it; the other run is shown; a person may still settle it."""
    id = uncertain(run)
    with sqlite3.connect(run.folder / "home" / "journal.db") as db:
        db.execute("UPDATE changes SET body = '{' WHERE run = ? AND number = 1", (id,))
    db.close()
    assert [r["changes"] for r in run.json("runs")] == [{"done": 2}, {"uncertain": 1, "done": 1}]
    assert run.engine("runs", "last").code == 0
    told = run.engine("runs", id)
    assert told.code == 9
    assert f"change 1 of run {id} in the journal" in told.err
    assert "Traceback" not in told.err
    assert run.engine("runs", "settle", id, "1", "done").code == 0

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

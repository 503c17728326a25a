"""What every journal must do: the same tests on each backend."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.call import Call
from engine.model.change import Batching, Change, Check, Status
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Journal, RunRecord

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SCOPE = Scope("123456789012", "us-east-1", "audit")


def run(id: str, minutes: int = 0, kind: str = "run", pid: int = 7) -> RunRecord:
    """A run."""
    return RunRecord(
        id,
        kind,
        NOW + timedelta(minutes=minutes),
        f"engine {kind}",
        ("a", "b"),
        {"profile": "x", "assume": []},
        pid=pid,
    )


def change(number: int) -> Change:
    """A change with everything in it that a journal must keep."""
    call = Call(
        "ec2", "CreateTags", {"Resources": [f"i-{number}"], "When": NOW, "Blob": b"\x00", "Text": "ü\n'"}, SCOPE
    )
    return Change(
        ResourceRef("ec2", SCOPE, f"i-{number}"), "tag", (call,), {"tag:A": None}, {"tag:A": "1"}, (call, call),
        "", Batching("Resources", 25, "Failed"), Check("a == `1`", False), True,
    )  # fmt: skip


class JournalSuite:
    """Subclass it with a fixture `opened` that opens the same journal again and again."""

    @pytest.fixture
    def journal(self, opened: Callable[[], Journal]) -> Journal:
        """The journal, opened."""
        return opened()

    def test_everything_comes_back(self, opened: Callable[[], Journal]) -> None:
        first = opened()
        first.begin(run("r1"))
        made = first.intend("r1", [("a", change(1)), ("b", change(2))])
        assert [(e.number, e.policy, e.status) for e in made] == [(1, "a", Status.PLANNED), (2, "b", Status.PLANNED)]
        again = opened()
        assert again.entries("r1") == made
        assert again.run("r1") == run("r1")

    def test_numbers_go_on(self, journal: Journal) -> None:
        journal.begin(run("r1"))
        journal.begin(run("r2"))
        journal.intend("r1", [("a", change(1))])
        assert [e.number for e in journal.intend("r1", [("a", change(2)), ("a", change(3))])] == [2, 3]
        assert [e.number for e in journal.intend("r2", [("a", change(2))])] == [1]
        assert journal.intend("r1", []) == []

    def test_started_and_closed_are_seen_by_the_next_reader(self, opened: Callable[[], Journal]) -> None:
        first, second = opened(), opened()
        first.begin(run("r1"))
        one, two, three = first.intend("r1", [("a", change(n)) for n in range(3)])
        first.started([one, two])
        assert [e.status for e in second.entries("r1")] == [Status.STARTED, Status.STARTED, Status.PLANNED]
        first.closed([one], Status.DONE, {})
        first.closed([two, three], Status.FAILED, {two.number: "no", three.number: "never"})
        assert [(e.status, e.reason) for e in second.entries("r1")] == [
            (Status.DONE, ""), (Status.FAILED, "no"), (Status.FAILED, "never"),
        ]  # fmt: skip

    def test_a_run_ends(self, opened: Callable[[], Journal]) -> None:
        first = opened()
        first.begin(run("r1"))
        first.end("r1", "interrupted", NOW + timedelta(minutes=1), {"done": 2})
        found = opened().run("r1")
        assert found == replace(run("r1"), status="interrupted", ended=NOW + timedelta(minutes=1), summary={"done": 2})

    def test_newest_first(self, journal: Journal) -> None:
        for number in range(5):
            journal.begin(run(f"r{number}", number))
        assert [r.id for r in journal.runs(3)] == ["r4", "r3", "r2"]

    def test_by_the_beginning_of_an_id(self, journal: Journal) -> None:
        for id in ("20261121-0900-aa", "20261121-0901-bb", "20261122"):
            journal.begin(run(id))
        for asked, found in (("20261122", "20261122"), ("20261121-0901", "20261121-0901-bb"),
                             ("20261121", None), ("nope", None), ("", None), ("%", None), ("_", None)):  # fmt: skip
            record = journal.run(asked)
            assert (record.id if record else None) == found, asked

    def test_a_whole_id_wins_over_longer_ones(self, journal: Journal) -> None:
        journal.begin(run("abc"))
        journal.begin(run("abcd"))
        record = journal.run("abc")
        assert record is not None
        assert record.id == "abc"

    def test_last_but_one_kind(self, journal: Journal) -> None:
        assert journal.run("last") is None
        journal.begin(run("r1", 0))
        journal.begin(run("r2", 1, "undo"))
        for but, id in (("", "r2"), ("undo", "r1")):
            record = journal.run("last", but)
            assert record is not None
            assert record.id == id

    def test_an_unknown_run_has_no_entries(self, journal: Journal) -> None:
        assert journal.entries("nope") == []
        assert journal.runs() == []

    def test_many_threads(self, journal: Journal) -> None:
        journal.begin(run("r1"))
        made = journal.intend("r1", [("a", change(n)) for n in range(64)])

        def close(at: int) -> None:
            journal.started(made[at : at + 8])
            journal.closed(made[at : at + 8], Status.DONE, {})

        threads = [threading.Thread(target=close, args=(at,)) for at in range(0, 64, 8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {e.status for e in journal.entries("r1")} == {Status.DONE}

"""What every journal must do: the same tests on each backend."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.call import Call
from engine.model.change import Batching, Change, Check, Status
from engine.model.errors import PlanRejected, StoreUnavailable
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Journal, RunRecord

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HELD = (
    "change 1 of run r1 may or may not have been made; check the resource, then run:"
    " engine runs settle r1 1 done|not-done"
)
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


def leaseless(record: RunRecord | None) -> RunRecord | None:
    """The run without its lease, which follows the clock."""
    return replace(record, lease=None) if record is not None else None


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
        assert leaseless(again.run("r1")) == run("r1")

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
        found = leaseless(opened().run("r1"))
        assert found == replace(run("r1"), status="interrupted", ended=NOW + timedelta(minutes=1), summary={"done": 2})

    def test_newest_first(self, journal: Journal) -> None:
        for number in range(5):
            journal.begin(run(f"r{number}", number))
        assert [r.id for r in journal.runs(3)] == ["r4", "r3", "r2"]

    def test_newest_first_though_the_clock_went_back(self, journal: Journal) -> None:
        journal.begin(run("first", 60))
        journal.begin(run("second", 0))
        assert [r.id for r in journal.runs()] == ["second", "first"]
        last = journal.run("last")
        assert last is not None
        assert last.id == "second"

    def test_runs_of_a_plan(self, journal: Journal) -> None:
        for id, plan in (("r1", "p1"), ("r2", ""), ("r3", "p2"), ("r4", "p1")):
            journal.begin(replace(run(id), plan=plan), after=("r1",))
        assert [(r.id, r.plan) for r in journal.runs_of_plan("p1")] == [("r4", "p1"), ("r1", "p1")]
        assert journal.runs_of_plan("") == []
        assert journal.runs_of_plan("p9") == []

    def test_counts_by_status(self, journal: Journal) -> None:
        journal.begin(run("r1"))
        made = journal.intend("r1", [("a", change(n)) for n in range(4)])
        journal.closed(made[1:3], Status.DONE, {})
        assert journal.counts("r1") == {"planned": 2, "done": 2}
        assert journal.counts("nope") == {}

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

    def test_the_counter_grows_with_every_write_of_a_change(self, journal: Journal) -> None:
        seen = [journal.touched()]
        journal.begin(run("r1"))
        made = journal.intend("r1", [("a", change(1))])
        seen.append(journal.touched())
        journal.started(made)
        seen.append(journal.touched())
        journal.closed(made, Status.DONE, {})
        seen.append(journal.touched())
        assert seen == sorted(set(seen))

    def test_a_resource_of_a_live_run_is_refused(self, journal: Journal) -> None:
        for id in ("r1", "r2"):
            journal.begin(run(id, pid=0))
        journal.intend("r1", [("a", change(1))])
        made = journal.intend("r2", [("b", change(1)), ("b", change(2)), ("c", change(1))])
        assert [(e.status, e.reason) for e in made] == [
            (Status.SKIPPED, "being changed by run r1"), (Status.PLANNED, ""),
            (Status.SKIPPED, "being changed by run r1"),
        ]  # fmt: skip
        assert [e.status for e in journal.intend("r1", [("a", change(1))])] == [Status.PLANNED]

    def test_an_ended_run_holds_nothing(self, journal: Journal) -> None:
        for id in ("r1", "r2"):
            journal.begin(run(id, pid=0))
        journal.intend("r1", [("a", change(1))])
        journal.end("r1", "done", NOW, {})
        assert [e.status for e in journal.intend("r2", [("b", change(1))])] == [Status.PLANNED]

    def test_a_dead_run_holds_nothing_but_what_it_left_unsettled(self, journal: Journal) -> None:
        for id, host in (("r1", "elsewhere"), ("r2", "")):
            journal.begin(replace(run(id), host=host, lease=NOW - timedelta(days=1), pid=0))
        one, _ = journal.intend("r1", [("a", change(1)), ("a", change(2))])
        journal.started([one])
        made = journal.intend("r2", [("b", change(1)), ("b", change(2))])
        assert [(e.status, e.reason) for e in made] == [
            (Status.SKIPPED, HELD),
            (Status.PLANNED, ""),
        ]
        assert [e.number for e in journal.unsettled([change(1).ref, change(2).ref])] == [1]
        journal.settle("r1", 1, Status.FAILED, "a person says so")
        assert journal.unsettled([change(1).ref, change(2).ref]) == []
        assert [e.status for e in journal.intend("r2", [("b", change(1))])] == [Status.PLANNED]

    def test_what_another_run_changed_meanwhile_is_refused(self, journal: Journal) -> None:
        for id in ("r1", "r2"):
            journal.begin(run(id, pid=0))
        since = journal.touched()
        made = journal.intend("r1", [("a", change(1)), ("a", change(2))])
        journal.started(made[:1])
        journal.closed(made[:1], Status.DONE, {})
        journal.end("r1", "done", NOW, {})
        after = journal.intend("r2", [("b", change(1)), ("b", change(2))], since=since)
        assert [(e.status, e.reason) for e in after] == [
            (Status.SKIPPED, "changed by run r1 after this run read it"), (Status.PLANNED, ""),
        ]  # fmt: skip
        assert journal.intend("r2", [("b", change(1))], since=journal.touched())[0].status is Status.PLANNED

    def test_a_type_without_regions_is_one_resource_everywhere(self, journal: Journal) -> None:
        for id in ("r1", "r2"):
            journal.begin(run(id, pid=0))
        there = replace(change(1), ref=replace(change(1).ref, scope=Scope("123456789012", "eu-west-1")))
        journal.intend("r1", [("a", change(1))])
        assert journal.intend("r2", [("b", there)])[0].status is Status.PLANNED
        assert journal.intend("r2", [("b", there)], anywhere={"ec2"})[0].status is Status.SKIPPED

    def test_a_lease_is_renewed(self, journal: Journal) -> None:
        journal.begin(replace(run("r1"), lease=NOW))
        journal.beat("r1")
        record = journal.run("r1")
        assert record is not None
        assert record.lease is not None
        assert record.lease > NOW

    def test_a_plan_has_one_run_at_a_time_and_those_that_it_comes_after(self, journal: Journal) -> None:
        """Whichever of two begins second is refused, whether the first goes on or has ended."""
        journal.begin(replace(run("r1"), plan="x"))
        journal.begin(replace(run("r2"), plan="y"))
        journal.begin(run("r3"))
        with pytest.raises(PlanRejected, match="plan x is being applied by run r1"):
            journal.begin(replace(run("r4"), plan="x"))
        journal.end("r1", "died", NOW, {})
        journal.begin(replace(run("r5"), plan="x"), after=("r1",))
        with pytest.raises(PlanRejected, match="by run r5"):
            journal.begin(replace(run("r6"), plan="x"), after=("r1",))
        assert [record.id for record in journal.runs_of_plan("x")] == ["r5", "r1"]
        assert [record.id for record in journal.runs()] == ["r5", "r3", "r2", "r1"]

    def test_no_such_change_to_settle(self, journal: Journal) -> None:
        journal.begin(run("r1"))
        with pytest.raises(StoreUnavailable, match="no change 3 of run r1"):
            journal.settle("r1", 3, Status.DONE, "")

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

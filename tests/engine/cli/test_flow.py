"""What `run` and `plan` do, from options to exit code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from engine.cli.exits import Exit
from engine.cli.flow import Request, calls_of, exit_code, journalled, policy_or_world
from engine.cli.options import DEFAULT_WORLD, Where
from engine.executor.changes import intend
from engine.model.change import Outcome, Status
from engine.model.errors import StoreUnavailable, UsageRejected
from engine.model.fact import Defect
from engine.model.verdict import unknown
from engine.plugin.journal import RunRecord, being_changed, changed_since, held_by
from engine.runner import Ran
from engine.store.sqlite import SqliteJournal
from tests.engine.executor.cloud import NOW, SCOPE, Cloud, ran

from .here import TAG, Here

GIVEN: dict[str, Any] = {
    "regions": (),
    "profile": "",
    "assume": (),
    "external_id": "",
    "sandbox": None,
    "paths": ("p.yml",),
}


def test_a_request_from_the_options() -> None:
    found = Request.of({**GIVEN, "regions": ("x",), "dry_run": True, "form": "json", "unknown": 1})
    assert found == Request(("p.yml",), where=Where(("x",)), dry_run=True, form="json")
    with pytest.raises(click.UsageError, match="which policies"):
        Request.of({**GIVEN, "paths": ()})


@pytest.mark.parametrize(
    ("sandbox", "paths", "expected"),
    [
        (None, ("p.yml",), (None, ("p.yml",))),
        (DEFAULT_WORLD, ("p.yml",), (DEFAULT_WORLD, ("p.yml",))),
        ("p.yml", (), (DEFAULT_WORLD, ("p.yml",))),
        ("p.yml", ("q.yml",), (DEFAULT_WORLD, ("p.yml", "q.yml"))),
        ("w.yml", ("p.yml",), ("w.yml", ("p.yml",))),
        ("folder", ("p.yml",), (DEFAULT_WORLD, ("folder", "p.yml"))),
        ("shop", ("p.yml",), ("shop", ("p.yml",))),
        ("small", ("p.yml",), ("small", ("p.yml",))),
    ],
)
def test_a_policy_after_a_bare_sandbox_is_no_world(
    sandbox: str | None, paths: tuple[str, ...], expected: Any, alone: Path
) -> None:
    for name, text in (("p.yml", TAG), ("q.yml", TAG), ("w.yml", "name: w\n")):
        (alone / name).write_text(text.lstrip())
    (alone / "folder").mkdir()
    assert policy_or_world(sandbox, paths) == expected


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageRejected, match="no such file: 'nowhere"):
        policy_or_world("nowhere.yml", ())


def result(**more: Any) -> Any:
    policy = SimpleNamespace(on_unknown=more.pop("on_unknown", "report"))
    return SimpleNamespace(**{"limited": "", "error": "", "unknown": [], "policy": policy, **more})


@pytest.mark.parametrize(
    ("results", "statuses", "more", "expected"),
    [
        ([result()], [], {}, Exit.DONE),
        ([result()], [Status.DONE, Status.SKIPPED], {}, Exit.DONE),
        ([result(unknown=[(1, unknown("denied"))])], [], {}, Exit.INCOMPLETE),
        ([result(unknown=[(1, unknown("denied"))], on_unknown="skip")], [], {}, Exit.DONE),
        ([result(unknown=[(1, unknown(Defect("a bug")))], on_unknown="skip")], [], {}, Exit.BUG),
        ([result(error=Defect("a bug")), result(limited="x")], [], {}, Exit.BUG),
        ([result(error="x")], [], {}, Exit.INCOMPLETE),
        ([result(limited="x")], [], {}, Exit.LIMITED),
        ([result(limited="x"), result(error="x")], [], {}, Exit.LIMITED),
        ([result(error="x")], [], {"declined": True}, Exit.DECLINED),
        ([result(limited="x")], [Status.FAILED], {}, Exit.FAILED),
        ([result()], [Status.UNCERTAIN], {}, Exit.FAILED),
        ([result()], [Status.PLANNED], {}, Exit.FAILED),
        ([result()], [], {"uncertain": True}, Exit.FAILED),
    ],
)
def test_the_one_code_that_says_most(
    results: list[Any], statuses: list[Status], more: dict[str, bool], expected: Exit
) -> None:
    outcomes = [Outcome(None, status) for status in statuses]  # type: ignore[arg-type]
    assert exit_code(results, outcomes, **more) is expected


def test_calls_are_counted_once_a_connection() -> None:
    one = SimpleNamespace(door=SimpleNamespace(calls=Counter({"ec2:A": 2})))
    other = SimpleNamespace(door=SimpleNamespace(calls=Counter({"ec2:A": 1, "s3:B": 1})))
    silent = SimpleNamespace(door=SimpleNamespace())
    found: Any = [(c, result()) for c in (one, one, other, silent)]
    assert calls_of(Ran(found)) == Counter({"ec2:A": 3, "s3:B": 1})


RUN = RunRecord("r-1", "run", NOW, "engine run")


def journal(folder: Path) -> tuple[RunRecord, list[Status]]:
    """The one run, and how its changes ended."""
    kept = SqliteJournal(folder / "home" / "journal.db")
    (run,) = kept.runs()
    found = run, [entry.status for entry in kept.entries(run.id)]
    kept.close()
    return found


def apply_to(cloud: Cloud) -> list[Outcome]:
    """Tag the cloud's instances, in the journal of this home."""
    import threading

    found = ran(cloud, {"resource": "ec2", "actions": [{"type": "tag", "key": "A", "value": "b"}]})
    connection: Any = SimpleNamespace(door=cloud)
    return journalled(RUN, intend(found).planned, {SCOPE: connection}, threading.Event(), quiet=True)


def test_a_run_of_the_journal_is_closed(alone: Path) -> None:
    assert [o.status for o in apply_to(Cloud().instance("i-1"))] == [Status.DONE]
    run, statuses = journal(alone)
    assert (run.status, run.summary, statuses) == ("done", {"done": 1}, [Status.DONE])


@pytest.mark.parametrize(("raised", "status"), [(KeyboardInterrupt, "interrupted"), (ZeroDivisionError, "failed")])
def test_a_run_of_the_journal_is_closed_whatever_happens(raised: type[BaseException], status: str, alone: Path) -> None:
    cloud = Cloud().instance("i-1")

    def fail(call: Any) -> None:
        if call.operation == "CreateTags":
            raise raised

    cloud.breaks = fail  # type: ignore[assignment]
    with pytest.raises(raised):
        apply_to(cloud)
    run, statuses = journal(alone)
    assert run.status == status
    assert run.ended is not None
    assert statuses != [Status.DONE]


def test_without_a_journal_nothing_is_changed(alone: Path) -> None:
    (alone / "home").write_text("a file where a folder should be")
    cloud = Cloud().instance("i-1")
    with pytest.raises(StoreUnavailable):
        apply_to(cloud)
    assert cloud.writes() == []


@pytest.mark.parametrize(
    ("reason", "more", "expected"),
    [
        (being_changed("r-9"), {}, Exit.DRIFTED),
        (changed_since("r-9"), {}, Exit.DRIFTED),
        (held_by("r-9", 3), {}, Exit.FAILED),
        (being_changed("r-9"), {"error": "x"}, Exit.INCOMPLETE),
        ("an earlier action of the policy failed on it", {}, Exit.DONE),
    ],
)
def test_the_code_of_what_other_runs_hold(reason: str, more: dict[str, str], expected: Exit) -> None:
    """Another run's resource is no failure; one that nobody has settled is."""
    outcomes = [Outcome(None, Status.SKIPPED, reason)]  # type: ignore[arg-type]
    assert exit_code([result(**more)], outcomes) is expected


STOP = "policies: [{name: rest, resource: ec2, filters: [{State.Name: running}, {'tag:Name': idle}], actions: [terminate]}]"


def test_destructive_changes_are_asked_about(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal they need --yes; with one, the answer counts."""
    policy = here.write("p.yml", STOP)
    done = here.engine("run", "--sandbox", policy)
    assert done.code == Exit.DECLINED
    assert "1 destructive change: nothing was changed; pass --yes" in done.err
    monkeypatch.setattr("engine.cli.flow.interactive", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: False)
    assert here.engine("run", "--sandbox", policy).code == Exit.DECLINED
    assert here.instances()["idle"]["state"] == "running"
    assert not (here.folder / "home" / "journal.db").exists()


def test_a_quiet_run_says_nothing(here: Here) -> None:
    done = here.engine("run", "--sandbox", here.write("p.yml", TAG), "-q")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert sum("Seen" in tags for tags in here.instances().values()) == 2


def test_a_limit_keeps_the_policy_from_acting(here: Here) -> None:
    limited = TAG.replace("resource: ec2", "resource: ec2\n    max-resources: 1")
    assert here.engine("run", "--sandbox", here.write("p.yml", limited)).code == Exit.LIMITED
    assert [name for name, tags in here.instances().items() if "Seen" in tags] == []

"""The engine from Python: what a caller gives, and gets; against an account in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

import engine
from engine.model.change import Status
from engine.model.errors import EngineError, LimitExceeded, PolicyRejected
from engine.model.json import Json
from engine.plugin.journal import held_by
from engine.sandbox.account import Sandbox
from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text
from engine.store.sqlite import SqliteJournal

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WORLD = """
name: pushed
instances:
  - {name: a, tags: {Team: x}}
  - {name: b, tags: {Team: x}}
  - {name: c, tags: {Team: y}, age: 9d, stopped: 5d}
queues: [{name: first}, {name: second}]
buckets: [{name: pushed-one}, {name: pushed-two}]
"""
TAG: Json = {"type": "tag", "key": "Seen", "value": "yes"}


@dataclass
class Account:
    """The account as its owner sees it, and as the engine is led to it."""

    sandbox: Sandbox

    def session(self, region: str) -> Account:
        """What stands for a boto3 session."""
        return self

    def client(self, service: str, region_name: str = "us-east-1", config: Any = None) -> Any:
        """A client on the sandbox."""
        return boto3.client(
            service, region_name=region_name, endpoint_url=self.sandbox.endpoint, aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox", config=config,
        )  # fmt: skip

    def instances(self) -> dict[str, dict[str, str]]:
        """Name → tags and id."""
        found = {}
        for reservation in self.client("ec2").describe_instances()["Reservations"]:
            for each in reservation["Instances"]:
                tags = {t["Key"]: t["Value"] for t in each.get("Tags", ())}
                found[tags.get("Name", each["InstanceId"])] = {**tags, "id": each["InstanceId"]}
        return found


@pytest.fixture(scope="module")
def at() -> Iterator[Account]:
    with sandbox(read_text(WORLD)) as account:
        yield Account(account)


@pytest.fixture
def clean(at: Account) -> Account:
    at.client("ec2").delete_tags(Resources=[i["id"] for i in at.instances().values()], Tags=[{"Key": "Seen"}])
    return at


def pushed(at: Account, policy: Json, event: Json, folder: Path, **more: Any) -> engine.Result:
    with_ = {"name": "on-event", "actions": [TAG], **policy}
    return engine.push(
        with_, event, account_id="123456789012", session_factory=at.session, output_dir=folder, now=NOW, **more
    )


def state(id: str, word: str = "running") -> Json:
    return {"source": "aws.ec2", "detail": {"instance-id": id, "state": word}}


ON_STATE: Json = {"resource": "ec2", "mode": {"type": "ec2-instance-state", "events": ["running", "stopped"]}}


def test_a_push_acts_on_what_the_event_names_and_on_nothing_else(clean: Account, tmp_path: Path) -> None:
    there = clean.instances()
    told = pushed(clean, ON_STATE, state(there["a"]["id"]), tmp_path)
    assert [r["InstanceId"] for r in told.resources] == [there["a"]["id"]]
    assert [(o.status, o.change.ref.id) for o in told.outcomes] == [(Status.DONE, there["a"]["id"])]
    assert {name for name, tags in clean.instances().items() if "Seen" in tags} == {"a"}
    journal = SqliteJournal(tmp_path / "journal.db")
    (run,) = journal.runs()
    assert [(e.status, e.change.ref.id) for e in journal.entries(run.id)] == [(Status.DONE, there["a"]["id"])]
    journal.close()


def test_what_is_named_is_judged_all_the_same(clean: Account, tmp_path: Path) -> None:
    there = clean.instances()
    policy = {
        **ON_STATE,
        "filters": [{"State.Name": "running"}, {"type": "event", "key": "detail.state", "value": "stopped"}],
    }
    assert pushed(clean, policy, state(there["c"]["id"], "stopped"), tmp_path).resources == []
    assert len(pushed(clean, policy, state(there["b"]["id"], "stopped"), tmp_path, dry_run=True).resources) == 1
    assert [name for name, tags in clean.instances().items() if "Seen" in tags] == []
    assert not (tmp_path / "journal.db").exists()


@pytest.mark.parametrize(
    "event",
    [
        state("i-0123456789abcdef0"),
        state("i-1", "pending"),
        {"detail": {"errorCode": "x", "instance-id": "i-1"}},
        {},
        None,
    ],
)
def test_an_event_of_nothing_there_does_nothing(event: Json, at: Account, tmp_path: Path) -> None:
    """Gone, another state, failed, no event, none: the last must not mean "everything"."""
    told = pushed(at, ON_STATE, event, tmp_path)
    assert (told.resources, told.unknown, told.outcomes) == ([], [], [])


def test_several_of_a_call(clean: Account, tmp_path: Path) -> None:
    there = clean.instances()
    items = [{"instanceId": there[name]["id"]} for name in ("b", "c")]
    event = {
        "detail": {
            "eventName": "RunInstances",
            "eventSource": "ec2.amazonaws.com",
            "responseElements": {"instancesSet": {"items": items}},
        }
    }
    policy = {"resource": "ec2", "mode": {"type": "cloudtrail", "events": ["RunInstances"]}}
    assert len(pushed(clean, policy, event, tmp_path).outcomes) == 2
    assert {name for name, tags in clean.instances().items() if "Seen" in tags} == {"b", "c"}


def test_a_type_that_cannot_be_asked_by_id(at: Account, tmp_path: Path) -> None:
    event = {
        "detail": {
            "eventName": "CreateBucket",
            "eventSource": "s3.amazonaws.com",
            "requestParameters": {"bucketName": "pushed-two"},
        }
    }
    policy = {"resource": "s3", "mode": {"type": "cloudtrail", "events": ["CreateBucket"]}}
    assert [r["Name"] for r in pushed(at, policy, event, tmp_path, dry_run=True).resources] == ["pushed-two"]


def test_arns_of_a_finding(at: Account, tmp_path: Path) -> None:
    """Of each type only its own."""
    there = at.instances()
    ids = [
        f"arn:aws:ec2:us-east-1:123456789012:instance/{there['b']['id']}",
        "arn:aws:sqs:us-east-1:123456789012:second",
    ]
    event = {"detail": {"findings": [{"Resources": [{"Id": id} for id in ids]}]}}
    found = {}
    for type, key in (("ec2", "InstanceId"), ("sqs", "QueueUrl"), ("s3", "Name")):
        policy = {"resource": type, "mode": {"type": "hub-finding"}}
        found[type] = [r[key].rsplit("/", 1)[-1] for r in pushed(at, policy, event, tmp_path, dry_run=True).resources]
    assert found == {"ec2": [there["b"]["id"]], "sqs": ["second"], "s3": []}


def test_a_scheduled_mode_looks_at_everything(at: Account, tmp_path: Path) -> None:
    policy = {"resource": "ec2", "mode": {"type": "periodic", "schedule": "rate(1 day)"}}
    assert len(pushed(at, policy, {"source": "aws.events", "detail": {}}, tmp_path, dry_run=True).resources) == 3


def test_a_run_acts_and_leaves_its_journal(clean: Account, tmp_path: Path) -> None:
    policy = {"name": "seen", "resource": "ec2", "filters": [{"tag:Team": "x"}], "actions": [TAG]}
    told = engine.run(policy, account_id="123456789012", session_factory=clean.session, output_dir=tmp_path)
    assert {o.status for o in told.outcomes} == {Status.DONE}
    assert {name for name, tags in clean.instances().items() if "Seen" in tags} == {"a", "b"}
    again = engine.run(policy, account_id="123456789012", session_factory=clean.session, output_dir=tmp_path)
    assert ([s.reason for s in again.left_alone], again.outcomes) == (["it is tagged so already"] * 2, [])


def test_a_dry_run_changes_nothing(clean: Account, tmp_path: Path) -> None:
    policy = {"name": "seen", "resource": "ec2", "actions": [TAG]}
    told = engine.run(policy, session_factory=clean.session, output_dir=tmp_path, dry_run=True)
    assert (len(told.resources), told.outcomes, list(tmp_path.iterdir())) == (3, [], [])


def test_a_limit_is_raised(at: Account, tmp_path: Path) -> None:
    policy = {"name": "many", "resource": "ec2", "max-resources": 1, "actions": [TAG]}
    with pytest.raises(LimitExceeded, match="3"):
        engine.run(policy, account_id="123456789012", session_factory=at.session, output_dir=tmp_path)


def test_a_listing_that_fails_is_raised(tmp_path: Path) -> None:
    class Broken:
        def client(self, *_: Any, **__: Any) -> Any:
            raise OSError("no way")

    with pytest.raises(EngineError, match="no way"):
        engine.run({"name": "x", "resource": "ec2"}, account_id="1", session_factory=lambda region: Broken())


ROWS: list[Json] = [
    {"InstanceId": "i-1", "State": {"Name": "running"}},
    {"InstanceId": "i-2", "State": {"Name": "stopped"}},
    {"State": {"Name": "running"}},
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], [0, 1, 2]),
        ([{"State.Name": "running"}], [0, 2]),
        ([{"not": [{"State.Name": "running"}]}], [1]),
        ([{"type": "metrics", "name": "CPUUtilization", "value": 5}], []),
        (["termination-protected"], []),
        ([{"type": "reduce", "sort-by": "InstanceId", "limit": 1, "order": "desc"}], [1]),
    ],
)
def test_match_keeps_the_same_objects_in_order(filters: Json, expected: list[int]) -> None:
    """What would have to be asked is unknown, and unknown is no match."""
    kept = engine.match({"name": "x", "resource": "ec2", "filters": filters}, ROWS, now=NOW)
    assert [id(r) for r in kept] == [id(ROWS[i]) for i in expected]


def test_match_sees_the_event() -> None:
    filters: Json = [{"type": "event", "key": "detail.by", "value": "me"}]
    policy: Json = {"name": "x", **ON_STATE, "filters": filters}
    assert len(engine.match(policy, ROWS, event={"detail": {"by": "me"}})) == 3
    assert engine.match(policy, ROWS, event={"detail": {"by": "you"}}) == []


WRONG: Json = {"name": "x", "resource": "ec2", "filters": [{"type": "metric"}]}


def test_what_is_wrong_is_told_not_raised() -> None:
    assert engine.validate({"name": "x", "resource": "ec2"}) == []
    assert [d.code for d in engine.validate(WRONG)] == ["C201"]
    assert engine.validate({"name": "x"}) != []


@pytest.mark.parametrize(
    "ask",
    [
        lambda: engine.match(WRONG, []),
        lambda: engine.match({"name": "x"}, []),
        lambda: engine.run(WRONG, session_factory=lambda region: None),
    ],
)
def test_a_wrong_policy_is_rejected_where_it_is_to_be_used(ask: Any) -> None:
    with pytest.raises(PolicyRejected):
        ask()


def test_the_journal_says_how_a_run_ended(clean: Account, tmp_path: Path) -> None:
    """Failed where a change failed: the instance is gone."""
    there = clean.instances()
    policy = {
        "resource": "ec2", "name": "call", "mode": ON_STATE["mode"],
        "actions": [{"type": "call", "service": "ec2", "operation": "StopInstances", "with": {"InstanceIds": ["'i-0123456789abcdef0'"]}}],
    }  # fmt: skip
    told = pushed(clean, policy, state(there["a"]["id"]), tmp_path)
    assert [o.status for o in told.outcomes] == [Status.FAILED]
    journal = SqliteJournal(tmp_path / "journal.db")
    (run,) = journal.runs()
    assert (run.status, run.summary, run.ended is not None) == ("failed", {"failed": 1}, True)
    journal.close()


def test_what_an_earlier_run_left_unsettled_is_left_alone(clean: Account, tmp_path: Path) -> None:
    """Until a person settles it."""
    there = clean.instances()
    (first,) = pushed(clean, ON_STATE, state(there["a"]["id"]), tmp_path).outcomes
    journal = SqliteJournal(tmp_path / "journal.db")
    (run,) = journal.runs()
    journal.closed(journal.entries(run.id), Status.UNCERTAIN, {})
    clean.client("ec2").delete_tags(Resources=[there["a"]["id"]], Tags=[{"Key": "Seen"}])
    (again,) = pushed(clean, ON_STATE, state(there["a"]["id"]), tmp_path).outcomes
    assert (again.status, again.reason) == (Status.SKIPPED, held_by(run.id, 1))
    journal.settle(run.id, 1, Status.FAILED, "")
    journal.close()
    assert [o.status for o in pushed(clean, ON_STATE, state(there["a"]["id"]), tmp_path).outcomes] == [Status.DONE]
    assert first.status is Status.DONE

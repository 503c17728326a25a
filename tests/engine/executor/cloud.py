"""A small account in memory that can be read and written: instances, buckets, functions. Fails where a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.executor.apply import Application, apply
from engine.executor.changes import intend
from engine.executor.events import Silent
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent, Planned
from engine.lang.load import policy_from
from engine.lang.syntax import Policy
from engine.model.call import Call
from engine.model.change import Change, Outcome
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Request, Tell
from engine.runner import Settings, run_policies
from engine.store.sqlite import SqliteJournal
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.gather import gather
from tests.providers.aws.adapter.conftest import connected

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SCOPE = Scope("123456789012", "us-east-1")
Breaks = Callable[[Call], CallFailed | None]


def lost(call: Call) -> CallFailed:
    """The answer never came."""
    return CallFailed(call.service, call.operation, FailureKind.FAULT, "ReadTimeoutError", "timed out", None)


def refused(call: Call, code: str = "UnauthorizedOperation", kind: FailureKind = FailureKind.DENIED) -> CallFailed:
    """AWS said no."""
    return CallFailed(call.service, call.operation, kind, code, "no")


@dataclass
class Cloud:
    """State by id. `breaks` gives a call's failure; `breaks_after` too, but the call has been carried out then."""

    instances: dict[str, dict[str, Json]] = field(default_factory=dict)
    buckets: dict[str, dict[str, str]] = field(default_factory=dict)
    functions: dict[str, dict[str, str]] = field(default_factory=dict)
    breaks: Breaks = lambda call: None
    breaks_after: Breaks = lambda call: None
    calls: list[Call] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    failing: dict[str, str] = field(default_factory=dict)
    """ARN → why the tagging API says it failed."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.connection: AwsConnection = connected()
        self.connection.door = self  # type: ignore[assignment]

    def instance(self, id: str, state: str = "running", **tags: str) -> Cloud:
        """One more."""
        self.instances[id] = {"InstanceId": id, "State": {"Name": state}, "tags": dict(tags)}
        return self

    def writes(self) -> list[str]:
        """Operations that change something, in order."""
        return [c.operation for c in self.calls if not c.operation.startswith(("Describe", "List", "Get"))]

    def lists(self, call: Call) -> frozenset[str]:
        """Members that must stand in an answer: the double tells only what is asked about."""
        return frozenset()

    def follows(self, call: Call, answer: Any) -> bool:
        """Answers come whole."""
        return False

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """One page."""
        yield self.perform(call)

    def change(self, call: Call, token: str) -> dict[str, Any]:
        """Once; and under which token."""
        self.tokens.append(token)
        return self.perform(call)

    def perform(self, call: Call) -> dict[str, Any]:
        """Carry a call out."""
        with self._lock:
            self.calls.append(call)
            if (failure := self.breaks(call)) is not None:
                raise failure
            answer: dict[str, Any] = getattr(self, f"_{call.operation}")(call.params)
            if (failure := self.breaks_after(call)) is not None:
                raise failure
            return answer

    def _DescribeInstances(self, params: Json) -> Json:  # noqa: N802 - AWS's name
        ids = params.get("InstanceIds")
        if ids and any(i not in self.instances for i in ids):
            raise CallFailed("ec2", "DescribeInstances", FailureKind.GONE, "InvalidInstanceID.NotFound", "gone")
        found = [i for id, i in self.instances.items() if not ids or id in ids]
        return {"Reservations": [{"Instances": [
            {"InstanceId": i["InstanceId"], "State": dict(i["State"]),
             "Tags": [{"Key": k, "Value": v} for k, v in i["tags"].items()]} for i in found]}]}  # fmt: skip

    def _ec2_tagged(self, params: Json) -> Iterator[dict[str, str]]:
        if any(i not in self.instances for i in params["Resources"]):
            raise CallFailed("ec2", "CreateTags", FailureKind.GONE, "InvalidInstanceID.NotFound", "gone")
        for id in params["Resources"]:
            yield self.instances[id]["tags"]

    def _CreateTags(self, params: Json) -> Json:  # noqa: N802
        for tags in list(self._ec2_tagged(params)):
            tags.update({t["Key"]: t["Value"] for t in params["Tags"]})
        return {}

    def _DeleteTags(self, params: Json) -> Json:  # noqa: N802
        for tags in list(self._ec2_tagged(params)):
            for each in params["Tags"]:
                tags.pop(each["Key"], None)
        return {}

    def _to(self, params: Json, state: str) -> Json:
        for id in params["InstanceIds"]:
            self.instances[id]["State"] = {"Name": state}
        return {}

    def _StopInstances(self, params: Json) -> Json:  # noqa: N802
        return self._to(params, "stopping")

    def _StartInstances(self, params: Json) -> Json:  # noqa: N802
        return self._to(params, "pending")

    def _RebootInstances(self, params: Json) -> Json:  # noqa: N802
        return {}

    def _TerminateInstances(self, params: Json) -> Json:  # noqa: N802
        return self._to(params, "shutting-down")

    def _ListBuckets(self, _: Json) -> Json:  # noqa: N802
        return {"Buckets": [{"Name": name, "BucketRegion": "us-east-1"} for name in self.buckets]}

    def _GetBucketTagging(self, params: Json) -> Json:  # noqa: N802
        tags = self.buckets[params["Bucket"]]
        if not tags:
            raise CallFailed("s3", "GetBucketTagging", FailureKind.GONE, "NoSuchTagSet", "none")
        return {"TagSet": [{"Key": k, "Value": v} for k, v in tags.items()]}

    def _PutBucketTagging(self, params: Json) -> Json:  # noqa: N802
        self.buckets[params["Bucket"]] = {t["Key"]: t["Value"] for t in params["Tagging"]["TagSet"]}
        return {}

    def _ListFunctions(self, _: Json) -> Json:  # noqa: N802
        return {"Functions": [{"FunctionName": n, "FunctionArn": f"arn:{n}"} for n in self.functions]}

    def _GetResources(self, params: Json) -> Json:  # noqa: N802
        found: list[Json] = []
        for arn in params["ResourceARNList"]:
            tags = self.functions.get(arn.removeprefix("arn:"), self.buckets.get(arn.rpartition(":")[2], {}))
            if tags:
                found.append({"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]})
        return {"ResourceTagMappingList": found}

    def _TagResources(self, params: Json) -> Json:  # noqa: N802
        done = [a for a in params["ResourceARNList"] if a not in self.failing]
        for arn in done:
            self.functions[arn.removeprefix("arn:")].update(params["Tags"])
        return {"FailedResourcesMap": {
            a: {"StatusCode": 400, "ErrorCode": "InvalidParameterException", "ErrorMessage": self.failing[a]}
            for a in params["ResourceARNList"] if a in self.failing}}  # fmt: skip

    def _UntagResources(self, params: Json) -> Json:  # noqa: N802
        for arn in params["ResourceARNList"]:
            for key in params["TagKeys"]:
                self.functions[arn.removeprefix("arn:")].pop(key, None)
        return {"FailedResourcesMap": {}}

    def gather(self, requests: Sequence[Request], tell: Tell) -> None:
        """As the adapter does."""
        gather(self.connection, requests, tell)


def parsed(*written: dict[str, Json]) -> list[Policy]:
    """Policies; named p0, p1 … where they have no name."""
    found = []
    for number, each in enumerate(written):
        policy, problems = policy_from({"name": f"p{number}", **each})
        assert policy is not None, problems
        found.append(policy)
    return found


def ran(cloud: Cloud, *written: dict[str, Json]) -> list[tuple[Any, PolicyResult]]:
    """What they match."""
    settings = Settings(now=NOW, regions=("us-east-1",), acting=True)
    return run_policies(parsed(*written), catalog(), [cloud.connection], settings).results


def intent(cloud: Cloud, *written: dict[str, Json]) -> Intent:
    """What they want to change."""
    return intend(ran(cloud, *written))


class Told(Silent):
    """An observer that remembers what changes came to."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def changed(self, outcome: Outcome) -> None:
        """One more."""
        self.outcomes.append(outcome)


@dataclass
class Desk:
    """Applies changes to a cloud under a journal."""

    cloud: Cloud
    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)
    number: int = 0
    observer: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.journal = SqliteJournal(self.folder / "journal.db")

    def make(self, planned: Sequence[Planned]) -> tuple[list[Entry], list[Outcome]]:
        """(entries as the journal has them then, outcomes)."""
        self.number += 1
        run = f"run-{self.number}"
        self.journal.begin(RunRecord(run, "run", NOW, "test"))
        with_ = Application(lambda _: self.cloud, self.journal, self.observer, self.stop)
        outcomes = apply(run, planned, with_)
        self.journal.end(run, "done", NOW, {})
        return self.journal.entries(run), outcomes


def change(action: str, id: str, *calls: Call, inverse: Sequence[Call] = (), **more: Any) -> Change:
    """A change of an instance."""
    return Change(ResourceRef("ec2", SCOPE, id), action, calls, inverse=tuple(inverse), **more)

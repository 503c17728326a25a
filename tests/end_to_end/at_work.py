"""The engine as the commands put it together, against an account in the test's own process."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from engine.cli.taking_back import read_now
from engine.executor.apply import Application, apply
from engine.executor.changes import intend
from engine.executor.events import Silent
from engine.executor.execute import gather
from engine.executor.intent import Intent, Planned
from engine.executor.item import Item
from engine.executor.undo import inverses
from engine.lang.load import policy_from
from engine.model.change import Outcome, Status
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.record import ResourceType
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.listing import existing
from engine.plugin.protocols import Connection, Credentials, Setting
from engine.runner import Settings, run_policies
from engine.sandbox.account import Sandbox
from engine.store.sqlite import SqliteJournal


class Hurried(threading.Event):
    """Never set, and waits for nothing: pauses between calls are the executor's, and tested there."""

    def wait(self, timeout: float | None = None) -> bool:
        """At once."""
        return self.is_set()


@dataclass
class AtWork:
    """An account, a connection of the engine to it, and a journal."""

    account: Sandbox
    journal: SqliteJournal
    region: str = "us-east-1"
    remembered: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection: Connection = catalog().provider.connect(
            Credentials(
                endpoint=self.account.endpoint,
                environment=tuple(self.account.environment.items()),
                account=self.account.account_id,
            )
        )

    @property
    def scope(self) -> Scope:
        """Where everything happens."""
        return Scope(self.account.account_id, self.region)

    def client(self, service: str) -> Any:
        """A boto3 client on the account."""
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.account.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )

    def wanted(self, word: str, action: Json, filters: Sequence[Json] = ()) -> Intent:
        """What a policy with this one action would do."""
        policy, problems = policy_from(
            {"name": "there-and-back", "resource": f"aws.{word}", "filters": list(filters), "actions": [action]}
        )
        assert policy is not None, [str(p) for p in problems]
        ran = run_policies([policy], catalog(), [self.connection], Settings(regions=(self.region,), acting=True))
        for _, result in ran.results:
            assert result.error == ""
        return intend(ran.results)

    def make(self, planned: Sequence[Planned], kind: str = "run") -> tuple[list[Entry], list[Outcome]]:
        """Make changes as a run of the journal; its entries as the journal then has them."""
        id = uuid.uuid4().hex[:12]
        self.journal.begin(RunRecord(id, kind, datetime.now(UTC), "test"))
        with_ = Application(lambda _: self.connection.door, self.journal, Silent(), Hurried())
        outcomes = apply(id, planned, with_)
        self.journal.end(id, "done", datetime.now(UTC), {})
        entries = self.journal.entries(id)
        for entry in entries:
            if entry.status is Status.UNCERTAIN:  # what moto lacks it answers with a 5xx: that holds no other case
                self.journal.settle(id, entry.number, Status.FAILED, "moto lacks it")
        return entries, outcomes

    def take_back(self, entries: Sequence[Entry]) -> tuple[Intent, list[Outcome]]:
        """Undo entries as `engine undo` does: read the resources again, plan the inverses, make them."""
        now = read_now(entries, {self.scope.account: self.connection})
        intent = inverses(entries, now)
        return intent, self.make(intent.planned, "undo")[1]

    def item(self, ref: ResourceRef) -> Item | None:
        """A resource as it is now, with every facet that can be read; None when it is gone."""
        type = catalog().provider.type(ref.type)
        found = existing(type, self.scope, self.connection.door, catalog().provider.type, (ref.id,)).get(ref.id)
        if found is None:
            return None
        item = Item(found, type)
        needs = {FacetNeed(name) for name in facets_of(type)}
        setting = Setting(type, self.scope, datetime.now(UTC), types=catalog().provider.type)
        gather(self.connection, {need: {id(item): item} for need in needs}, setting, 1)
        return item

    def state(self, ref: ResourceRef) -> dict[str, Json]:
        """Everything that can be read of a resource: the listing's attributes and every facet."""
        item = self.item(ref)
        if item is None:
            return {"gone": True}
        facets = {
            f"facet {need.facet}": item.fact(need)
            for need, fact in item.facts.items()
            if isinstance(need, FacetNeed) and not isinstance(fact, Failed)
        }
        return {**item.resource.attributes, **facets}


def facets_of(type: ResourceType) -> set[str]:
    """The facets of a type, the tags among them where its listing does not carry them."""
    own = set(type.facets)
    return own | {"tags"} if type.tags is not None and not type.tags.attribute else own


def journal_in(folder: Path) -> SqliteJournal:
    """A fresh journal."""
    return SqliteJournal(folder / "journal.db")


def first_only(intent: Intent) -> Planned | None:
    """The first change that is wanted, if any."""
    return replace(intent.planned[0], step=0) if intent.planned else None


def flat(value: Json, path: str = "") -> dict[str, Json]:
    """Every leaf by its path. The order of lists says nothing: AWS promises none for tags, policies and groups."""
    if isinstance(value, Mapping) and value:
        return {k: v for key, each in value.items() for k, v in flat(each, f"{path}.{key}".lstrip(".")).items()}
    if isinstance(value, list | tuple) and value:
        ordered = sorted(value, key=repr)
        return {k: v for number, each in enumerate(ordered) for k, v in flat(each, f"{path}[{number}]").items()}
    return {path: value}


def differences(one: Mapping[str, Json], other: Mapping[str, Json], but: Sequence[str] = ()) -> dict[str, Json]:
    """Path → (one's value, the other's), of every leaf that differs, but those that match a glob of `but`.

    When something happened last is no state: that moment moves with every change, and cannot be taken back.
    """
    first, second = flat(one), flat(other)
    return {
        path: (first.get(path), second.get(path))
        for path in sorted({*first, *second})
        if first.get(path) != second.get(path)
        and not any(fnmatchcase(path, glob) for glob in but)
        and not (just_now(second.get(path)) and isinstance(first.get(path), datetime))
    }


def just_now(value: Json) -> bool:
    """Whether it is a moment of this test."""
    return isinstance(value, datetime) and abs(datetime.now(UTC) - value) < timedelta(minutes=10)

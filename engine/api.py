"""The engine from Python: validate, match, run, push. Nothing is asked on a terminal; nothing is printed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.executor.apply import Application, apply
from engine.executor.changes import intend
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent
from engine.executor.item import Item
from engine.executor.judge import judge_all
from engine.executor.reconcile import settled
from engine.executor.recording import recording
from engine.lang.check import Environment, check
from engine.lang.load import policy_from
from engine.lang.syntax import Policy
from engine.model.change import Outcome, Skip, Status
from engine.model.diagnostic import Diagnostic
from engine.model.errors import EngineError, LimitExceeded, PolicyRejected
from engine.model.json import Json
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.model.verdict import Kind
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Connection, Credentials, Setting
from engine.runner import Settings, bind, run_policies


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy did: `resources` are the matched ones as AWS described them with the facts that were gathered.

    `unknown` pairs a resource with why it could not be judged; `outcomes` are the changes and their ends; `left_alone`
    says where an action wanted nothing, and why.
    """

    resources: list[dict[str, Json]]
    unknown: list[tuple[dict[str, Json], str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    left_alone: list[Skip] = field(default_factory=list)
    results: list[PolicyResult] = field(default_factory=list)


def validate(policy: Mapping[str, Json]) -> list[Diagnostic]:
    """What is wrong with a policy given as a mapping; empty when it is valid."""
    parsed, problems = policy_from(policy)
    if parsed is None:
        return problems
    _, problems = check(parsed, catalog(), Environment())
    return problems


def match(
    policy: Mapping[str, Json],
    resources: Sequence[Mapping[str, Json]],
    *,
    event: Json = None,
    region: str = "us-east-1",
    account_id: str = "123456789012",
    now: datetime | None = None,
) -> list[Mapping[str, Json]]:
    """Those of the resources that the policy's filters keep, the same objects, in their order. Makes no call.

    What a filter would have to ask AWS for is unknown here, and unknown is no match. Raises PolicyRejected.
    """
    clock = now or datetime.now(UTC)
    scope = Scope(account_id, region)
    bound = bind(_parsed(policy), catalog(), Environment(account_id, region, scope.partition, clock))
    setting = Setting(bound.type, scope, clock, policy, event, catalog().provider.type)
    items = [
        Item(
            Resource(ResourceRef(bound.type.word, scope, str(r.get(bound.type.identity.id, i))), r),
            bound.type,
            offline=True,
        )
        for i, r in enumerate(resources)
    ]
    verdicts = judge_all(bound.filters, items, setting)
    return [r for r, v in zip(resources, verdicts, strict=True) if v.kind is Kind.MATCH]


def run(
    policy: Mapping[str, Json],
    *,
    region: str = "us-east-1",
    account_id: str = "",
    now: datetime | None = None,
    output_dir: str | Path | None = None,
    session_factory: Callable[..., Any] | None = None,
    dry_run: bool = False,
) -> Result:
    """Run one policy: list, judge and, unless `dry_run`, act; each change is in the journal under `output_dir`.

    `session_factory(region=…)` gives boto3 sessions. Raises PolicyRejected, LimitExceeded, or EngineError when the
    resources could not be listed.
    """
    return _run(policy, None, region, account_id, now, output_dir, session_factory, dry_run)


def push(
    policy: Mapping[str, Json],
    event: Json,
    *,
    region: str = "us-east-1",
    account_id: str = "",
    now: datetime | None = None,
    output_dir: str | Path | None = None,
    session_factory: Callable[..., Any] | None = None,
    dry_run: bool = False,
) -> Result:
    """The same for the resources that an event names, as the policy's mode says how to find them.

    An event that names none, or no event at all, finds none; modes that run on a schedule look at everything.
    """
    return _run(policy, {} if event is None else event, region, account_id, now, output_dir, session_factory, dry_run)


def _parsed(policy: Mapping[str, Json]) -> Policy:
    parsed, problems = policy_from(policy)
    if parsed is None:
        raise PolicyRejected(problems)
    return parsed


def _run(
    policy: Mapping[str, Json],
    event: Json,
    region: str,
    account_id: str,
    now: datetime | None,
    output_dir: str | Path | None,
    session_factory: Callable[..., Any] | None,
    dry_run: bool,
) -> Result:
    parsed = _parsed(policy)
    shelves = catalog()
    connection = shelves.provider.connect(Credentials(account=account_id, factory=session_factory))
    settings = Settings(now=now or datetime.now(UTC), event=event, regions=(region,), acting=not dry_run)
    path = Path(output_dir or ".") / "journal.db"
    since = None if dry_run else _touched(path)
    ran = run_policies([parsed], shelves, [connection], settings)
    results = [result for _, result in ran.results]
    for result in results:
        if result.error:
            raise EngineError(result.error)
        if result.limited:
            raise LimitExceeded(result.limited)
    outcomes: list[Outcome] = []
    intent = Intent()
    if not dry_run:
        intent = intend(ran.results)
        outcomes = _act(intent, parsed, connection, settings, path, since)
    return Result(
        resources=[dict(item.attributes) for r in results for item in r.matched],
        unknown=[(dict(item.attributes), "; ".join(v.causes)) for r in results for item, v in r.unknown],
        outcomes=outcomes,
        left_alone=[skip for _, skip in intent.skipped],
        results=results,
    )


def _touched(path: Path) -> int:
    """The journal's counter of writes; 0 where there is no journal yet."""
    if not path.exists():
        return 0
    from engine.store.sqlite import SqliteJournal

    journal = SqliteJournal(path)
    try:
        return journal.touched()
    finally:
        journal.close()


def _act(
    intent: Intent, policy: Policy, connection: Connection, settings: Settings, path: Path, since: int | None
) -> list[Outcome]:
    """Make the changes under a run of the journal at `path`, whose counter was `since` before anything was read."""
    if not intent.planned:
        return []
    from engine.store.sqlite import SqliteJournal

    types = catalog().provider.type

    def settle(entries: Sequence[Entry]) -> Sequence[tuple[Entry, Status, str]]:
        by_account = {entry.change.ref.scope.account: connection for entry in entries}
        return settled(entries, by_account, types, datetime.now(UTC))

    journal = SqliteJournal(path)
    record = RunRecord(uuid.uuid4().hex[:12], "run", settings.now, "engine.run", (policy.name,))
    anywhere = frozenset(p.change.ref.type for p in intent.planned if types(p.change.ref.type).global_)
    try:
        with recording(journal, record, settings.stop) as run:
            with_ = Application(
                lambda _: connection.door, journal, settings.observer, settings.stop, settle, since, anywhere
            )
            outcomes = apply(record.id, intent.planned, with_)
            run.ended(outcomes)
    finally:
        journal.close()
    return outcomes


__all__ = ["Result", "match", "push", "run", "validate"]

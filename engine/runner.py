"""From policies to results: the composition that the command line and the library share.

load → check → bind to each scope → compile → execute → (intend → apply). Nothing here is asked on a terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.executor.events import Observer, Silent
from engine.executor.execute import Circumstances, PolicyResult, Target, execute
from engine.lang.check import Environment, check
from engine.lang.syntax import CheckedPolicy, Policy
from engine.lang.vars import names_in
from engine.model.errors import CallFailed, EngineError, PolicyRejected
from engine.model.json import Json
from engine.model.need import PolicyNeed
from engine.model.node import node_of
from engine.model.scope import Scope
from engine.plan.compile import compile
from engine.plan.steps import Plan
from engine.plugin.catalog import Catalog
from engine.plugin.protocols import Connection, Setting


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: the clock, the user's variables, the event, the regions, who watches.

    `written`: the clock that actions write from, where it is not `now`: a saved plan's.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    variables: Mapping[str, Json] = field(default_factory=dict)
    event: Json = None
    regions: tuple[str, ...] = ()
    observer: Observer = field(default_factory=Silent)
    optimise: bool = True
    acting: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    written: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """Results, each with the connection it came through."""

    results: list[tuple[Connection, PolicyResult]]


def bind(policy: Policy, catalog: Catalog, environment: Environment) -> CheckedPolicy:
    """A policy with its placeholders filled for one scope. Raises PolicyRejected."""
    found, problems = check(policy, catalog, environment)
    if found is None:
        raise PolicyRejected(problems)
    return found


def needs_account(policies: Sequence[Policy], catalog: Catalog, acting: bool) -> bool:
    """Whether the account's id must be known before anything is listed."""
    asks = any("account_id" in names_in(p.node) or p.node.get("conditions") is not None for p in policies)
    asks = asks or any(_compares_accounts(p, catalog) for p in policies)
    asks = asks or any(catalog.provider.type(p.resource).list.owner for p in policies)
    return asks or (acting and any(p.node.get("actions") is not None for p in policies))


def _compares_accounts(policy: Policy, catalog: Catalog) -> bool:
    """Whether a filter tells the resource's own account from others."""
    type = catalog.provider.type(policy.resource)

    def words(data: Json) -> Iterator[str]:
        for each in data if isinstance(data, list) else [data]:
            if isinstance(each, str):
                yield each
            elif isinstance(each, Mapping):
                yield str(each.get("type"))
                yield from (word for block in ("and", "or", "not") for word in words(each.get(block) or []))

    filters = policy.node.get("filters")
    named = [type.filters[word].is_ for word in words(filters.data() if filters else []) if word in type.filters]
    return any(getattr(catalog.filters.get(word), "ACCOUNT", False) for word in named)


def run_policies(
    policies: Sequence[Policy], catalog: Catalog, connections: Sequence[Connection], settings: Settings
) -> Ran:
    """Run policies through every connection in every region. Raises EngineError where nothing at all can be run."""
    targets: list[Target] = []
    by_scope: dict[Scope, Connection] = {}
    unreached: list[tuple[Connection, PolicyResult]] = []
    for connection in connections:
        try:
            asks = needs_account(policies, catalog, settings.acting)
            account = connection.account if asks else connection.known_account
            regions = connection.regions(settings.regions)
        except CallFailed as failed:
            if len(connections) == 1:
                raise
            unreached += _unreached(policies, catalog, connection, settings, failed)
            continue
        for number, region in enumerate(regions):
            for plan, scope in _plans(policies, catalog, connection, Scope(account, region), number, settings):
                targets.append(Target(connection, scope, plan))
                by_scope[scope] = connection
    circumstances = Circumstances(
        now=settings.now,
        types=catalog.provider.type,
        observer=settings.observer,
        event=settings.event,
        stop=settings.stop,
        embed=embedded(catalog, settings),
    )
    found = execute(targets, circumstances)
    return Ran([*unreached, *((by_scope[result.scope], result) for result in found)])


def _unreached(
    policies: Sequence[Policy], catalog: Catalog, connection: Connection, settings: Settings, failed: CallFailed
) -> Iterator[tuple[Connection, PolicyResult]]:
    """What each policy found in an account that cannot be reached: nothing, and why. The other accounts go on."""
    region = next((each for each in settings.regions if each != "all"), "us-east-1")
    scope = Scope(connection.known_account, region)
    reason = f"account {connection.known_account or '(unknown)'} cannot be reached: {failed}"
    for scan in plan_for(policies, catalog, scope, settings).scans:
        settings.observer.failed(scan.type.word, scope, reason)
        for track in scan.tracks:
            setting = Setting(scan.type, scope, settings.now, track.policy.policy.node.data(), settings.event)
            yield connection, PolicyResult(track.policy, scope, setting, error=reason)


def _plans(
    policies: Sequence[Policy],
    catalog: Catalog,
    connection: Connection,
    scope: Scope,
    number: int,
    settings: Settings,
) -> list[tuple[Plan, Scope]]:
    """The plan of one region, and of the global types with the first."""
    here, everywhere = [], []
    for policy in policies:
        type = catalog.provider.type(policy.resource)
        if type.global_:
            everywhere.append(policy)
        elif (len(settings.regions) < 2 and "all" not in settings.regions) or connection.reaches(type, scope.region):
            here.append(policy)
    plans = []
    if here:
        plans.append((plan_for(here, catalog, scope, settings), scope))
    if everywhere and number == 0:
        region = connection.home(scope.region) if "all" in settings.regions else scope.region
        home = Scope(scope.account, region, scope.target)
        plans.append((plan_for(everywhere, catalog, home, settings), home))
    return plans


def plan_for(policies: Sequence[Policy], catalog: Catalog, scope: Scope, settings: Settings) -> Plan:
    """The plan of some policies in one scope. Raises PolicyRejected."""
    environment = Environment(
        scope.account, scope.region, scope.partition, settings.now, settings.variables, settings.written
    )
    bound = [bind(policy, catalog, environment) for policy in policies]
    plan = compile(bound, optimise=settings.optimise)
    return plan if settings.event is None else named_only(plan, settings.event)


def named_only(plan: Plan, event: Json) -> Plan:
    """The plan over just the resources that an event names; policies whose mode has no such event see none."""
    from engine.executor.triggers import ids_of

    scans = []
    for scan in plan.scans:
        for track in scan.tracks:
            mode = track.policy.policy.node.get("mode")
            ids = ids_of(mode.data() if mode is not None else {}, event, scan.type.word)
            scans.append(replace(scan, tracks=(track,), conditions=(), ids=ids))
    return replace(plan, scans=tuple(scans))


def embedded(catalog: Catalog, settings: Settings) -> Callable[[PolicyNeed, Target], int]:
    """How the executor answers a PolicyNeed: the number of matches of the embedded policy in the same scope."""

    def count(need: PolicyNeed, target: Target) -> int:
        import json

        data = json.loads(need.policy)
        node = node_of({"name": "embedded", **data})
        policy = Policy("embedded", str(data.get("resource")), node)
        plan = plan_for([policy], catalog, target.scope, settings)
        circumstances = Circumstances(now=settings.now, types=catalog.provider.type, stop=settings.stop)
        (result,) = execute([Target(target.connection, target.scope, plan)], circumstances)
        if result.error:
            raise EngineError(result.error)
        if result.skipped:  # what does not run here has not found that there is nothing
            raise EngineError(result.skipped)
        if result.unknown:
            raise EngineError(f"{len(result.unknown)} of its resources are unknown")
        return len(result.matched)

    return count

"""What do a saved plan's policies want now, of its resources alone? The policies' text, run again.

Filters, guards, limits and conditions are judged as of now; what actions write from the clock is written as of when
the plan was made, so that an unchanged resource gives an unchanged change.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.app.plan_file import SavedPlan, normal
from engine.executor.changes import intend
from engine.executor.events import Observer, Silent
from engine.executor.execute import Circumstances, PolicyResult, Target, execute, gather
from engine.executor.intent import Intent
from engine.executor.item import Item
from engine.executor.named import named
from engine.lang.check import Environment, check
from engine.lang.parse import policy_of
from engine.lang.sane import node_from
from engine.lang.syntax import CheckedPolicy, Policy
from engine.model.codec import revived
from engine.model.diagnostic import Diagnostic
from engine.model.errors import EngineError, PlanRejected, PolicyRejected, UsageRejected
from engine.model.fact import defect
from engine.model.json import Json
from engine.model.need import Need, PolicyNeed
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plan.compile import filter_needs
from engine.plan.steps import Plan, Scan, Track
from engine.plugin.catalog import Catalog
from engine.plugin.protocols import Connection, Setting
from engine.runner import Settings, embedded, plan_for

HIDDEN = "the policy holds a secret, which a plan does not store: make it a variable, and pass --vars-file to both"
"""Why a policy with a secret in its own text cannot be run from a plan."""


@dataclass(frozen=True, slots=True)
class Again:
    """How to run a plan's policies again.

    `connections` by account. `unreached`: account → why it is not among them. `touched` are resources that an earlier
    apply of the plan, which was cut short, has changed: its own changes may keep them from matching, so filters are not
    judged on them; guards are.
    """

    catalog: Catalog
    connections: Mapping[str, Connection]
    now: datetime
    unreached: Mapping[str, str] = field(default_factory=dict)
    touched: frozenset[ResourceRef] = frozenset()
    observer: Observer = field(default_factory=Silent)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Results by policy, those of touched resources among them, and what they want to change.

    `left`: (policy, scope) → why the policy was not run there.
    """

    results: list[tuple[Connection, PolicyResult]]
    intent: Intent
    left: Mapping[tuple[str, Scope], str] = field(default_factory=dict)


def policies_of(plan: SavedPlan, catalog: Catalog) -> dict[str, Policy]:
    """Name → policy, of the plan's own text. Raises PlanRejected for what is not a valid policy."""
    found: dict[str, Policy] = {}
    environment = Environment(now=plan.created, variables=_revived(plan.variables, "the plan's variables"))
    for saved in plan.policies:
        node, strange = node_from(_revived(saved.mapping, f"policy '{saved.name}' of the plan"))
        policy, problems = policy_of(node, _revived(saved.variables, f"the variables of policy '{saved.name}'"))
        if policy is None or strange:
            raise _not_valid(saved.name, [*strange, *problems])
        checked, problems = check(policy, catalog, environment)
        if checked is None:
            raise _not_valid(saved.name, problems)
        found[policy.name] = policy
    return found


def with_secrets(plan: SavedPlan, variables: Mapping[str, Json]) -> SavedPlan:
    """The plan with the variables that it does not store; of others its own values count. Raises UsageRejected."""
    if lacking := [name for name in plan.hidden if name not in variables]:
        names = ", ".join(f"'{name}'" for name in lacking)
        raise UsageRejected(f"the plan does not store secrets: pass --vars-file with a value for {names}")
    return replace(plan, variables={**plan.variables, **{name: normal(variables[name]) for name in plan.hidden}})


def _revived(mapping: Mapping[str, Json], where: str) -> dict[str, Json]:
    """A mapping of the file with its dates as dates. Raises PlanRejected for a date that is none."""
    try:
        return {key: revived(value) for key, value in mapping.items()}
    except (TypeError, ValueError) as error:
        raise PlanRejected(f"{where} holds a date that cannot be read: {error}; make a new plan") from error


def _not_valid(name: str, problems: Sequence[Diagnostic]) -> PlanRejected:
    told = "; ".join(f"{d.code} {d.summary}" for d in problems[:3])
    return PlanRejected(f"policy '{name}' of the plan is not valid: {told}; make a new plan")


def recompute(plan: SavedPlan, again: Again) -> Recomputed:
    """Run the plan's policies over the resources of its changes, in the accounts that are connected.

    Raises PlanRejected where a policy is not valid.
    """
    policies = policies_of(plan, again.catalog)
    wanted: dict[Scope, dict[str, set[ResourceRef]]] = {}
    left: dict[tuple[str, Scope], str] = {}
    for name in (saved.name for saved in plan.policies if saved.hidden):
        left |= {(name, change.ref.scope): HIDDEN for change in plan.changes if change.policy == name}
    for change in plan.changes:
        scope = change.ref.scope
        if change.policy not in policies or (change.policy, scope) in left:
            continue
        if reason := _not_run(policies[change.policy], scope, again):
            left[change.policy, scope] = reason
            continue
        wanted.setdefault(scope, {}).setdefault(change.policy, set()).add(change.ref)
    results = _fresh(plan, policies, wanted, again) + _touched(plan, policies, wanted, again)
    order = {name: number for number, name in enumerate(policies)}
    results.sort(key=lambda found: (found[1].scope, order[found[1].policy.name]))
    return Recomputed(results, intend(results, plan.created), left)


def _not_run(policy: Policy, scope: Scope, again: Again) -> str:
    """Why a policy cannot be run in a scope, or empty."""
    connection = again.connections.get(scope.account)
    if connection is None:
        cause = again.unreached.get(scope.account, "no credentials lead to it")
        return f"account {scope.account} is not reached: {cause}"
    type = again.catalog.provider.type(policy.resource)
    known = connection.reaches(type, scope.region)
    return "" if known else f"region '{scope.region}' is not known to have {type.service}"


def _fresh(
    plan: SavedPlan,
    policies: Mapping[str, Policy],
    wanted: Mapping[Scope, Mapping[str, set[ResourceRef]]],
    again: Again,
) -> list[tuple[Connection, PolicyResult]]:
    """Resources as any run sees them; what beside them matches has counted for limits, and is left out."""
    settings = _settings(plan, again)
    targets = []
    for scope, by_policy in wanted.items():
        ids = {name: {r.id for r in refs - again.touched} for name, refs in by_policy.items() if refs - again.touched}
        if ids:
            compiled = _compiled([policies[name] for name in policies if name in ids], again.catalog, scope, settings)
            targets.append(Target(again.connections[scope.account], scope, narrowed(compiled, ids)))
    circumstances = Circumstances(
        now=again.now,
        types=again.catalog.provider.type,
        observer=again.observer,
        stop=again.stop,
        embed=embedded(again.catalog, settings),
        watched=frozenset(change.ref for change in plan.changes),
    )
    found = []
    for result in execute(targets, circumstances):
        refs = wanted[result.scope][result.policy.name] - again.touched
        result.matched = [item for item in result.matched if item.resource.ref in refs]
        found.append((again.connections[result.scope.account], result))
    return found


def _settings(plan: SavedPlan, again: Again) -> Settings:
    return Settings(
        now=again.now,
        variables=_revived(plan.variables, "the plan's variables"),
        acting=True,
        stop=again.stop,
        written=plan.created,
    )


def _compiled(policies: Sequence[Policy], catalog: Catalog, scope: Scope, settings: Settings) -> Plan:
    try:
        return plan_for(policies, catalog, scope, settings)
    except PolicyRejected as rejected:
        name = next((d.policy for d in rejected.diagnostics if d.policy), policies[0].name)
        raise _not_valid(name, rejected.diagnostics) from rejected


def narrowed(plan: Plan, ids: Mapping[str, Iterable[str]]) -> Plan:
    """The plan over these resources alone (policy → ids), where their verdict does not depend on others.

    A policy that judges sets or a share of the population sees everything. Where a listing is narrowed (by a `query`,
    by the record: own images only), or ids cannot be looked up, everything is listed and these are judged.
    """
    scans: list[Scan] = []
    for scan in plan.scans:
        seeing = tuple(track for track in scan.tracks if _sees_all(track))
        others = tuple(track for track in scan.tracks if not _sees_all(track))
        if seeing:
            scans.append(replace(scan, tracks=seeing, conditions=()))
        if others:
            few = frozenset(id for track in others for id in ids[track.policy.name])
            listing = scan.type.list
            simple = not (scan.params or listing.with_ or listing.parent or listing.form or scan.type.identity.within)
            if listing.by_id is not None and simple:
                scans.append(replace(scan, tracks=others, conditions=(), ids=tuple(sorted(few))))
            else:
                scans.append(replace(scan, tracks=others, conditions=(), only=few))
    return replace(plan, scans=tuple(scans))


def _sees_all(track: Track) -> bool:
    limits = track.policy.limits
    return track.whole or (limits is not None and limits.percent is not None)


def _touched(
    plan: SavedPlan,
    policies: Mapping[str, Policy],
    wanted: Mapping[Scope, Mapping[str, set[ResourceRef]]],
    again: Again,
) -> list[tuple[Connection, PolicyResult]]:
    """Resources that the plan has changed already: read by id, taken as matching."""
    settings = _settings(plan, again)
    found = []
    for scope, by_policy in wanted.items():
        for name, refs in by_policy.items():
            if touched := refs & again.touched:
                compiled = _compiled([policies[name]], again.catalog, scope, settings)
                connection = again.connections[scope.account]
                policy = compiled.policies[0]
                found.append((connection, _read(connection, policy, scope, touched, again)))
    return found


def _read(
    connection: Connection, policy: CheckedPolicy, scope: Scope, refs: Iterable[ResourceRef], again: Again
) -> PolicyResult:
    types = again.catalog.provider.type
    setting = Setting(policy.type, scope, again.now, policy.policy.node.data(), types=types)
    result = PolicyResult(policy, scope, setting)
    ids = sorted(ref.id for ref in refs)
    try:
        pages = named(policy.type, scope, connection.door, types, ids, connection.rows)
        result.matched = [Item(r, policy.type) for page in pages for r in page if r.ref in refs]
    except EngineError as failed:
        result.error = str(failed)
        return result
    except Exception as error:  # one bad answer, or one bug, is this result's failure: the others go on
        result.error = defect(f"reading {policy.type.word}", error)
        return result
    result.population = len(result.matched)
    wanted: dict[Need, dict[int, Item]] = {
        need: {id(item): item for item in result.matched}
        for need in filter_needs(policy)
        if not isinstance(need, PolicyNeed)
    }
    gather(connection, wanted, setting, result.population)
    return result

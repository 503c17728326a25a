"""From policies to results: the composition that the command line and the library share.

load → check → bind to each scope → compile → execute → (intend → apply). Nothing here is asked on a terminal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from engine.executor.events import Observer, Silent
from engine.executor.execute import Circumstances, PolicyResult, Target, execute
from engine.executor.triggers import ids_of
from engine.lang.check import Environment, check
from engine.lang.parse import parse, same_names
from engine.lang.source import Text, files, load
from engine.lang.syntax import CheckedPolicy, Policy
from engine.lang.vars import RUNTIME, names_in
from engine.model.diagnostic import Diagnostic, Severity
from engine.model.errors import EngineError, PolicyRejected
from engine.model.json import Json
from engine.model.need import PolicyNeed
from engine.model.node import Node, node_of
from engine.model.scope import Scope
from engine.plan.compile import compile
from engine.plan.steps import Plan
from engine.plugin.catalog import Catalog
from engine.plugin.protocols import Connection


@dataclass(slots=True)
class Loaded:
    """What some paths hold: every policy that parses, every diagnostic, and the texts to quote them from.

    `left_out` are files of directories that hold no policies: worlds, variables, accounts.
    """

    policies: list[Policy] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)
    left_out: list[Path] = field(default_factory=list)


def load_all(paths: Sequence[str]) -> Loaded:
    """Read files and directories. Raises UsageRejected for a path that does not exist."""
    found = Loaded()
    named = {Path(path) for path in paths}
    for path in files(list(paths)):
        node, text, problems = load(path)
        if path not in named and node is not None and not problems and _is_something_else(node):
            found.left_out.append(path)
            continue
        found.texts[text.file] = text
        found.diagnostics += problems
        if problems:
            continue
        policies, wrong = parse(node, str(path))
        found.policies += policies
        found.diagnostics += wrong
    found.diagnostics += same_names(found.policies)
    return found


def _is_something_else(root: Node) -> bool:
    """Whether a file found in a directory holds no policies, and none of its keys looks like a mistyped `policies`."""
    keys = root.entries
    return keys is not None and bool(keys) and not any(key.lower().startswith("pol") for key in keys)


def select(policies: Sequence[Policy], names: Sequence[str] = (), types: Sequence[str] = ()) -> list[Policy]:
    """Those whose name matches one of the globs and whose resource is one of the types (all, where none is given)."""
    wanted = {t.removeprefix("aws.") for t in types}
    return [
        p
        for p in policies
        if (not names or any(fnmatchcase(p.name, glob) for glob in names))
        and (not wanted or p.resource.removeprefix("aws.") in wanted)
    ]


def check_all(
    policies: Sequence[Policy], catalog: Catalog, environment: Environment
) -> tuple[list[CheckedPolicy], list[Diagnostic]]:
    """Every policy that is right, and what is wrong with the others."""
    checked, diagnostics = [], []
    for policy in policies:
        found, problems = check(policy, catalog, environment)
        diagnostics += problems
        if found is not None:
            checked.append(found)
    return checked, diagnostics


def load_checked(
    paths: Sequence[str],
    catalog: Catalog,
    variables: Mapping[str, Json],
    names: Sequence[str] = (),
    types: Sequence[str] = (),
) -> tuple[list[Policy], Loaded]:
    """The selected policies, known to be right. Raises PolicyRejected with everything that is wrong."""
    loaded = load_all(paths)
    chosen = select(loaded.policies, names, types)
    _, problems = check_all(chosen, catalog, Environment(variables=variables))
    loaded.diagnostics += problems
    if any(d.severity is Severity.ERROR for d in loaded.diagnostics):
        raise Rejected(loaded)
    return chosen, loaded


class Rejected(PolicyRejected):
    """Policies that cannot run; `loaded` has the texts to quote."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded.diagnostics)
        self.loaded = loaded


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: the clock, the user's variables, the event, the regions, who watches."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    variables: Mapping[str, Json] = field(default_factory=dict)
    event: Json = None
    regions: tuple[str, ...] = ()
    observer: Observer = field(default_factory=Silent)
    optimise: bool = True
    acting: bool = False
    stop: threading.Event = field(default_factory=threading.Event)


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


def needs_account(policies: Sequence[Policy], acting: bool) -> bool:
    """Whether the account's id must be known before anything is listed."""
    asks = any("account_id" in names_in(p.node) or p.node.get("conditions") is not None for p in policies)
    return asks or (acting and any(p.node.get("actions") is not None for p in policies))


def run_policies(
    policies: Sequence[Policy], catalog: Catalog, connections: Sequence[Connection], settings: Settings
) -> Ran:
    """Run policies through every connection in every region. Raises EngineError where nothing at all can be run."""
    targets: list[Target] = []
    by_scope: dict[Scope, Connection] = {}
    for connection in connections:
        account = connection.account if needs_account(policies, settings.acting) else connection.known_account
        regions = connection.regions(settings.regions)
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
    return Ran([(by_scope[result.scope], result) for result in found])


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
        home = Scope(scope.account, "us-east-1" if "all" in settings.regions else scope.region, scope.target)
        plans.append((plan_for(everywhere, catalog, home, settings), home))
    return plans


def plan_for(policies: Sequence[Policy], catalog: Catalog, scope: Scope, settings: Settings) -> Plan:
    """The plan of some policies in one scope. Raises PolicyRejected."""
    environment = Environment(scope.account, scope.region, scope.partition, settings.now, settings.variables)
    bound = [bind(policy, catalog, environment) for policy in policies]
    plan = compile(bound, optimise=settings.optimise)
    return plan if settings.event is None else named_only(plan, settings.event)


def named_only(plan: Plan, event: Json) -> Plan:
    """The plan over just the resources that an event names; policies whose mode has no such event see none."""
    scans = []
    for scan in plan.scans:
        for track in scan.tracks:
            mode = track.policy.policy.node.get("mode")
            ids = ids_of(mode.data() if mode is not None else {}, event)
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
        if result.unknown:
            raise EngineError(f"{len(result.unknown)} of its resources are unknown")
        return len(result.matched)

    return count


def read_variables(path: str | None) -> dict[str, Json]:
    """A vars file's mapping. Raises PolicyRejected when it is not one."""
    if path is None:
        return {}
    node, text, problems = load(Path(path))
    if problems or node is None or node.entries is None:
        loaded = Loaded(diagnostics=problems, texts={text.file: text})
        if not problems:
            from engine.lang.parse import NOT_A_LIST
            from engine.model.span import Span

            kind = node.kind if node is not None else "empty file"
            loaded.diagnostics = [NOT_A_LIST.at(Span(path, 1, 1), key="vars file", kind=kind, expected="mapping")]
        raise Rejected(loaded)
    found: dict[str, Json] = node.data()
    return found


def runtime_names(policy: Policy) -> frozenset[str]:
    """Which of a policy's placeholders depend on where and when it runs."""
    return names_in(policy.node) & RUNTIME

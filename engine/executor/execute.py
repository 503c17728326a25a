"""What do the policies of a plan match? Plan + connection → results, one for each policy and scope.

Each scan of each scope runs on its own; a scope that fails is recorded and the others go on. Pages stream: a
resource that every policy has decided against is forgotten at once. What waits for facts is gathered in full batches.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.executor.conditions import why_skipped
from engine.executor.events import Observer, Silent
from engine.executor.item import Item
from engine.executor.judge import Asks, judge_all
from engine.executor.limits import exceeded
from engine.executor.named import named
from engine.executor.scan import ahead, params_with
from engine.lang.syntax import CheckedPolicy
from engine.model.errors import EngineError
from engine.model.fact import Fact, Failed, Value, defect
from engine.model.json import Attributes, Json
from engine.model.need import Need, PolicyNeed
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.model.verdict import Kind, Verdict, unknown
from engine.plan.steps import Plan, Scan, Track
from engine.plugin.listing import Types, listed
from engine.plugin.protocols import Connection, Request, Setting
from engine.plugin.tree import Block, judge

WAITING_MOST = 5_000
"""Undecided resources held before their facts are gathered: ten full GetMetricData requests."""

SCANS_AT_ONCE = 8


@dataclass(slots=True)
class PolicyResult:
    """What one policy found in one scope.

    `population` counts what the listing gave. `unmatched` are those of the watched resources (Circumstances) that were
    read and do not match. `error` says why the policy could not be judged here, `limited` why its
    limits forbid acting, `skipped` why it did not run.
    """

    policy: CheckedPolicy
    scope: Scope
    setting: Setting
    matched: list[Item] = field(default_factory=list)
    unknown: list[tuple[Item, Verdict]] = field(default_factory=list)
    unmatched: list[Item] = field(default_factory=list)
    population: int = 0
    error: str = ""
    limited: str = ""
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One scope to run a plan in, through one connection."""

    connection: Connection
    scope: Scope
    plan: Plan


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What every scan of a run shares: the clock, the event, the types, who watches, and whether to stop.

    `embed` counts the matches of a policy inside a filter (PolicyNeed). `watched`: resources that are kept even if they
    do not match, so that the reason can be reported.
    """

    now: datetime
    types: Types
    observer: Observer = field(default_factory=Silent)
    event: Json = None
    stop: threading.Event = field(default_factory=threading.Event)
    embed: Callable[[PolicyNeed, Target], int] | None = None
    watched: frozenset[ResourceRef] = frozenset()


def execute(targets: Sequence[Target], circumstances: Circumstances) -> list[PolicyResult]:
    """Results in the order of the targets, within one in the order of the policies' text."""
    work = [(target, each) for target in targets for each in target.plan.scans]
    with ThreadPoolExecutor(max(1, min(len(work), SCANS_AT_ONCE)), "page") as pages:
        if len(work) <= 1:
            return [result for target, each in work for result in _Run(target, each, circumstances, pages).results()]
        with ThreadPoolExecutor(SCANS_AT_ONCE, "scan") as scans:
            futures = [scans.submit(_Run(target, each, circumstances, pages).results) for target, each in work]
            return _in_order(futures, circumstances)


def _in_order(futures: Sequence[Future[list[PolicyResult]]], circumstances: Circumstances) -> list[PolicyResult]:
    try:
        found = [result for future in futures for result in future.result()]
    except BaseException:
        circumstances.stop.set()
        for future in futures:
            future.cancel()
        raise
    return sorted(found, key=lambda r: (r.scope, r.policy.policy.span))


class _Lane:
    """One track of a scan while it runs."""

    __slots__ = (
        "_had", "decide", "judged", "limited_by_share", "population", "result", "setting", "track", "waiting",
        "watched",
    )  # fmt: skip

    def __init__(self, track: Track, result: PolicyResult, watched: frozenset[ResourceRef]) -> None:
        self.track = track
        self.watched = watched
        self.result = result
        self.setting = result.setting
        self.decide = Block("and", track.policy.filters, track.policy.policy.span)
        self.waiting: list[tuple[Item, Verdict]] = []
        self.judged = True
        self._had: dict[ResourceRef, list[Attributes]] = {}
        limits = track.policy.limits
        self.limited_by_share = limits is not None and bool(limits.percent)
        self.population: set[int] = set()

    def take(self, items: Sequence[Item]) -> None:
        """Judge what the listing alone can decide; keep what waits for facts.

        A resource that a later page repeats is taken once: it would be counted and acted on twice.
        """
        if self.limited_by_share:
            self.population |= {hash(item.resource.ref) for item in items}
        if self.track.whole or any(stage.everyone for stage in self.track.stages):
            self.waiting += [(item, unknown()) for item in items if not self._again(item)]
            self.judged = False
            return
        for item in items:
            verdict = judge(self.decide, item, self.setting)
            if verdict.kind is Kind.NO_MATCH:
                self._leave(item)
            elif not self._again(item):
                self._sort(item, verdict)

    def _again(self, item: Item) -> bool:
        """Whether this very resource was taken before. Several of one id (versions of a template) are not the same."""
        had = self._had.setdefault(item.resource.ref, [])
        if any(item.resource.attributes == each for each in had):
            return True
        had.append(item.resource.attributes)
        return False

    def stale(self) -> bool:
        """Whether a fact that a verdict waited for has come, through this lane or another that shares the item."""
        return not self.judged or any(n in item.facts for item, verdict in self.waiting for n in verdict.pending)

    def again(self) -> None:
        """Judge once more what waits, with the facts gathered since."""
        self.judged = True
        waiting, self.waiting = self.waiting, []
        if self.track.whole:
            items = [item for item, _ in waiting]
            asks: Asks = {}
            verdicts = judge_all(self.track.policy.filters, items, self.setting, asks)
            for item, verdict in zip(items, verdicts, strict=True):
                pending = verdict.pending | asks.get(id(item), frozenset())
                fresh = frozenset(need for need in pending if need not in item.facts)
                self.waiting.append((item, replace(verdict, pending=fresh)))
            return
        for item, _ in waiting:
            self._sort(item, judge(self.decide, item, self.setting))

    def end(self) -> None:
        """Nothing more will be known: what waits is unknown, or decided for sets."""
        waiting, self.waiting = self.waiting, []
        for item, verdict in waiting:
            if verdict.kind is Kind.MATCH:
                self.result.matched.append(item)
            elif verdict.kind is Kind.UNKNOWN:
                why = verdict if verdict.causes else unknown(f"not gathered: {sorted(map(repr, verdict.pending))}")
                self.result.unknown.append((item, why))
            else:
                self._leave(item)

    def _sort(self, item: Item, verdict: Verdict) -> None:
        if verdict.kind is Kind.MATCH:
            self.result.matched.append(item)
        elif verdict.kind is Kind.UNKNOWN:
            self.waiting.append((item, verdict))
        else:
            self._leave(item)

    def _leave(self, item: Item) -> None:
        """Forget a resource that does not match, unless it is watched."""
        if item.resource.ref in self.watched:
            self.result.unmatched.append(item)


class _Run:
    """One scan in one scope."""

    def __init__(self, target: Target, what: Scan, circumstances: Circumstances, pages: Executor) -> None:
        self.target, self.scan, self.with_, self.pages = target, what, circumstances, pages

    def results(self) -> list[PolicyResult]:
        """One result a track, in their order."""
        results = [self._result(track) for track in self.scan.tracks]
        running = [(t, r) for t, r in zip(self.scan.tracks, results, strict=True) if not (r.skipped or r.error)]
        lanes = [_Lane(track, result, self.with_.watched) for track, result in running]
        if lanes:
            try:
                self._stream(lanes)
            except EngineError as failure:
                self._failed(lanes, str(failure))
            except Exception as error:  # one bad answer, or one bug, is this scope's failure: the others go on
                self._failed(lanes, defect(f"reading {self.scan.type.word}", error))
        for result in results:
            result.limited = exceeded(result.policy.limits, len(result.matched), result.population)
        return results

    def _failed(self, lanes: Sequence[_Lane], reason: str) -> None:
        self.with_.observer.failed(self.scan.type.word, self.target.scope, reason)
        for lane in lanes:
            lane.result.error = reason
            lane.result.matched, lane.result.unknown, lane.result.unmatched = [], [], []

    def _result(self, track: Track) -> PolicyResult:
        setting = Setting(
            self.scan.type, self.target.scope, self.with_.now, track.policy.policy.node.data(), self.with_.event,
            self.with_.types,
        )  # fmt: skip
        result = PolicyResult(track.policy, self.target.scope, setting)
        result.skipped = why_skipped(track.policy, setting, self.target.scope.account)
        return result

    def _stream(self, lanes: Sequence[_Lane]) -> None:
        population = 0
        for page in self._listed():
            population += len(page)
            self.with_.observer.listed(self.scan.type.word, self.target.scope, len(page))
            only = self.scan.only
            items = [Item(resource, self.scan.type) for resource in page if only is None or resource.ref.id in only]
            for lane in lanes:
                lane.take(items)
            pages_only = [lane for lane in lanes if not lane.track.whole]
            if sum(len(lane.waiting) for lane in pages_only) >= WAITING_MOST:
                self._settle(pages_only, population)
        for lane in lanes:
            lane.result.population = len(lane.population) if lane.limited_by_share else population
        self._settle(lanes, population)

    def _listed(self) -> Iterator[list[Resource]]:
        connection = self.target.connection
        where = (self.scan.type, self.target.scope, connection.door, self.with_.types)
        if self.scan.ids is not None:
            found = named(*where, self.scan.ids, connection.rows)
        else:
            found = listed(*where, params_with(self.scan.conditions, self.scan.params), rows=connection.rows)
        for page in ahead(found, self.pages):
            if self.with_.stop.is_set():
                return
            yield page

    def _settle(self, lanes: Sequence[_Lane], population: int) -> None:
        """Gather stage by stage for what waits, and decide it for good."""
        for lane in lanes:
            if lane.track.whole and not any(s.everyone for s in lane.track.stages):
                lane.again()
        asked = True
        while asked:  # a filter may ask for a second fact only when the first has come
            asked = False
            for number in range(max((len(lane.track.stages) for lane in lanes), default=0)):
                asking = [lane for lane in lanes if number < len(lane.track.stages) and lane.waiting]
                asked = self._gather(asking, number, population) or asked
                for lane in asking:
                    if lane.stale():
                        asked = True
                        lane.again()
        for lane in lanes:
            lane.end()

    def _gather(self, lanes: Sequence[_Lane], number: int, population: int) -> bool:
        """Gather one stage's facts; whether there were any to gather."""
        wanted: dict[Need, dict[int, Item]] = {}
        for lane in lanes:
            stage = lane.track.stages[number]
            asked = frozenset(stage.needs)
            for item, verdict in lane.waiting:
                for need in asked if stage.everyone else asked & verdict.pending:
                    if need not in item.facts:
                        wanted.setdefault(need, {})[id(item)] = item
        asked_any = bool(wanted)
        self._embedded(wanted)
        gather(self.target.connection, wanted, lanes[0].setting if lanes else None, population)
        for need, items in wanted.items():
            what = str(getattr(need, "facet", "") or getattr(need, "name", "") or type(need).__name__)
            self.with_.observer.gathering(self.scan.type.word, self.target.scope, what, len(items))
        return asked_any

    def _embedded(self, wanted: dict[Need, dict[int, Item]]) -> None:
        """Answer the needs that are whole policies; they go through this executor again, not through the provider."""
        for need in [n for n in wanted if isinstance(n, PolicyNeed)]:
            fact: Fact = Failed("embedded policies need a run")
            try:
                if self.with_.embed is not None:
                    fact = Value(self.with_.embed(need, self.target))
            except EngineError as error:
                fact = Failed(f"the embedded policy could not be judged: {error}")
            for item in wanted.pop(need).values():
                item.tell(need, fact)


def gather(
    connection: Connection, wanted: dict[Need, dict[int, Item]], setting: Setting | None, population: int
) -> None:
    """Gather facts for items, all needs at once, and tell each item its own."""
    if not wanted or setting is None:
        return
    by_resource: dict[int, Item] = {id(i.resource): i for items in wanted.values() for i in items.values()}

    def tell(resource: Resource, need: Need, fact: Fact) -> None:
        by_resource[id(resource)].tell(need, fact)

    requests = [
        Request(need, setting.type, [(i.resource, i.attributes) for i in items.values()], setting, population)
        for need, items in wanted.items()
    ]
    cause = "nothing was answered"
    try:
        connection.gather(requests, tell)
    except Exception as error:  # a provider must not raise; where one does, what it was asked is unknown
        cause = str(error) if isinstance(error, EngineError) else defect("gathering facts", error)
    for need, items in wanted.items():
        for item in items.values():
            if need not in item.facts:
                item.tell(need, Failed(cause))

"""The campaign against reading: every read call of a type's policies, each fault, on the first request and on all.

What is held: the matches are a subset of those without the fault; what is missing from them is unknown with a cause, or
its scope has failed; the exit code says so; no resource matches twice; nothing is a bug.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from botocore.config import Config

from engine.cli.exits import Exit
from engine.cli.flow import exit_code
from engine.executor.execute import Circumstances, PolicyResult, Target, execute
from engine.lang.syntax import Policy
from engine.model.fact import Defect
from engine.model.scope import Scope
from engine.plan.steps import Plan
from engine.plugin.discover import catalog
from engine.plugin.protocols import Credentials
from engine.runner import Settings, embedded, plan_for
from engine.sandbox.account import DEFAULT_WORLD, sandbox_of
from engine.sandbox.world import read_file
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.flights import Flights

from .faults import FAULTS
from .policies import policies_of, shipped
from .wire import OPERATION, FaultyServer, Rule

REGION = "us-east-1"
TOGETHER = 24
"""Policies in one run: each filter and its opposite."""

PATIENCE = 0.6
"""Seconds that the client waits for an answer."""


@dataclass
class Tally:
    """What a campaign has seen."""

    runs: int = 0
    judged: int = 0
    unfit: int = 0
    calls: set[tuple[str, str]] = field(default_factory=set)
    shrunk: int = 0
    violations: list[str] = field(default_factory=list)
    by_fault: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.runs} faulted runs, {self.judged} policies judged under a fault, {len(self.calls)} (type, call) pairs, "
            f"{self.unfit} that the fault does not fit, matches shrank in {self.shrunk}, {len(self.violations)} violations"
        )


@dataclass
class Campaign:
    """A faulty account, and one client of it that does not try again."""

    server: FaultyServer
    connection: AwsConnection
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    tally: Tally = field(default_factory=Tally)
    random: random.Random = field(default_factory=lambda: random.Random(20261201))

    def plan(self, policies: Sequence[Policy]) -> Plan:
        """The policies compiled for the account."""
        return plan_for(policies, catalog(), self.scope, self.settings)

    @property
    def scope(self) -> Scope:
        """Where everything happens."""
        return Scope(self.connection.account, REGION)

    @property
    def settings(self) -> Settings:
        """At one moment, so that the same request is asked for again."""
        return Settings(now=self.now, regions=(REGION,))

    def run(self, plan: Plan) -> list[PolicyResult]:
        """One dry run with nothing remembered; scans side by side."""
        self.connection.shared = Flights()
        with_ = Circumstances(self.now, catalog().provider.type, embed=embedded(catalog(), self.settings))
        return execute([Target(self.connection, self.scope, plan)], with_)

    def against(
        self,
        word: str,
        faults: Sequence[str],
        policies: Sequence[Policy],
        *,
        most: int | None = None,
        jitter: float = 0.0,
    ) -> None:
        """Every call that the policies make, each fault on the first request and on all; at most so many trials.

        `word` names them in reports.
        """
        plan = self.plan(policies)
        wire = self.server.wire
        for _ in range(2):  # the first answers are slow: the account imports what it needs
            wire.begin(None)
            healthy = _matches(self.run(plan))
        calls = sorted(wire.calls)
        if not any(ids or unknown for ids, unknown, _ in healthy.values()):
            return
        trials = list(itertools.product(calls, faults, (True, False)))
        for call, name, first_only in trials if most is None else self.random.sample(trials, min(most, len(trials))):
            rule = Rule(call, FAULTS[name], first_only)
            wire.begin(rule, jitter=jitter)
            results = self.run(plan)
            self.tally.runs += 1
            self.tally.calls.add((word, call))
            self.tally.unfit += rule.unfit
            self.tally.judged += len(results)
            where = f"{word}: {call}: {name}{', first only' if first_only else ''}"
            self._hold(where, name, healthy, results)

    def _hold(self, where: str, fault: str, healthy: Matches, results: list[PolicyResult]) -> None:
        found = _matches(results)
        incomplete = False
        for policy, (ids, unknown, error) in found.items():
            expected, _, _ = healthy[policy]
            extra = sorted(set(ids) - set(expected))
            if extra:
                self._violated(f"{where}: {policy} matches more: {extra[:3]}", fault)
            if len(ids) != len(set(ids)):
                self._violated(f"{where}: {policy} matches the same resource twice", fault)
            lost = set(expected) - set(ids) - set(unknown)
            if lost and not error:
                self._violated(f"{where}: {policy} loses {sorted(lost)[:3]} without a word", fault)
            if any(not causes for causes in unknown.values()):
                self._violated(f"{where}: {policy} is unknown without a cause", fault)
            bugs = {c for causes in unknown.values() for c in causes if isinstance(c, Defect)}
            bugs |= {error} if isinstance(error, Defect) else set()
            for bug in sorted(bugs):
                self._violated(f"{where}: {policy}: {bug}", fault)
            incomplete = incomplete or bool(error or unknown)
            self.tally.shrunk += len(ids) < len(expected)
        code = exit_code(results, [])
        if incomplete is (code is Exit.DONE):
            self._violated(
                f"{where}: exit code {code.name} with {'something' if incomplete else 'nothing'} unknown", fault
            )

    def _violated(self, text: str, fault: str) -> None:
        self.tally.violations.append(text)
        self.tally.by_fault[fault] += 1


Matches = dict[str, tuple[list[str], dict[str, tuple[str, ...]], str]]


def _matches(results: Sequence[PolicyResult]) -> Matches:
    """Policy → (ids of the matches, id → why it is unknown, why it could not be judged)."""
    return {
        r.policy.name: (
            [_name(item) for item in r.matched], {_name(item): v.causes for item, v in r.unknown}, r.error,
        )
        for r in results
    }  # fmt: skip


def _name(item: Any) -> str:
    """A resource's id; several versions of one id are told apart by what was listed."""
    return f"{item.resource.ref.id} {hash(repr(sorted(item.resource.attributes.items(), key=str))) & 0xFFFFFF:x}"


@contextmanager
def campaign(furnished: bool = True) -> Iterator[Campaign]:
    """A campaign against the shop with everything that the tables of cases put beside it."""
    server = FaultyServer(read_file(DEFAULT_WORLD))
    server.start()
    try:
        account = sandbox_of(server.status)
        if furnished:
            from tests.end_to_end.at_work import AtWork
            from tests.end_to_end.estate import furnish

            furnish(AtWork(account, None))  # type: ignore[arg-type]  # nothing is changed through the engine
        credentials = Credentials(
            endpoint=account.endpoint, environment=tuple(account.environment.items()), account=account.account_id
        )
        connection = AwsConnection(credentials)
        connection.door._create = _impatient(connection.door._create)
        yield Campaign(server, connection)
    finally:
        server.close()


def _impatient(create: Any) -> Any:
    """Clients that ask once, do not wait long, and say what they call."""

    def made(service: str, *, region_name: str, config: Config) -> Any:
        once = Config(
            retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=PATIENCE, connect_timeout=PATIENCE
        )
        client = create(service, region_name=region_name, config=config.merge(once))

        def named(model: Any, params: Any, **_: Any) -> None:
            params["headers"][OPERATION] = f"{service}:{model.name}"

        client.meta.events.register("before-call.*.*", named)
        return client

    return made


def together(ran: Campaign, words: Sequence[str], rounds: int, most: int) -> None:
    """Scans of several types side by side, each answer late by its own chance: they share what they gather."""
    for number in range(rounds):
        chosen = ran.random.sample(list(words), min(5, len(words)))
        mixed = [
            p for word in chosen for p in _some(ran.random, policies_of(catalog().provider.type(word), catalog()), 6)
        ]
        named = [replace(policy, name=f"{n}-{policy.name}") for n, policy in enumerate(mixed)]
        ran.against(f"{number}: {'+'.join(chosen)}", list(FAULTS), named, most=most, jitter=0.02)


def _some(source: random.Random, policies: Sequence[Policy], count: int) -> list[Policy]:
    return source.sample(list(policies), min(count, len(policies)))


def main(arguments: Sequence[str]) -> int:
    """The whole campaign: the shipped policies, then type by type, then types side by side. Prints what it sees."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("words", nargs="*", help="resource types (default: all curated, and the shipped policies)")
    parser.add_argument("--most", type=int, default=None, help="trials of a group of policies at most (default: all)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of several types side by side")
    given = parser.parse_args(arguments)
    logging.getLogger("engine.sandbox.server").setLevel(logging.CRITICAL)  # moto's gaps are no news here
    started = time.monotonic()
    with campaign() as ran:
        words = given.words or sorted(catalog().provider.curated())  # type: ignore[attr-defined]
        groups: list[tuple[str, list[Policy]]] = [] if given.words else [("shipped", shipped(catalog()))]
        for word in words:
            policies = policies_of(catalog().provider.type(word), catalog())
            groups += [(word, policies[at : at + TOGETHER]) for at in range(0, len(policies), TOGETHER)]
        for word, policies in groups:
            with _reported(ran, word):
                ran.against(word, list(FAULTS), policies, most=given.most)
        with _reported(ran, "side by side"):
            together(ran, words, given.rounds, given.most or 60)
        print(f"{ran.tally} in {time.monotonic() - started:.0f} s")
        print(dict(ran.tally.by_fault))
        return 1 if ran.tally.violations else 0


@contextmanager
def _reported(ran: Campaign, word: str) -> Iterator[None]:
    before, seen = ran.tally.runs, len(ran.tally.violations)
    yield
    if ran.tally.runs > before:
        print(f"{word}: {ran.tally.runs - before} runs, {len(ran.tally.violations) - seen} violations", flush=True)
        for text in dict.fromkeys(ran.tally.violations[seen:]):
            print(f"  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

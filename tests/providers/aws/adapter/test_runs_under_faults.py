"""Every shipped policy with every one of its calls broken: told, unknown, never acted on; all the others go on.

The account answers once, its answers are then replayed, so that hundreds of runs take seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from engine.cli.exits import Exit
from engine.cli.flow import exit_code
from engine.executor.changes import intend
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent
from engine.lang.load import load_all
from engine.model.scope import Scope
from engine.plan.calls import expected_calls, need_calls
from engine.plugin.discover import catalog
from engine.plugin.protocols import Credentials
from engine.runner import Settings, plan_for, run_policies
from engine.sandbox.inprocess import sandbox
from providers.aws.adapter.connection import AwsConnection

from .faults import BY_NAME, MODEL, URL, Fault, Raw, fits

ROOT = Path(__file__).parents[4]
NOW = datetime.now(UTC)
POLICIES = load_all([str(ROOT / "policies")]).policies
READS = ("Describe", "List", "Get")
SOME = (
    "throttling",
    "expired",
    "five-hundred",
    "read-timeout",
    "reset",
    "no-endpoint",
    "half-json",
    "half-xml",
    "web-page",
)


def asked_by() -> dict[str, set[str]]:
    """`service:Operation` → names of the policies whose plan or actions make that read."""
    found: dict[str, set[str]] = {}
    types = catalog().provider.type
    for policy in POLICIES:
        plan = plan_for([policy], catalog(), Scope("123456789012", "us-east-1"), Settings(now=NOW))
        calls = list(expected_calls(plan, 10, types))
        for scan in plan.scans:
            for track in scan.tracks:
                needs = {n for act in track.policy.actions for n in act.piece.needs(scan.type)}
                calls += [each for need in needs for each in need_calls(need, scan.type, 10, types)]
        for call in calls:
            found.setdefault(str(call), set()).add(policy.name)
    return found


ASKED_BY = asked_by()


@dataclass
class Replay:
    """The account's answers by request; breaks one operation, and lets no write through."""

    broken: frozenset[str] = frozenset()
    fault: Fault | None = None
    writes: list[str] = field(default_factory=list)
    held: dict[tuple[str, str, bytes], AWSResponse] = field(default_factory=dict)

    def on(self, connection: AwsConnection) -> None:
        """Stand between a connection and its account."""
        create, http = connection.door._create, URLLib3Session()

        def tapped(service: str, **given: Any) -> Any:
            client = create(service, **given)
            protocol = client.meta.service_model.resolved_protocol

            def before_send(request: Any, event_name: str, **_: Any) -> AWSResponse:
                operation = event_name.rsplit(".", 1)[1]
                if not operation.startswith(READS):
                    self.writes.append(f"{service}:{operation}")
                if self.fault is not None and f"{service}:{operation}" in self.broken:
                    return self.fault.answer(protocol)
                key = (operation, request.url, _bytes(request.body))
                if key not in self.held:
                    self.held[key] = http.send(request)
                kept = self.held[key]
                return AWSResponse(URL, kept.status_code, kept.headers, Raw(kept.content))

            client.meta.events.register("before-send.*.*", before_send)
            return client

        connection.door._create = tapped


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()


@dataclass
class Ran:
    """A run of all policies, and what they then want to change."""

    results: dict[str, PolicyResult]
    intent: Intent

    def told(self, name: str) -> tuple[Any, ...]:
        """What a policy found and wants."""
        result = self.results[name]
        return (
            sorted(i.resource.ref.id for i in result.matched),
            sorted(i.resource.ref.id for i, _ in result.unknown),
            result.error,
            sorted((p.change.ref.id, p.change.action) for p in self.intent.planned if p.policy == name),
        )


@pytest.fixture(scope="module")
def account() -> Iterator[tuple[AwsConnection, Replay]]:
    """The default world behind a replay."""
    with sandbox() as there:
        connection = AwsConnection(
            Credentials(endpoint=there.endpoint, environment=tuple(there.environment.items()), account=there.account_id)
        )
        replay = Replay()
        replay.on(connection)
        yield connection, replay


def run(
    account: tuple[AwsConnection, Replay],
    broken: frozenset[str] = frozenset(),
    fault: Fault | None = None,
    names: frozenset[str] = frozenset(),
) -> Ran:
    """All policies, or those named, with some operations broken."""
    chosen = [p for p in POLICIES if not names or p.name in names]
    connection, replay = account
    connection.shared.clear()
    replay.broken, replay.fault, replay.writes = broken, fault, []
    found = run_policies(chosen, catalog(), [connection], Settings(now=NOW, regions=("us-east-1",), acting=True))
    intent = intend(found.results)
    assert replay.writes == [], "finding and planning must not write"
    return Ran({result.policy.name: result for _, result in found.results}, intent)


@pytest.fixture(scope="module")
def whole(account: tuple[AwsConnection, Replay]) -> Ran:
    """The run in which nothing is broken."""
    ran = run(account)
    assert all(not r.error and not r.unknown for r in ran.results.values())
    assert len(ran.intent.planned) > 20
    return ran


def cases() -> list[tuple[str, str]]:
    """Each operation denied, and broken in two more ways, all ways in turn."""
    found = []
    ways = itertools.cycle(SOME)
    for call in sorted(ASKED_BY):
        fitting = [w for w in itertools.islice(ways, 5) if fits(BY_NAME[w], *call.split(":"))]
        found += [(call, name) for name in ("denied", *fitting[:2])]
    return found


@pytest.mark.parametrize(("call", "fault"), cases())
def test_a_broken_call_is_told_and_never_acted_on(
    account: tuple[AwsConnection, Replay], whole: Ran, call: str, fault: str
) -> None:
    """Policies that need it: an error, or unknown resources, never a new match; others beside them: the same as ever."""
    others = [p.name for p in POLICIES if p.name not in ASKED_BY[call]]
    beside = {others[(len(call) + n * 7) % len(others)] for n in range(3)}
    broken = run(account, frozenset({call}), BY_NAME[fault], frozenset(ASKED_BY[call] | beside))
    assert set(broken.results) == ASKED_BY[call] | beside
    for name, result in broken.results.items():
        if name not in ASKED_BY[call]:
            assert broken.told(name) == whole.told(name)
            continue
        before = {i.resource.ref.id for i in whole.results[name].matched}
        matched = {i.resource.ref.id for i in result.matched}
        unknown = {i.resource.ref.id for i, _ in result.unknown}
        planned = {p.change.ref.id for p in broken.intent.planned if p.policy == name}
        assert matched <= before, "a fact that could not be had made a match"
        assert before <= matched | unknown or result.error, "a match was lost without a word"
        assert planned <= matched
        assert not planned & unknown
        for _, verdict in result.unknown:
            assert any(call in cause for cause in verdict.causes), verdict.causes
        if result.error:
            assert call in result.error
            assert not matched
            assert not planned
    affected = [broken.results[name] for name in ASKED_BY[call]]
    if any(r.error or r.unknown for r in affected):
        assert exit_code(list(broken.results.values()), []) is Exit.INCOMPLETE


def test_every_listing_that_breaks_is_an_error(account: tuple[AwsConnection, Replay]) -> None:
    """The property above would hold for a broken call that nobody noticed; a listing always must be."""
    listings = {}
    for policy in POLICIES:
        type = catalog().provider.type(policy.resource)
        listings[policy.name] = f"{type.list.service or type.service}:{type.list.call}"
    ran = run(account, frozenset(listings.values()), BY_NAME["denied"])
    assert {name for name, call in listings.items() if call in ran.results[name].error} == set(listings)
    assert ran.intent.planned == []


def test_the_operations_are_known() -> None:
    """A wrong name in the table would break nothing."""
    assert len(ASKED_BY) > 35
    assert all(MODEL.operation(*call.split(":")) is not None for call in ASKED_BY)

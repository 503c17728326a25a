"""A door that answers from a script, and requests for facts of real types."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Fact
from engine.model.json import Json
from engine.model.need import Need
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.plugin.protocols import Request, Setting
from providers.aws import PROVIDER
from providers.aws.adapter.connection import AwsConnection
from tests.facts import plain

from .conftest import connected

NOW = datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)
SCOPE = Scope("123456789012", "us-east-1")
Answer = Callable[[Call], Json]


class ScriptedDoor:
    """`answer` gives a call's body, a list of bodies for its pages, or raises CallFailed."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self.asked: list[Call] = []

    def change(self, call: Call, token: str) -> dict[str, Any]:
        """Once."""
        return self.perform(call)

    def perform(self, call: Call) -> dict[str, Any]:
        """The body."""
        with self._lock:
            self.asked.append(call)
        body = self._answer(call)
        assert isinstance(body, dict)
        return body

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """The bodies."""
        with self._lock:
            self.asked.append(call)
        body = self._answer(call)
        yield from body if isinstance(body, list) else [body]

    def lists(self, call: Call) -> frozenset[str]:
        """Members that must stand in an answer: none, for a script need not tell everything."""
        return frozenset()

    def follows(self, call: Call, answer: Mapping[str, Json]) -> bool:
        """Answers come whole."""
        return False

    def operations(self) -> list[str]:
        """What was asked, in order."""
        return [call.operation for call in self.asked]


def refused(call: Call, code: str = "AccessDenied", kind: FailureKind = FailureKind.DENIED) -> CallFailed:
    """The failure of a call."""
    return CallFailed(call.service, call.operation, kind, code, "no")


def at(answer: Answer, account: str = "123456789012") -> tuple[AwsConnection, ScriptedDoor]:
    """A connection whose door answers from the script."""
    connection, door = connected(account), ScriptedDoor(answer)
    connection.door = door  # type: ignore[assignment]
    return connection, door


def gathered(
    connection: AwsConnection,
    word: str,
    things: Sequence[Mapping[str, Json]],
    *needs: Need,
    account: str = "123456789012",
    region: str = "us-east-1",
) -> list[dict[Need, Json]]:
    """What is told of each thing, each fact once."""
    type = PROVIDER.type(word)
    scope = Scope(account, region)
    resources = [Resource(ResourceRef(word, scope, str(t[type.identity.id])), dict(t)) for t in things]
    told: dict[int, dict[Need, Json]] = {id(r): {} for r in resources}
    setting = Setting(type, scope, NOW, types=PROVIDER.type)

    def tell(resource: Resource, need: Need, fact: Fact) -> None:
        assert need not in told[id(resource)], f"{need} was told twice"
        told[id(resource)][need] = plain(fact)

    connection.gather(
        [Request(need, type, [(r, r.attributes) for r in resources], setting, len(resources)) for need in needs], tell
    )
    for facts in told.values():
        assert set(facts) == set(needs), "every need must be told of every resource"
    return [told[id(r)] for r in resources]

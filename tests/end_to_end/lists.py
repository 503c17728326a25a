"""Which listings does the sandbox answer? Every list call that needs no parent, made through the engine's own path.

`lists.json` pins, for each service that moto has, the operations that answer, and of those that do not the error.
`python -m tests.end_to_end.lists` writes it anew, after an upgrade of moto or where new types have come.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plugin.discover import catalog
from engine.plugin.listing import list_calls, listed
from engine.plugin.paths import roots
from engine.plugin.protocols import Connection, Credentials
from engine.sandbox.account import Sandbox
from engine.sandbox.inprocess import sandbox

PINNED = Path(__file__).with_name("lists.json")

KEYLESS = "an answer without its list"
"""What is pinned of an answer in which nothing stands where the record looks: XML services leave empty lists out."""

Operation = tuple[str, str]
"""Service and operation."""


@dataclass
class Told:
    """What became of the listings of some types: operation → error code, empty where it answered."""

    codes: dict[Operation, str] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    nameless: list[str] = field(default_factory=list)

    def add(self, operation: Operation, code: str) -> None:
        """An operation that several types list by has answered where it did for all of them."""
        if not self.codes.get(operation):
            self.codes[operation] = code

    @property
    def answered(self) -> set[Operation]:
        """The operations that gave an answer."""
        return {operation for operation, code in self.codes.items() if code in ("", KEYLESS)}


class Watching:
    """A door that keeps whether the last answer had the key under which the record looks."""

    def __init__(self, connection: Connection, key: str) -> None:
        self._door, self._key = connection.door, key
        self.had_key = False

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """Once."""
        return self.perform(call)

    def perform(self, call: Call) -> dict[str, Json]:
        """The answer."""
        return self._door.perform(call)

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """The answers."""
        for page in self._door.pages(call):
            self.had_key = self.had_key or not self._key or self._key in page
            yield page


def root_types() -> dict[Operation, list[ResourceType]]:
    """Types of kind resource that are listed without a parent, by the operation; each call of an operation once."""
    provider, scope = catalog().provider, Scope("123456789012", "us-east-1")
    calls: dict[str, tuple[Operation, ResourceType]] = {}
    for word in provider.words():
        type = provider.type(word)
        if type.kind == "resource" and type.list.parent is None:
            for call in list_calls(type, scope):
                calls.setdefault(f"{call} {sorted(call.params.items())}", ((call.service, call.operation), type))
    found: dict[Operation, list[ResourceType]] = {}
    for operation, type in calls.values():
        found.setdefault(operation, []).append(type)
    return found


def connected(account: Sandbox) -> Connection:
    """The engine's connection to a sandbox."""
    environment = tuple(account.environment.items())
    given = Credentials(endpoint=account.endpoint, environment=environment, account=account.account_id)
    return catalog().provider.connect(given)


def ask(connection: Connection, scope: Scope, asked: Mapping[Operation, list[ResourceType]]) -> Told:
    """List everything once."""
    told = Told()
    for operation, types in asked.items():
        for type in types:
            top = sorted(roots(type.list.items)) if type.list.items else [""]
            door = Watching(connection, top[0])
            try:
                for page in listed(type, scope, door, catalog().provider.type, rows=connection.rows):
                    told.found[type.word] += len(page)
                    told.nameless += [type.word for resource in page if not resource.ref.id.strip("/")]
            except CallFailed as failed:
                told.add(operation, failed.code)
            else:
                told.add(operation, "" if door.had_key else KEYLESS)
    return told


def pinned() -> dict[str, dict[str, Json]]:
    """Service → operation → the pinned error code; empty for one that answers."""
    found: dict[str, dict[str, Json]] = json.loads(PINNED.read_text(encoding="utf-8"))
    return found


def pin() -> None:
    """Write the file: the services of which moto answers at least one listing."""
    os.environ |= {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "1"}
    with sandbox() as account:
        told = ask(connected(account), Scope(account.account_id, account.region), root_types())
    services = sorted({service for service, _ in told.answered})
    lines = []
    for service in services:
        codes = {name: code for (where, name), code in sorted(told.codes.items()) if where == service}
        lines.append(f"{json.dumps(service)}: {json.dumps(codes)}")
    PINNED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    pin()

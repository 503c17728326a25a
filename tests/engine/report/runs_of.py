"""One fixed run to print: instances in memory, policies that match, cannot tell, fail, and change."""

from __future__ import annotations

import io
from collections.abc import Callable

from engine.executor.changes import intend
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent
from engine.model.json import Json
from engine.plugin.protocols import Connection
from engine.report.screen import Plain, Screen
from tests.engine.executor.cloud import Cloud, ran, refused

RUNNING: Json = {"State.Name": "running"}
TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}


def cloud() -> Cloud:
    """Three instances, one of them stopped; one has markup for a name."""
    return Cloud().instance("i-1", Name="web", Idle="no").instance("i-2", "stopped").instance("i-3", Name="[red]x[/]")


def results(*policies: dict[str, Json], on: Cloud | None = None) -> list[tuple[Connection, PolicyResult]]:
    """What policies find there."""
    return ran(on or cloud(), *policies)


def denied(operation: str) -> Cloud:
    """The same, where one operation is refused."""
    made = cloud()
    made.breaks = lambda call: refused(call) if call.operation == operation else None
    return made


def intent_of(*policies: dict[str, Json]) -> Intent:
    """What policies want to change there."""
    return intend(results(*policies))


def printed(print_: Callable[[Screen], None]) -> str:
    """What pipes and files get of it."""
    out = io.StringIO()
    print_(Plain(out))
    return out.getvalue().rstrip("\n")

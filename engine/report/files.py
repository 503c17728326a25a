"""The files that c7n leaves for each policy, and the findings with their evidence.

`resources.json`, `metadata.json` and `findings.json`, in a place for each policy and scope: see `engine.report.places`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TextIO

from engine import __version__
from engine.executor.execute import PolicyResult
from engine.model.json import Json
from engine.model.redaction import redacted_dumps
from engine.plugin.protocols import Connection
from engine.report.document import default, finding_json, resource_json
from engine.report.places import Output, Place


def write_files(
    output: Output,
    results: Sequence[tuple[Connection, PolicyResult]],
    *,
    run: str,
    started: datetime,
    ended: datetime,
    config: Mapping[str, Json],
    calls: Counter[str],
    dumps: Callable[..., str] = redacted_dumps,
) -> list[Place]:
    """Write every policy's files; policies that their conditions skipped leave none. Gives the places written to.

    Args:     dumps gives the JSON text of a value without its secrets.
    Raises:   OSError for a folder, CallFailed for a bucket.
    """
    written = []
    scopes = {(r.scope.account, r.scope.region) for _, r in results}
    accounts = len({account for account, _ in scopes})
    for connection, result in results:
        if result.skipped:
            continue
        scope = result.scope
        if "account_id" in output.fields and not scope.account:
            scope = replace(scope, account=connection.account)
        apart = (scope.account, scope.region) if accounts > 1 else (scope.region,) if len(scopes) > 1 else ()
        place = output.place(result.policy.name, scope, started, connection.door, apart)
        if not (result.error or result.limited):
            with place.open("resources.json") as text:
                _write_list(text, (resource_json(result, i) for i in result.matched), dumps)
        unknown = (finding_json(result, item, verdict) for item, verdict in result.unknown)
        matched = (finding_json(result, item) for item in result.matched)
        with place.open("findings.json") as text:
            _write_list(text, (f for part in (matched, unknown) for f in part), dumps)
        with place.open("metadata.json") as text:
            metadata = _metadata(result, run, started, ended, config, calls)
            text.write(dumps(metadata, default=default, indent=2))
        written.append(place)
    return written


def _write_list(out: TextIO, rows: Iterable[Json], dumps: Callable[..., str]) -> None:
    """A JSON list with one row a line, each serialised once and compactly."""
    out.write("[")
    for number, row in enumerate(rows):
        out.write(",\n" if number else "\n")
        out.write(dumps(row, default=default, separators=(",", ":")))
    out.write("\n]\n")


def _metadata(
    result: PolicyResult,
    run: str,
    started: datetime,
    ended: datetime,
    config: Mapping[str, Json],
    calls: Counter[str],
) -> dict[str, Json]:
    return {
        "policy": result.policy.policy.node.data(),
        "version": __version__,
        "execution": {
            "id": run,
            "start": started.timestamp(),
            "end_time": ended.timestamp(),
            "duration": (ended - started).total_seconds(),
        },
        "config": dict(config),
        "api-stats": dict(calls),
        "counts": {
            "population": result.population,
            "matched": len(result.matched),
            "unknown": len(result.unknown),
        },
        "error": result.error or result.limited or None,
    }

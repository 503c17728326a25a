"""The files that c7n leaves for each policy, and the findings with their evidence.

DIR/POLICY (DIR/REGION/POLICY where several regions were run): `resources.json`, `metadata.json`, `findings.json`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from engine import __version__
from engine.executor.execute import PolicyResult
from engine.model.json import Json
from engine.report.document import default, finding_json, resource_json


def write_files(
    folder: Path,
    results: Sequence[PolicyResult],
    *,
    run: str,
    started: datetime,
    ended: datetime,
    config: Mapping[str, Json],
    calls: Counter[str],
) -> list[Path]:
    """Write every policy's files; policies that their conditions skipped leave none. Gives the folders written."""
    written = []
    scopes = {(r.scope.account, r.scope.region) for r in results}
    for result in results:
        if result.skipped:
            continue
        place = folder / result.scope.region if len(scopes) > 1 else folder
        if len({account for account, _ in scopes}) > 1:
            place = folder / result.scope.account / result.scope.region
        place = place / result.policy.name
        place.mkdir(parents=True, exist_ok=True)
        if not (result.error or result.limited):
            _write_list(place / "resources.json", (resource_json(result, i) for i in result.matched))
        unknown = (finding_json(result, item, verdict) for item, verdict in result.unknown)
        matched = (finding_json(result, item) for item in result.matched)
        _write_list(place / "findings.json", (f for part in (matched, unknown) for f in part))
        metadata = _metadata(result, run, started, ended, config, calls)
        (place / "metadata.json").write_text(json.dumps(metadata, default=default, indent=2), encoding="utf-8")
        written.append(place)
    return written


def _write_list(path: Path, rows: Iterable[Json]) -> None:
    """A JSON list with one row a line, each serialised once and compactly."""
    with path.open("w", encoding="utf-8") as out:
        out.write("[")
        for number, row in enumerate(rows):
            out.write(",\n" if number else "\n")
            out.write(json.dumps(row, default=default, separators=(",", ":")))
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

"""The derived layer on disk: one JSON object a service, one record a line, keys sorted; the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from engine.model.json import Json

FOLDER = Path(__file__).parent.parent / "derived"
VERSIONS = "VERSIONS.json"


def text_of(records: Mapping[str, Mapping[str, Json]]) -> str:
    """A service's file: `{`, a line `"word": record` for each, `}`."""
    lines = [f"{json.dumps(word)}: {_line(records[word])}" for word in sorted(records)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(record: Mapping[str, Json]) -> str:
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(", ", ": "))


def write(
    services: Mapping[str, Mapping[str, Mapping[str, Json]]], versions: Mapping[str, str], folder: Path = FOLDER
) -> None:
    """Write every service that has records, and take away files of services that have none."""
    folder.mkdir(exist_ok=True)
    wanted = {f"{service}.json": text_of(records) for service, records in services.items() if records}
    for old in folder.glob("*.json"):
        if old.name not in wanted and old.name != VERSIONS:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / VERSIONS).write_text(json.dumps(dict(versions), indent=2, sort_keys=True) + "\n", encoding="utf-8")

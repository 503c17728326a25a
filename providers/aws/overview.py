"""Every resource type as one line, from all files of both layers; no record is built for it."""

from __future__ import annotations

import functools
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.model.json import Json
from engine.plugin.catalog import word_of
from engine.plugin.protocols import TypeLine

CATEGORIES = Path(__file__).parent / "derive" / "categories.toml"


def overview(curated: Mapping[str, Path], derived: Path) -> Sequence[TypeLine]:
    """The types of the curated files (word → file) and of the derived ones that no curated file is laid over."""
    below = dict(_derived(derived))
    aliases: dict[str, list[str]] = defaultdict(list)
    lines: dict[str, TypeLine] = {}
    for word, file in sorted(curated.items()):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        if "alias" in data:
            aliases[data["alias"]].append(word)
        else:
            lines[word] = _curated(word, data, word_of(file.parent.name), below.get(data.get("derived", ""), {}))
            if "derived" in data and not data.get("variant"):
                aliases[word].append(data["derived"])
    claimed = {name for names in aliases.values() for name in names}
    for word, record in below.items():
        if word not in claimed:
            lines[word] = _line(word, record, "derived")
    return [replace(line, aliases=tuple(sorted(aliases.get(word, ())))) for word, line in sorted(lines.items())]


def _derived(root: Path) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for file in sorted(root.glob("*.json")):
        if file.stem != "VERSIONS":
            yield from json.loads(file.read_bytes()).items()


def _curated(word: str, data: Mapping[str, Json], service: str, below: Mapping[str, Json]) -> TypeLine:
    return _line(word, {"service": service, **below, **data}, "curated")


def _line(word: str, data: Mapping[str, Json], origin: str) -> TypeLine:
    service = data["service"]
    category = data.get("category") or categories().get(service, "")
    return TypeLine(word, service, data.get("summary", ""), category, data.get("kind", "resource"), origin)


@functools.cache
def categories() -> Mapping[str, str]:
    """Service → category."""
    found: Mapping[str, str] = tomllib.loads(CATEGORIES.read_text(encoding="utf-8"))["services"]
    return found

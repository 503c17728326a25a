"""The derived layer of records as text on disk, and a curated file laid over a derived record.

`derived/<service>.json` holds one record a line (`"word": {…}`), so one type is read without parsing its siblings.

A curated TOML file with `derived = "glue.job"` says only what differs: its tables are merged key by key over the
derived record, everything else replaces. `without = ["operations.reset-bookmark", "facets.bookmark"]` takes keys of
the derived record away first; a name that is not there is an error, so that nothing is thought removed that came back
under another name. With `variant = true` it is a second view of the derived record, and does not answer to its word.

A curated file with a listing of its own (`list.call`) is a whole record; of the derived one it only gets what it does
not speak of: facets and operations by other names, of other calls, and what the type is (category, kind, status).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.json import Json

DERIVED = Path(__file__).parent / "derived"


@dataclass(slots=True)
class Derived:
    """The derived records under `root`, by word."""

    root: Path = DERIVED
    _words: list[str] | None = field(default=None, repr=False)

    def words(self) -> Sequence[str]:
        """Every word of every service; reads the beginnings of lines, parses nothing."""
        if self._words is None:
            self._words = [word for file in sorted(self.root.glob("*.json")) for word in _words_in(file)]
        return self._words

    def record(self, word: str) -> dict[str, Json] | None:
        """One record: the line of it in its service's file. None where there is none."""
        service, dot, _ = word.partition(".")
        return line_of(self.root / f"{service}.json", word) if dot else None


def line_of(file: Path, word: str) -> dict[str, Json] | None:
    """One word's mapping, from its line of a file that has one word a line; None without the file or the word."""
    if not file.is_file():
        return None
    lead = f'"{word}": '
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(lead):
                found: dict[str, Json] = json.loads(line[len(lead) :].rstrip(",\n"))
                return found
    return None


def _words_in(file: Path) -> list[str]:
    start = f'"{file.stem}.'.encode()
    with file.open("rb") as lines:
        return [line[1 : line.index(b'"', 1)].decode() for line in lines if line.startswith(start)]


def laid_over(derived: Mapping[str, Json], curated: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """A curated mapping (without its `derived`) over a derived one, and what is wrong with its `without`."""
    if "call" in curated.get("list", {}) and "without" not in curated:
        return _completed(derived, curated), []
    problems: list[str] = []
    under: dict[str, Json] = {**derived}
    for path in curated.get("without", ()):
        under, gone = _less(under, str(path).split("."))
        if not gone:
            problems.append(f"'without' names '{path}', which the derived record does not have")
    return _merged(under, {k: v for k, v in curated.items() if k not in ("derived", "without", "variant")}), problems


def _completed(derived: Mapping[str, Json], curated: Mapping[str, Json]) -> dict[str, Json]:
    """A whole curated record with what only the derived one knows."""
    made = {**{k: derived[k] for k in _ABOUT if k in derived}, **curated}
    for part in ("facets", "operations"):
        own = curated.get(part, {})
        calls = {each.get("call") for each in own.values()}
        names = {each.get("attribute") for each in own.values()}
        more = {
            name: each
            for name, each in derived.get(part, {}).items()
            if name not in own and each["call"] not in calls and not (part == "facets" and _joins(each, names))
        }
        made[part] = {**more, **own}
    verbs = made["operations"]
    made["operations"] = {
        name: each for name, each in verbs.items() if name in curated.get("operations", {}) or _undone(each, verbs)
    }
    return {k: v for k, v in made.items() if v != {} and k not in ("derived", "variant")}


_ABOUT = ("category", "kind", "status", "cfn")


def _undone(operation: Mapping[str, Json], others: Collection[str]) -> bool:
    """Whether the operation that a derived one names as its way back is there."""
    undo = operation.get("undo", "")
    return not undo or undo.startswith("none") or undo in others


def _joins(facet: Mapping[str, Json], names: Collection[Json]) -> bool:
    """Whether a facet would put its answer under a name that is taken, or among the resource's own attributes."""
    return not facet.get("attribute") or facet["attribute"] in names


def _less(table: Mapping[str, Json], path: Sequence[str]) -> tuple[dict[str, Json], bool]:
    head, rest = path[0], path[1:]
    if head not in table:
        return dict(table), False
    if not rest:
        return {k: v for k, v in table.items() if k != head}, True
    if not isinstance(table[head], Mapping):
        return dict(table), False
    inner, gone = _less(table[head], rest)
    return {**table, head: inner}, gone


def _merged(under: Mapping[str, Json], over: Mapping[str, Json]) -> dict[str, Json]:
    made = dict(under)
    for key, value in over.items():
        below = made.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            made[key] = _merged(below, value)
        else:
            made[key] = value
    return made

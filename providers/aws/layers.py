"""The derived layer of records as text on disk, and a curated file laid over a derived record.

`derived/<service>.json` holds one record a line (`"word": {…}`), so one type is read without parsing its siblings.

A curated TOML file with `derived = "glue.job"` says only what differs: its tables are merged key by key over the
derived record, everything else replaces. `without = ["operations.reset-bookmark", "facets.bookmark"]` takes keys of
the derived record away first; a name that is not there is an error, so that nothing is thought removed that came back
under another name. With `variant = true` it is a second view of the derived record, and does not answer to its word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
        file = self.root / f"{service}.json"
        if not dot or not file.is_file():
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
    problems: list[str] = []
    under: dict[str, Json] = {**derived}
    for path in curated.get("without", ()):
        under, gone = _less(under, str(path).split("."))
        if not gone:
            problems.append(f"'without' names '{path}', which the derived record does not have")
    return _merged(under, {k: v for k, v in curated.items() if k not in ("derived", "without", "variant")}), problems


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

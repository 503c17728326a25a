"""What has changed between two derived layers: `python -m providers.aws.derive.drift NEWER [OLDER]` prints it.

A line for each type that appeared, vanished or changed; of a changed one, the paths that differ.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.model.json import Json
from providers.aws.derive.writing import FOLDER, VERSIONS


def read(folder: Path) -> dict[str, Json]:
    """Every record of a layer, by word."""
    files = [file for file in sorted(folder.glob("*.json")) if file.name != VERSIONS]
    return {word: record for file in files for word, record in json.loads(file.read_text(encoding="utf-8")).items()}


def differences(older: Mapping[str, Json], newer: Mapping[str, Json]) -> Iterator[str]:
    """`+ word`, `- word`, and `~ word: paths`, in the words' order."""
    for word in sorted({*older, *newer}):
        if word not in older:
            yield f"+ {word}"
        elif word not in newer:
            yield f"- {word}"
        elif older[word] != newer[word]:
            yield f"~ {word}: {', '.join(_paths(older[word], newer[word], ''))}"


def _paths(older: Json, newer: Json, at: str) -> Iterator[str]:
    if not isinstance(older, Mapping) or not isinstance(newer, Mapping):
        yield at
        return
    for key in sorted({*older, *newer}):
        where = f"{at}.{key}" if at else key
        if key not in older:
            yield f"+{where}"
        elif key not in newer:
            yield f"-{where}"
        elif older[key] != newer[key]:
            yield from _paths(older[key], newer[key], where)


def main(newer: Path, older: Path = FOLDER) -> None:
    """Print the differences and their number."""
    versions = [json.loads((folder / VERSIONS).read_text(encoding="utf-8"))["botocore"] for folder in (older, newer)]
    lines = list(differences(read(older), read(newer)))
    for line in lines:
        print(line)
    print(f"botocore {versions[0]} to {versions[1]}: {len(lines)} types differ")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))

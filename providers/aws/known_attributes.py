"""What resources of the curated types can have, read once from the SDK's models and kept beside the derived records.

A policy is checked in the time of one small file then; the models of EC2 alone take four times as long to read.
`python -m providers.aws.known_attributes`, a part of `python3 tasks.py derive`, writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.model.record import ResourceType
from providers.aws.layers import DERIVED, line_of

FOLDER = DERIVED / "attributes"


def attributes_of(type: ResourceType, folder: Path = FOLDER) -> Mapping[str, str]:
    """Path → JSON type, as `adapter.attributes` tells it: from the file of the type's service, else from the models."""
    kept = line_of(folder / f"{type.service}.json", type.word) if not type.list.form else None
    if kept is not None:
        return {str(path): str(kind) for path, kind in kept.items()}
    from providers.aws.adapter.attributes import attributes

    return attributes(type)


def write_attributes(types: Iterable[ResourceType], folder: Path = FOLDER) -> None:
    """Write the attributes of these types, a type a line, and take away files of services that have none."""
    from providers.aws.adapter.attributes import attributes
    from providers.aws.derive.writing import text_of

    by_service: dict[str, dict[str, dict[str, str]]] = {}
    for type in types:
        by_service.setdefault(type.service, {})[type.word] = attributes(type)
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for service, found in by_service.items():
        (folder / f"{service}.json").write_text(text_of(found), encoding="utf-8")


if __name__ == "__main__":
    from providers.aws import PROVIDER

    write_attributes({t.word: t for t in map(PROVIDER.type, PROVIDER.curated())}.values())

"""The IAM actions that derived records need, held against the Service Authorization Reference, as small pinned data.

`iam_names.json`: IAM prefix → `known` (the reference has it) and `newer` (it does not: APIs younger than its copy, for
which the rule prefix:Operation stands). `python -m tests.conformance.records.iam_names` pins anew; it needs the extra
`derive`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from engine.model.record import ResourceType
from providers.aws import PROVIDER

from .surroundings import calls_of

PINNED = Path(__file__).parent / "iam_names.json"


def needed(records: Iterable[ResourceType]) -> set[str]:
    """Every IAM action that the records' calls need."""
    return {
        action
        for record in records
        for service, call in calls_of(record)
        for action in PROVIDER.iam_actions(service, call)
    }


def pin() -> None:
    """Write the file."""
    from providers.aws.derive.sources import iam_definition

    found: dict[str, dict[str, list[str]]] = {}
    for action in sorted(needed(PROVIDER.type(word) for word in PROVIDER.words() if "." in word)):
        prefix, _, name = action.partition(":")
        known = {each.lower() for each in iam_definition().get(prefix, {}).get("privileges", {})}
        found.setdefault(prefix, {}).setdefault("known" if name.lower() in known else "newer", []).append(name)
    lines = (f"{json.dumps(prefix)}: {json.dumps(names, sort_keys=True)}" for prefix, names in sorted(found.items()))
    PINNED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    pin()

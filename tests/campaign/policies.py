"""Policies that ask about everything: every filter of a type by its examples, every facet, each way round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from engine.lang.check import Environment, check
from engine.lang.load import load_checked, policy_from
from engine.lang.syntax import Policy
from engine.lang.vocabulary import filters_of
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import Catalog

ROOT = Path(__file__).parents[2]


def shipped(catalog: Catalog) -> list[Policy]:
    """The policies that come with the project, as they are."""
    found, _ = load_checked([str(ROOT / "policies")], catalog, {})
    return list(found)


def policies_of(type: ResourceType, catalog: Catalog) -> list[Policy]:
    """Each filter as it is and under `not`; those that the checker refuses (an example that needs more) are left out."""
    found: list[Policy] = []
    for number, each in enumerate(_filters(type, catalog)):
        for way in (each, {"not": [each]}):
            data = {"name": f"p{number}{'-not' if way is not each else ''}", "resource": type.word, "filters": [way]}
            policy, _ = policy_from(data)
            if policy is None:
                continue
            bound, _ = check(policy, catalog, Environment("123456789012", "us-east-1"))
            if bound is not None:
                found.append(policy)
    return found


def _filters(type: ResourceType, catalog: Catalog) -> Iterator[Json]:
    for element in filters_of(type, catalog):
        for example in element.examples if element.word not in ("and", "or", "not", "event") else ():
            if "…" not in example:
                yield yaml.safe_load(example)
    for facet in type.facets.values():
        if facet.attribute and "_options" not in repr(facet):
            yield {"type": "value", "key": f'"{facet.attribute}"', "value": "absent"}
    if type.tags is not None:
        yield {"type": "value", "key": "tag:Owner", "value": "absent"}
        yield {"type": "tag-count", "count": 1, "op": "lt"}

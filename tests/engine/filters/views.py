"""What the filter tests share: views over plain dicts, a record to stand on, filters read from policy text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from engine.filters import value
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.listing import Identity, Listing
from engine.model.need import FacetNeed, Need
from engine.model.node import Node, node_of
from engine.model.record import Facet, Metrics, ResourceType, Tags
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.model.verdict import Kind, Verdict, unknown
from engine.plugin.catalog import Shelf
from engine.plugin.params import Reading, problems_of, read
from engine.plugin.protocols import Filter, Missing, Setting
from engine.plugin.tree import Block, FilterTree, Leaf, evidence, judge

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCOPE = Scope("123456789012", "eu-west-1")
SHELF = Shelf("filters", ("engine.filters",))
MACHINE = ResourceType(
    word="machine",
    service="ec2",
    summary="A machine.",
    identity=Identity(id="id"),
    list=Listing(call="DescribeMachines", items="Machines"),
    tags=Tags(attribute="Tags"),
    metrics=Metrics(namespace="AWS/EC2", dimensions={"InstanceId": "id"}),
    facets={"policy": Facet(call="GetPolicy", with_={}, attribute="Policy")},
)


class Attributes(Mapping[str, Json]):
    """Attributes of which some raise Missing, as those of a facet that could not be read."""

    def __init__(self, held: Mapping[str, Json], unreadable: frozenset[str] = frozenset()) -> None:
        self._held, self._unreadable = held, unreadable

    def __getitem__(self, key: str) -> Json:
        if key in self._unreadable:
            raise Missing(unknown(f"{key} could not be read"))
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class PlainView:
    """A view over a dict, with facts by need; a fact that was not given is unknown."""

    def __init__(
        self, attributes: Mapping[str, Json], facts: Mapping[Need, Json] | None = None, unreadable: tuple[str, ...] = ()
    ) -> None:
        self.attributes = Attributes(attributes, frozenset(unreadable)) if unreadable else dict(attributes)
        self.resource = Resource(ResourceRef("machine", SCOPE, str(attributes.get("id", "i-1"))), self.attributes)
        self._facts = dict(facts or {})

    def fact(self, need: Need) -> Json:
        if need in self._facts:
            return self._facts[need]
        raise Missing(unknown(f"no {type(need).__name__}", pending=[need] if isinstance(need, FacetNeed) else []))


def setting(now: datetime = NOW, event: Json = None, record: ResourceType = MACHINE) -> Setting:
    """A setting on the record above."""
    return Setting(type=record, scope=SCOPE, now=now, event=event)


class Rejected(Exception):
    """The filter's text has problems; `texts` are their summaries."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__("; ".join(texts))
        self.texts = texts


def tree(text: Json, presets: Mapping[str, Json] | None = None, record: ResourceType = MACHINE) -> FilterTree:
    """A filter tree from policy text (YAML) or data. Raises Rejected."""
    node = node_of(yaml.safe_load(text) if isinstance(text, str) and ("{" in text or ":" in text) else text)
    reading = Reading()
    found = _tree(node, reading, presets or {}, record)
    if found is None or reading.diagnostics:
        raise Rejected([d.summary for d in reading.diagnostics])
    return found


def _tree(node: Node, reading: Reading, presets: Mapping[str, Json], record: ResourceType) -> FilterTree | None:
    reading.read_filter = lambda inner: _tree(inner, reading, {}, record)
    data = node.data()
    if isinstance(data, str):
        return _leaf(data, node_of({}), reading, presets, record)
    if not isinstance(data, dict) or ("type" not in data and len(data) != 1):
        return _reject(reading, node, "not a filter")
    if "type" in data:
        return _leaf(str(data["type"]), node, reading, presets, record)
    ((word, held),) = data.items()
    if word in ("and", "or", "not") and isinstance(held, list):
        children = [_tree(child, reading, presets, record) for child in (node.get(word) or node).items or ()]
        kept = tuple(child for child in children if child is not None)
        return Block(word, kept, node.span) if len(kept) == len(children) else None
    return _leaf("value", node_of({"key": word, "value": held}), reading, presets, record)


def _leaf(
    word: str, node: Node, reading: Reading, presets: Mapping[str, Json], record: ResourceType
) -> FilterTree | None:
    cls: Any = value.choose(node.data()) if word == "value" else SHELF.get(word)
    if cls is None:
        return _reject(reading, node, f"unknown filter {word}")
    piece = read(cls, node, f"filter '{word}'", reading, ignore=("type",), presets=presets)
    if piece is None:
        return None
    problems_of(piece, node, "", reading, type=record)
    return Leaf(word, piece, node)


def _reject(reading: Reading, node: Node, text: str) -> None:
    from engine.plugin.params import PROBLEM

    reading.add(PROBLEM.at(node.span, text=text))


def verdict(
    text: Json,
    attributes: Mapping[str, Json],
    *,
    now: datetime = NOW,
    event: Json = None,
    facts: Mapping[Need, Json] | None = None,
    unreadable: tuple[str, ...] = (),
    presets: Mapping[str, Json] | None = None,
    record: ResourceType = MACHINE,
) -> Verdict:
    """One resource's verdict; the evidence must say the same. A set filter judges a set of one."""
    view = PlainView(attributes, facts, unreadable)
    told = tree(text, presets, record)
    where = setting(now, event, record)
    if isinstance(told, Leaf) and not isinstance(told.piece, Filter):
        return told.piece.judge_all([view], where)[0]
    found = judge(told, view, where)
    assert evidence(told, view, where).verdict.kind is found.kind
    return found


def matched(text: Json, attributes: Mapping[str, Json], **given: Any) -> bool:
    """Whether a resource matches; fails on UNKNOWN."""
    found = verdict(text, attributes, **given)
    assert found.kind is not Kind.UNKNOWN, found
    return found.kind is Kind.MATCH


def why(text: Json, attributes: Mapping[str, Json], **given: Any) -> Evidence:
    """The evidence on one resource."""
    presets, record = given.pop("presets", None), given.pop("record", MACHINE)
    view = PlainView(attributes, given.pop("facts", None))
    return evidence(tree(text, presets, record), view, setting(record=record, **given))

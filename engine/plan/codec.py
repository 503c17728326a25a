"""A plan as JSON and back, versioned. Policies travel as their text's nodes, with positions, and are checked again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from engine.lang.syntax import CheckedPolicy, Policy
from engine.model import need as needs
from engine.model.codec import plain, revived
from engine.model.errors import PlanRejected
from engine.model.json import Json
from engine.model.need import Need
from engine.model.node import Entry, Node
from engine.model.span import Span
from engine.plan.steps import Condition, Plan, Scan, Stage, Track

VERSION = 1

Check = Callable[[Policy], CheckedPolicy]
"""Checks a policy once more when a plan is read; raises PolicyRejected."""


def plan_json(plan: Plan) -> dict[str, Json]:
    """A plan as a mapping."""
    return {"version": VERSION, "passes": list(plan.passes), "scans": [_scan(s) for s in plan.scans]}


def plan_of_json(data: Mapping[str, Json], check: Check) -> Plan:
    """The inverse of `plan_json`. Raises PlanRejected for another version."""
    if data.get("version") != VERSION:
        raise PlanRejected(f"this plan is of version {data.get('version')}, this engine reads version {VERSION}")
    return Plan(tuple(_scan_of(s, check) for s in data["scans"]), tuple(data["passes"]))


def _scan(scan: Scan) -> dict[str, Json]:
    return {
        "type": scan.type.word,
        "conditions": [dataclasses.asdict(c) for c in scan.conditions],
        "params": plain(scan.params),
        "ids": None if scan.ids is None else list(scan.ids),
        "tracks": [_track(t) for t in scan.tracks],
    }


def _track(track: Track) -> dict[str, Json]:
    policy = track.policy.policy
    stages = [{"needs": [need_json(n) for n in s.needs], "everyone": s.everyone} for s in track.stages]
    return {
        "name": policy.name,
        "resource": policy.resource,
        "file": policy.span.file,
        "policy": node_json(policy.node),
        "stages": stages,
        "whole": track.whole,
    }


def _scan_of(data: Mapping[str, Json], check: Check) -> Scan:
    tracks = tuple(_track_of(t, check) for t in data["tracks"])
    conditions = tuple(Condition(**{**c, "values": tuple(c["values"])}) for c in data["conditions"])
    return Scan(tracks[0].policy.type, tracks, conditions, revived(data["params"]), _tuples(data["ids"]))


def _track_of(data: Mapping[str, Json], check: Check) -> Track:
    policy = Policy(data["name"], data["resource"], node_of_json(data["policy"], data["file"]))
    stages = tuple(Stage(tuple(need_of_json(n) for n in s["needs"]), s["everyone"]) for s in data["stages"])
    return Track(check(policy), stages, data["whole"])


def need_json(need: Need) -> dict[str, Json]:
    """A need as a mapping with its kind."""
    return {"kind": type(need).__name__, **dataclasses.asdict(need)}


def need_of_json(data: Mapping[str, Json]) -> Need:
    """The inverse of `need_json`."""
    cls: Any = getattr(needs, data["kind"])
    fields = {k: _tuples(v) for k, v in data.items() if k != "kind"}
    made: Need = cls(**fields)
    return made


def _tuples(value: Json) -> Json:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


def node_json(node: Node) -> Json:
    """A node with its positions: `[line, column, end]` and a value, items or entries."""
    at = [node.span.line, node.span.column, node.span.end]
    if node.entries is not None:
        return {
            "at": at,
            "entries": {
                k: [[e.key_span.line, e.key_span.column, e.key_span.end], node_json(e.node)]
                for k, e in node.entries.items()
            },
        }
    if node.items is not None:
        return {"at": at, "items": [node_json(n) for n in node.items]}
    return {"at": at, "value": plain(node.value)}


def node_of_json(data: Mapping[str, Json], file: str) -> Node:
    """The inverse of `node_json`."""
    span = Span(file, *data["at"])
    if "entries" in data:
        return Node(
            span, entries={k: Entry(Span(file, *at), node_of_json(n, file)) for k, (at, n) in data["entries"].items()}
        )
    if "items" in data:
        return Node(span, items=tuple(node_of_json(n, file) for n in data["items"]))
    return Node(span, value=revived(data["value"]))

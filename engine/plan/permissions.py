"""The least that policies need to be allowed: one statement to read, one to act, one to undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.model.json import Json
from engine.plan.calls import action_calls, expected_calls, inverse_calls, need_calls, settling_calls
from engine.plan.steps import Plan
from engine.plugin.listing import Types

Actions = Callable[[str, str], Iterable[str]]
"""(service, operation) → IAM action names."""


def permissions(plan: Plan, types: Types, actions: Actions, *, undo: bool = False) -> dict[str, Json]:
    """An IAM policy document. `Resource` is `*`: the calls list before they can name a resource."""
    read = {name for each in expected_calls(plan, 1, types) for name in actions(each.service, each.operation)}
    read |= _action_reads(plan, types, actions)
    tracks = [track for scan in plan.scans for track in scan.tracks]
    read |= {name for track in tracks for each in settling_calls(track) for name in actions(*each)}
    act = {name for track in tracks for service, call, _ in action_calls(track) for name in actions(service, call)}
    back = {name for track in tracks for service, call, _ in inverse_calls(track) for name in actions(service, call)}
    statements = [_statement("Read", read)]
    if act:
        statements.append(_statement("Act", act))
    if undo and back - act:
        statements.append(_statement("Undo", back - act))
    return {"Version": "2012-10-17", "Statement": statements}


def _action_reads(plan: Plan, types: Types, actions: Actions) -> set[str]:
    """Reads that only the actions need: present tags, values an inverse writes back, and who the account is."""
    found: set[str] = set()
    for scan in plan.scans:
        for track in scan.tracks:
            for act in track.policy.actions:
                found |= set(actions("sts", "GetCallerIdentity"))
                for need in act.piece.needs(scan.type):
                    for each in need_calls(need, scan.type, 1, types):
                        found |= set(actions(each.service, each.operation))
    return found


def _statement(sid: str, names: set[str]) -> dict[str, Json]:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(names), "Resource": "*"}

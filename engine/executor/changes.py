"""What do the actions want to do to what matched? Results to changes and skips; nothing is called but reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from engine.executor.execute import PolicyResult, gather
from engine.executor.intent import Intent, Planned
from engine.executor.item import Item
from engine.executor.rebase import tags_after
from engine.lang.syntax import Act
from engine.model.change import Change, Skip
from engine.model.fact import Failed, defect
from engine.model.json import Json
from engine.model.need import Need
from engine.model.resource import ResourceRef
from engine.model.verdict import Kind
from engine.plugin.protocols import Connection, Setting
from engine.plugin.tree import evidence, finds, found_by, judge, needs_of

Tagged: TypeAlias = dict[ResourceRef, dict[str, str | None]]
"""The tags that the changes so far write; None for those they remove."""


def intend(results: Sequence[tuple[Connection, PolicyResult]], clock: datetime | None = None) -> Intent:
    """Changes of every policy, policy by policy and action by action. Policies that may not act want nothing.

    `clock`: what actions write from the clock is written as of then (filters and guards are judged as of the run).
    """
    intent = Intent()
    tagged: Tagged = {}
    for connection, result in results:
        if result.error or result.limited or result.skipped or not result.policy.actions:
            continue
        if result.unknown and result.policy.on_unknown == "fail":
            continue
        _of_policy(connection, result, intent, tagged, clock)
    return intent


def _of_policy(
    connection: Connection, result: PolicyResult, intent: Intent, tagged: Tagged, clock: datetime | None
) -> None:
    name = result.policy.name
    _gather_for(connection, result)
    items = [i.with_tags(tagged[i.resource.ref]) if i.resource.ref in tagged else i for i in _guarded(result, intent)]
    finding = bool(finds(result.policy.filters))
    found = {i.resource.ref: found_by(result.policy.filters, i, result.setting) if finding else {} for i in items}
    acting = result.setting if clock is None else replace(result.setting, now=clock)
    held: dict[ResourceRef, str] = {}
    for step, act in enumerate(result.policy.actions):
        for number, item in enumerate(items):
            ref = item.resource.ref
            if ref in held:
                reason = f"'{held[ref]}' could not be planned on it"
                intent.skipped.append((name, Skip(ref, act.word, reason, holds=True)))
                continue
            wanted = _wanted(act, item, acting, found[ref])
            if isinstance(wanted, Skip):
                intent.skipped.append((name, wanted))
                if wanted.holds:
                    held[ref] = act.word
                continue
            intent.planned.append(Planned(name, step, wanted))
            if tags := tags_after(wanted):  # a later tagging of the same resource must know of this one
                items[number] = item.with_tags(tags)
                tagged.setdefault(item.resource.ref, {}).update(tags)


def _gather_for(connection: Connection, result: PolicyResult) -> None:
    needs = {n for act in result.policy.actions for n in act.piece.needs(result.policy.type)}
    needs |= {n for tree in result.policy.guard for n in needs_of(tree, result.policy.type)}
    wanted: dict[Need, dict[int, Item]] = {}
    for need in needs:
        lacking = {id(i): i for i in result.matched if need not in i.facts}
        if lacking:
            wanted[need] = lacking
    gather(connection, wanted, result.setting, result.population)


def _guarded(result: PolicyResult, intent: Intent) -> Iterator[Item]:
    for item in result.matched:
        failing = [t for t in result.policy.guard if judge(t, item, result.setting).kind is not Kind.MATCH]
        if not failing:
            yield item
            continue
        reason = f"blocked by guard: {evidence(failing[0], item, result.setting).sentence()}"
        intent.skipped.append((result.policy.name, Skip(item.resource.ref, "guard", reason)))


def _wanted(act: Act, item: Item, setting: Setting, found: dict[str, list[Json]]) -> Change | Skip:
    """An action's wish for one resource; a bug in the action makes it keep away, and is reported."""
    try:
        return _one(act, item, setting, found)
    except Exception as error:  # the other resources, and the other policies, are still acted on
        return Skip(item.resource.ref, act.word, defect(f"planning {act.word}", error), holds=True)


def _one(act: Act, item: Item, setting: Setting, found: dict[str, list[Json]]) -> Change | Skip:
    """An action's wish for one resource; a fact it must know and cannot have makes it keep away."""
    for need in act.piece.must_know(setting.type):
        fact = item.facts.get(need)
        if isinstance(fact, Failed):
            return Skip(item.resource.ref, act.word, f"it must be known first: {fact.cause}", holds=True)
    return act.piece.change(item, replace(setting, found=found) if found else setting)

"""Is this policy right? Policy + catalog → CheckedPolicy, or every diagnostic at once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.lang.filters import TOO_COMPLEX, TOO_MUCH, read_filters, reason_of
from engine.lang.keys import KEY_TYPE, SOURCES, check_keys
from engine.lang.limits import read_limits
from engine.lang.query import query_params
from engine.lang.sane import insane
from engine.lang.syntax import Act, CheckedPolicy, Policy
from engine.lang.vars import CAUSES, Now, expand, without_echoes
from engine.lang.words import ActionWords, action_applies
from engine.model.diagnostic import Diagnostic, Message
from engine.model.json import Json
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.plugin.catalog import ALIASES, Catalog
from engine.plugin.params import PROBLEM, Reading, problems_of, quoted, read
from engine.plugin.protocols import Retired
from engine.plugin.suggest import did_you_mean, one_of
from engine.plugin.tree import FilterTree, finds, leaves

if TYPE_CHECKING:
    from engine.plugin.operate import Operate

UNKNOWN_ACTION = Message("C202", "unknown action '{word}' for {type}")
GONE_TYPE = Message("C227", "resource type '{word}' is no more")
NOT_RECORDED = Message("C228", "AWS Config has no {word}")
RECORDED = Message("C229", "AWS Config records {word} itself, nothing need be polled")
NO_SOURCE = Message("C225", "source '{source}' does not know {word}")
BAD_QUERY = Message("C226", "'query' cannot be asked: {reason}")
UNKNOWN_TYPE = Message("C203", "unknown resource type '{word}'")
NOT_AN_ACTION = Message("C204", "an action is a word or a mapping with 'type', not {kind}")
UNKNOWN_MODE = Message("C207", "unknown mode '{word}'")
NEEDS_MODE = Message("C208", "an 'event' filter needs a 'mode' that has events")
NOT_TOLD = Message("C234", "'{ids}' does not tell which {word} is meant")


_FOUND = re.compile(r"_found\.(\w+)")

_PLAIN = re.compile(r"[\w.\[\]*\"-]+\Z")
"""A path that only goes down, so that it gives a member of the event as it is."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What placeholders stand for while checking: an account, a region and a clock, and the user's variables.

    `written`: the clock of placeholders under `actions`, where it is another one: a saved plan's.
    """

    account_id: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    now: datetime = dataclasses.field(default_factory=lambda: datetime.now(UTC))
    variables: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    written: datetime | None = None

    def values(self, policy: Policy) -> dict[str, Json]:
        """Placeholder name → value; the user's own win over the file's."""
        return {
            **policy.vars,
            **(own.data() if (own := policy.node.get("vars")) is not None and own.entries is not None else {}),
            **self.variables,
            "account_id": self.account_id,
            "region": self.region,
            "partition": self.partition,
            "now": Now(self.now),
            "policy": policy.node.data(),
        }


def check(
    policy: Policy, catalog: Catalog, environment: Environment | None = None
) -> tuple[CheckedPolicy | None, list[Diagnostic]]:
    """The policy ready to be compiled, or None with every diagnostic, in the order of the text."""
    reading = Reading(policy=policy.name)
    expanded: list[Diagnostic] = []
    node = _expanded(policy, environment or Environment(), expanded)
    for diagnostic in (*expanded, *insane(node)):
        reading.add(diagnostic)
    if len(reading.diagnostics) > len(expanded):
        return None, _sorted(reading)
    check_keys(node, reading)
    mode = _mode(node, reading)
    reading.seen = {"_mode": mode, "_regions": _regions(node)}
    limits = read_limits(node, reading)
    query = _query(node.get("query"), reading)
    source = _text(node, "source", "describe")
    type = _type(policy, catalog, reading)
    if type is not None and source in SOURCES and source != "describe":
        type, query = _sourced(type, source, query, node, catalog, reading), ()
    if type is None:
        return None, _sorted(reading)
    if not reading.diagnostics:
        _check_query(type, query, node, catalog, reading)
        _check_config(type, mode, node, catalog, reading)
        _check_named(type, node.get("mode"), reading)
    trees = {
        key: read_filters(node.get(key), key, type, catalog, reading) for key in ("filters", "conditions", "guard")
    }
    _check_events(trees["filters"], node, mode, reading)
    words = frozenset(leaf.word for tree in trees["filters"] for leaf in leaves(tree))
    reading.seen["_filters"] = sorted(words)
    known = {"found": finds(trees["filters"]), "mode": mode, "filters": words}
    actions = _actions(node.get("actions"), type, known, catalog, reading)
    if reading.diagnostics or not policy.name:
        return None, _sorted(reading)
    checked = CheckedPolicy(
        policy=dataclasses.replace(policy, node=node),
        type=type,
        filters=trees["filters"],
        conditions=trees["conditions"],
        guard=trees["guard"],
        actions=actions,
        limits=limits,
        mode=mode,
        on_unknown=_text(node, "on-unknown", "report"),
        query=query,
        source=source,
        written=policy.node,
    )
    return checked, []


def _expanded(policy: Policy, environment: Environment, problems: list[Diagnostic]) -> Node:
    """The policy's mapping with its placeholders filled; those of its actions by the clock that they are written by."""
    values = environment.values(policy)
    node = expand(policy.node, values, problems)
    if environment.written is None or policy.node.entries is None or "actions" not in policy.node.entries:
        return node
    actions = policy.node.entries["actions"]
    acting = expand(actions.node, {**values, "now": Now(environment.written)}, [])
    return dataclasses.replace(
        node, entries={**(node.entries or {}), "actions": dataclasses.replace(actions, node=acting)}
    )


def _sorted(reading: Reading) -> list[Diagnostic]:
    found = without_echoes(reading.diagnostics, CAUSES)
    return sorted(dict.fromkeys(found), key=lambda d: (d.span.line, d.span.column, d.code))


def _text(node: Node, key: str, default: str) -> str:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, str) else default


def _type(policy: Policy, catalog: Catalog, reading: Reading) -> ResourceType | None:
    """The type's record; without one, nothing about filters and actions can be told."""
    if not policy.resource:
        return None
    node = policy.node.get("resource")
    try:
        return catalog.provider.type(policy.resource)
    except Retired as gone:
        at = node.span if node is not None else policy.span
        reading.add(GONE_TYPE.at(at, gone.reason, word=policy.resource))
        return None
    except KeyError:
        words = catalog.provider.words()
        hint = did_you_mean(policy.resource.removeprefix("aws."), words) or "all types: engine schema"
        span = node.span if node is not None else policy.span
        reading.add(UNKNOWN_TYPE.at(span, hint, word=policy.resource))
        return None


def _sourced(
    type: ResourceType,
    source: str,
    query: tuple[Mapping[str, Json], ...],
    node: Node,
    catalog: Catalog,
    reading: Reading,
) -> ResourceType | None:
    """The type as another source lists it. The query is that source's."""
    try:
        found = catalog.provider.sourced(type, source, query)
    except ValueError as error:
        at = node.get("query") or node
        reading.add(BAD_QUERY.at(at.span, "as in 'query: [{clause: \"resourceName like 'a%'\"}]'", reason=str(error)))
        return None
    if found is None:
        named = node.get("source")
        hint = "leave 'source' out to ask the service itself"
        reading.add(NO_SOURCE.at((named or node).span, hint, source=source, word=type.word))
    return found


def _check_query(
    type: ResourceType, query: tuple[Mapping[str, Json], ...], node: Node, catalog: Catalog, reading: Reading
) -> None:
    """The values that the list call would refuse; names that its model does not know are left to AWS."""
    asked = node.get("query")
    if not query or asked is None:
        return
    service, call = type.list.service or type.service, type.list.call
    for misfit in catalog.provider.misfits(service, call, query_params(type, query), set(type.list.with_)):
        if misfit.option == "params" and not misfit.strange:
            reading.add(BAD_QUERY.at(asked.span, misfit.hint, reason=misfit.text))


def _regions(node: Node) -> list[Json]:
    """The regions that the policy's conditions, or its old key `region`, ask for."""
    found: list[Json] = [entry] if (entry := _text(node, "region", "")) else []
    conditions = node.get("conditions")
    for each in (conditions.items if conditions is not None else None) or ():
        asked = each.get("region") or (each.get("value") if _text(each, "key", "") == "region" else None)
        data = asked.data() if asked is not None and _text(each, "op", "eq") in ("eq", "equal", "in") else None
        found += data if isinstance(data, list) else [] if data is None else [data]
    return found


def _mode(node: Node, reading: Reading) -> str:
    mode = node.get("mode")
    if mode is None:
        return "pull"
    from engine.lang.modes import MODES

    kind = mode.get("type")
    if mode.entries is None or kind is None or not isinstance(kind.value, str):
        hint = "as in 'mode: {type: periodic, schedule: rate(1 day)}'; all modes: engine schema mode"
        found = "a mapping without 'type'" if mode.entries is not None and kind is None else quoted(kind or mode)
        reading.add(KEY_TYPE.at(mode.span, hint, key="mode", kind=found, expected="a mapping with 'type'"))
        return "pull"
    if kind.value not in MODES:
        reading.add(UNKNOWN_MODE.at(kind.span, one_of(kind.value, MODES), word=kind.value))
        return "pull"
    read(MODES[kind.value], mode, f"mode '{kind.value}'", reading, ignore=("type",))
    return kind.value


def _check_config(type: ResourceType, mode: str, node: Node, catalog: Catalog, reading: Reading) -> None:
    """Rules of AWS Config are for what it records; polling is for what it does not, and needs a name for it."""
    if mode not in ("config-rule", "config-poll-rule"):
        return
    at = node.get("mode") or node
    recorded = catalog.provider.sourced(type, "config") is not None
    ignored = at.get("ignore-support-check")
    if mode == "config-rule" and not recorded:
        reading.add(NOT_RECORDED.at(at.span, "use 'mode: {type: config-poll-rule, …}' or 'periodic'", word=type.word))
    elif mode == "config-poll-rule" and not type.cfn:
        reading.add(NOT_RECORDED.at(at.span, "use 'mode: {type: periodic, …}'", word=type.word))
    elif mode == "config-poll-rule" and recorded and not (ignored is not None and ignored.value is True):
        reading.add(
            RECORDED.at(at.span, "use 'mode: {type: config-rule}', or 'ignore-support-check: true'", word=type.word)
        )


def _check_named(type: ResourceType, mode: Node | None, reading: Reading) -> None:
    """What is known only inside its parent, and not by its ARN, is not told by one member of an event."""
    identity = type.identity
    events = mode.get("events") if mode is not None else None
    if not identity.within or events is None:
        return
    for event in events.items or ():
        ids = event.get("ids")
        if ids is None or not isinstance(ids.value, str) or not _PLAIN.match(ids.value):
            continue
        member = re.sub(r"\[[\d*]*\]", "", ids.value).rpartition(".")[2]
        if member in identity.also or re.search(r"arns?$", member, re.IGNORECASE):
            continue
        parts = ", ".join((*(f"<path to {name}>" for name in identity.within), ids.value))
        hint = f"its id is unique only inside its parent; an ARN, or \"ids: join('/', [{parts}])\""
        reading.add(NOT_TOLD.at(ids.span, hint, ids=ids.value, word=type.word))


def _check_events(trees: tuple[FilterTree, ...], node: Node, mode: str, reading: Reading) -> None:
    if mode != "pull" or node.get("mode") is not None:
        return
    for tree in trees:
        for leaf in leaves(tree):
            if leaf.word == "event":
                reading.add(NEEDS_MODE.at(leaf.span))


def _actions(
    node: Node | None, type: ResourceType, known: Mapping[str, Json], catalog: Catalog, reading: Reading
) -> tuple[Act, ...]:
    """The actions; `known` is what the rest of the policy tells them."""
    if node is None or (node.value is None and node.items is None and node.entries is None):
        return ()
    if node.items is None:
        hint = "begin each action with '- '"
        reading.add(KEY_TYPE.at(node.span, hint, key="actions", kind=quoted(node), expected="a list"))
        return ()
    acts = (read_action(each, type, known, catalog, reading) for each in node.items)
    return tuple(act for act in acts if act is not None)


def read_action(
    node: Node, type: ResourceType, known: Mapping[str, Json], catalog: Catalog, reading: Reading
) -> Act | None:
    """One action, or None with the problems in `reading`.

    `known`: of the policy, what its filters find on a resource (`found`, names as in `Finds`), their words (`filters`),
    and its `mode`.
    """
    words = ActionWords(type, catalog)
    kind = node.get("type") if node.entries is not None else node
    if kind is None or not isinstance(kind.value, str):
        hint = did_you_mean(next(iter(node.entries)), words) if node.entries and len(node.entries) == 1 else ""
        written = "a mapping without it" if node.entries is not None and kind is None else quoted(kind or node)
        reading.add(NOT_AN_ACTION.at(node.span, hint or "as in '- stop' or '- type: tag'", kind=written))
        return None
    word = kind.value
    name = ALIASES["actions"].get(word, word)
    what = f"action '{word}'"
    operation = type.operations.get(name)
    if operation is not None and not operation.hidden:
        from engine.plugin.operate import Operate

        piece = Operate.read(name, operation, node, what, reading)
        if piece is None or _unfound(piece, node, what, known, reading):
            return None
        return Act(name, piece, node)
    cls = catalog.actions.get(name)
    if cls is None or not action_applies(name, type, catalog):
        reading.add(UNKNOWN_ACTION.at(kind.span, one_of(word, words), word=word, type=type.word))
        return None
    try:
        made = read(cls, node, what, reading, ignore=("type",))
        if made is not None:
            problems_of(made, node, what, reading, type=type, words=words, provider=catalog.provider, **known)
    except TOO_MUCH as error:
        reading.add(TOO_COMPLEX.at(node.span, "write it shorter", what=what, reason=reason_of(error)))
        return None
    return None if made is None else Act(name, made, node)


def _unfound(piece: Operate, node: Node, what: str, known: Mapping[str, Json], reading: Reading) -> bool:
    """Whether an option asks for what was `matched`, and no filter of the policy finds what the operation reads."""
    asking = [name for name, option in piece.operation.options.items() if "matched" in option.words]
    if not any(piece.options.get(name) == "matched" for name in asking):
        return False
    read = set(_FOUND.findall(str(piece.operation)))
    if not read or read & set(known.get("found", ())):
        return False
    hint = f"add a filter that finds {' or '.join(sorted(read))}, not under 'not'"
    reading.add(PROBLEM.at(node.span, hint, text=f"{what}: no filter tells what is matched"))
    return True


def _query(node: Node | None, reading: Reading) -> tuple[Mapping[str, Json], ...]:
    if node is None or (node.value is None and node.items is None and node.entries is None):
        return ()
    wrong = node if node.items is None else next((n for n in node.items if n.entries is None), None)
    if wrong is not None or node.items is None:
        hint = "as in 'query: [{instance-state-name: running}]'"
        found = quoted(node) if node.items is None or wrong is None else f"a list that holds {quoted(wrong)}"
        reading.add(KEY_TYPE.at((wrong or node).span, hint, key="query", kind=found, expected="a list of mappings"))
        return ()
    return tuple(n.data() for n in node.items)

"""Is this policy right? Policy + catalog → CheckedPolicy, or every diagnostic at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dateutil import parser as dates

from engine.lang.filters import read_filters
from engine.lang.syntax import Act, CheckedPolicy, Limits, Policy
from engine.lang.vars import Now, expand
from engine.lang.words import action_applies, action_words
from engine.model.diagnostic import Diagnostic, Message
from engine.model.json import Json
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.plugin.catalog import ALIASES, Catalog
from engine.plugin.operate import Operate
from engine.plugin.params import Reading, problems_of, read
from engine.plugin.suggest import did_you_mean, one_of
from engine.plugin.tree import FilterTree, leaves
from engine.plugin.zones import zone_named

UNKNOWN_KEY = Message("C200", "unknown key '{key}' in a policy")
UNKNOWN_ACTION = Message("C202", "unknown action '{word}' for {type}")
UNKNOWN_TYPE = Message("C203", "unknown resource type '{word}'")
NOT_AN_ACTION = Message("C204", "an action is a word or a mapping with 'type', not {kind}")
KEY_TYPE = Message("C205", "'{key}' is {kind}, not {expected}")
BAD_LIMIT = Message("C206", "'{key}' is {value}, not {expected}")
UNKNOWN_MODE = Message("C207", "unknown mode '{word}'")
NEEDS_MODE = Message("C208", "an 'event' filter needs a 'mode' that has events")
BAD_CHOICE = Message("C209", "'{key}' cannot be '{value}'")
NO_LIMIT = Message("C216", "this limit never applies: {reason}")

_TEXTS = ("description", "comment", "comments", "region", "start", "end", "tz")
KEYS = {
    "name", "resource", "description", "comment", "comments", "title", "tags", "metadata", "mode", "source", "query",
    "conditions", "filters", "actions", "max-resources", "max-resources-percent", "region", "start", "end", "tz",
    "on-unknown", "guard", "vars",
}  # fmt: skip
_ON_UNKNOWN = ("report", "fail", "skip")
_SOURCES = ("describe", "config", "describe-trust-advisor", "resource-explorer")


@dataclass(frozen=True, slots=True)
class Environment:
    """What placeholders stand for while checking: an account, a region and a clock, and the user's variables."""

    account_id: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    now: datetime = dataclasses.field(default_factory=lambda: datetime.now(UTC))
    variables: Mapping[str, Json] = dataclasses.field(default_factory=dict)

    def values(self, policy: Policy) -> dict[str, Json]:
        """Placeholder name → value; the user's own win over the file's."""
        return {
            **policy.vars,
            **self.variables,
            "account_id": self.account_id,
            "region": self.region,
            "partition": self.partition,
            "now": Now(self.now),
            "policy": {"name": policy.name, "resource": policy.resource},
        }


def check(
    policy: Policy, catalog: Catalog, environment: Environment | None = None
) -> tuple[CheckedPolicy | None, list[Diagnostic]]:
    """The policy ready to be compiled, or None with every diagnostic, in the order of the text."""
    reading = Reading(policy=policy.name)
    expanded: list[Diagnostic] = []
    node = expand(policy.node, (environment or Environment()).values(policy), expanded)
    for diagnostic in expanded:
        reading.add(diagnostic)
    _check_keys(node, reading)
    type = _type(policy, catalog, reading)
    if type is None:
        return None, _sorted(reading)
    mode = _mode(node, reading)
    trees = {
        key: read_filters(node.get(key), key, type, catalog, reading) for key in ("filters", "conditions", "guard")
    }
    _check_events(trees["filters"], node, mode, reading)
    actions = _actions(node.get("actions"), type, catalog, reading)
    limits = _limits(node, reading)
    query = _query(node.get("query"), reading)
    if reading.diagnostics:
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
        source=_text(node, "source", "describe"),
    )
    return checked, []


def _sorted(reading: Reading) -> list[Diagnostic]:
    return sorted(dict.fromkeys(reading.diagnostics), key=lambda d: (d.span.line, d.span.column, d.code))


def _text(node: Node, key: str, default: str) -> str:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, str) else default


def _check_keys(node: Node, reading: Reading) -> None:
    for key, entry in (node.entries or {}).items():
        value = entry.node
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or "keys are: " + ", ".join(sorted(KEYS))
            reading.add(UNKNOWN_KEY.at(entry.key_span, hint, key=key))
        elif key in _TEXTS and not isinstance(value.value, str):
            reading.add(KEY_TYPE.at(value.span, key=key, kind=_a(value), expected="a string"))
        elif (key in ("start", "end") and not _is_date(value.value)) or (key == "tz" and zone_named(value.value) is None):
            expected = "an IANA time zone" if key == "tz" else "a date such as 2026-11-21"
            reading.add(BAD_CHOICE.at(value.span, f"expected {expected}", key=key, value=value.value))
        elif key == "tags":
            if value.items is None or not all(isinstance(n.value, str) for n in value.items):
                reading.add(KEY_TYPE.at(value.span, key=key, kind=_a(value), expected="a list of strings"))
        elif key in ("metadata", "vars") and value.entries is None:
            reading.add(KEY_TYPE.at(value.span, key=key, kind=_a(value), expected="a mapping"))
        elif key in ("on-unknown", "source"):
            allowed = _ON_UNKNOWN if key == "on-unknown" else _SOURCES
            if value.value not in allowed:
                reading.add(BAD_CHOICE.at(value.span, one_of(str(value.value), allowed), key=key, value=value.value))


def _is_date(text: str) -> bool:
    try:
        dates.parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def _a(node: Node) -> str:
    return node.kind if node.kind in ("null", "true/false") else f"a {node.kind}"


def _type(policy: Policy, catalog: Catalog, reading: Reading) -> ResourceType | None:
    try:
        return catalog.provider.type(policy.resource)
    except KeyError:
        node = policy.node.get("resource")
        words = catalog.provider.words()
        hint = did_you_mean(policy.resource.removeprefix("aws."), words) or "all types: engine schema"
        span = node.span if node is not None else policy.span
        reading.add(UNKNOWN_TYPE.at(span, hint, word=policy.resource))
        return None


def _mode(node: Node, reading: Reading) -> str:
    mode = node.get("mode")
    if mode is None:
        return "pull"
    from engine.lang.modes import MODES  # a dozen parameter classes, for the few policies that have a mode

    kind = mode.get("type")
    if mode.entries is None or kind is None or not isinstance(kind.value, str):
        reading.add(
            KEY_TYPE.at(
                mode.span, "modes: " + ", ".join(MODES), key="mode", kind=_a(mode), expected="a mapping with 'type'"
            )
        )
        return "pull"
    if kind.value not in MODES:
        reading.add(UNKNOWN_MODE.at(kind.span, one_of(kind.value, MODES), word=kind.value))
        return "pull"
    read(MODES[kind.value], mode, f"mode '{kind.value}'", reading, ignore=("type",))
    return kind.value


def _check_events(trees: tuple[FilterTree, ...], node: Node, mode: str, reading: Reading) -> None:
    if mode != "pull" or node.get("mode") is not None:
        return
    for tree in trees:
        for leaf in leaves(tree):
            if leaf.word == "event":
                reading.add(NEEDS_MODE.at(leaf.span))


def _actions(node: Node | None, type: ResourceType, catalog: Catalog, reading: Reading) -> tuple[Act, ...]:
    if node is None or (node.value is None and node.items is None and node.entries is None):
        return ()
    if node.items is None:
        reading.add(KEY_TYPE.at(node.span, key="actions", kind=_a(node), expected="a list"))
        return ()
    found = (_action(each, type, catalog, reading) for each in node.items)
    return tuple(act for act in found if act is not None)


def _action(node: Node, type: ResourceType, catalog: Catalog, reading: Reading) -> Act | None:
    kind = node.get("type") if node.entries is not None else node
    if kind is None or not isinstance(kind.value, str):
        reading.add(NOT_AN_ACTION.at(node.span, kind=_a(node)))
        return None
    word = kind.value
    name = ALIASES["actions"].get(word, word)
    what = f"action '{word}'"
    operation = type.operations.get(name)
    if operation is not None and not operation.hidden:
        piece = Operate.read(name, operation, node, what, reading)
        return Act(name, piece, node) if piece is not None else None
    cls = catalog.actions.get(name)
    if cls is None or not action_applies(name, type, catalog):
        words = action_words(type, catalog)
        reading.add(UNKNOWN_ACTION.at(kind.span, one_of(word, words), word=word, type=type.word))
        return None
    made = read(cls, node, what, reading, ignore=("type",))
    if made is None:
        return None
    problems_of(made, node, what, reading, type=type, words=action_words(type, catalog))
    return Act(name, made, node)


def _limits(node: Node, reading: Reading) -> Limits | None:
    amount, percent = node.get("max-resources"), node.get("max-resources-percent")
    if amount is not None and amount.entries is not None:
        return _limit_map(amount, reading)
    value = _number(amount, "max-resources", 1, None, whole=True, reading=reading)
    share = _number(percent, "max-resources-percent", 0, 100, whole=False, reading=reading)
    if percent is not None and share == 0:
        reading.add(
            NO_LIMIT.at(percent.span, "give at least 1, or use max-resources", reason="0 percent means no limit")
        )
    if value is None and not share:
        return None
    return Limits(int(value) if value is not None else None, share)


def _limit_map(node: Node, reading: Reading) -> Limits | None:
    for key, entry in (node.entries or {}).items():
        if key not in ("amount", "percent", "op"):
            hint = one_of(key, ("amount", "percent", "op"))
            reading.add(UNKNOWN_KEY.at(entry.key_span, hint, key=key))
    amount = _number(node.get("amount"), "amount", 1, None, whole=True, reading=reading)
    percent = _number(node.get("percent"), "percent", 0, 100, whole=False, reading=reading)
    op = node.get("op")
    if op is not None and op.value not in ("and", "or"):
        reading.add(BAD_CHOICE.at(op.span, "expected: and, or", key="op", value=op.value))
    joined = "and" if op is not None and op.value == "and" else "or"
    if joined == "and" and (amount is None or not percent):
        reading.add(NO_LIMIT.at(node.span, "give both amount and percent, or op: or", reason="'op: and' needs both"))
    return Limits(int(amount) if amount is not None else None, percent, joined)


def _number(
    node: Node | None, key: str, least: float, most: float | None, *, whole: bool, reading: Reading
) -> float | None:
    if node is None:
        return None
    value = node.value
    right = isinstance(value, int | float) and not isinstance(value, bool) and (not whole or float(value).is_integer())
    if right and value >= least and (most is None or value <= most):
        return float(value)
    expected = f"{'a whole number' if whole else 'a number'} from {least:g}" + (f" to {most:g}" if most else "")
    shown = (
        f"'{value}'" if isinstance(value, str) else value if node.items is None and node.entries is None else _a(node)
    )
    reading.add(BAD_LIMIT.at(node.span, key=key, value=shown, expected=expected))
    return None


def _query(node: Node | None, reading: Reading) -> tuple[Mapping[str, Json], ...]:
    if node is None or (node.value is None and node.items is None and node.entries is None):
        return ()
    if node.items is None or any(n.entries is None for n in node.items):
        reading.add(KEY_TYPE.at(node.span, key="query", kind=_a(node), expected="a list of mappings"))
        return ()
    return tuple(n.data() for n in node.items)

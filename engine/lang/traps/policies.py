"""What the parts of a policy mean together: limits, query, actions in order, schedules, reductions, old keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lang.syntax import CheckedPolicy
from engine.lang.traps.compared import warns
from engine.model.diagnostic import Diagnostic
from engine.model.record import Operation, Word
from engine.plugin.tree import Leaf, finds, leaves

WHOLE_PERCENT = warns("W314", "a limit of 100 percent never stops anything")
UNUSED_PERCENT = warns("W318", "'max-resources-percent' has no effect where 'max-resources' is a mapping")
TWO_KEYS = warns("W319", "all {count} keys of this query item count; c7n uses '{first}' alone")
AFTER_GONE = warns("W321", "'{word}' comes after '{gone}', when the resource is gone")
NOTHING_FOUND = warns("W348", "'{word}' does nothing: no filter of the policy finds {what}")
SMALL_GROUPS = warns("W325", "limit-percent {percent} keeps nothing of a group of fewer than {least}")
RARE_RUNS = warns("W326", "'{word}' matches in one hour only, and '{schedule}' does not run in each")
OLD_KEY = warns("W330", "'{key}' is an old key")
NO_EFFECT = warns("W332", "'tz' of a policy has no effect")

_FOUND = re.compile(r"_found\.(\w+)")
_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)\Z")
_CRON = re.compile(r"cron\(\s*\S+\s+(\S+)\s")


def limits(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """Limits that no run can reach, or that another replaces."""
    node = p.policy.node
    percent, amount = node.get("max-resources-percent"), node.get("max-resources")
    both = amount is not None and amount.entries is not None
    if percent is not None and both:
        yield UNUSED_PERCENT.at(percent.span, "put it into the mapping as 'percent'")
        percent = None
    inner = amount.get("percent") if amount is not None else None
    for each in (percent, inner):
        if each is not None and each.value == 100:
            yield WHOLE_PERCENT.at(each.span, "give less than 100, or leave it out")


def query(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """A query item with several keys: c7n drops all but the first."""
    if not any(push.filter for push in p.type.list.push.values()):
        return
    node = p.policy.node.get("query")
    for item in (node.items if node is not None else None) or ():
        keys = list(item.entries or ())
        if len(keys) > 1 and set(keys) not in ({"Name", "Values"}, {"Name", "Value"}):
            hint = "if c7n runs this policy too, write each as an item of its own"
            yield TWO_KEYS.at(item.span, hint, count=len(keys), first=keys[0])


def after_gone(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """Nothing can be done to a resource that the action before has deleted."""
    gone = ""
    for act in p.actions:
        operation = getattr(act.piece, "operation", None)
        if gone and (operation is not None or getattr(act.piece, "TAGS", None)):
            yield AFTER_GONE.at(act.node.span, f"put it before '{gone}'", word=act.word, gone=gone)
        if operation is not None and operation.gone:
            gone = act.word


def nothing_found(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """An action on what filters `matched`, where no filter of the policy finds such a thing."""
    found = finds(p.filters)
    for act in p.actions:
        entries = (act.node.entries or {}).values()
        asked = next((entry.node for entry in entries if entry.node.value == "matched"), None)
        operation = getattr(act.piece, "operation", None)
        what, always = _taken_up(operation) if operation is not None else ("", False)
        if what and what not in found and (asked is not None or always):
            words = sorted(word for word, made in p.type.filters.items() if _found_as(made) == what)
            hint = f"add a filter that does, not under 'not': {', '.join(words)}"
            yield NOTHING_FOUND.at((asked or act.node).span, hint, word=act.word, what=what)


def _taken_up(operation: Operation) -> tuple[str, bool]:
    """(what of the found an operation reads, whether it does nothing without it)."""
    text = " ".join([operation.each, operation.when, *operation.terms.values(), *map(str, operation.with_.values())])
    read = _FOUND.search(text)
    return (read[1], operation.each == read[0]) if read is not None else ("", False)


def _found_as(word: Word) -> str:
    """The name under which a filter of a record hands on what it finds."""
    if word.is_ == "cross-account":
        return "accounts" if "shared" in word.with_ else "statements"
    return "statements" if word.is_ == "has-statement" else str(word.with_.get("called", ""))


def small_groups(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """Percentages are rounded down."""
    for leaf in _leaves(p):
        share = leaf.node.get("limit-percent") if leaf.word == "reduce" else None
        if share is not None and isinstance(share.value, int | float) and 0 < share.value <= 50:
            least = -int(-100 // share.value)
            hint = "use 'limit' where groups can be so small"
            yield SMALL_GROUPS.at(share.span, hint, percent=share.value, least=least)


def rare_runs(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """offhour and onhour need a run in every hour."""
    mode = p.policy.node.get("mode")
    schedule = mode.get("schedule") if mode is not None else None
    if schedule is None or not isinstance(schedule.value, str) or _hourly(schedule.value):
        return
    for leaf in _leaves(p):
        word = p.type.filters.get(leaf.word)
        if (word.is_ if word is not None else leaf.word) in ("offhour", "onhour") and not leaf.node.get("catch-up"):
            hint = "write 'schedule: rate(1 hour)', or give the filter 'catch-up' in hours"
            yield RARE_RUNS.at(schedule.span, hint, word=leaf.word, schedule=schedule.value[:60])


def _hourly(schedule: str) -> bool:
    if match := _RATE.match(schedule.strip()):
        return int(match[1]) <= {"minute": 60, "hour": 1}.get(match[2], 0)
    match = _CRON.match(schedule.strip())
    return match is None or match[1] in ("*", "*/1", "0/1")


def old_keys(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """c7n's keys from before conditions."""
    rewrites = {
        "region": "{{region: {0}}}",
        "start": "{{type: value, key: now, op: ge, value_type: date, value: '{0}'}}",
        "end": "{{type: value, key: now, op: le, value_type: date, value: '{0}'}}",
    }
    for key, rewrite in rewrites.items():
        if entry := (p.policy.node.entries or {}).get(key):
            yield OLD_KEY.at(entry.key_span, f"write 'conditions: [{rewrite.format(entry.node.value)}]'", key=key)
    if entry := (p.policy.node.entries or {}).get("tz"):
        yield NO_EFFECT.at(entry.key_span, "leave it out: dates without a zone are UTC")


def _leaves(p: CheckedPolicy) -> Iterator[Leaf]:
    for tree in p.filters:
        yield from leaves(tree)


TRAPS = (limits, query, after_gone, nothing_found, small_groups, rare_runs, old_keys)

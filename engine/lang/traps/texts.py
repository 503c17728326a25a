"""Texts that look as if something would be filled in or found, and options whose meaning the text hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from engine.lang.syntax import CheckedPolicy
from engine.lang.traps.compared import warns
from engine.lang.vars import LATER, RUNTIME, names_in
from engine.model.diagnostic import Diagnostic
from engine.model.node import Node
from engine.plugin.tree import leaves

LEFT_STANDING = warns("W315", "'{text}' is left as it stands")
UNFOUND_MARK = warns("W349", "no marked-for-op filter finds the mark '{text}'")
OFFSET_ZONE = warns("W302", "a mark with hours and tz '{zone}' holds an offset, which c7n cannot read")
MANY_ZONES = warns("W303", "'{zone}' means {place} here")
WHOLE_CSV = warns("W327", "without 'expr' every cell of the CSV is a value, its header included")
NO_FORMAT = warns("W337", "the form of '{url}' cannot be told from its name")

_SPACED = re.compile(r"(?<!\{)\{(\s+[A-Za-z_]\w*\s*|[A-Za-z_]\w*\s+)\}(?!\})")
_DOLLAR = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_MINUS = re.compile(r"\{now:(-[^{}]*)\}")
_AMBIGUOUS = {
    "at": ("America/Phoenix", "America/Halifax"),
    "ast": ("America/Phoenix", "America/Halifax or Asia/Riyadh"),
    "ist": ("Europe/Dublin", "Asia/Kolkata or Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "gt": ("Etc/GMT", "Asia/Dubai"),
}
_FORMATS = ("json", "csv", "csv2dict", "txt", "gz", "zip")


def placeholders(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """What looks like a placeholder and is none, or is filled only elsewhere."""
    root = p.written or p.policy.node
    names = {*RUNTIME, *LATER, *p.policy.vars}
    for node in root.walk():
        text = node.value
        if not isinstance(text, str) or "{" not in text or len(text) > 10_000:
            continue
        for match in _SPACED.finditer(text):
            if (name := match[1].strip()) in names:
                yield LEFT_STANDING.at(node.span, f"write {{{name}}}", text=match[0])
        for match in _DOLLAR.finditer(text):
            if match[1] in RUNTIME:
                yield LEFT_STANDING.at(node.span, f"write {{{match[1]}}}", text="$")
        for match in _MINUS.finditer(text):
            yield LEFT_STANDING.at(node.span, "offsets only go forward, as in {now:+5d%Y-%m-%d}", text=match[1][:40])
    for key in ("filters", "conditions", "guard", "query"):
        yield from _later(root.get(key), "only actions fill it in", LATER - _filled_by_filters(p))
    actions = root.get("actions")
    for node in (actions.items if actions is not None else None) or ():
        kind = node.get("type")
        if kind is not None and kind.value in ("tag", "mark", "rename-tag", "remove-tag", "unmark", "untag"):
            yield from _later(node, "a tag cannot hold it; {account_id}, {region}, {now} and your own vars can")


def _filled_by_filters(p: CheckedPolicy) -> set[str]:
    """Names that the policy's has-statement filters fill in."""
    words = [p.type.filters.get(leaf.word) for tree in p.filters for leaf in leaves(tree)]
    return {name for w in words if w is not None and w.is_ == "has-statement" for name in w.with_.get("names", ())}


def _later(node: Node | None, hint: str, names: frozenset[str] = LATER) -> Iterator[Diagnostic]:
    for each in node.walk() if node is not None else ():
        if isinstance(each.value, str) and "{" in each.value:
            for name in sorted(names_in(each) & names):
                yield LEFT_STANDING.at(each.span, hint, text=f"{{{name}}}")


def zones(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """Short names that stand for several zones."""
    for node in p.policy.node.walk():
        for key in ("tz", "default_tz"):
            zone = node.get(key)
            if zone is None or not isinstance(zone.value, str):
                continue
            if zone.value.lower() in _AMBIGUOUS:
                place, other = _AMBIGUOUS[zone.value.lower()]
                yield MANY_ZONES.at(
                    zone.span, f"write {place}, or {other} if that is meant", zone=zone.value, place=place
                )


def marks(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """mark-for-op: a mark that nothing finds, or that c7n cannot read."""
    for act in p.actions:
        if act.word != "mark-for-op":
            continue
        text = act.node.get("message") or act.node.get("msg")
        if text is not None and not re.search(r":.*\{op\}@\{action_date\}", str(text.value)):
            yield UNFOUND_MARK.at(text.span, "end it with ': {op}@{action_date}'", text=text.value)
        zone = act.node.get("tz")
        by_hours = act.node.get("hours") is not None
        if by_hours and zone is not None and str(zone.value).lower() not in ("utc", "gmt", "etc/utc", "z"):
            yield OFFSET_ZONE.at(zone.span, "leave 'tz' out if c7n reads these marks too", zone=zone.value)


def documents(p: CheckedPolicy) -> Iterator[Diagnostic]:
    """value_from: a header among the values, a form that must be guessed."""
    for node in p.policy.node.walk():
        source = node.get("value_from")
        url = source.get("url") if source is not None else None
        if source is None or url is None or not isinstance(url.value, str) or url.value == "dynamodb":
            continue
        given = source.get("format")
        path = url.value if "?" not in url.value else _path(url.value)
        form = given.value if given is not None else path.rpartition(".")[2].lower()
        if form == "csv" and source.get("expr") is None:
            hint = "give 'expr: 0' for the first column, or 'format: csv2dict' and 'expr' with a column's name"
            yield WHOLE_CSV.at(source.span, hint)
        elif given is None and form not in _FORMATS and "{" not in form:
            yield NO_FORMAT.at(url.span, "give 'format': json, csv, csv2dict or txt", url=url.value[:80])


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


TRAPS = (placeholders, zones, marks, documents)

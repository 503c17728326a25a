"""Variables in policy text: `{account_id}`, `{now:+5d%Y-%m-%d}`, and the user's own.

Applied to every string value, never to keys. A string that is exactly one placeholder keeps the variable's type.
`{0}`, `{}`, `{2,3}` and whatever is no name stay as they are, so that regex quantifiers survive; `{{` and `}}` are
literal braces in a string that holds a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.diagnostic import Diagnostic, Message
from engine.model.json import Json
from engine.model.node import Entry, Node, node_of
from engine.model.span import Span
from engine.plugin.suggest import did_you_mean, one_of

UNKNOWN_VARIABLE = Message("C230", "unknown variable '{{{name}}}'")
NO_SUCH_PART = Message("C231", "'{text}' names nothing: {name} has no '{part}'")
BAD_FORMAT = Message("C232", "'{text}' cannot be written so: {reason}")
DOTTED = Message("C233", "'{text}' takes a part of '{name}' with a dot")

CAUSES = frozenset(m.code for m in (UNKNOWN_VARIABLE, NO_SUCH_PART, BAD_FORMAT, DOTTED))
"""Codes after which anything else about the same text is only an echo."""

LATER = frozenset(
    {
        "account", "event", "op", "action_date", "service", "bucket_region", "bucket_name", "source_bucket_name",
        "source_bucket_region", "target_bucket_name", "target_prefix", "LoadBalancerName", "queue_arn", "queue_url",
        "topic_arn", "fs_arn", "backup_arn", "secret_arn", "table_arn", "table_bucket_arn", "file_system_arn",
        "policy_arn", "domain_arn", "api_name", "endpoint_id", "email_identity_name", "limits",
    }
)  # fmt: skip
"""Names that the element which knows them expands. Source: c7n 0.9.53, language reference 2.3."""

RUNTIME = frozenset({"account_id", "region", "partition", "policy", "now"})
"""Names whose value depends on where and when the policy runs."""

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w-]*)((?:\[\w[\w-]*\])*)(?::([^{}]*))?\}")
_DOTTED = re.compile(r"\{([A-Za-z_][\w-]*)((?:\.\w+)+)\}")
_WIDE = re.compile(r"\d{4}")
_OFFSET = re.compile(r"\+(\d+)([Mhd])")


@dataclass(frozen=True, slots=True)
class Now:
    """The clock in a placeholder: `{now:+2h+30M%Y-%m-%d %H:%M}`; offsets M minutes, h hours, d days."""

    value: datetime

    def __format__(self, spec: str) -> str:
        at = self.value
        while match := _OFFSET.match(spec):
            amount, unit = int(match[1]), match[2]
            at += timedelta(**{{"M": "minutes", "h": "hours", "d": "days"}[unit]: amount})
            spec = spec[match.end() :]
        return at.strftime(spec) if spec else at.strftime("%Y-%m-%d %H:%M:%S")


def names_in(node: Node) -> frozenset[str]:
    """Every placeholder's name in the strings of a node."""
    return frozenset(
        match[1]
        for part in node.walk()
        if isinstance(part.value, str) and "{" in part.value
        for match in _PLACEHOLDER.finditer(part.value)
        if match[1]
    )


def expand(node: Node, variables: Mapping[str, Json], problems: list[Diagnostic], verbatim: bool = False) -> Node:
    """The node with its placeholders replaced; unknown names are added to `problems` and left standing."""
    if node.entries is not None:
        notify = (kind := node.get("type")) is not None and kind.value == "notify"
        return Node(
            node.span,
            entries={
                k: Entry(e.key_span, expand(e.node, variables, problems, verbatim or (notify and k == "subject")))
                for k, e in node.entries.items()
            },
        )
    if node.items is not None:
        return Node(node.span, items=tuple(expand(n, variables, problems, verbatim) for n in node.items))
    if verbatim or not isinstance(node.value, str) or "{" not in node.value:
        return node
    return _expand_text(node, node.value, variables, problems)


def _expand_text(node: Node, text: str, variables: Mapping[str, Json], problems: list[Diagnostic]) -> Node:
    matches = [m for m in _PLACEHOLDER.finditer(text) if m[1]]
    known = [m for m in matches if m[1] in variables]
    for match in matches:
        if match[1] not in variables and match[1] not in LATER and match[3] is None:
            hint = did_you_mean(match[1], [*variables, *LATER])
            problems.append(
                UNKNOWN_VARIABLE.at(node.span, hint or "define it under 'vars' or with --vars-file", name=match[1][:60])
            )
    for match in _DOTTED.finditer(text):
        if match[1] in variables:
            parts = "".join(f"[{part}]" for part in match[2][1:].split("."))
            hint = f"write {{{match[1]}{parts}}}"
            problems.append(DOTTED.at(node.span, hint, text=match[0][:60], name=match[1]))
    if not known or any(m[1] not in variables and m[1] not in LATER for m in matches):
        return node
    wrong = [problem for match in known if (problem := _problem(match, variables, node.span)) is not None]
    if wrong:
        problems.extend(wrong)
        return node
    only = known[0]
    if only[0] == text and only[3] is None and not isinstance(variables[only[1]], Now):
        return node_of(_value(only, variables), node.span)

    def replace(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] not in variables:
            return match[0]
        return format(_value(match, variables), match[3] or "")

    return Node(node.span, value=_PLACEHOLDER.sub(replace, text))


def _problem(match: re.Match[str], variables: Mapping[str, Json], span: Span) -> Diagnostic | None:
    """Why a known name's placeholder cannot be filled, if it cannot."""
    value = variables[match[1]]
    for part in _parts(match):
        if not isinstance(value, Mapping) or part not in value:
            hint = one_of(part, value) if isinstance(value, Mapping) and value else "it has no parts"
            return NO_SUCH_PART.at(span, hint, text=match[0][:60], name=f"'{match[1]}'", part=part[:60])
        value = value[part]
    spec = match[3] or ""
    hint = "as in {now:+5d%Y-%m-%d}" if isinstance(value, Now) else f"write {{{match[1]}}}"
    plain = _OFFSET.sub("", spec) if isinstance(value, Now) else spec
    if _WIDE.search(plain):
        return BAD_FORMAT.at(span, hint, text=match[0][:60], reason="the width is too large")
    try:
        format(value, spec)
    except (ValueError, TypeError, OverflowError) as error:
        return BAD_FORMAT.at(span, hint, text=match[0][:60], reason=str(error).lower())
    return None


def _value(match: re.Match[str], variables: Mapping[str, Json]) -> Json:
    value = variables[match[1]]
    for part in _parts(match):
        value = value[part]
    return value


def _parts(match: re.Match[str]) -> list[str]:
    return re.findall(r"\[([^\]]+)\]", match[2] or "")


def without_echoes(diagnostics: Iterable[Diagnostic], causes: Collection[str]) -> list[Diagnostic]:
    """The diagnostics less those about a place where one with a code of `causes` tells the reason already."""
    found = list(diagnostics)
    told = {d.span for d in found if d.code in causes and d.span.line}
    return [d for d in found if d.code in causes or d.span not in told]

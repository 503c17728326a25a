"""Statements of resource policies: whom they let in from other accounts, and under which conditions.

What counts was found by asking c7n 0.9.53 about a table of statements. Two deliberate differences: a condition on
`aws:SourceIp` that allows every address restricts nothing, and `kms:CallerAccount` names an account like the others.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.model.json import Json, parsed
from engine.model.verdict import unknown
from engine.plugin.patterns import Pattern
from engine.plugin.protocols import Missing

EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
OPERATORS = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)  # fmt: skip
"""Condition operators that narrow whom a statement is for. The negated ones, and those `IfExists`, do not."""
ACCOUNTS = frozenset({"aws:sourceaccount", "aws:sourceowner", "aws:principalaccount", "kms:calleraccount"})
ARNS = frozenset({"aws:sourcearn", "aws:principalarn"})


@dataclass(frozen=True, slots=True)
class Trusted:
    """Who is not a stranger: the owner's account and those that a policy lists."""

    accounts: frozenset[str]
    organizations: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    vpcs: frozenset[str] = frozenset()
    endpoints: frozenset[str] = frozenset()
    subscribers: frozenset[str] = frozenset()
    protocols: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    conditions: frozenset[str] = frozenset()
    everyone_only: bool = False
    actions: tuple[str, ...] = field(default=())


def statements_of(policy: Json) -> list[Mapping[str, Json]]:
    """The statements of a policy document, a JSON text or what it says.

    Raises Missing, unknown, for a text that is no JSON: it may say anything. An empty text is no policy.
    """
    if isinstance(policy, str):
        try:
            policy = parsed(policy) if policy else None
        except ValueError as error:
            raise Missing(unknown(f"the policy is not JSON: {error}")) from error
    found = policy.get("Statement") if isinstance(policy, Mapping) else None
    return [each for each in listed(found) if isinstance(each, Mapping)]


def listed(value: Json) -> list[Json]:
    """A value that may stand alone or in a list."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def violates(statement: Mapping[str, Json], trusted: Trusted) -> bool:
    """Whether a statement allows something to a stranger."""
    if statement.get("Effect") != "Allow" or not _concerns(statement, trusted.actions):
        return False
    if not _strange(statement, trusted):
        return False
    conditions = list(_conditions(statement))
    return not conditions or not all(_narrows(*each, trusted) for each in conditions)


def _concerns(statement: Mapping[str, Json], actions: tuple[str, ...]) -> bool:
    """Whether it is about one of the actions asked about; each side may hold wildcards."""
    if not actions or "NotAction" in statement:
        return True
    given = [str(action).lower() for action in listed(statement.get("Action"))]
    return any(
        fnmatch.fnmatchcase(action.lower(), each) or fnmatch.fnmatchcase(each, action.lower())
        for action in actions
        for each in given
    )


def _strange(statement: Mapping[str, Json], trusted: Trusted) -> bool:
    """Whether its principals (before conditions) hold a stranger. No principal at all is everybody."""
    if "NotPrincipal" in statement or "Principal" not in statement:
        return True
    principal = statement["Principal"]
    if isinstance(principal, Mapping):
        named = [each for kind, value in principal.items() if kind != "Service" for each in listed(value)]
    else:
        named = listed(principal)
    if trusted.everyone_only:
        return "*" in named
    return not all(_known(str(each), trusted) for each in named)


def _known(principal: str, trusted: Trusted) -> bool:
    account = account_of(principal)
    if account == "cloudfront" or account in trusted.accounts:  # an origin access identity is of the distribution
        return True
    return any(pattern.match(principal) for pattern in trusted.patterns)


def account_of(principal: str) -> str:
    """The account that an ARN or an id names, or empty."""
    if principal.startswith("arn:"):
        parts = principal.split(":")
        return parts[4] if len(parts) > 4 else ""
    return principal


def _conditions(statement: Mapping[str, Json]) -> Iterator[tuple[str, str, list[str]]]:
    table = statement.get("Condition")
    for operator, keys in table.items() if isinstance(table, Mapping) else ():
        plain = str(operator).lower().removeprefix("forallvalues:").removeprefix("foranyvalue:")
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield plain, str(key).lower(), [str(value) for value in listed(values)]


def _narrows(operator: str, key: str, values: list[str], trusted: Trusted) -> bool:
    """Whether a condition leaves only trusted ones."""
    if operator not in OPERATORS:
        return False
    if key in trusted.conditions:
        return True
    if key in ACCOUNTS:
        return all(value in trusted.accounts for value in values)
    if key in ARNS:
        return all(account_of(value) in trusted.accounts for value in values)
    if key == "aws:sourceip":
        return not EVERYWHERE.intersection(values)
    if key in ("aws:sourcevpc", "aws:sourcevpce"):
        known = trusted.vpcs if key == "aws:sourcevpc" else trusted.endpoints
        return not known or known.issuperset(values)
    if key == "sns:endpoint":
        return bool(trusted.subscribers) and all(any(v.endswith(s) for s in trusted.subscribers) for v in values)
    sets = {
        "aws:principalorgid": trusted.organizations,
        "aws:principalorgpaths": trusted.units,
        "sns:protocol": trusted.protocols,
    }
    return key in sets and bool(values) and sets[key].issuperset(values)

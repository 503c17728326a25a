"""Which policies does a file hold? Nodes to `Policy` values, with everything wrong about the file's frame."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.lang.syntax import Policy
from engine.model.diagnostic import Diagnostic, Message
from engine.model.node import Node
from engine.model.span import Span
from engine.plugin.suggest import did_you_mean

EMPTY = Message("P110", "the file is empty")
NOT_A_FILE = Message("P111", "a policy file is a mapping with the key 'policies', not a {kind}")
FILE_KEY = Message("P112", "unknown key '{key}' in a policy file")
NO_POLICIES = Message("P113", "a policy file needs the key 'policies'")
NOT_A_LIST = Message("P114", "'{key}' is a {kind}, not a {expected}")
NOT_A_POLICY = Message("P115", "a policy is a mapping, not a {kind}")
NO_NAME = Message("P116", "a policy needs '{key}'")
BAD_NAME = Message("P117", "'{name}' cannot be a policy's name")
SAME_NAME = Message("P118", "another policy is called '{name}'")
ONE_RESOURCE = Message("P119", "'resource' is a {kind}, not the name of one type")

# c7n writes the class as A-z, so that `_ [ ] ^` and the backslash pass as well (language reference 2.2).
_NAME = re.compile(r"[A-z][A-z0-9]*(-[A-z0-9]+)*\Z")


def parse(root: Node | None, file: str) -> tuple[list[Policy], list[Diagnostic]]:
    """The policies of one file, and what is wrong with its frame. Policies without a name or resource are left out."""
    if root is None or (root.entries is None and root.items is None and root.value is None):
        return [], [EMPTY.at(Span(file, 1, 1), "expected 'policies:' with a list of policies")]
    if root.entries is None:
        return [], [NOT_A_FILE.at(root.span, kind=root.kind)]
    problems = [
        FILE_KEY.at(entry.key_span, did_you_mean(key, ("policies", "vars")) or "expected: policies, vars", key=key)
        for key, entry in root.entries.items()
        if key not in ("policies", "vars")
    ]
    variables = root.get("vars")
    if variables is not None and variables.entries is None and variables.value is not None:
        problems.append(NOT_A_LIST.at(variables.span, key="vars", kind=variables.kind, expected="mapping"))
    listed = root.get("policies")
    if listed is None:
        return [], [*problems, NO_POLICIES.at(root.span)]
    if listed.items is None:
        return [], [*problems, NOT_A_LIST.at(listed.span, key="policies", kind=listed.kind, expected="list")]
    shared = variables.data() if variables is not None and variables.entries is not None else {}
    found = []
    for node in listed.items:
        policy, wrong = policy_of(node, shared)
        problems += wrong
        if policy is not None:
            found.append(policy)
    return found, problems


def policy_of(node: Node, variables: dict[str, object]) -> tuple[Policy | None, list[Diagnostic]]:
    """One policy from its mapping, or None with the reasons."""
    if node.entries is None:
        return None, [NOT_A_POLICY.at(node.span, kind=node.kind)]
    problems: list[Diagnostic] = []
    name, resource = node.get("name"), node.get("resource")
    if name is None:
        problems.append(NO_NAME.at(node.span, key="name"))
    elif not isinstance(name.value, str) or not _NAME.match(name.value):
        shown = name.value if name.items is None and name.entries is None else name.kind
        problems.append(BAD_NAME.at(name.span, "letters and digits in groups joined by single hyphens", name=shown))
    if resource is None:
        problems.append(NO_NAME.at(node.span, key="resource"))
    elif not isinstance(resource.value, str):
        problems.append(ONE_RESOURCE.at(resource.span, kind=resource.kind))
    if problems or name is None or resource is None:
        return None, problems
    return Policy(name.value, resource.value, node, variables), []


def same_names(policies: Iterable[Policy]) -> list[Diagnostic]:
    """A diagnostic for each policy whose name an earlier one has (in any file)."""
    first: dict[str, Policy] = {}
    problems = []
    for policy in policies:
        if policy.name in first:
            name = policy.node.get("name")
            span = name.span if name is not None else policy.span
            problems.append(SAME_NAME.at(span, f"first at {first[policy.name].span}", name=policy.name))
        first.setdefault(policy.name, policy)
    return problems

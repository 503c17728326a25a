"""Which policies does a file hold? Nodes to `Policy` values, with everything wrong about the file's frame."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

from engine.lang.syntax import Policy
from engine.lang.vars import LATER, RUNTIME, names_in
from engine.model.diagnostic import Diagnostic, Message, Severity
from engine.model.node import Node
from engine.model.span import Span
from engine.plugin.params import quoted
from engine.plugin.suggest import did_you_mean

EMPTY = Message("P110", "the file is empty")
NOT_A_FILE = Message("P111", "a policy file is a mapping with the key 'policies', not {kind}")
FILE_KEY = Message("P112", "unknown key '{key}' in a policy file")
NO_POLICIES = Message("P113", "a policy file needs the key 'policies'")
NOT_A_LIST = Message("P114", "'{key}' is {kind}, not a {expected}")
NOT_A_POLICY = Message("P115", "a policy is a mapping, not {kind}")
NO_NAME = Message("P116", "a policy needs '{key}'")
BAD_NAME = Message("P117", "'{name}' cannot be a policy's name")
SAME_NAME = Message("P118", "another policy is called '{name}'")
RESERVED = Message("W316", "'{name}' under 'vars' has no effect: {{{name}}} is always {whose}", Severity.WARNING)
UNUSED = Message("W317", "'{name}' under 'vars' is used nowhere in this file", Severity.WARNING)
ONE_RESOURCE = Message("P119", "'resource' is {kind}, not the name of one type")

# c7n writes the class as A-z, so that `_ [ ] ^` and the backslash pass as well (language reference 2.2).
_FILE_KEYS = ("policies", "vars")
_NAME = re.compile(r"[A-z][A-z0-9]*(-[A-z0-9]+)*\Z")


def parse(root: Node | None, file: str) -> tuple[list[Policy], list[Diagnostic]]:
    """The policies of one file, and what is wrong with its frame.

    A policy without a right name or resource is among them, with an empty one, so that the rest of it can be checked.
    """
    if root is None or (root.entries is None and root.items is None and root.value is None):
        return [], [EMPTY.at(Span(file, 1, 1), "expected 'policies:' with a list of policies")]
    if root.entries is None:
        return [], [NOT_A_FILE.at(root.span, "expected 'policies:' with a list of policies", kind=quoted(root))]
    problems = [_file_key(key, entry.key_span, root) for key, entry in root.entries.items() if key not in _FILE_KEYS]
    variables = root.get("vars")
    if variables is not None and variables.entries is None and variables.kind != "null":
        hint = "as in 'vars: {owner: finance}', then {owner} in a policy"
        problems.append(NOT_A_LIST.at(variables.span, hint, key="vars", kind=quoted(variables), expected="mapping"))
    listed = root.get("policies")
    if listed is None:
        if not any("'policies" in p.hint for p in problems if p.code == FILE_KEY.code):
            problems.append(NO_POLICIES.at(root.span, "expected 'policies:' with a list of policies"))
        return [], problems
    if listed.items is None:
        hint = "begin each policy with '- name:'"
        return [], [*problems, NOT_A_LIST.at(listed.span, hint, key="policies", kind=quoted(listed), expected="list")]
    shared: dict[str, object] = {}
    if variables is not None and variables.entries is not None:
        shared = variables.data()
        problems += _of_vars(variables, listed)
    found = []
    for node in listed.items:
        name, resource, wrong = _frame(node)
        problems += wrong
        if node.entries is not None:
            found.append(Policy(name, resource, node, shared))
    return found, problems


def _of_vars(variables: Node, policies: Node) -> Iterator[Diagnostic]:
    """Variables that cannot be meant, and those that neither a placeholder nor an alias uses."""
    used = names_in(policies) | names_in(variables)
    placed = {id(node) for node in policies.walk()}
    for name, entry in (variables.entries or {}).items():
        if name in RUNTIME or name in LATER:
            whose = "the run's own" if name in RUNTIME else "filled by the action that knows it"
            yield RESERVED.at(entry.key_span, f"give it another name, such as my_{name}", name=name, whose=whose)
        elif name not in used and not any(id(node) in placed for node in entry.node.walk()):
            hint = f"{{{name}}} in a policy takes its value; an anchor (&{name}) is taken with *{name}"
            yield UNUSED.at(entry.key_span, hint, name=name)


def _file_key(key: str, span: Span, root: Node) -> Diagnostic:
    if {"name", "resource"} <= set(root.entries or ()):
        hint = "this is a policy alone: put it into a list under 'policies:'"
    else:
        hint = did_you_mean(key, _FILE_KEYS) or "expected: policies, vars"
    return FILE_KEY.at(span, hint, key=key)


def policy_of(node: Node, variables: dict[str, object]) -> tuple[Policy | None, list[Diagnostic]]:
    """One policy from its mapping, or None with the reasons."""
    name, resource, problems = _frame(node)
    return (None if problems else Policy(name, resource, node, variables)), problems


def _frame(node: Node) -> tuple[str, str, list[Diagnostic]]:
    """A policy's name and its resource's word, each empty if it is not right, and why."""
    if node.entries is None:
        return "", "", [NOT_A_POLICY.at(node.span, "a policy begins with '- name:'", kind=quoted(node))]
    problems: list[Diagnostic] = []
    name, resource = node.get("name"), node.get("resource")
    right = name is not None and isinstance(name.value, str) and _NAME.match(name.value)
    called: str = name.value if right and name is not None else ""
    of: str = resource.value if resource is not None and isinstance(resource.value, str) else ""
    if name is None:
        problems.append(NO_NAME.at(node.span, "as in 'name: idle-ec2'", key="name"))
    elif not right:
        hint = "a letter, then letters and digits in groups joined by single hyphens"
        problems.append(BAD_NAME.at(name.span, hint, name=quoted(name, plain=True)))
    if resource is None:
        problems.append(NO_NAME.at(node.span, "as in 'resource: aws.ec2'; all types: engine schema", key="resource"))
    elif not of:
        hint = "write a policy for each type" if resource.items is not None else "as in 'resource: aws.ec2'"
        problems.append(ONE_RESOURCE.at(resource.span, hint, kind=quoted(resource)))
    return called, of, [dataclasses.replace(p, policy=called) for p in problems]


def same_names(policies: Iterable[Policy]) -> list[Diagnostic]:
    """A diagnostic for each policy whose name an earlier one has (in any file)."""
    first: dict[str, Policy] = {}
    problems = []
    for policy in policies:
        if policy.name in first:
            problem = SAME_NAME.at(policy.name_span, f"first at {first[policy.name].name_span}", name=policy.name)
            problems.append(dataclasses.replace(problem, policy=policy.name))
        if policy.name:
            first.setdefault(policy.name, policy)
    return problems

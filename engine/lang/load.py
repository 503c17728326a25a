"""Which policies do these paths hold, and what is wrong with them? Files to policies to checked policies.

Reads only the files it is given; everything about the text that can be told is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from engine.lang.check import Environment, check
from engine.lang.parse import NOT_A_LIST, parse, policy_of, same_names
from engine.lang.sane import node_from
from engine.lang.source import BAD_VALUE, NOT_YAML, UNKNOWN_TAG, Text, files, load
from engine.lang.syntax import CheckedPolicy, Policy
from engine.lang.vars import without_echoes
from engine.model.diagnostic import Diagnostic, Severity
from engine.model.errors import PolicyRejected
from engine.model.json import Json
from engine.model.node import Node
from engine.model.span import Span
from engine.plugin.catalog import Catalog
from engine.plugin.params import quoted

_UNREAD = frozenset({BAD_VALUE.code, UNKNOWN_TAG.code, NOT_YAML.code})


@dataclass(slots=True)
class Loaded:
    """What some paths hold: every policy that parses, every diagnostic, and the texts to quote them from.

    `left_out` are files of directories that hold no policies: worlds, variables, accounts.
    """

    policies: list[Policy] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)
    left_out: list[Path] = field(default_factory=list)


class Rejected(PolicyRejected):
    """Policies that cannot run; `loaded` has the texts to quote."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded.diagnostics)
        self.loaded = loaded


def load_all(paths: Sequence[str]) -> Loaded:
    """Read files and directories. Raises UsageRejected for a path that does not exist."""
    found = Loaded()
    named = {Path(path) for path in paths}
    for path in files(list(paths)):
        node, text, problems = load(path)
        if path not in named and node is not None and not problems and _is_something_else(node):
            found.left_out.append(path)
            continue
        found.texts[text.file] = text
        found.diagnostics += problems
        if node is None and problems:
            continue
        policies, wrong = parse(node, str(path))
        found.policies += policies
        found.diagnostics += wrong
    found.diagnostics += same_names(found.policies)
    return found


def _is_something_else(root: Node) -> bool:
    """Whether a file found in a directory holds no policies, and none of its keys looks like a mistyped `policies`."""
    keys = root.entries
    return keys is not None and bool(keys) and not any(key.lower().startswith("pol") for key in keys)


def select(policies: Sequence[Policy], names: Sequence[str] = (), types: Sequence[str] = ()) -> list[Policy]:
    """Those whose name matches one of the globs and whose resource is one of the types (all, where none is given)."""
    wanted = {t.removeprefix("aws.") for t in types}
    return [
        p
        for p in policies
        if (not names or any(fnmatchcase(p.name, glob) for glob in names))
        and (not wanted or p.resource.removeprefix("aws.") in wanted)
    ]


def check_all(
    policies: Sequence[Policy], catalog: Catalog, environment: Environment
) -> tuple[list[CheckedPolicy], list[Diagnostic]]:
    """Every policy that is right, and what is wrong with the others."""
    checked, diagnostics = [], []
    for policy in policies:
        found, problems = check(policy, catalog, environment)
        diagnostics += problems
        if found is not None:
            checked.append(found)
    return checked, diagnostics


def whole(loaded: Loaded, problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What is wrong with the texts and with the policies, each once, without echoes of a value that cannot be read."""
    return list(dict.fromkeys(without_echoes([*loaded.diagnostics, *problems], _UNREAD)))


def load_checked(
    paths: Sequence[str],
    catalog: Catalog,
    variables: Mapping[str, Json],
    names: Sequence[str] = (),
    types: Sequence[str] = (),
) -> tuple[list[Policy], Loaded]:
    """The selected policies, known to be right. Raises Rejected with everything that is wrong."""
    loaded = load_all(paths)
    chosen = select(loaded.policies, names, types)
    _, problems = check_all(chosen, catalog, Environment(variables=variables))
    loaded.diagnostics = whole(loaded, problems)
    if any(d.severity is Severity.ERROR for d in loaded.diagnostics):
        raise Rejected(loaded)
    return chosen, loaded


def policy_from(data: Json) -> tuple[Policy | None, list[Diagnostic]]:
    """A policy from any Python value, or None with the reasons; whatever the value is, nothing is raised."""
    node, problems = node_from(data)
    policy, wrong = policy_of(node, {})
    return (None if problems else policy), [*problems, *wrong]


def read_variables(path: str | None) -> dict[str, Json]:
    """A vars file's mapping. Raises Rejected when it is not one."""
    if path is None:
        return {}
    node, text, problems = load(Path(path))
    if problems or node is None or node.entries is None:
        if not problems:
            kind = quoted(node) if node is not None else "empty"
            hint = "as in 'owner: finance'"
            problems = [NOT_A_LIST.at(Span(path, 1, 1), hint, key="vars file", kind=kind, expected="mapping")]
        raise Rejected(Loaded(diagnostics=problems, texts={text.file: text}))
    found: dict[str, Json] = node.data()
    return found

"""What the engine says about a text: (code, summary, hint) of every diagnostic, in order."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

from engine.lang.check import Environment, check
from engine.lang.lint import lint
from engine.lang.parse import parse, same_names
from engine.lang.source import loads
from engine.model.diagnostic import Diagnostic
from engine.plugin.discover import catalog

Told = tuple[str, str, str]
ENVIRONMENT = Environment(now=datetime(2026, 11, 21, tzinfo=UTC), variables={"owner": "finance", "owners": ["a", "b"]})


def diagnostics(text: str, *, as_json: bool = False) -> list[Diagnostic]:
    """Everything about a file, warnings included."""
    node, _, problems = loads(text.encode(), "f.yml", as_json)
    if node is None and problems:
        return problems
    policies, wrong = parse(node, "f.yml")
    problems = [*problems, *wrong, *same_names(policies)]
    for policy in policies:
        checked, found = check(policy, catalog(), ENVIRONMENT)
        problems += found if checked is None else lint(checked)
    return sorted(problems, key=lambda d: (d.span, d.code))


def told(text: str) -> list[Told]:
    """The same as (code, summary, hint)."""
    return [(d.code, d.summary, d.hint) for d in diagnostics(text)]


def policy(body: str, resource: str = "aws.ec2") -> str:
    """A file with one policy, whose keys after `resource` are the body's."""
    head = f"policies:\n  - name: p\n    resource: {resource}\n"
    return head + textwrap.indent(textwrap.dedent(body).strip("\n") + "\n", "    ")


def of(body: str, resource: str = "aws.ec2") -> list[Told]:
    """What is said about a policy with this body."""
    return told(policy(body, resource))


def of_filters(*filters: str, resource: str = "aws.ec2") -> list[Told]:
    """What is said about a policy with these filters."""
    return of("filters:\n" + "\n".join(f"  - {f}" for f in filters), resource)


def of_actions(*actions: str, resource: str = "aws.ec2") -> list[Told]:
    """What is said about a policy with these actions."""
    return of("actions:\n" + "\n".join(f"  - {a}" for a in actions), resource)


def cases(table: str) -> list[tuple[str, list[Told]]]:
    """Rows of (given, what is said), from blocks of a table:

    given, on one line or several
        C200 the summary
             the hint
    """
    rows: list[tuple[str, list[Told]]] = []
    for block in table.strip("\n").split("\n\n"):
        given, said = [], []
        for line in block.split("\n"):
            if line.startswith(" " * 9):
                said[-1] = (*said[-1][:2], line.strip())
            elif line.startswith("    "):
                code, _, summary = line.strip().partition(" ")
                said.append((code, summary, ""))
            else:
                given.append(line)
        rows.append(("\n".join(given).replace("<nothing>", "").replace("<tab>", "\t"), said))
    return rows

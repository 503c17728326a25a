"""A policy knows where it and its name stand."""

from __future__ import annotations

from engine.lang.parse import parse
from engine.lang.source import loads
from engine.model.span import Span

TEXT = b"""\
policies:
  - resource: ec2
    name: second line
  - resource: s3
"""


def test_places() -> None:
    node, _, _ = loads(TEXT, "p.yml", False)
    named, nameless = parse(node, "p.yml")[0]
    assert (named.span.line, named.name_span.line, named.name_span.column) == (2, 3, 11)
    assert isinstance(named.span, Span)
    assert nameless.name == ""
    assert nameless.name_span == nameless.span


def test_a_checked_policy_has_the_name_of_its_policy() -> None:
    from tests.engine.plan.plans import policies

    (checked,) = policies({"name": "a", "resource": "ec2"})
    assert checked.name == checked.policy.name == "a"

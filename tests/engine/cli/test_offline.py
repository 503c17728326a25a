"""Plans without a connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from engine.cli.offline import offline_plan
from engine.model.errors import PolicyRejected, UsageRejected

TEXT = """
policies:
  - {name: one, resource: ec2, filters: [{"tag:Owner": "{owner}"}]}
  - {name: two, resource: ec2, filters: [{State.Name: running}]}
  - {name: three, resource: s3}
"""


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "p.yml").write_text(TEXT)
    (tmp_path / "vars.json").write_text('{"owner": "ana"}')
    return {"paths": (str(tmp_path / "p.yml"),), "vars_file": str(tmp_path / "vars.json"), "names": (), "types": ()}


def names(given: dict[str, Any], **more: Any) -> list[str]:
    return sorted(p.name for p in offline_plan(given, **more)[0].policies)


def test_all_of_them_with_their_variables(given: dict[str, Any]) -> None:
    plan, _ = offline_plan(given)
    assert len(plan.scans) == 2
    assert {p.name: p.policy.node.data().get("filters") for p in plan.policies}["one"] == [{"tag:Owner": "ana"}]


def test_naive(given: dict[str, Any]) -> None:
    assert len(offline_plan(given, optimise=False)[0].scans) == 3


@pytest.mark.parametrize(
    ("more", "expected"), [({"names": ("t*",)}, ["three", "two"]), ({"types": ("s3",)}, ["three"])]
)
def test_a_selection(more: dict[str, Any], expected: list[str], given: dict[str, Any]) -> None:
    assert names({**given, **more}) == expected


def test_what_cannot_be_planned(given: dict[str, Any]) -> None:
    with pytest.raises(click.UsageError, match="which policies"):
        offline_plan({**given, "paths": ()})
    with pytest.raises(UsageRejected, match="none of the 3 policies is selected"):
        offline_plan({**given, "names": ("nope",)})
    with pytest.raises(PolicyRejected, match="owner"):
        offline_plan({**given, "vars_file": None})

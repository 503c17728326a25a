"""The files of a run: one place a policy and scope, and what stands in them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import __version__
from engine.executor.execute import PolicyResult
from engine.model.scope import Scope
from engine.plugin.protocols import Connection
from engine.report.files import write_files
from engine.report.places import Output

from .runs_of import RUNNING, denied, results

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
Found = list[tuple[Connection, PolicyResult]]


def written(folder: Path, found: Found, path: str = "") -> dict[str, Any]:
    """Path below the folder → what the file holds."""
    write_files(
        Output.of(f"{folder}/{path}"), found, run="r-1", started=START, ended=START + timedelta(seconds=2),
        config={"regions": ["us-east-1"]}, calls=Counter({"ec2:DescribeInstances": 1}),
    )  # fmt: skip
    return {f.relative_to(folder).as_posix(): json.loads(f.read_text()) for f in folder.rglob("*.json")}


def test_three_files_a_policy(tmp_path: Path) -> None:
    files = written(tmp_path, results({"resource": "ec2", "filters": [RUNNING]}, {"resource": "s3"}))
    assert sorted(files) == [f"p{n}/{name}.json" for n in (0, 1) for name in ("findings", "metadata", "resources")]
    assert [row["InstanceId"] for row in files["p0/resources.json"]] == ["i-1", "i-3"]
    assert files["p1/resources.json"] == []


def test_one_resource_a_line(tmp_path: Path) -> None:
    written(tmp_path, results({"resource": "ec2", "filters": [RUNNING]}))
    assert len((tmp_path / "p0/resources.json").read_text().splitlines()) == 4


def test_metadata(tmp_path: Path) -> None:
    files = written(tmp_path, results({"resource": "ec2", "filters": [RUNNING]}))
    assert files["p0/metadata.json"] == {
        "policy": {"name": "p0", "resource": "ec2", "filters": [RUNNING]},
        "version": __version__,
        "execution": {"id": "r-1", "start": START.timestamp(), "end_time": START.timestamp() + 2, "duration": 2.0},
        "config": {"regions": ["us-east-1"]},
        "api-stats": {"ec2:DescribeInstances": 1},
        "counts": {"population": 3, "matched": 2, "unknown": 0},
        "error": None,
    }


def test_findings_hold_what_is_unknown_too(tmp_path: Path) -> None:
    policy = {"resource": "ec2", "filters": [{"or": [{"State.Name": "stopped"}, "termination-protected"]}]}
    files = written(tmp_path, results(policy, on=denied("DescribeInstanceAttribute")))
    assert [(row["id"], row["verdict"]) for row in files["p0/findings.json"]] == [
        ("i-2", "match"),
        ("i-1", "unknown"),
        ("i-3", "unknown"),
    ]


def test_a_policy_that_failed_leaves_no_resources(tmp_path: Path) -> None:
    """An empty list would say "nothing matched"."""
    files = written(tmp_path, results({"resource": "ec2"}, on=denied("DescribeInstances")))
    assert sorted(files) == ["p0/findings.json", "p0/metadata.json"]
    assert "UnauthorizedOperation" in files["p0/metadata.json"]["error"]


def test_a_policy_that_was_skipped_leaves_nothing(tmp_path: Path) -> None:
    assert written(tmp_path, results({"resource": "ec2", "conditions": [{"region": "eu-west-1"}]})) == {}


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([("1", "us-east-1")], {"p0"}),
        ([("1", "us-east-1"), ("1", "eu-west-1")], {"us-east-1/p0", "eu-west-1/p0"}),
        ([("1", "us-east-1"), ("2", "us-east-1")], {"1/us-east-1/p0", "2/us-east-1/p0"}),
    ],
)
def test_scopes_are_kept_apart(scopes: list[tuple[str, str]], expected: set[str], tmp_path: Path) -> None:
    ((connection, result),) = results({"resource": "ec2"})
    found = [(connection, replace(result, scope=Scope(*scope))) for scope in scopes]
    assert {path.rpartition("/")[0] for path in written(tmp_path, found)} == expected


def test_an_account_that_is_not_known_is_asked_for_where_the_path_needs_it(tmp_path: Path) -> None:
    ((connection, result),) = results({"resource": "ec2"})
    found = [(connection, replace(result, scope=Scope("", "us-east-1")))]
    assert {path.rpartition("/")[0] for path in written(tmp_path, found, "{account_id}")} == {"123456789012"}


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    written(tmp_path, results({"resource": "ec2", "filters": [RUNNING]}), "out")
    modes = {path: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert set(modes.values()) == {0o600, 0o700}
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items())


def test_secrets_are_hidden(tmp_path: Path) -> None:
    """A document's headers and the password in its URL stand in the policy, which is in the metadata."""
    source = {"url": "https://ana:hunter2@example.com/x.json", "headers": {"X-Team": "t0ps3cret"}, "expr": "a"}
    listed = {"type": "value", "key": "InstanceId", "op": "in", "value_from": source}
    written(tmp_path, results({"resource": "ec2", "filters": [listed]}))
    for path in tmp_path.rglob("*.json"):
        assert "t0ps3cret" not in path.read_text()
        assert "hunter2" not in path.read_text()
    told = json.loads((tmp_path / "p0/metadata.json").read_text())["policy"]["filters"][0]["value_from"]
    assert told == {**source, "url": "https://ana:***@example.com/x.json", "headers": {"X-Team": "***"}}

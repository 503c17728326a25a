"""`engine permissions`: the least policy, and what undoing needs besides."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from engine.cli.permissions import command


def allowed(folder: Path, text: str, *arguments: str) -> set[str]:
    (folder / "p.yml").write_text(text)
    done = CliRunner().invoke(command, [str(folder / "p.yml"), *arguments])
    assert done.exit_code == 0, done.output
    document = json.loads(done.output)
    assert document["Version"] == "2012-10-17"
    return {action for statement in document["Statement"] for action in statement["Action"]}


STOPPING = "policies: [{name: p, resource: ec2, actions: [stop]}]"


def test_what_is_read_and_what_is_changed(tmp_path: Path) -> None:
    assert allowed(tmp_path, "policies: [{name: p, resource: ec2}]") == {"ec2:DescribeInstances"}
    assert {"ec2:DescribeInstances", "ec2:StopInstances"} <= allowed(tmp_path, STOPPING)


def test_what_undoing_needs(tmp_path: Path) -> None:
    assert allowed(tmp_path, STOPPING, "--undo") - allowed(tmp_path, STOPPING) == {"ec2:StartInstances"}


def test_iams_own_names(tmp_path: Path) -> None:
    assert "s3:ListAllMyBuckets" in allowed(tmp_path, "policies: [{name: p, resource: s3}]")

"""`engine explain`: the plan as text and as JSON, optimised and naive."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from engine.cli.explain import command

POLICY = "policies: [{name: idle, resource: ec2, filters: [{State.Name: running}, {type: metrics, name: CPUUtilization, value: 5, op: lt}]}]"


def explained(folder: Path, *arguments: str) -> str:
    (folder / "p.yml").write_text(POLICY)
    done = CliRunner().invoke(command, [str(folder / "p.yml"), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_text(tmp_path: Path) -> None:
    told = explained(tmp_path)
    assert "scan ec2" in told
    assert "instance-state-name" in told
    assert "instance-state-name" not in explained(tmp_path, "--naive")


def test_json(tmp_path: Path) -> None:
    small, large = (json.loads(explained(tmp_path, "--format", "json", "-n", size)) for size in ("1", "50000"))
    assert set(small) == {"plan", "size", "calls"}
    assert (small["size"], large["size"]) == (1, 50000)
    metrics = {
        told["size"]: next(c["times"] for c in told["calls"] if "Metric" in c["call"]) for told in (small, large)
    }
    assert metrics == {1: 1, 50000: 100}

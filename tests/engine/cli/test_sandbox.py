"""`engine sandbox`: where it is, how to talk to it; and that there is none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.cli import sandbox as module
from engine.cli.sandbox import told
from engine.model.errors import StoreUnavailable, UsageRejected
from engine.sandbox.account import SandboxUnavailable
from engine.sandbox.world import WorldRejected

from .here import Here, lead


def test_where_it_is(here: Here) -> None:
    said = here.json("sandbox")
    assert (said["endpoint"], said["account"], said["world"]) == (here.account.endpoint, "123456789012", "desk")
    assert said["environment"]["AWS_ENDPOINT_URL"] == here.account.endpoint
    text = here.engine("sandbox").out
    assert f"sandbox 'desk', account 123456789012, us-east-1, at {here.account.endpoint}" in text
    assert "export AWS_ACCESS_KEY_ID=sandbox" in text


def test_variables_for_the_shell(here: Here) -> None:
    lines = here.engine("sandbox", "--format", "env").out.splitlines()
    assert all(line.startswith("export ") for line in lines)
    assert f"export AWS_ENDPOINT_URL={here.account.endpoint}" in lines


@pytest.mark.parametrize(
    "command", [("sandbox",), ("sandbox", "stop"), ("sandbox", "reset"), ("sandbox", "--format", "env")]
)
def test_none_runs(command: tuple[str, ...], here: Here) -> None:
    (here.folder / "home" / "sandbox.json").unlink()
    done = here.engine(*command)
    assert done.code == 2
    assert "no sandbox runs: 'engine sandbox start'" in done.err


def test_none_runs_for_a_program(here: Here) -> None:
    (here.folder / "home" / "sandbox.json").unlink()
    assert here.json("sandbox") is None


def test_commands_reach_the_account(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start takes the one that runs; reset and stop are asked of it."""
    asked: list[str] = []
    monkeypatch.setattr("engine.sandbox.account.reset", lambda account: asked.append(f"reset {account.name}"))
    monkeypatch.setattr("engine.sandbox.account.stop", lambda account, folder: asked.append(f"stop {account.name}"))
    assert "sandbox 'desk'" in here.engine("sandbox", "start").out
    assert here.engine("sandbox", "reset").out == "the sandbox is as it was in the beginning\n"
    assert here.engine("sandbox", "stop").out == "the sandbox has ended\n"
    assert asked == ["reset desk", "stop desk"]


@pytest.mark.parametrize(
    ("raised", "error", "says"),
    [
        (SandboxUnavailable("no moto"), UsageRejected, "no moto"),
        (WorldRejected(["w.yml:1:1 wrong"]), UsageRejected, "w.yml:1:1 wrong"),
        (OSError(13, "Permission denied"), StoreUnavailable, "cannot be used: Permission denied"),
    ],
)
def test_its_errors_are_the_command_lines(raised: Exception, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says), told():
        raise raised


def test_a_stale_account_is_none(here: Here, tmp_path: Path) -> None:
    lead(here.account, here.folder / "home")
    file = here.folder / "home" / "sandbox.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "pid": os.getpid() + 1}))
    assert here.engine("sandbox").code == 2
    assert module.command.name == "sandbox"

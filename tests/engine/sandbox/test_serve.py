"""The account's process: what it refuses, what it writes when it stands, what it takes away when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.sandbox.serve import _remove_state, _write_state

ROOT = Path(__file__).parents[3]


def started(world: Path, state: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "engine.sandbox.serve", "--world", str(world), "--state", str(state), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    path = tmp_path / "w.yml"
    path.write_text("{name: w, queues: [{name: q}]}")
    return path


def test_it_stands_and_ends_when_it_is_told_to(world: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = started(world, state)
    deadline = time.monotonic() + 30
    while not state.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    said = json.loads(state.read_text())
    assert (said["pid"], said["world"], said["account"]) == (process.pid, str(world), "123456789012")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=15)
    assert (process.returncode, err) == (0, "")
    assert list(tmp_path.iterdir()) == [world]


def test_what_it_refuses(world: Path, tmp_path: Path) -> None:
    """A wrong world, one that the API refuses, a port that is taken: told on stderr, and no state."""
    state = tmp_path / "state.json"
    wrong, impossible = tmp_path / "wrong.yml", tmp_path / "impossible.yml"
    wrong.write_text("{name: w, kews: []}")
    impossible.write_text("{name: w, buckets: [{name: no}]}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        processes = {
            "kews": started(wrong, state),
            "a bucket named 'no' cannot be built": started(impossible, state),
            f"cannot listen on port {port}": started(world, state, "--port", port),
        }
        for says, process in processes.items():
            _, err = process.communicate(timeout=60)
            assert process.returncode == 2
            assert says in err
            assert "Traceback" not in err
    assert not state.exists()


def test_a_state_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    _write_state(state, {"pid": 1})
    _write_state(state, {"pid": os.getpid()})
    assert json.loads(state.read_text()) == {"pid": os.getpid()}
    assert list(tmp_path.iterdir()) == [state]


@pytest.mark.parametrize(
    ("text", "stays"), [(json.dumps({"pid": os.getpid()}), False), ('{"pid": 1}', True), ("{", True), ("{}", True)]
)
def test_only_its_own_state_is_taken_away(text: str, stays: bool, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    _remove_state(state)
    assert state.exists() is stays


def test_no_state_is_no_trouble(tmp_path: Path) -> None:
    _remove_state(tmp_path / "none.json")
    assert list(tmp_path.iterdir()) == []

"""The process of the sandbox account: `python -m engine.sandbox.serve --world FILE --state FILE`.

Builds the world, writes the state file when it is ready, serves until it is stopped or nobody asks for a while, and
takes the state file away again. Started by `engine.sandbox.account`; its output is the log that one shows on trouble.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from engine.private_files import write_private
from engine.sandbox import shortcuts
from engine.sandbox.account import IDLE_MINUTES
from engine.sandbox.build import BuildRefused
from engine.sandbox.server import AccountServer
from engine.sandbox.world import WorldRejected, read_file


def main(arguments: list[str] | None = None) -> int:
    """Serve one account; returns the exit status: 0, or 2 for a world that cannot be built."""
    parser = argparse.ArgumentParser(prog="engine.sandbox.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--idle-minutes", type=float, default=IDLE_MINUTES)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    shortcuts.take()
    signal.signal(signal.SIGTERM, _leave)
    try:
        world = read_file(given.world)
    except WorldRejected as rejected:
        print(rejected, file=sys.stderr)
        return 2

    def write(status: dict[str, Any]) -> None:
        _write_state(given.state, status)

    try:
        server = AccountServer(world, given.world.resolve(), port=given.port, on_change=write)
    except (OSError, SystemExit) as reason:
        print(f"cannot listen on port {given.port}: {reason}", file=sys.stderr)
        return 2
    try:
        server.start()
    except BuildRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    try:
        write(server.status)
        server.wait(given.idle_minutes * 60)
    finally:
        _remove_state(given.state)
        server.close()
    return 0


def _write_state(state: Path, status: dict[str, Any]) -> None:
    """Write the state file in one step: a reader finds the old one, or the whole new one."""
    write_private(state, json.dumps(status, indent=2) + "\n")


def _remove_state(state: Path) -> None:
    """Take the state file away, unless a newer sandbox has put its own there."""
    try:
        if json.loads(state.read_text(encoding="utf-8"))["pid"] == os.getpid():
            state.unlink(missing_ok=True)
    except (OSError, ValueError, KeyError):
        return


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # moto's account takes the interpreter two seconds to take apart; somebody waits for the end

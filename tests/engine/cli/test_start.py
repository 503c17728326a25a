"""The command begins quietly: a signal while it is imported leaves no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from engine.cli import start

CODE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Slow:
    def find_spec(self, name, *_):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Slow())
sys.argv = ["engine", "version"]
from engine.cli.start import main
main()
"""


def test_an_interrupt_while_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_it_runs_the_command_and_leaves_the_handler(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["engine", "version"])
    before = signal.getsignal(signal.SIGINT)
    start.main()
    thread = threading.Thread(target=start.main)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is before
    assert len(capsys.readouterr().out.splitlines()) == 2

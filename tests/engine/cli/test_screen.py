"""Colour only on a terminal, or where it is asked for; elsewhere plain text, without importing what makes colours."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.cli.screen import say

CODE = """
import sys
from engine.cli.screen import screen
screen().line(("bold", "name"), " text")
screen().table(("id", "what"), [("i-1", ("green", "done"))], folded=("what",))
print("rich" in sys.modules)
"""


@pytest.mark.parametrize(
    ("force", "expected"),
    [
        ("", "name text\n  id   what\n  i-1  done\nFalse\n"),
        ("1", "\x1b[1mname\x1b[0m text\n"),
    ],
)
def test_colour(force: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", force)
    monkeypatch.setenv("TERM", "xterm")
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(expected)


def test_a_reader_who_leaves_does_no_harm() -> None:
    """`engine run … | head` ends quietly, whatever was still to be said."""
    code = "from engine.cli.screen import screen\nfor i in range(100_000): screen().line(str(i))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.readline()
        writer.stdout.close()
        assert writer.stderr.read() == b""
        assert writer.wait() == 0


def test_saying(capsys: pytest.CaptureFixture[str]) -> None:
    say("a text")
    assert capsys.readouterr().out == "a text\n"

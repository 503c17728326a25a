"""Colour only on a terminal, or where it is asked for; elsewhere plain text, without importing what makes colours."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from engine.cli import screen

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
    screen.say("a text")
    assert capsys.readouterr().out == "a text\n"


EVIL = "a\x1b[2K\x1b]52;c;eA==\x07\u202eb\rc"
SHOWN = "a\\x1b[2K\\x1b]52;c;eA==\\x07\\u202eb\\rc"


@pytest.mark.parametrize(
    ("print_it", "stream"),
    [
        (lambda: screen.say(EVIL), "out"),
        (lambda: screen.say(EVIL, styled=True), "out"),
        (lambda: screen.note(EVIL), "err"),
        (lambda: screen.error(EVIL), "err"),
        (lambda: screen.screen().line(("bold", EVIL), EVIL), "out"),
        (lambda: screen.screen().table((EVIL, "b"), [(EVIL, ("red", EVIL))], folded=()), "out"),
        (lambda: screen.screen(err=True).line(EVIL), "err"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(
    print_it: Callable[[], None], stream: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe may lead to a terminal too (`| less -R`, a CI log)."""
    print_it()
    printed = getattr(capsys.readouterr(), stream)
    assert SHOWN in printed
    assert not set(printed) & set("\x1b\x07\u202e\r")


def test_on_a_terminal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Styles are ours, what the parts hold is not."""
    code = f"from engine.cli.screen import screen\nscreen().line(('bold', {EVIL!r}))\nscreen().table(({EVIL!r},), [[{EVIL!r}]], folded=())"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count(SHOWN) == 3
    assert "\x1b[2K" not in done.stdout
    assert "\x07" not in done.stdout


def test_a_value_forges_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither in a row nor in an error of several lines."""
    screen.screen().line("left: ", "x\nPlan: 0 changes")
    screen.error("denied\nerror: all is well")
    out, err = capsys.readouterr()
    assert out == "left: x\\nPlan: 0 changes\n"
    assert err == "error: denied\n  error: all is well\n"


def test_a_question_is_safe_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert screen.confirm(f"Make {EVIL}?")
    assert f"Make {SHOWN}? [y/N]: " in capsys.readouterr().err


def test_json_is_ascii_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    screen.say_json({"tag": EVIL, "url": "https://u:hunter2@e/x", "headers": {"X": "v"}})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"tag": EVIL, "url": "https://u:***@e/x", "headers": {"X": "***"}}


def test_secrets_of_the_environment_are_hidden() -> None:
    code = "from engine.cli.screen import say\nsay('the answer was correct-horse-battery')"
    environment = {**os.environ, "DB_PASSWORD": "correct-horse-battery"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "the answer was ***\n"


def test_logs_of_libraries_are_clean_lines() -> None:
    """botocore logs a failed refresh of credentials with its traceback."""
    code = (
        "import logging\nfrom engine.cli.screen import print_logs\nprint_logs()\n"
        f"try: raise ValueError({EVIL!r})\n"
        f"except ValueError: logging.getLogger('botocore').warning('failed: %s', {EVIL!r} + chr(10) + 'forged', exc_info=True)\n"
        "logging.getLogger('botocore').info('not shown')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == f"warning: botocore: failed: {SHOWN}\\nforged\n"

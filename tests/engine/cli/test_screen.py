"""The terminal: wide where there is none, and readers that leave."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.cli.screen import say, screen


def run(code: str, *, stdout: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
    """Python code, whose output may be left."""
    return subprocess.Popen([sys.executable, "-c", code], stdout=stdout, stderr=subprocess.PIPE, text=True)


def test_piped_tables_keep_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    screen.cache_clear()
    assert screen().width == 180
    monkeypatch.setenv("COLUMNS", "77")
    screen.cache_clear()
    assert screen().width == 77
    screen.cache_clear()


def test_one_screen_each() -> None:
    assert screen() is screen()
    assert screen(err=True) is not screen()
    assert screen(err=True).stderr
    screen.cache_clear()


def test_saying(capsys: pytest.CaptureFixture[str]) -> None:
    say("a text")
    assert capsys.readouterr().out == "a text\n"


@pytest.mark.parametrize("what", ["say('x' * 200_000)", "[screen().print('x' * 100) for _ in range(5_000)]"])
def test_whoever_reads_may_leave(what: str) -> None:
    """`| head`: what is under way comes to its end all the same, without a word."""
    code = (
        f"import sys\nfrom engine.cli.screen import say, screen\n{what}\nsay('more')\nprint('done', file=sys.stderr)\n"
    )
    process = run(code)
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "done\n")

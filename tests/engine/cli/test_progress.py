"""Progress: one line on a terminal, nothing elsewhere."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.status import Status

from engine.cli.progress import _Line, watching
from engine.executor.events import Silent
from engine.model.call import Call
from engine.model.change import Change, Outcome
from engine.model.change import Status as Ended
from engine.model.resource import ResourceRef
from engine.model.scope import Scope

SCOPE = Scope("1", "us-east-1")


class Shown:
    """Stands for rich's status."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def update(self, text: object) -> None:
        """Keep it."""
        self.texts.append(str(text))


def test_what_each_event_shows() -> None:
    shown = Shown()
    line = _Line(shown, 2)
    line.listed("ec2", SCOPE, 100)
    line.listed("s3", SCOPE, 5)
    line.gathering("ec2", SCOPE, "CPUUtilization", 40)
    line.failed("ec2", SCOPE, "denied" * 20)
    line.changed(
        Outcome(Change(ResourceRef("ec2", SCOPE, "i-1"), "stop", (Call("ec2", "Stop", {}, SCOPE),)), Ended.DONE)
    )
    assert shown.texts == [
        "listed 100 resources, now ec2 in us-east-1 …",
        "listed 105 resources, now s3 in us-east-1 …",
        "CPUUtilization of 40 ec2 in us-east-1 …",
        f"ec2 in us-east-1 failed: {('denied' * 20)[:60]} …",
        "1 of 2 changes, now stop i-1 …",
    ]


def test_what_others_wrote_is_neither_obeyed_nor_markup() -> None:
    """`[/x]` in an id would end rich's markup, and the run."""
    shown = Shown()
    console = Console(force_terminal=True, file=io.StringIO(), width=200)
    _Line(shown, 1).failed("ec2", SCOPE, "\x1b[2J[/x][red]\u202e")
    with Status("", console=console) as status:
        _Line(status, 1).failed("ec2", SCOPE, "\x1b[2J[/x][red]\u202e")
        console.print(status.status)
    assert shown.texts == ["ec2 in us-east-1 failed: \\x1b[2J[/x][red]\\u202e …"]
    assert "failed: \\x1b[2J[/x][red]\\u202e …" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("quiet", "terminal", "silent"), [(False, False, True), (True, True, True), (False, True, False)]
)
def test_only_a_terminal_is_told(quiet: bool, terminal: bool, silent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    with watching(quiet=quiet) as observer:
        assert isinstance(observer, Silent) is silent
        observer.listed("ec2", SCOPE, 1)

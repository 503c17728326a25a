"""The command itself: its commands, what is unknown to it, and how it ends whatever happens."""

from __future__ import annotations

import errno

import click
import pytest

from engine.cli import main as module
from engine.cli.main import COMMANDS, main, root
from engine.model.errors import LimitExceeded


def ended(*arguments: str) -> int:
    try:
        main(arguments)
    except SystemExit as told:
        return int(told.code or 0)
    return 0


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--help") == 0
    out, err = capsys.readouterr()
    listed = out.split("Commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if line.strip()] == list(COMMANDS)
    assert err == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_a_module_of_its_name(name: str) -> None:
    found = root.get_command(click.Context(root), name)  # type: ignore[attr-defined]
    assert found is not None
    assert found.name == name
    assert found.help


def test_completion_offers_every_command() -> None:
    assert root.list_commands(click.Context(root)) == list(COMMANDS)  # type: ignore[attr-defined]


def test_no_other_module_is_a_command() -> None:
    assert root.get_command(click.Context(root), "flow") is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rnu",), "Error: no such command 'rnu'. did you mean 'run'?"),
        (("zebra",), "Error: no such command 'zebra'."),
        (("version", "--nope"), "Error: No such option"),
        (("run",), "Error: which policies? Give files or directories."),
        (("run", "--format", "xml"), "Error: Invalid value for '--format'"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*arguments) == 2
    assert says in capsys.readouterr().err


def test_nothing_at_all_is_answered_with_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended() == 2
    out, err = capsys.readouterr()
    assert "Commands:" in out + err


@pytest.mark.parametrize(
    ("raised", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (LimitExceeded("3 of 2"), 5, "error: 3 of 2"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 2, "error: No space left on device: '/x'"),
        (OSError(errno.EMFILE, "Too many open files"), 2, "error: Too many open files"),
        (click.exceptions.Exit(4), 4, ""),
    ],
)
def test_every_end_has_its_code(
    raised: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(module.root, "main", fail)
    assert ended("version") == code
    assert capsys.readouterr().err.strip() == says


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its traceback."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module.root, "main", fail)
    with pytest.raises(ZeroDivisionError):
        main(["version"])

"""Shared options: where the state is, whom to be, which policies."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from engine.cli.main import root
from engine.cli.options import (
    DEFAULT_WORLD,
    Where,
    chosen,
    command_line,
    connections,
    external_id_option,
    interactive,
    once_each,
    sandbox_credentials,
    state_dir,
    where,
    which,
)
from engine.model.errors import UsageRejected
from engine.plugin.discover import catalog
from engine.plugin.protocols import Credentials

from .here import TAG, Here


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ENGINE_HOME": "/a", "XDG_STATE_HOME": "/b"}, "/a"),
        ({"XDG_STATE_HOME": "/b", "HOME": "/h"}, "/b/policy-engine"),
        ({"HOME": "/h"}, "/h/.local/state/policy-engine"),
        ({"ENGINE_HOME": "", "XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/policy-engine"),
    ],
)
def test_where_the_state_is(variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENGINE_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert state_dir() == Path(expected)


def parsed(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    @click.command()
    @which
    @where
    def command(**given: Any) -> None:
        found.update(given)

    assert CliRunner().invoke(command, arguments).exit_code == 0
    return found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            (),
            {"paths": (), "regions": (), "profile": "", "assume": (), "sandbox": None, "names": (), "vars_file": None},
        ),
        (("a.yml", "b"), {"paths": ("a.yml", "b")}),
        (("-r", "x", "--region", "y"), {"regions": ("x", "y")}),
        (("--assume", "a", "--assume", "b", "--external-id", "e"), {"assume": ("a", "b"), "external_id": "e"}),
        (("a.yml", "--sandbox"), {"sandbox": DEFAULT_WORLD, "paths": ("a.yml",)}),
        (("--sandbox", "w.yml", "a.yml"), {"sandbox": "w.yml", "paths": ("a.yml",)}),
        (("-p", "idle-*", "-t", "ec2"), {"names": ("idle-*",), "types": ("ec2",)}),
    ],
)
def test_options(arguments: tuple[str, ...], expected: dict[str, Any]) -> None:
    found = parsed(*arguments)
    assert {name: found[name] for name in expected} == expected


FULL = Where(("us-east-1",), "audit", ("arn:aws:iam::1:role/a",), "", DEFAULT_WORLD)
OUTSIDE = Where(("us-east-1",), assume=("arn:aws:iam::1:role/a",), external_id="ours-alone")


@pytest.mark.parametrize("given", [Where(), FULL, Where(profile="x")])
def test_the_journal_finds_the_same_account_again(given: Where) -> None:
    assert Where.of_target(given.target(), given.regions) == given


def test_an_external_id_is_not_stored() -> None:
    """Only that there was one; whoever undoes gives it again."""
    assert "ours-alone" not in str(OUTSIDE.target())
    with pytest.raises(
        UsageRejected, match=r"arn:aws:iam::1:role/a was assumed with an external id.*pass --external-id"
    ):
        Where.of_target(OUTSIDE.target(), OUTSIDE.regions)
    found: list[Where] = []

    @click.command()
    @external_id_option
    def command(**_: Any) -> None:
        found.append(Where.of_target(OUTSIDE.target(), OUTSIDE.regions))

    assert CliRunner().invoke(command, ("--external-id", "ours-alone")).exit_code == 0
    assert found == [OUTSIDE]


@pytest.mark.parametrize("command", ["run", "plan", "apply", "undo", "runs", "list", "why"])
def test_every_command_that_reaches_an_earlier_account_takes_an_external_id(command: str) -> None:
    found = root.get_command(click.Context(root), command)  # type: ignore[attr-defined]
    assert "external_id" in {each.name for each in found.params}


def test_a_command_line_is_recorded_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/bin/engine", "run", "p.yml", "--external-id", "ours-alone"])
    assert command_line() == "engine run p.yml --external-id ***"


def test_the_journal_of_another_version_is_read_too() -> None:
    assert Where.of_target({}, ["a"]) == Where(("a",))


@dataclass
class Reached:
    """A connection whose account is known, or is not."""

    known_account: str


class Provider:
    """Keeps whom it is asked to be."""

    def __init__(self) -> None:
        self.asked: list[Credentials] = []

    def connect(self, credentials: Credentials) -> Any:
        """Only keep it."""
        self.asked.append(credentials)
        return Reached("")


def test_one_connection_for_each_role_or_one() -> None:
    provider: Any = Provider()
    assert len(connections(provider, Where(profile="p"))) == 1
    assert len(connections(provider, Where(profile="p", assume=("a", "b"), external_id="e"))) == 2
    assert [(c.profile, c.assume, c.external_id) for c in provider.asked] == [
        ("p", "", ""),
        ("p", "a", "e"),
        ("p", "b", "e"),
    ]


def test_the_sandbox_that_runs_is_taken(here: Here) -> None:
    found = sandbox_credentials(DEFAULT_WORLD, keep_world=True)
    assert (found.endpoint, found.account) == (here.account.endpoint, "123456789012")
    assert dict(found.environment)["AWS_ACCESS_KEY_ID"] == "sandbox"
    provider: Any = Provider()
    connections(provider, Where(sandbox=DEFAULT_WORLD, assume=("a",)))
    assert [(c.endpoint, c.assume, c.account) for c in provider.asked] == [(here.account.endpoint, "a", "")]


def test_which_policies(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text(TAG + "  - {name: other, resource: aws.s3}\n")
    empty = tmp_path / "empty.yml"
    empty.write_text("policies: []\n")

    def names(*args: Any) -> list[str]:
        return [p.name for p in chosen([str(path)], catalog(), {}, *args)]

    assert names() == ["tagged", "other"]
    assert names(["t*"]) == ["tagged"]
    assert names([], ["s3"]) == ["other"]
    with pytest.raises(UsageRejected, match="none of the 2 policies is selected: widen -p and -t"):
        names(["nope"])
    with pytest.raises(UsageRejected, match="there are no policies in"):
        chosen([str(empty)], catalog(), {})


@pytest.mark.parametrize(
    ("stdin", "stderr", "expected"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_whether_somebody_can_be_asked(
    stdin: bool, stderr: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: stdin, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: stderr, raising=False)
    assert interactive() is expected


@pytest.mark.parametrize(
    ("reached", "kept", "says"),
    [
        ([("", "1")], [0], ""),
        ([("x", "1"), ("y", "2")], [0, 1], ""),
        ([("x", "1"), ("x", "1")], [0], "note: role 'x' reaches account 1, it is given twice"),
        ([("x", "1"), ("z", "2"), ("y", "1")], [0, 1], "note: role 'y' reaches account 1, role 'x' does already"),
        ([("x", ""), ("y", "")], [0, 1], ""),
    ],
)
def test_each_account_is_used_once(
    reached: list[tuple[str, str]], kept: list[int], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever roles lead to it; those whose account is not known are left to AWS."""
    given: Any = [(role, Reached(account)) for role, account in reached]
    assert once_each(given) == [given[number][1] for number in kept]
    told = capsys.readouterr().err
    assert told.startswith(says) if says else told == ""

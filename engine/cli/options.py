"""Options that several commands share, and what they lead to: connections, variables, the state folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.lang.syntax import Policy
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.plugin.catalog import Catalog
from engine.plugin.protocols import Connection, Credentials, Provider

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_WORLD = "shop"


def state_dir() -> Path:
    """Where the journal and the sandbox's whereabouts are kept: `$ENGINE_HOME`, else under the XDG state folder."""
    if home := os.environ.get("ENGINE_HOME"):
        return Path(home)
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "policy-engine"


def where(function: F) -> F:
    """Whom to be and where: profile, role, regions, sandbox."""
    for option in reversed(
        (
            click.option("-r", "--region", "regions", multiple=True, help="region, repeatable; 'all' = every enabled"),
            click.option("--profile", default="", help="profile of the AWS configuration"),
            click.option("--assume", multiple=True, help="ARN of a role to assume; repeatable: one account each"),
            click.option("--external-id", default="", help="external id for --assume"),
            click.option(
                "--sandbox", is_flag=False, flag_value=DEFAULT_WORLD, default=None, metavar="[WORLD]",
                help="run in the sandbox instead of AWS; WORLD is a YAML file",
            ),
        )
    ):  # fmt: skip
        function = option(function)
    return function


def which(function: F) -> F:
    """Which policies: paths, names, types, variables."""
    for option in reversed(
        (
            click.argument("paths", nargs=-1, metavar="POLICY…"),
            click.option("-p", "--policies", "names", multiple=True, help="only policies whose name matches this glob"),
            click.option("-t", "--resource", "types", multiple=True, help="only policies for this resource type"),
            click.option("--vars-file", help="YAML or JSON mapping of variables for the policies"),
        )
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Where:
    """Whom to be and where, as the options said."""

    regions: tuple[str, ...] = ()
    profile: str = ""
    assume: tuple[str, ...] = ()
    external_id: str = ""
    sandbox: str | None = None

    def target(self) -> dict[str, Json]:
        """What the journal keeps, so that `undo` finds the same account; no secrets."""
        return {
            "profile": self.profile,
            "assume": list(self.assume),
            "external_id": self.external_id,
            "sandbox": self.sandbox is not None,
        }

    @classmethod
    def of_target(cls, target: Mapping[str, Json], regions: Sequence[str]) -> Where:
        """The same account again."""
        sandbox = DEFAULT_WORLD if target.get("sandbox") else None
        return cls(
            tuple(regions), target.get("profile", ""), tuple(target.get("assume", ())), target.get("external_id", ""),
            sandbox,
        )  # fmt: skip


def connections(provider: Provider, where: Where, keep_world: bool = False) -> list[Connection]:
    """One connection for each role to assume, or one; the sandbox is started when it is asked for and does not run.

    `keep_world`: take a running sandbox whatever world it was built from.
    """
    base = Credentials(profile=where.profile, external_id=where.external_id)
    if where.sandbox is not None:
        base = sandbox_credentials(where.sandbox, keep_world)
    roles = [replace(base, assume=role, account="") for role in where.assume]
    return once_each([(each.assume, provider.connect(each)) for each in roles or [base]])


def once_each(reached: Sequence[tuple[str, Connection]]) -> list[Connection]:
    """The connections, one for each account: a role that reaches an account again is left out, with a note."""
    first: dict[str, str] = {}
    found = []
    for role, connection in reached:
        account = connection.known_account
        if account and account in first:
            other = "it is given twice" if role == first[account] else f"role '{first[account]}' does already"
            click.echo(f"note: role '{role}' reaches account {account}, {other}: each account is used once", err=True)
            continue
        if account:
            first[account] = role
        found.append(connection)
    return found


def sandbox_credentials(world: str, keep_world: bool) -> Credentials:
    """Fake keys and the loopback endpoint of the sandbox."""
    from engine.cli.sandbox import told
    from engine.sandbox.account import ensure, find

    path = None if world == DEFAULT_WORLD else Path(world)
    running = find(state_dir())
    if running is None:
        click.echo("starting the sandbox …", err=True)
    with told():
        account = running if keep_world and running is not None else ensure(path, state_dir())
    environment = account.environment
    return Credentials(
        endpoint=account.endpoint, environment=tuple(sorted(environment.items())), account=account.account_id
    )


def chosen(
    paths: Sequence[str],
    shelves: Catalog,
    variables: Mapping[str, Json],
    names: Sequence[str] = (),
    types: Sequence[str] = (),
) -> list[Policy]:
    """The selected policies, known to be right. Raises Rejected, and UsageRejected when none is: nobody means that."""
    from engine.lang.load import load_checked

    policies, loaded = load_checked(paths, shelves, variables, names, types)
    if not loaded.policies:
        raise UsageRejected(f"there are no policies in {', '.join(repr(str(path)) for path in paths)}")
    if not policies:
        raise UsageRejected(f"none of the {len(loaded.policies)} policies is selected: widen -p and -t")
    return policies


def interactive() -> bool:
    """Whether a person sits at both ends."""
    import sys

    return sys.stdin.isatty() and sys.stderr.isatty()

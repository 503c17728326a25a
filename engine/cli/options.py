"""Options that several commands share, and what they lead to: connections, variables, the state folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.cli.screen import note, print_logs, redactor
from engine.lang.syntax import Policy
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.model.redaction import MASK
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


def external_id_option(function: F) -> F:
    """`--external-id` of commands that work with an earlier run's or plan's role: it is stored nowhere."""
    return click.option("--external-id", default="", help="external id of the role that was assumed")(function)


def command_line() -> str:
    """This process's command line as it is recorded, without secrets."""
    return redactor().command(["engine", *sys.argv[1:]])


def _given_external_id() -> str:
    """`--external-id` of the command under way, whatever called; empty where it has none."""
    context = click.get_current_context(silent=True)
    return str(context.params.get("external_id") or "") if context is not None else ""


@dataclass(frozen=True, slots=True)
class Where:
    """Whom to be and where, as the options said."""

    regions: tuple[str, ...] = ()
    profile: str = ""
    assume: tuple[str, ...] = ()
    external_id: str = ""
    sandbox: str | None = None

    def target(self) -> dict[str, Json]:
        """What the journal keeps, so that `undo` finds the same account; no secrets, only that there was an id."""
        return {
            "profile": self.profile,
            "assume": list(self.assume),
            "external_id": MASK if self.external_id else "",
            "sandbox": self.sandbox is not None,
        }

    @classmethod
    def of_target(cls, target: Mapping[str, Json], regions: Sequence[str]) -> Where:
        """The same account again. Raises UsageRejected where an external id was used and none is given now."""
        sandbox = DEFAULT_WORLD if target.get("sandbox") else None
        external_id = _given_external_id()
        if target.get("external_id") and not external_id:
            role = ", ".join(target.get("assume", ())) or "its role"
            raise UsageRejected(f"{role} was assumed with an external id, which is not stored: pass --external-id")
        return cls(tuple(regions), target.get("profile", ""), tuple(target.get("assume", ())), external_id, sandbox)


def connections(provider: Provider, where: Where, keep_world: bool = False) -> list[Connection]:
    """One connection for each role to assume, or one; the sandbox is started when it is asked for and does not run.

    `keep_world`: take a running sandbox whatever world it was built from.
    """
    print_logs()
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
            note(f"note: role '{role}' reaches account {account}, {other}: each account is used once")
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
        note("starting the sandbox …")
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
    return sys.stdin.isatty() and sys.stderr.isatty()

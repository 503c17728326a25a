"""engine sandbox"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from engine.cli.options import state_dir
from engine.cli.screen import say, say_json
from engine.model.errors import StoreUnavailable, UsageRejected
from engine.sandbox.account import Sandbox


@contextmanager
def told() -> Iterator[None]:
    """The sandbox's own errors as the command line's."""
    from engine.sandbox.account import SandboxUnavailable
    from engine.sandbox.world import WorldRejected

    try:
        yield
    except (SandboxUnavailable, WorldRejected) as error:
        raise UsageRejected(str(error)) from error
    except OSError as error:
        raise StoreUnavailable(f"the engine's folder {state_dir()} cannot be used: {error.strerror}") from error


@click.group("sandbox", invoke_without_command=True)
@click.option("--format", "form", type=click.Choice(["text", "json", "env"]), default="text", help="how to print it")
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """An AWS account on this machine, to try policies in. 'engine run --sandbox' starts it; it ends when idle.

    \b
    engine sandbox                                 where it is, and how to talk to it
    eval "$(engine sandbox --format env)"          then: aws ec2 describe-instances, custodian run …
    engine sandbox start examples/worlds/small.yml
    engine sandbox reset                           as it was in the beginning
    engine sandbox stop
    """
    if ctx.invoked_subcommand is None:
        _print(form)


def _print(form: str) -> None:
    from engine.sandbox.account import find

    account = find(state_dir())
    if form == "json":
        known = None if account is None else {
            "endpoint": account.endpoint, "pid": account.pid, "account": account.account_id, "region": account.region,
            "world": account.name, "environment": account.environment,
        }  # fmt: skip
        say_json(known)
        return
    account = _running()
    exports = [f"export {name}={value}" for name, value in account.environment.items()]
    if form == "env":
        say("\n".join(exports))
        return
    say(f"sandbox '{account.name}', account {account.account_id}, {account.region}, at {account.endpoint}")
    say("\nThe AWS CLI, c7n and every SDK talk to it with:\n")
    say("\n".join(f"  {line}" for line in exports))
    say('\nor in one line:  eval "$(engine sandbox --format env)"')


@command.command("start")
@click.argument("world", required=False)
def start(world: str | None) -> None:
    """Start it, from WORLD (a YAML file) or the one that comes with the engine."""
    from engine.sandbox.account import ensure

    with told():
        ensure(Path(world) if world else None, state_dir())
    _print("text")


@command.command("reset")
def reset() -> None:
    """Put the account back to its world."""
    from engine.sandbox.account import reset as put_back

    with told():
        put_back(_running())
    say("the sandbox is as it was in the beginning")


@command.command("stop")
def stop() -> None:
    """End it; the account is gone."""
    from engine.sandbox.account import stop as end

    with told():
        end(_running(), state_dir())
    say("the sandbox has ended")


def _running() -> Sandbox:
    from engine.sandbox.account import find

    account = find(state_dir())
    if account is None:
        raise UsageRejected("no sandbox runs: 'engine sandbox start', or any command with --sandbox, starts one")
    return account

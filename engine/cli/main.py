"""The command `engine`. Each sub-command is one file of this folder, imported only when it is called."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence

import click

COMMANDS = {
    "run": "run policies: find, and act on, what they match",
    "plan": "show what a run would change, and save it",
    "apply": "make the changes of a saved plan, and no others",
    "undo": "take back what a run changed",
    "runs": "what earlier runs did, and what is uncertain",
    "why": "why a policy matches a resource, or does not",
    "explain": "the calls that policies will make",
    "permissions": "the least IAM permissions that policies need",
    "validate": "check policy files",
    "list": "what is there, of a type or a service",
    "schema": "resource types, their filters and actions",
    "sandbox": "an AWS account on this machine to try things in",
    "version": "the engine's version",
}


class Commands(click.Group):
    """A group whose commands are modules, so that `engine version` imports nothing else."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; its function is called `command`."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"engine.cli.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first; an unknown one is answered with the nearest."""
        if args and args[0] not in COMMANDS:
            from engine.plugin.suggest import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"no such command '{args[0]}'. {hint}".strip(), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def root() -> None:
    """Policy-as-code for AWS: find, explain, plan, change, undo.

    \b
    engine run --sandbox policies/idle-ec2.yml          try it, without an AWS account
    engine run policies/idle-ec2.yml --dry-run          what it finds in yours
    engine plan policies/idle-ec2.yml -o idle.plan      what it would change
    engine validate policies                            check files, in CI for instance

    Exit codes: 0 done; 1 a bug in the engine; 2 wrong usage; 3 a policy has errors; 4 something could not be seen;
    5 a limit was exceeded; 6 a change failed or is uncertain; 7 declined; 8 drifted since the plan, or being changed
    by another run; 9 the journal cannot be used, nothing was changed; 129 hung up; 130 interrupted; 143 terminated.

    Shell completion: eval "$(_ENGINE_COMPLETE=bash_source engine)" (or zsh_source, fish_source).
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run the command; every error that a user can cause ends in a sentence and a code of its own."""
    from engine.cli.signals import listening

    with listening():
        _main(args)


def _main(args: Sequence[str] | None) -> None:
    from engine.cli.exits import Exit, exit_of
    from engine.cli.screen import error as show
    from engine.cli.screen import note
    from engine.cli.signals import received
    from engine.model.errors import EngineError

    try:
        root.main(args=list(args) if args is not None else None, prog_name="engine", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        text = io.StringIO()
        error.show(file=text)
        note(text.getvalue().rstrip("\n"))
        sys.exit(Exit.USAGE)
    except (click.Abort, KeyboardInterrupt):
        if not received():  # else `listening` says so and ends the process
            note("interrupted")
            sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        from engine.cli.screen import unread

        unread()
        sys.exit(Exit.DONE)
    except EngineError as error:
        sys.exit(exit_of(error))
    except OSError as error:
        place = f": '{error.filename}'" if error.filename else ""
        show(f"{error.strerror or error}{place}")
        sys.exit(Exit.USAGE)

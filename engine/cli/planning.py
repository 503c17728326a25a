"""What `engine plan` does: find what would be changed, show it, save it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from engine.app.plan_file import LIFETIME, LONGEST_LIFETIME, plan_of, write
from engine.cli.exits import Exit
from engine.cli.flow import Flow, exit_code
from engine.cli.options import command_line
from engine.cli.screen import note, redactor
from engine.lang.load import read_variables
from engine.model.errors import UsageRejected
from engine.report.changes import count_of

_LIFETIME = re.compile(r"([0-9]{1,6})([mhd])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def lifetime_of(text: str | None) -> timedelta:
    """`30m`, `4h`, `2d`; without a text, a day. Raises UsageRejected."""
    if text is None:
        return LIFETIME
    if match := _LIFETIME.match(text):
        found = timedelta(**{_UNITS[match[2]]: int(match[1])})
        if timedelta(0) < found <= LONGEST_LIFETIME:
            return found
    raise UsageRejected(f"--expires '{text}': give minutes, hours or days up to {LONGEST_LIFETIME.days}d, as in 4h")


def plan(flow: Flow, expires: str | None = None) -> Exit:
    """Find what would be changed, show it, and save it where that is asked for. Raises EngineError."""
    lifetime, out = lifetime_of(expires), flow.request.out
    if expires is not None and out is None:
        raise UsageRejected("--expires is about a saved plan: give -o FILE")
    if out is not None and not Path(out).absolute().parent.is_dir():
        raise UsageRejected(f"cannot write '{out}': there is no such folder")
    if out is not None and Path(out).exists() and not Path(out).is_file():
        raise UsageRejected(f"cannot write '{out}': it is not a regular file")
    ran, intent = flow.find()
    results = [result for _, result in ran.results]
    flow.show(results, intent, plan=True)
    flow.tell(results, intent, [])
    if out is not None:
        written = {result.policy.name: result.policy for result in results}
        saved = plan_of(
            intent.planned,
            [policy.as_written for policy in written.values()],
            created=flow.started,
            lifetime=lifetime,
            command=command_line(),
            target=flow.request.where.target(),
            variables=read_variables(flow.request.vars_file),
            hide=redactor().value,
        )
        write(Path(out), saved)
        until = f"{saved.expires:%Y-%m-%d %H:%M %Z}"
        note(f"saved {count_of(len(saved.changes), 'change')}, until {until}: engine apply {out}")
    return exit_code(results, [])

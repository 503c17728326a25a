"""The journal's rows to values and back. A row that cannot be read names its run and change, and hides no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from engine.model.call import Call
from engine.model.change import Change, Status
from engine.model.codec import change_json, change_of_json
from engine.model.errors import StoreUnavailable
from engine.model.json import Json
from engine.plugin.journal import Entry, RunRecord

RUN_COLUMNS = 'id, kind, started, command, policies, target, ended, status, summary, pid, "plan", host, born, lease'
ENTRY_COLUMNS = "run, number, policy, body, status, reason, began"
DAMAGED = "damaged"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def run_row(run: RunRecord) -> tuple[Json, ...]:
    """The values of RUN_COLUMNS."""
    return (
        run.id, run.kind, run.started.isoformat(), run.command, json.dumps(run.policies), json.dumps(dict(run.target)),
        run.ended.isoformat() if run.ended else None, run.status, json.dumps(dict(run.summary)), run.pid, run.plan,
        run.host, run.born, run.lease.isoformat() if run.lease else None,
    )  # fmt: skip


def record_of(row: Sequence[Json]) -> RunRecord:
    """A run of a row of RUN_COLUMNS; one that cannot be read has the status `damaged` and nothing else."""
    id, kind, started, command, policies, target, ended, status, summary, pid, plan, host, born, lease = row
    try:
        _texts(id, kind, command, status, plan, host, *json.loads(policies))
        return RunRecord(
            id, kind, _time(started), command, tuple(json.loads(policies)), dict(json.loads(target)),
            _time(ended) if ended else None, status, dict(json.loads(summary)), int(pid), plan, host, born,
            _time(lease) if lease else None,
        )  # fmt: skip
    except (ValueError, TypeError, RecursionError):
        return RunRecord(str(id), str(kind), _LONG_AGO, str(command), status=DAMAGED)


def change_text(entry: Entry) -> str:
    """The text that a change is kept as."""
    return json.dumps(change_json(entry.change), separators=(",", ":"))


def entry_of(row: Sequence[Json], path: object) -> Entry:
    """An entry of a row of ENTRY_COLUMNS. Raises StoreUnavailable for one that cannot be read."""
    run, number, policy, body, status, reason, began = row
    try:
        change = change_of_json(json.loads(body))
        _texts(run, policy, reason, *_texts_of(change))
        _tables(change.before, change.after, *(call.params for call in _calls(change)))
        return Entry(run, number, policy, change, Status(status), reason, _time(began) if began else None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreUnavailable(
            f"change {number} of run {run} in the journal {path} is damaged and cannot be read"
            f" ({type(error).__name__}: {error}); if its outcome is known:"
            f" engine runs settle {run} {number} done|not-done"
        ) from error


def _calls(change: Change) -> tuple[Call, ...]:
    return (*change.calls, *change.inverse)


def _texts_of(change: Change) -> Iterator[Json]:
    """What of a change is a text, and what is done with it as with one."""
    ref = change.ref
    yield from (change.action, change.irreversible, ref.type, ref.id, ref.scope.account, ref.scope.region)
    yield from (name for call in _calls(change) for name in (call.service, call.operation))
    yield from (*change.before, *change.after)
    if change.done is not None:
        yield change.done.expression


def _texts(*values: Json) -> None:
    """Raise TypeError where one is no text, ValueError where it is none that can be written."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not a string")
        value.encode()


def _tables(*values: Json) -> None:
    """Raise TypeError where one is no table."""
    for value in values:
        if not isinstance(value, dict):
            raise TypeError(f"{value!r} is not a table")


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""How is one call of a change made? After what it waits for; and, for a sweep, page by page over all that is listed."""

from __future__ import annotations

import copy
import math
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence

from engine.model.call import Call, Sweeping, Wait
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.plugin.paths import getter, place
from engine.plugin.protocols import Door

_TOKENS = uuid.UUID("4bd8b2c4-6f0e-5f0f-9b0a-0d5a5b1c7a11")
"""The namespace of this engine's client tokens."""

ASK_AGAIN_AFTER = 5.0
"""Seconds between two looks at what is waited for."""


def perform(call: Call, door: Door, stop: threading.Event, token: str) -> dict[str, Json]:
    """The call's answer; nothing for a sweep. Raises CallFailed, also where a stop or a time limit ends it.

    `token` names this call among all that are ever made, so that AWS can recognise one that is sent again.
    """
    if call.wait is not None:
        _await(call, call.wait, door, stop)
    if call.sweep is None:
        return _made(call, call, door, token)
    _sweep(call, call.sweep, door, stop, token)
    return {}


def _made(call: Call, of: Call, door: Door, token: str) -> dict[str, Json]:
    """The answer; nothing where it is so already."""
    try:
        return door.change(call, token)
    except CallFailed as failed:
        if failed.code not in of.already or failed.sent is None:
            raise
        return {}


def _await(call: Call, wait: Wait, door: Door, stop: threading.Event) -> None:
    if wait.call is None:
        if stop.wait(wait.seconds):
            raise _ended(call, "Stopped", "the run was stopped while it waited")
        return
    holds = getter(wait.until)
    for _ in range(max(1, math.ceil(wait.seconds / ASK_AGAIN_AFTER))):
        try:
            if holds(door.perform(wait.call)):
                return
        except CallFailed as failed:
            if failed.kind is not FailureKind.THROTTLED:
                raise
        if stop.wait(ASK_AGAIN_AFTER):
            raise _ended(call, "Stopped", "the run was stopped while it waited")
    raise _ended(call, "TimedOut", f"{wait.call} did not answer that {wait.until} within {wait.seconds:g} seconds")


def _sweep(call: Call, sweep: Sweeping, door: Door, stop: threading.Event, token: str) -> None:
    """No more than one page is held. What a call could not do is told once everything has been tried."""
    items, failures = getter(sweep.items), getter(sweep.failures) if sweep.failures else None
    failed, first, count = 0, "", 0
    for page in door.pages(sweep.call):
        for made in _calls(call, sweep, items(page) or ()):
            if stop.is_set():
                raise _ended(call, "Stopped", "the run was stopped before it had come to the end")
            count += 1
            answer = _made(made, call, door, token_of(token, count))
            told = (failures(answer) if failures is not None else None) or ()
            if told and not first:
                first = ", ".join(str(v) for v in told[0].values()) if isinstance(told[0], Mapping) else str(told[0])
            failed += len(told)
    if failed:
        raise _ended(call, "Incomplete", f"{failed} could not be done, the first: {first}", sent=True)


def _calls(call: Call, sweep: Sweeping, found: Sequence[Json]) -> Iterator[Call]:
    for at in range(0, len(found), sweep.most):
        params = copy.deepcopy(call.params)
        if sweep.param:
            place(params, sweep.param, list(found[at : at + sweep.most]))
        else:
            params.update(found[at])
        yield Call(call.service, call.operation, params, call.scope)


def token_of(*parts: object) -> str:
    """A client token: the same for the same parts, and no other's.

    Returns:  a UUID, which fits every service's limits on such tokens (36 characters).
    """
    return str(uuid.uuid5(_TOKENS, "/".join(map(str, parts))))


def _ended(call: Call, code: str, message: str, *, sent: bool = False) -> CallFailed:
    return CallFailed(call.service, call.operation, FailureKind.FAULT, code, message, sent)

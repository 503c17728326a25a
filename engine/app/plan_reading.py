"""Is this file a plan that may be applied? Any bytes to a SavedPlan, or a sentence that names what is wrong and where.

Keys that are not known are ignored: the file is only compared, so they can do nothing.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine.app.plan_file import (
    FORMAT,
    LONGEST_LIFETIME,
    MOST_BYTES,
    VERSION,
    SavedChange,
    SavedPlan,
    SavedPolicy,
    digest,
)
from engine.model.errors import PlanRejected, UsageRejected
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope

MOST_DEPTH = 250
"""Policies nest up to 100 levels; the file adds a few of its own."""

MOST_NAME = 8192
"""Characters of a name, an id or a path: an id may join those of several parents."""

AHEAD = timedelta(minutes=5)
"""How far another machine's clock may be ahead of ours."""

AGAIN = "make one with 'engine plan … -o FILE'"

_ID = re.compile(r"[0-9A-Za-z-]{8,64}\Z")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ACCOUNT = re.compile(r"\d{12}\Z")
_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]{1,576}\Z")


class _Wrong(Exception):
    """What is wrong with the file, in the words that follow "is not a saved plan: "."""


@dataclass(frozen=True, slots=True)
class _At:
    """A value of the file and its place in it: `changes[3].before`."""

    place: str
    value: Json

    def wrong(self, expected: str) -> _Wrong:
        return _Wrong(f"{self.place or 'it'} is {_shown(self.value)}, not {expected}")

    def mapping(self) -> Mapping[str, Json]:
        if not isinstance(self.value, dict):
            raise self.wrong("a mapping")
        return self.value

    def get(self, key: str) -> _At:
        found = self.mapping()
        if key not in found:
            raise _Wrong(f"{self.place} has no '{key}'" if self.place else f"it has no '{key}'")
        return _At(f"{self.place}.{key}" if self.place else key, found[key])

    def items(self) -> list[_At]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [_At(f"{self.place}[{number}]", each) for number, each in enumerate(self.value)]

    def text(self, expected: str = "a string", form: re.Pattern[str] | None = None) -> str:
        value = self.value
        if not isinstance(value, str) or (form is not None and not form.match(value)):
            raise self.wrong(expected)
        if _CONTROL.search(value):
            raise _Wrong(f"{self.place} is {_shown(value)}, which holds a control character")
        if len(value) > MOST_NAME:
            raise _Wrong(f"{self.place} has {len(value)} characters, more than {MOST_NAME}")
        return value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def number(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not 0 <= self.value < 10_000:
            raise self.wrong("a whole number from 0")
        return self.value

    def moment(self) -> datetime:
        expected = "a time with its offset, as in 2026-11-21T09:00:00+00:00"
        try:
            found = datetime.fromisoformat(self.text(expected))
        except ValueError as error:
            raise self.wrong(expected) from error
        if found.tzinfo is None:
            raise self.wrong(expected)
        return found


def read(path: Path, now: datetime) -> SavedPlan:
    """The plan in a file.

    Raises UsageRejected for what is no plan, PlanRejected for one that is of another version, altered or expired.
    """
    try:
        found = _At("", _parsed(_contents(path)))
        if found.get("format").value != FORMAT:
            raise found.get("format").wrong(f"'{FORMAT}'")
        _check_version(path, found.get("version"))
        plan = _plan(found)
        told = found.get("sha256").text()
    except _Wrong as wrong:
        raise UsageRejected(f"'{path}' is not a saved plan: {wrong}; {AGAIN}") from wrong
    if told != digest(plan.policies, plan.variables):
        raise PlanRejected(f"'{path}' was altered: its policies are not those that its sha256 is of; {AGAIN}")
    check_time(path, plan, now)
    return plan


def _contents(path: Path) -> str:
    """The text of a regular file. Opened without waiting: a FIFO without a writer would never open."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UsageRejected(f"cannot read '{path}': {error.strerror}") from error
    except ValueError as error:
        raise UsageRejected(f"cannot read {str(path)!r}: {error}") from error
    try:
        mode = os.fstat(file).st_mode
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
            raise UsageRejected(f"cannot read '{path}': it is {kind}")
        with os.fdopen(os.dup(file), "rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageRejected(f"cannot read '{path}': {error.strerror}") from error
    finally:
        os.close(file)
    if len(content) > MOST_BYTES:
        raise _Wrong(f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Wrong(f"it is not UTF-8 text (byte {error.start})") from error


def _parsed(text: str) -> Json:
    if not text.strip():
        raise _Wrong("it is empty")
    try:
        found = json.loads(text, parse_constant=_no_number, object_pairs_hook=_distinct)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise _Wrong(f"it nests more than {MOST_DEPTH} levels deep") from error
    except json.JSONDecodeError as error:
        raise _Wrong(f"it is not JSON (line {error.lineno}, column {error.colno}: {error.msg})") from error
    except UnicodeEncodeError as error:
        raise _Wrong("it holds half of a surrogate pair, which is no character") from error
    except ValueError as error:  # an integer of more digits than Python converts
        raise _Wrong("it holds a number that is too large") from error
    if _deeper(found):
        raise _Wrong(f"it nests more than {MOST_DEPTH} levels deep")
    return found


def _no_number(text: str) -> Json:
    raise _Wrong(f"it holds {text}, which is no number")


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Wrong(f"it holds the key {_shown(next(k for k in keys if keys.count(k) > 1))} twice in one mapping")
    return found


def _deeper(value: Json) -> bool:
    """Whether a value nests deeper than is allowed; level by level, so that nothing recurses."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            below
            for each in level
            if isinstance(each, dict | list)
            for below in (each.values() if isinstance(each, dict) else each)
            if isinstance(below, dict | list)
        ]
        if not level:
            return False
    return True


def _shown(value: Json) -> str:
    """A value in a sentence: what it is, and the value itself where it is short."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _check_version(path: Path, version: _At) -> None:
    if version.value != VERSION or isinstance(version.value, bool):
        raise PlanRejected(
            f"'{path}' is a plan of version {_shown(version.value)}, this engine reads version {VERSION}: "
            "make a new one with 'engine plan … -o FILE'"
        )


def check_time(path: Path, plan: SavedPlan, now: datetime) -> None:
    """Raise PlanRejected for a plan that is not of now."""
    new = "make a new one with 'engine plan … -o FILE'"
    if plan.created > now + AHEAD:
        raise PlanRejected(f"'{path}' was made at {plan.created:%Y-%m-%d %H:%M %Z}, which is in the future; {new}")
    if not plan.created < plan.expires <= plan.created + LONGEST_LIFETIME:
        raise PlanRejected(
            f"'{path}' was made at {plan.created:%Y-%m-%d %H:%M %Z} and expires at {plan.expires:%Y-%m-%d %H:%M %Z}: "
            f"a plan lasts up to {LONGEST_LIFETIME.days} days; {new}"
        )
    if now >= plan.expires:
        raise PlanRejected(f"'{path}' expired at {plan.expires:%Y-%m-%d %H:%M %Z}; {new}")


def _plan(found: _At) -> SavedPlan:
    changes = tuple(_change(each) for each in found.get("changes").items())
    had: dict[object, list[int]] = {}
    for number, change in enumerate(changes):
        same = had.setdefault((change.policy, change.step, change.ref), [])
        if (first := next((each for each in same if changes[each].calls == change.calls), None)) is not None:
            raise _Wrong(f"changes[{number}] repeats changes[{first}]")
        same.append(number)
    policies = tuple(_policy(each) for each in found.get("policies").items())
    names = [policy.name for policy in policies]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise _Wrong(f"it holds two policies called {_shown(twice)}")
    return SavedPlan(
        id=found.get("id").text("a plan's id", _ID),
        created=found.get("created").moment(),
        expires=found.get("expires").moment(),
        command=_command(found.get("command")),
        target=_target(found.get("target")),
        policies=policies,
        variables=found.get("variables").mapping(),
        changes=changes,
        engine=found.get("engine").text(),
        hidden=tuple(each.text() for each in found.get("hidden").items()),
    )


def _policy(found: _At) -> SavedPolicy:
    if "name" in found.get("policy").mapping():
        found.get("policy").get("name").text()
    return SavedPolicy(found.get("policy").mapping(), found.get("vars").mapping(), found.get("hidden").flag())


def _command(found: _At) -> str:
    """A command line; an argument may hold a line break."""
    if not isinstance(found.value, str):
        raise found.wrong("a string")
    return found.value


def _target(found: _At) -> dict[str, Json]:
    return {
        "profile": found.get("profile").text(),
        "assume": [each.text("a role's ARN", _ROLE) for each in found.get("assume").items()],
        "external_id": found.get("external_id").text(),
        "sandbox": found.get("sandbox").flag(),
    }


def _change(found: _At) -> SavedChange:
    scope = Scope(found.get("account").text("an account's id", _ACCOUNT), found.get("region").text("a region", _REGION))
    return SavedChange(
        policy=found.get("policy").text(),
        step=found.get("step").number(),
        ref=ResourceRef(found.get("type").text(), scope, found.get("id").text()),
        action=found.get("action").text(),
        before=_paths(found.get("before")),
        after=_paths(found.get("after")),
        calls=_calls(found.get("calls")),
        destructive=found.get("destructive").flag(),
        reversible=found.get("reversible").flag(),
    )


def _paths(found: _At) -> Mapping[str, Json]:
    if long := next((path for path in found.mapping() if len(path) > MOST_NAME), None):
        raise _Wrong(f"{found.place} has a key of {len(long)} characters")
    return found.mapping()


def _calls(found: _At) -> Sequence[Mapping[str, Json]]:
    for each in found.items():
        each.get("service").text()
        each.get("operation").text()
        each.get("params").mapping()
    return [each.mapping() for each in found.items()]

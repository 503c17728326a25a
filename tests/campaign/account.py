"""The account of the campaigns against changing: it keeps a record of every write, and engines are forked to work on it.

Two ways to use it: in the process of a trial (`Recorder`), or in a process of its own that several engines share
(`account`). Commands run in forks of a process that has everything imported, so that one costs 0.2 s.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import logging
import mmap
import os
import random
import re
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote_plus
from urllib.request import Request, urlopen

import botocore.handlers
import botocore.session
from werkzeug.serving import make_server

from engine.cli.main import main
from engine.sandbox.account import HOST, sandbox_of
from engine.sandbox.server import StartResponse, _Handler
from engine.sandbox.world import World

from .faults import Answer, Exchange, error
from .journal import in_journal
from .wire import OPERATION, FaultyServer

READS = re.compile(r"(Describe|Get|List|Head|Lookup|Search|Query|Scan|Batch(Get|Describe)|Simulate|Assume)")
RESOURCES = re.compile(r"\b(?:i|vol)-[0-9a-f]{17}\b")
CONTROL = "/campaign/"
PATIENCE = 30.0
LONGEST = 90.0
"""Seconds that a command may take; one that takes longer hangs."""


@dataclass
class Write:
    """A request that changes something: what it was, whether the account carried it out, and when.

    `known`: whether the journal had a started change with this operation, for each resource named in the request.
    `proven`: whether all earlier actions of the policy on them, in the same run, were done by then.
    """

    operation: str
    key: str
    effective: bool = False
    known: bool = True
    proven: bool = True
    number: int = 0

    @property
    def ids(self) -> set[str]:
        """EC2 resources that the request names."""
        return set(RESOURCES.findall(unquote_plus(self.key)))


class Recorder(FaultyServer):
    """A FaultyServer whose account changes: it records the writes that the account was asked for.

    `delay`: seconds that each write waits before it is carried out, and again before its answer, at most. `blind`: no
    read is answered once the rule has hit.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.wire.keep = False
        self.writes: list[Write] = []
        self.journal: Path | None = None
        self.delay, self.blind = 0.0, False
        self.counts = mmap.mmap(-1, 16)
        self._counting, self._chance = threading.Lock(), random.Random(1)
        logging.getLogger("engine.sandbox.server").setLevel(logging.CRITICAL)

    def pause(self) -> None:
        """Stop listening, so that the process may fork; `go_on` in the fork."""
        self._server.shutdown()
        self._thread.join()

    def go_on(self) -> None:
        """Listen again, on the same port: werkzeug closes its socket when it stops."""
        port, patient = self._server.server_port, self._server.handle_error
        self._server = make_server(HOST, port, self, threaded=True, request_handler=_Handler)
        self._server.handle_error = patient  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, name="sandbox", daemon=True)
        self._thread.start()

    def _count(self, came: int, under_way: int) -> None:
        with self._counting:
            now = struct.unpack("qq", self.counts[:16])
            self.counts[:16] = struct.pack("qq", now[0] + came, now[1] + under_way)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The answer; writes are counted while they are under way."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(CONTROL):
            return self._said(path.removeprefix(CONTROL), environ["wsgi.input"].read(), start_response)
        name = environ.get("HTTP_X_CAMPAIGN_OPERATION", "")
        if not name or READS.match(name.partition(":")[2]):
            rule = self.wire.rule
            if name and self.blind and rule is not None and rule.hits:
                unseen = Exchange(*name.split(":"), b"", lambda: Answer(500))
                return self._send(error("InternalFailure", 500)(unseen), environ, start_response)
            return super().__call__(environ, start_response)
        self._count(1, 1)
        try:
            return super().__call__(environ, start_response)
        finally:
            self._count(0, -1)

    def _healthy(self, environ: dict[str, Any], body: bytes, asked: tuple[str, ...]) -> Answer:
        name = asked[0]
        if READS.match(name.partition(":")[2]):
            return super()._healthy(environ, body, asked)
        key = "\x00".join((*asked[1:], body.decode("latin-1")))
        write = Write(name, key)
        if self.journal is not None:
            write.known, write.proven = in_journal(self.journal, name, write.ids)
        if self.delay:
            time.sleep(self.delay * self._chance.random())
        answer = super()._healthy(environ, body, asked)
        with self.wire._lock:
            write.effective, write.number = answer.status < 300, len(self.writes)
            self.writes.append(write)
        if self.delay:
            time.sleep(self.delay * self._chance.random())
        return answer

    def _said(self, what: str, body: bytes, start_response: StartResponse) -> Iterable[bytes]:
        """What the campaign asks of an account in another process."""
        found: Any = None
        if what == "writes":
            found = [asdict(each) for each in self.writes]
        elif what == "reset":
            self.reset()
            self.writes.clear()
            self.counts[:16] = struct.pack("qq", 0, 0)
        elif what == "delay":
            self.delay = float(body)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(found).encode()]


@functools.cache
def prepare() -> None:
    """Name the operation in each request of botocore's, and read each service's model once in a process."""

    def named(model: Any, params: Any, **_: Any) -> None:
        params["headers"][OPERATION] = f"{model.service_model.service_name}:{model.name}"

    botocore.handlers.BUILTIN_HANDLERS.append(("before-call.*.*", named))
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)


def environment(status: Mapping[str, Any], home: Path) -> dict[str, str]:
    """The variables of an engine that works on the account with this status."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ENGINE_"))}
    once = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "1", "COLUMNS": "200", "ENGINE_HOME": str(home)}
    return {**kept, **sandbox_of(dict(status)).environment, **once}


@dataclass(frozen=True)
class Ended:
    """How a command ended: negative for the signal that killed it."""

    code: int
    out: str
    err: str

    @property
    def wrong(self) -> str:
        """What no command may print, or a code that none may end with."""
        if "Traceback" in self.err or self.code == 1:
            return f"exit code {self.code}: {self.err[-600:]}"
        return ""


def command(variables: Mapping[str, str], *arguments: str) -> Ended:
    """A command of the engine in this very process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with patch.dict(os.environ, variables, clear=True), redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


@dataclass
class Engine:
    """A command of the engine in a fork of this process."""

    pid: int
    folder: Path
    code: int | None = None

    @classmethod
    def start(cls, variables: Mapping[str, str], folder: Path, *arguments: str) -> Engine:
        """Fork; the child becomes the command."""
        folder.mkdir(parents=True, exist_ok=True)
        sys.stdout.flush()
        if pid := os.fork():
            return cls(pid, folder)
        code = 1
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for number, name in enumerate((os.devnull, folder / "out", folder / "err")):
                os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            os.environ.clear()
            os.environ.update(variables)
            try:
                main(arguments)
                code = 0
            except SystemExit as ended:
                code = int(ended.code or 0)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is None

    def kill(self) -> bool:
        """End it at once; whether it was still going on."""
        if not self.running:
            return False
        os.kill(self.pid, signal.SIGKILL)
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code == -signal.SIGKILL

    def end(self, seconds: float = LONGEST) -> Ended:
        """Wait for it. One that hangs is killed."""
        until = time.monotonic() + seconds
        while self.running and time.monotonic() < until:
            time.sleep(0.005)
        self.kill()
        texts = [(self.folder / name).read_text(errors="replace") for name in ("out", "err")]
        return Ended(-9 if self.code is None else self.code, *texts)


@dataclass
class Account:
    """An account in a process of its own, a home for the engine, and how to speak to the account."""

    endpoint: str
    folder: Path
    status: Mapping[str, Any]
    counts: mmap.mmap
    number: int = 0
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.folder / "home" / "journal.db"

    @property
    def came(self) -> int:
        """How many writes have come."""
        return int(struct.unpack("qq", self.counts[:16])[0])

    def drain(self) -> None:
        """Until no write is under way."""
        until = time.monotonic() + PATIENCE
        while struct.unpack("qq", self.counts[:16])[1] > 0 and time.monotonic() < until:
            time.sleep(0.005)

    def say(self, what: str, body: str = "") -> Any:
        """One request to the account's own paths."""
        with urlopen(Request(f"{self.endpoint}{CONTROL}{what}", body.encode(), method="POST"), timeout=60) as answer:
            return json.loads(answer.read())

    def fresh(self) -> None:
        """The account as in the beginning, and no journal."""
        self.drain()
        self.say("reset")
        for file in self.journal.parent.glob("journal.db*"):
            file.unlink()

    @property
    def writes(self) -> list[Write]:
        """What was written, in order."""
        return [Write(**each) for each in self.say("writes")]

    def start(self, *arguments: str) -> Engine:
        """A command that is left to run."""
        self.number += 1
        return Engine.start(self.variables, self.folder / f"c{self.number % 50}", *arguments)

    def engine(self, *arguments: str) -> Ended:
        """A command to its end."""
        return self.start(*arguments).end()


@contextmanager
def account(world: World, folder: Path) -> Iterator[Account]:
    """An account in a process of its own, until the block ends."""
    prepare()
    (folder / "home").mkdir(parents=True)
    server = Recorder(world)
    server.journal = folder / "home" / "journal.db"
    parent, pid = os.getpid(), os.fork()
    if not pid:
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
            server.start()
            while os.getppid() == parent:
                time.sleep(0.5)
        os._exit(0)
    server._server.server_close()
    try:
        made = Account(server.endpoint, folder, server.status, server.counts)
        made.variables = environment(server.status, folder / "home")
        made.say("writes")  # answers once the account listens
        made.say("reset")
        yield made
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)

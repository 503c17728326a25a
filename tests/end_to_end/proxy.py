"""A loopback proxy before a sandbox: slow with writes, counts them, and looks whether the journal knew of each."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

READS = ("Describe", "Get", "List")


@dataclass
class Fault:
    """What happens to writes of an action, the first `times` of them: an answer lost, or an error in its place.

    `kind`: `lost-before` and `lost-after` cut the connection before or after the request is carried out, `error-before`
    and `error-after` answer `status` with `code`.
    """

    action: str
    kind: str
    times: int = 1_000_000
    status: int = 500
    code: str = "InternalError"

    @property
    def carried_out(self) -> bool:
        """Whether the account carries the request out all the same."""
        return self.kind.endswith("after")


class Proxy:
    """Hands requests on to the server at `target`.

    `delay` is how long it waits before a write, and again before its answer, in seconds. `writes` counts those that
    came, `made` those that were answered, by action and resource; `unrecorded` lists those that the journal did not
    call started when they came.
    """

    def __init__(self, target: str, journal: Path) -> None:
        self.target, self.journal, self.delay = target, journal, 0.0
        self.made: Counter[str] = Counter()
        self.unrecorded: list[str] = []
        self.faults: list[Fault] = []
        self.writes = self._under_way = 0
        self._change = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": self}))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # the killed leave connections behind
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def forget(self) -> None:
        """Count anew."""
        with self._change:
            self.made.clear()
            self.unrecorded.clear()
            self.faults.clear()
            self.writes = 0

    def wait_for(self, writes: int, seconds: float = 30.0) -> None:
        """Until so many writes have come."""
        with self._change:
            assert self._change.wait_for(lambda: self.writes >= writes, seconds), f"{self.writes} writes came"

    def drain(self, seconds: float = 30.0) -> None:
        """Until nothing is under way."""
        with self._change:
            assert self._change.wait_for(lambda: not self._under_way, seconds), f"{self._under_way} under way"

    def write(self, action: str, resources: list[str], hand_on: object) -> tuple[int, list[tuple[str, str]], bytes]:
        """One write: checked against the journal, slowed, handed on, counted."""
        with self._change:
            self.writes += 1
            self._under_way += 1
            self._change.notify_all()
        try:
            lacking = [each for each in resources if each not in self._started()]
            time.sleep(self.delay)
            fault = self._fault(action)
            answer = hand_on() if fault is None or fault.carried_out else (0, [], b"")  # type: ignore[operator]
            with self._change:
                self.unrecorded += [f"{action} {each}" for each in lacking]
                if 0 < answer[0] < 300:
                    self.made.update(f"{action} {each}" for each in resources)
            time.sleep(self.delay)
            return answer if fault is None else _broken(fault)
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()

    def _fault(self, action: str) -> Fault | None:
        """The next fault of an action."""
        with self._change:
            found = next((each for each in self.faults if each.action == action and each.times > 0), None)
            if found is not None:
                found.times -= 1
            return found

    def _started(self) -> set[str]:
        """Resources that the journal has a started change of."""
        if not self.journal.exists():
            return set()
        db = sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True, timeout=10)
        try:
            rows = db.execute("SELECT body FROM changes WHERE status = 'started'").fetchall()
        finally:
            db.close()
        return {json.loads(body)["id"] for (body,) in rows}


def _broken(fault: Fault) -> tuple[int, list[tuple[str, str]], bytes]:
    """The answer in the place of the true one; status 0: the connection is cut."""
    if fault.kind.startswith("lost"):
        return 0, [], b""
    text = f"<Response><Errors><Error><Code>{fault.code}</Code><Message>no</Message></Error></Errors></Response>"
    return fault.status, [("Content-Type", "text/xml")], text.encode()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """A call of AWS, or a word to the sandbox."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = dict(parse_qsl(body.decode("latin-1")))
        action = asked.get("Action", "")
        if action and not action.startswith(READS):
            resources = sorted({value for value in asked.values() if value.startswith(("i-", "vol-"))})
            self._send(self.proxy.write(action, resources, lambda: self._hand_on(body)))
        else:
            self._send(self._hand_on(body))

    def do_GET(self) -> None:
        """The sandbox's status, told as the proxy's own."""
        status, headers, body = self._hand_on(b"")
        self._send((status, headers, body.replace(self.proxy.target.encode(), self.proxy.endpoint.encode())))

    def _hand_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        host, _, port = self.proxy.target.removeprefix("http://").rpartition(":")
        connection = HTTPConnection(host, int(port), timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            connection.request(self.command, self.path, body=body, headers=headers)
            answer = connection.getresponse()
            kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("content-length", "connection", "date")]
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _send(self, answer: tuple[int, list[tuple[str, str]], bytes]) -> None:
        status, headers, body = answer
        if status == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        try:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # whoever asked has been killed

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""

"""Who answers for the account? An HTTP server on loopback: moto behind it, the sandbox's own few paths beside it.

`AccountServer` belongs to the process that runs it, either `engine.sandbox.serve` or a test. Moto's state is global in
its process, so one process holds one account.

    GET  /engine-sandbox/status     what runs here: {"pid", "endpoint", "world", …}
    POST /engine-sandbox/reset      put the account back to its world (read anew)
    POST /engine-sandbox/stop       end

Those paths, and moto's own, want the header `X-Engine-Sandbox`; web pages are refused (see `engine.sandbox.gate`).
"""

from __future__ import annotations

import io
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

# Read by moto when it is imported: 5 s of public images, and leave for every web page to read, are not wanted.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from engine.sandbox.account import CONTROL, HOST, digest_of
from engine.sandbox.build import BuildRefused, build, opener
from engine.sandbox.gate import is_own, refusal
from engine.sandbox.shortcuts import Dispatcher
from engine.sandbox.site import ACCOUNT
from engine.sandbox.world import World, WorldRejected, read_file

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

LOG = logging.getLogger(__name__)

BUILD_SECONDS = 60.0
"""How long a request waits for an account that is being built."""


class _Handler(MotoRequestHandler):
    """Answers the requests of one connection, and keeps it open for the next.

    Werkzeug's own `run_wsgi` closes every connection and first waits 10 ms for what might be left on it. Here the body
    is read whole before the application sees the request, so nothing is left; the answer is sent whole, with its
    length.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """One request: the application's answer, sent in one go."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = self.make_environ()
        _read_body(self.environ)
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *failure: object) -> Callable[[bytes], object]:
            said.append((status, headers))
            return unwritten

        answer = self.server.app(self.environ, start_response)
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        if body == b"True":  # moto writes Python's word where S3 answers nothing (PutBucketPolicy)
            body = b""
        status, headers = said[-1]
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        lengthless = self.command == "HEAD" or int(code) in (204, 304)
        for name, value in headers:
            if lengthless or name.lower() not in ("content-length", "transfer-encoding"):
                self.send_header(name, value)
        if not lengthless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not lengthless:
            self.wfile.write(body)
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Leave it to `run_wsgi`: two answers would be one too many."""
        return True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing of what went well, nor of connections nobody used any more."""
        if type == "error" and not message.startswith("Request timed out"):
            super().log(type, message, *args)


class AccountServer:
    """A sandbox account and the server in front of it.

    Args:     world is what the account holds at first; source is the file it came from, if any; port 0 takes a free
              one; on_change is called with the new status after each reset.
    """

    def __init__(
        self,
        world: World,
        source: Path | None = None,
        *,
        port: int = 0,
        on_change: Callable[[dict[str, Any]], None] = lambda status: None,
    ) -> None:
        self.world = world
        self.source = source
        self.last_request = time.monotonic()
        self._digest = digest_of(source) if source else None
        self._on_change = on_change
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self._built = threading.Event()
        self._rebuilding = threading.Lock()
        self._moto = Dispatcher()
        self._open_client = opener(self._moto)
        self._server: BaseWSGIServer = make_server(HOST, port, self, threaded=True, request_handler=_Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="sandbox", daemon=True)

    @property
    def endpoint(self) -> str:
        """The URL clients take as their endpoint."""
        return f"http://{HOST}:{self._server.server_port}"

    @property
    def status(self) -> dict[str, Any]:
        """What runs here, as the state file holds it; ages and names as JSON values."""
        return {
            "pid": os.getpid(),
            "port": self._server.server_port,
            "endpoint": self.endpoint,
            "account": ACCOUNT,
            "region": self.world.region,
            "world": str(self.source) if self.source else None,
            "world_name": self.world.name,
            "digest": self._digest,
            "started": self._started,
        }

    def start(self) -> None:
        """Listen, and build the world.

        Raises:   what `build` raises; the server is then closed again.
        """
        self._thread.start()
        try:
            self._rebuild(self.world)
        except BaseException:
            self.close()
            raise

    def wait(self, idle_seconds: float) -> None:
        """Return when the server was stopped, or when nobody asked it anything for that long."""
        while self._thread.is_alive():
            quiet = time.monotonic() - self.last_request
            if quiet >= idle_seconds:
                return
            self._thread.join(timeout=min(idle_seconds - quiet, 60.0))

    def close(self) -> None:
        """Stop listening, and forget the account."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        _forget()

    def reset(self) -> list[str]:
        """Put the account back to its world, read anew from its file.

        Returns:  the file's problems; with any that the reader finds the account is left as it is, with one that only
                  the API finds it is put back to the world it had.
        """
        digest = digest_of(self.source) if self.source else None
        try:
            world = read_file(self.source) if self.source else self.world
        except WorldRejected as rejected:
            return rejected.messages
        try:
            self._rebuild(world)
        except BuildRefused as refused:
            self._rebuild(self.world)
            return [str(refused)]
        self.world, self._digest = world, digest
        self._on_change(self.status)
        return []

    def _rebuild(self, world: World) -> None:
        with self._rebuilding:
            self._built.clear()
            try:
                _forget()
                build(world, self._open_client)
            finally:
                self._built.set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application: the sandbox's own paths here, all others to moto."""
        self.last_request = time.monotonic()
        path = environ.get("PATH_INFO", "")
        if reason := refusal(environ):
            if is_own(path):
                return _answer(start_response, "403 Forbidden", {"problems": [reason]})
            return _refusal(environ, start_response, "403 Forbidden", "AccessDenied", f"the sandbox: {reason}")
        if path.startswith(CONTROL):
            return self._control(path.removeprefix(CONTROL), environ, start_response)
        self._built.wait(BUILD_SECONDS)
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        except NotImplementedError as gap:
            # 501 is not tried again by any SDK; moto's own server says 500, which is, four times, ever more slowly.
            return _refusal(environ, start_response, "501 Not Implemented", "NotImplemented", f"the sandbox: {gap}")
        except Exception as fault:
            LOG.exception("moto failed on %s %s", environ["REQUEST_METHOD"], environ.get("PATH_INFO"))
            text = f"the sandbox: moto failed: {type(fault).__name__}: {fault}"
            return _refusal(environ, start_response, "500 Internal Server Error", "InternalFailure", text)

    def _control(self, asked: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if asked == "status" and environ["REQUEST_METHOD"] == "GET":
            return _answer(start_response, "200 OK", self.status)
        if asked not in ("reset", "stop"):
            return _answer(start_response, "404 Not Found", {"problems": [f"nothing is called '{asked}' here"]})
        if environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, "403 Forbidden", {"problems": ["POST it"]})
        if asked == "stop":
            # From another thread: shutdown waits for the loop, and the loop must first be let go of this request.
            threading.Thread(target=self._server.shutdown, daemon=True).start()
            return _answer(start_response, "200 OK", self.status)
        problems = self.reset()
        if problems:
            return _answer(start_response, "422 Unprocessable Entity", {"problems": problems})
        return _answer(start_response, "200 OK", self.status)


def unwritten(data: bytes) -> None:
    """The `write` of WSGI, which nothing written in this century calls."""
    raise NotImplementedError


def _forget() -> None:
    """Empty every account that moto holds in this process."""
    held = list(BackendDict._instances)  # type: ignore[misc]
    BackendDict.reset()
    for backends in held:
        backends.clear()  # resetting one service makes others anew that it leans on, with ids from before the seed
    reset_model_data()


def _read_body(environ: Environ) -> None:
    """Take the request's body off the connection whole, so that the next request on it begins at its own first line."""
    stream = environ["wsgi.input"]
    if environ.pop("wsgi.input_terminated", False):
        body = stream.read()
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)


def _refusal(environ: Environ, start_response: StartResponse, status: str, code: str, text: str) -> Iterable[bytes]:
    """An error in the form the caller's SDK reads: JSON where it speaks JSON, else XML of the query protocol and EC2's.

    Source:   Smithy, AWS JSON 1.1 and EC2 query protocols, operation error serialization.
    """
    if "HTTP_X_AMZ_TARGET" in environ or "json" in environ.get("CONTENT_TYPE", ""):
        return _answer(start_response, status, {"__type": code, "message": text})
    error = f"<Error><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
    body = f"<Response><Errors>{error}</Errors><RequestID>sandbox</RequestID></Response>".encode()
    start_response(status, [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
    return [body]


def _answer(start_response: StartResponse, status: str, value: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

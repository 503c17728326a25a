"""Signals end a command within two seconds, with the journal closed; a second one at once, without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.cli.signals import exit_code, listening, received, stopping
from engine.model.change import Status
from engine.store.sqlite import SqliteJournal

ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
LISTED = """<DescribeVolumesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><volumeSet>
<item><volumeId>vol-1</volumeId><size>1</size><status>available</status><availabilityZone>us-east-1a</availabilityZone>
<createTime>2020-01-01T00:00:00.000Z</createTime></item></volumeSet></DescribeVolumesResponse>"""
IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
POLICY = """
policies:
  - name: mark
    resource: ebs
    filters: [{Size: 1}]
    actions: [{type: tag, key: Seen, value: "yes"}]
"""


class _Aws(BaseHTTPRequestHandler):
    """Answers listings and identity; hangs on every operation of `server.hang`."""

    def do_POST(self) -> None:
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        action = body.split("Action=")[1].split("&")[0]
        if any(word in action for word in server.hang):  # type: ignore[attr-defined]
            server.reached.set()  # type: ignore[attr-defined]
            server.free.wait(60)  # type: ignore[attr-defined]
            return
        answer = (IDENTITY if action == "GetCallerIdentity" else LISTED).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def aws(*hang: str) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Aws)
    server.daemon_threads = True
    server.hang, server.reached, server.free = hang, threading.Event(), threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.free.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()
        server.server_close()


def started(server: ThreadingHTTPServer, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    (folder / "p.yml").write_text(POLICY)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ENGINE_"))},
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        "ENGINE_HOME": str(folder / "home"), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    }  # fmt: skip
    # A parent (nohup, a background job) may have had signals ignored; these tests are about signals that come.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL)"
    code = f"{heard}; from engine.cli.start import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], within: float) -> tuple[int, str, float]:
    before = time.monotonic()
    try:
        _, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    took = time.monotonic() - before
    assert took < within, f"took {took:.1f} s"
    assert "Traceback" not in err, err
    return process.returncode, err, took


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_listing_that_hangs(number: signal.Signals, code: int, tmp_path: Path) -> None:
    with aws("DescribeVolumes") as server, started(server, tmp_path, "run", "p.yml") as process:
        assert server.reached.wait(30)  # type: ignore[attr-defined]
        process.send_signal(number)
        got, err, _ = ended(process, 2.5)
        assert (got, err.strip()) == (code, "interrupted")


@pytest.mark.parametrize(
    "command",
    [("plan", "p.yml"), ("list", "ebs"), ("why", "p.yml", "vol-1"), ("run", "p.yml", "--dry-run", "-r", "all")],
)
def test_every_command_that_reads(command: tuple[str, ...], tmp_path: Path) -> None:
    with aws("Describe") as server, started(server, tmp_path, *command) as process:
        assert server.reached.wait(30)  # type: ignore[attr-defined]
        process.send_signal(signal.SIGTERM)
        assert ended(process, 2.5)[0] == 143


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_change_that_hangs_is_uncertain(number: signal.Signals, code: int, tmp_path: Path) -> None:
    with aws("CreateTags") as server, started(server, tmp_path, "run", "p.yml", "--yes") as process:
        assert server.reached.wait(30)  # type: ignore[attr-defined]
        process.send_signal(number)
        got, err, _ = ended(process, 2.5)
    assert got == code
    assert "interrupted" in err
    journal = SqliteJournal(tmp_path / "home" / "journal.db")
    (record,) = journal.runs()
    (entry,) = journal.entries(record.id)
    journal.close()
    assert (record.status, entry.status) == ("interrupted", Status.UNCERTAIN)
    assert record.id in err
    assert "0 of 1 changes were made, 1 uncertain" in err


@pytest.mark.parametrize(("number", "code"), ENDS)
def test_a_second_signal_ends_at_once(number: signal.Signals, code: int, tmp_path: Path) -> None:
    with aws("CreateTags") as server, started(server, tmp_path, "run", "p.yml", "--yes") as process:
        assert server.reached.wait(30)  # type: ignore[attr-defined]
        process.send_signal(number)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        got, _, took = ended(process, 1.0)
        assert got == code
        assert took < 0.8


def test_what_the_parent_ignored_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal\n"
        "from engine.cli.signals import listening\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "with listening():\n    os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('went on')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "went on\n"


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(n) for n, _ in ENDS]
    with listening():
        assert signal.getsignal(signal.SIGTERM) is not before[1]
    assert [signal.getsignal(n) for n, _ in ENDS] == before
    assert received() == 0


def test_nothing_is_changed_outside_the_main_thread() -> None:
    seen: list[object] = []

    def work() -> None:
        with listening():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


def test_an_event_is_let_go_of() -> None:
    """After the block a signal concerns it no more."""
    event = threading.Event()
    with stopping(event), stopping(threading.Event(), lambda: ""):
        pass
    assert not event.is_set()


def test_codes() -> None:
    assert [exit_code(n) for n, _ in ENDS] == [code for _, code in ENDS]

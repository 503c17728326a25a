import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine.sandbox import account
from engine.sandbox.account import Sandbox, SandboxUnavailable
from engine.sandbox.world import WorldRejected

from .conftest import asking

ONE = "{name: one, queues: [{name: first}]}"
OTHER = "{name: other, region: eu-west-1, topics: [{name: news}]}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A state folder; what still runs for it at the end is ended."""
    yield tmp_path / "state"
    left = account.find(tmp_path / "state")
    if left:
        account.stop(left, tmp_path / "state")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    file = tmp_path / "one.yml"
    file.write_text(ONE)
    return file


def queues(found: Sandbox) -> list[str]:
    urls = asking(found)("sqs").list_queues().get("QueueUrls", [])
    return [url.rsplit("/", 1)[1] for url in urls]


def test_an_account_outlives_the_command_and_is_put_back_and_ended(folder: Path, world: Path) -> None:
    assert account.find(folder) is None
    started = account.ensure(world, folder)
    assert (started.name, started.account_id, started.region) == ("one", "123456789012", "us-east-1")
    assert started.world == world.resolve()
    assert started.endpoint.startswith("http://127.0.0.1:")
    assert account.find(folder) == started
    assert account.ensure(None, folder) == account.ensure(world, folder) == started

    asking(started)("sqs").create_queue(QueueName="second")
    assert queues(started) == ["first", "second"]
    assert account.reset(started) == started
    assert queues(started) == ["first"]

    account.stop(started, folder)
    assert account.find(folder) is None
    assert not (folder / "sandbox.json").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(started.pid, 0)
    account.stop(started, folder)
    with pytest.raises(SandboxUnavailable, match="does not answer any more"):
        account.reset(started)


def test_another_world_replaces_the_account_and_a_bad_one_does_not(folder: Path, world: Path, tmp_path: Path) -> None:
    first = account.ensure(world, folder)
    bad = tmp_path / "bad.yml"
    bad.write_text("{name: bad, queue: []}")
    with pytest.raises(WorldRejected, match="unknown key 'queue' in a world; did you mean 'queues'"):
        account.ensure(bad, folder)
    with pytest.raises(SandboxUnavailable, match=r"no world 'nowhere': no such file, and .* are shop"):
        account.ensure(Path("nowhere"), folder)
    assert account.find(folder) == first

    world.write_text(ONE.replace("first", "edited"))
    edited = account.ensure(world, folder)
    assert edited.pid != first.pid
    assert queues(edited) == ["edited"]

    world.write_text("{name: one")
    with pytest.raises(SandboxUnavailable, match=r"could not be put back to its world:\n.*one.yml:2:1  not YAML"):
        account.reset(edited)
    world.write_text("{name: one, buckets: [{name: no}]}")
    with pytest.raises(SandboxUnavailable, match="a bucket named 'no' cannot be built"):
        account.reset(edited)
    assert queues(edited) == ["edited"]
    world.write_text(OTHER)
    assert (account.reset(edited).name, queues(edited)) == ("other", [])
    found = account.find(folder)
    assert found is not None
    assert found.digest == account.digest_of(world)
    assert account.ensure(world, folder) == found


def test_two_commands_at_one_instant_end_with_one_account(folder: Path, world: Path) -> None:
    with ThreadPoolExecutor(2) as two:
        first, second = two.map(lambda _: account.ensure(world, folder), range(2))
    assert first == second


def test_an_account_nobody_asks_ends_by_itself(folder: Path, world: Path) -> None:
    started = account.ensure(world, folder, idle_minutes=0.02)
    deadline = time.monotonic() + 10
    while (folder / "sandbox.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not (folder / "sandbox.json").exists()
    assert account.find(folder) is None
    account.stop(started, folder)


def test_a_world_the_api_refuses_is_told_with_the_end_of_the_log(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "w.yml"
    file.write_text("{name: w, buckets: [{name: no}]}")
    with pytest.raises(SandboxUnavailable) as caught:
        account.ensure(file, folder)
    first, second = str(caught.value).splitlines()
    assert first == f"the sandbox ended while it was starting; the last lines of {folder / 'sandbox.log'}:"
    assert second.startswith("  a bucket named 'no' cannot be built: An error occurred (InvalidBucketName)")
    assert account.find(folder) is None


class Stranger(BaseHTTPRequestHandler):
    """Some other server on the port the state file names."""

    answer = b"{}"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize("answer", [b"hello", b"[]", b"{}", b'{"pid": 1}'])
def test_a_state_file_whose_port_is_someone_elses_is_stale(folder: Path, answer: bytes) -> None:
    folder.mkdir()
    with HTTPServer(("127.0.0.1", 0), type("Other", (Stranger,), {"answer": answer})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state = {"pid": os.getpid(), "endpoint": f"http://127.0.0.1:{server.server_port}"}
        (folder / "sandbox.json").write_text(json.dumps(state))
        found = account.find(folder)
        server.shutdown()
        thread.join()
    assert found is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "endpoint": "http://127.0.0.1:9"}'])
def test_a_state_file_of_a_process_that_is_gone_is_stale(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "sandbox.json").write_text(text)
    assert account.find(folder) is None


def test_a_stale_file_does_not_hinder_a_start(folder: Path, world: Path) -> None:
    folder.mkdir()
    (folder / "sandbox.json").write_text('{"pid": 1, "endpoint": "http://127.0.0.1:9"}')
    assert account.ensure(world, folder).name == "one"


HERE = Sandbox(1, "http://127.0.0.1:4000", "123456789012", "eu-west-1", None, "w")


def test_the_environment_points_here_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert HERE.environment == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4000",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_SESSION_TOKEN": "sandbox",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_a_proxy_leaves_loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", "internal.example.com")
    monkeypatch.delenv("no_proxy", raising=False)
    variables = replace(HERE, region="us-east-1").environment
    assert (variables["NO_PROXY"], variables["no_proxy"]) == ("internal.example.com,127.0.0.1", "127.0.0.1")


def test_a_world_that_comes_with_engine_is_found_by_its_name() -> None:
    assert account.find_world(Path("shop")) == account.DEFAULT_WORLD


def test_importing_it_costs_nothing() -> None:
    code = "import sys, engine.sandbox.account; print({'moto', 'boto3', 'yaml', 'subprocess'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"

"""Is there a sandbox account, and where? For the command line: start one, find it, put it back, end it.

The account lives in a process of its own (`engine.sandbox.serve`) that outlives the command which started it. What is
known about it stands in a state file in the caller's state folder, and is believed only once the process itself has
confirmed it on its status path: a file whose process is gone, or whose port now belongs to something else, is stale.

Imports the standard library and `engine.private_files` only: `engine run` without `--sandbox` pays nothing for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.private_files import private_folder, private_opener, read_bounded

HOST = "127.0.0.1"
CONTROL = "/engine-sandbox/"
CONTROL_HEADER = "HTTP_X_ENGINE_SANDBOX"

WORLDS = Path(__file__).parent / "worlds"
DEFAULT_WORLD = WORLDS / "shop.yml"

STATE = "sandbox.json"
LOG = "sandbox.log"
LOCK = "sandbox.lock"

IDLE_MINUTES = 30.0
START_SECONDS = 60.0
ASK_SECONDS = 3.0
LOG_TAIL_LINES = 12

NO_MOTO = "the sandbox needs moto: pip install 'policy-engine-aws[sandbox]'"
NO_WORLD = "no world '{world}': no such file, and the worlds that come with engine are {known}"
NOT_READY = "the sandbox did not start within {seconds:.0f} seconds"
ENDED = "the sandbox ended while it was starting"
BUSY = "another command has been starting or stopping the sandbox for {seconds:.0f} seconds; its lock is {lock}"
NOT_RESET = "the sandbox could not be put back to its world"
GONE = "the sandbox at {endpoint} does not answer any more"
LAST_LINES = "{problem}; the last lines of {log}:\n{tail}"


class SandboxUnavailable(Exception):
    """There is no sandbox, and none could be had; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """An account on loopback that answered a moment ago.

    `world` is the file it was built from, None for a world that was never a file; `name` is the world's own name.
    """

    pid: int
    endpoint: str
    account_id: str
    region: str
    world: Path | None
    name: str
    started: str = ""
    digest: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make the AWS CLI, boto3, c7n or Terraform talk to this account and to no other.

        The keys are fake, and the caller's profile is switched off: a client that missed the endpoint would be refused
        by AWS instead of reaching a real account. A proxy, where one is set, is told to leave loopback alone.
        """
        variables = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_SESSION_TOKEN": "sandbox",
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if any(os.environ.get(name) for name in ("HTTP_PROXY", "http_proxy")):
            for name in ("NO_PROXY", "no_proxy"):
                variables[name] = ",".join(filter(None, (os.environ.get(name), HOST)))
        return variables


def ensure(world: Path | None, state_dir: Path, *, idle_minutes: float = IDLE_MINUTES) -> Sandbox:
    """The sandbox to talk to, started if none runs.

    Args:     world is a file, or the bare name of a world that comes with engine; None takes whatever runs, else the
              default world. Another world than the one that runs (another file, or the same one edited) replaces it.
    Raises:   SandboxUnavailable; WorldRejected (`engine.sandbox.world`) when the file has problems, and what ran still
              runs then.
    Units:    idle_minutes without any request end it.
    """
    file = find_world(world) if world is not None else None
    with _lock(state_dir):
        running = find(state_dir)
        if running and (file is None or (running.world == file and running.digest == digest_of(file))):
            return running
        file = file or DEFAULT_WORLD
        if find_spec("moto") is None:
            raise SandboxUnavailable(NO_MOTO)
        # Read here too: its problems are for the one who asked, and must not cost a running account its life.
        from engine.sandbox.world import read_file

        read_file(file)
        if running:
            stop(running, state_dir)
        return _start(file, state_dir, idle_minutes)


def find(state_dir: Path) -> Sandbox | None:
    """The sandbox that runs for this state folder, asked whether it does; a stale state file counts as none."""
    try:
        known = json.loads((state_dir / STATE).read_text(encoding="utf-8"))
        said = _ask(known["endpoint"], "status")
        return sandbox_of(said) if said["pid"] == known["pid"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def reset(sandbox: Sandbox) -> Sandbox:
    """Put the account back to its world, read anew from its file.

    Raises:   SandboxUnavailable, with the file's problems when it has any; the account is then as it was.
    """
    try:
        said = _ask(sandbox.endpoint, "reset", post=True, seconds=START_SECONDS)
    except (OSError, ValueError) as reason:
        raise SandboxUnavailable(GONE.format(endpoint=sandbox.endpoint)) from reason
    if "problems" in said:
        raise SandboxUnavailable("\n".join([NOT_RESET + ":", *said["problems"]]))
    return sandbox_of(said)


def stop(sandbox: Sandbox, state_dir: Path, *, seconds: float = 10.0) -> None:
    """End the sandbox, and return when it has ended; one that is gone already is fine.

    Units:    seconds it is given to end by itself.
    """
    ours = False
    with suppress(OSError, ValueError):
        ours = _ask(sandbox.endpoint, "stop", post=True).get("pid") == sandbox.pid
    deadline = time.monotonic() + seconds
    while ours and _lives(sandbox.pid):
        if time.monotonic() > deadline:
            os.kill(sandbox.pid, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.02)
    # The process takes its file away itself; this is for one that was killed.
    if find(state_dir) is None:
        (state_dir / STATE).unlink(missing_ok=True)


def find_world(world: Path) -> Path:
    """The file of a world, given as a path or as the bare name of one that comes with engine.

    Raises:   SandboxUnavailable.
    """
    if world.is_file():
        return world.resolve()
    shipped = WORLDS / f"{world}.yml"
    if world.name == str(world) and shipped.is_file():
        return shipped
    known = ", ".join(sorted(file.stem for file in WORLDS.glob("*.yml")))
    raise SandboxUnavailable(NO_WORLD.format(world=world, known=known))


def digest_of(file: Path) -> str | None:
    """What tells two contents of a world file apart; None when it cannot be read any more."""
    try:
        return hashlib.sha256(read_bounded(file)).hexdigest()
    except OSError:
        return None


def sandbox_of(said: dict[str, Any]) -> Sandbox:
    """A sandbox from what its process says of itself on its status path."""
    return Sandbox(
        pid=said["pid"],
        endpoint=said["endpoint"],
        account_id=said["account"],
        region=said["region"],
        world=Path(said["world"]) if said["world"] else None,
        name=said["world_name"],
        started=said["started"],
        digest=said["digest"],
    )


def _start(world: Path, state_dir: Path, idle_minutes: float) -> Sandbox:
    import subprocess

    log = state_dir / LOG
    state = state_dir / STATE
    state.unlink(missing_ok=True)
    command = [sys.executable, "-P", "-m", "engine.sandbox.serve", "--port", "0", "--world", str(world)]
    command += ["--state", str(state.resolve()), "--idle-minutes", str(idle_minutes)]
    with open(log, "wb", opener=private_opener) as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=state_dir,
            env=_server_environment(),
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        found = find(state_dir) if state.exists() else None
        if found and found.pid == process.pid:
            process.returncode = 0  # it outlives this object on purpose; unsaid, Popen would warn about it
            return found
        if ended:
            raise SandboxUnavailable(_with_tail(ENDED, log))
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise SandboxUnavailable(_with_tail(NOT_READY.format(seconds=START_SECONDS), log))


def _server_environment() -> dict[str, str]:
    """Our variables without what points at real accounts, and with the place our own package was imported from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    root = str(Path(__file__).parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH"))))
    return kept


def _with_tail(problem: str, log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL_LINES:]
    return LAST_LINES.format(problem=problem, log=log, tail="\n".join("  " + line for line in lines))


def _ask(endpoint: str, path: str, *, post: bool = False, seconds: float = ASK_SECONDS) -> dict[str, Any]:
    """Ask a sandbox something on its own paths.

    Raises:   OSError when nobody is there or answers in time, ValueError when whoever is there is no sandbox.
    """
    from http.client import HTTPConnection, HTTPException

    host, _, port = endpoint.removeprefix("http://").rpartition(":")
    connection = HTTPConnection(host, int(port), timeout=seconds)
    try:
        connection.request("POST" if post else "GET", CONTROL + path, headers={"X-Engine-Sandbox": "1"})
        said = json.loads(connection.getresponse().read())
    except HTTPException as error:
        raise ValueError(str(error)) from error
    finally:
        connection.close()
    if isinstance(said, dict):
        return said
    raise ValueError("not a sandbox")


def _lives(pid: int) -> bool:
    # Where the sandbox is a child of this very process, its end must be taken note of, or it stays as a zombie.
    with suppress(ChildProcessError):
        ended, _ = os.waitpid(pid, os.WNOHANG)
        return ended == 0
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _lock(state_dir: Path) -> Iterator[None]:
    """Hold the state folder's lock, so that two commands starting at one instant end with one server."""
    import fcntl

    private_folder(state_dir)
    deadline = time.monotonic() + START_SECONDS
    with open(state_dir / LOCK, "w", opener=private_opener) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise SandboxUnavailable(BUSY.format(seconds=START_SECONDS, lock=state_dir / LOCK)) from None
                time.sleep(0.05)
        yield

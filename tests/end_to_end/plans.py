"""What the tests of saved plans share: one account, the command line in this process, a plan to alter."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.app.plan_file import SavedPolicy, digest
from engine.cli.main import main
from engine.sandbox.account import STATE
from engine.sandbox.world import read_text
from tests.end_to_end.wire import Wire
from tests.engine.cli.here import Done, client

WORLD = """
name: plans
instances:
  - {name: web, tags: {Team: x}}
  - {name: idle, tags: {Team: x, AllowStop: "true"}}
  - {name: rest, age: 9d, stopped: 5d, tags: {Team: y}}
volumes:
  - {name: loose, size: 8, tags: {N: "1"}}
  - {name: spare, size: 8, tags: {N: "2"}}
buckets:
  - {name: findings, tags: {Env: dev}}
  - {name: plain}
"""
JOURNAL = "journal.db"


@dataclass
class Plans:
    """The account, a folder to be in, and what the commands print."""

    server: Wire
    folder: Path
    captured: pytest.CaptureFixture[str]

    def engine(self, *arguments: str) -> Done:
        """Run a command to its end."""
        self.captured.readouterr()
        code = 0
        try:
            main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = self.captured.readouterr()
        return Done(code, out, err)

    def plan(self, policies: str, *options: str, code: int = 0) -> dict[str, Any]:
        """The plan of some policies, saved as `x.plan`."""
        (self.folder / "p.yml").write_text(policies, encoding="utf-8")
        done = self.engine("plan", "--sandbox", "p.yml", "-o", "x.plan", "-q", *options)
        assert done.code == code, done
        self.server.calls.clear()
        found: dict[str, Any] = json.loads((self.folder / "x.plan").read_text())
        return found

    def write(self, document: Any) -> None:
        """Put this in the plan's place, with the digest that fits it."""
        (self.folder / "x.plan").write_text(document if isinstance(document, str) else json.dumps(document))

    def apply(self, *options: str) -> Done:
        """Apply it; the calls are those of this command."""
        self.server.calls.clear()
        return self.engine("apply", "x.plan", "--yes", *options)

    def told(self, *, code: int) -> Any:
        """What applying it prints as JSON."""
        done = self.apply("--format", "json")
        assert done.code == code, done
        return json.loads(done.out)

    def client(self, service: str) -> Any:
        """A boto3 client on the account."""
        return client(service, self.server.endpoint)

    def ids(self) -> dict[str, str]:
        """Name → id, of instances and of volumes that are not called as one."""
        found = {_name(v): v["VolumeId"] for v in self.client("ec2").describe_volumes()["Volumes"]}
        for reservation in self.client("ec2").describe_instances()["Reservations"]:
            found |= {_name(each): each["InstanceId"] for each in reservation["Instances"]}
        return found

    def tag(self, id: str, **tags: str) -> None:
        """Tag an instance or a volume, as its owner does."""
        self.client("ec2").create_tags(Resources=[id], Tags=[{"Key": k, "Value": v} for k, v in tags.items()])

    def forget(self) -> None:
        """Nothing was ever run here."""
        for path in (self.folder / "home").glob(f"{JOURNAL}*"):
            path.unlink()


def _name(resource: Mapping[str, Any]) -> str:
    return next((str(t["Value"]) for t in resource.get("Tags", ()) if t["Key"] == "Name"), "")


def signed(document: dict[str, Any]) -> dict[str, Any]:
    """A plan with the digest that its policies have now: as one who alters it on purpose leaves it."""
    policies = [SavedPolicy(each["policy"], each["vars"]) for each in document["policies"]]
    return {**copy.deepcopy(document), "sha256": digest(policies, document["variables"])}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """The account, built once for a module."""
    server = Wire(read_text(WORLD))
    server.start()
    yield server
    server.close()


@pytest.fixture
def plans(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Plans]:
    """The commands with the account; it is as it was afterwards."""
    for name in [each for each in os.environ if each.startswith(("AWS_", "ENGINE_"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("ENGINE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / STATE).write_text(json.dumps(wire.status))
    yield Plans(wire, tmp_path, capsys)
    wire.denied.clear()
    wire.reset()

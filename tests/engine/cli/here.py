"""The command line in the test's own process, led to an account in the same process."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from engine.cli.main import main
from engine.sandbox.account import STATE, Sandbox

WORLD = """
name: desk
instances:
  - {name: web, tags: {Team: x}}
  - {name: idle, tags: {Team: x, AllowStop: "true"}}
  - {name: rest, age: 9d, stopped: 5d, tags: {Team: y}}
buckets:
  - {name: findings}
  - name: open-house
    policy:
      Version: "2012-10-17"
      Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open-house/*"}]
"""
TAG = """
policies:
  - name: tagged
    resource: ec2
    filters: [{State.Name: running}]
    actions: [{type: tag, key: Seen, value: "yes"}]
"""


@functools.cache
def client(service: str, endpoint: str) -> Any:
    """A boto3 client, made once."""
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox", config=Config(proxies={}),
    )  # fmt: skip


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Here:
    """An account, the engine's home, and a folder that commands are run in."""

    account: Sandbox
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

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What a command prints with `--format json`."""
        done = self.engine(*arguments, "--format", "json")
        assert done.code == code, done
        return json.loads(done.out)

    def write(self, name: str, text: str) -> str:
        """A file in the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def client(self, service: str) -> Any:
        """A boto3 client on the account."""
        return client(service, self.account.endpoint)

    def instances(self) -> dict[str, dict[str, str]]:
        """Name → id, state and tags."""
        found = {}
        for reservation in self.client("ec2").describe_instances()["Reservations"]:
            for each in reservation["Instances"]:
                tags = {t["Key"]: t["Value"] for t in each.get("Tags", ())}
                found[tags["Name"]] = {**tags, "id": each["InstanceId"], "state": each["State"]["Name"]}
        return found

    def clear(self) -> None:
        """No instance has been seen."""
        ids = [each["id"] for each in self.instances().values()]
        self.client("ec2").delete_tags(Resources=ids, Tags=[{"Key": "Seen"}])


def lead(account: Sandbox, home: Path) -> None:
    """Let the home's commands find the account."""
    home.mkdir(exist_ok=True)
    said = {
        "pid": os.getpid(), "endpoint": account.endpoint, "account": account.account_id, "region": account.region,
        "world": None, "world_name": account.name, "started": account.started, "digest": account.digest,
    }  # fmt: skip
    (home / STATE).write_text(json.dumps(said))

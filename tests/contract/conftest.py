"""Two emulators that share no code, each in its own process on loopback, with the same small estate."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from engine.plugin.discover import catalog
from engine.plugin.protocols import Connection, Credentials

ROOT = Path(__file__).parents[2]
MINISTACK = Path(os.environ.get("MINISTACK", ROOT / ".venv-ministack" / "bin" / "ministack"))
ACCOUNT = {"moto": "123456789012", "ministack": "000000000000"}


@dataclass
class Emulator:
    """A running emulator, its estate, and a connection of the engine to it."""

    name: str
    endpoint: str
    connection: Connection
    estate: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A boto3 client on it."""
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def started(name: str, port: int) -> subprocess.Popen[bytes]:
    """The emulator's process, ready to answer."""
    environment = {**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    if name == "moto":
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        ready = f"http://127.0.0.1:{port}/moto-api/"
    else:
        if not MINISTACK.exists():
            pytest.skip(f"{MINISTACK} is missing: run 'python3 tasks.py contract'")
        command = [str(MINISTACK)]
        environment |= {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "SFTP_ENABLED": "0"}
        ready = f"http://127.0.0.1:{port}/_ministack/health"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(ready, timeout=2).read()
            return process
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"{name} did not start")


def build(emulator: Emulator) -> None:
    """Three instances (one idle), two volumes, a bucket, a queue, a topic, a table, a log group, a user."""
    ec2, cloudwatch = emulator.client("ec2"), emulator.client("cloudwatch")
    known = ec2.describe_images()["Images"]  # ministack brings some, moto is started without any
    image = known[0]["ImageId"] if known else ec2.register_image(Name="contract", RootDeviceName="/dev/xvda")["ImageId"]
    ids = []
    for name in ("idle", "busy", "plain"):
        tags = [{"Key": "Name", "Value": name}, {"Key": "AllowStop", "Value": "true"}]
        specification = [{"ResourceType": "instance", "Tags": tags if name != "plain" else tags[:1]}]
        made = ec2.run_instances(
            ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", TagSpecifications=specification
        )
        ids.append(made["Instances"][0]["InstanceId"])
    emulator.estate["instances"] = dict(zip(("idle", "busy", "plain"), ids, strict=True))
    now = datetime.now(UTC)
    for name, value in (("idle", 1.5), ("busy", 60.0)):
        cloudwatch.put_metric_data(
            Namespace="AWS/EC2",
            MetricData=[
                {
                    "MetricName": "CPUUtilization",
                    "Dimensions": [{"Name": "InstanceId", "Value": emulator.estate["instances"][name]}],
                    "Timestamp": now - timedelta(hours=hour),
                    "Value": value,
                    "Unit": "Percent",
                }
                for hour in range(1, 24)
            ],
        )
    for size in (8, 16):
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=size, VolumeType="gp2")
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="contract-tagged")
    s3.put_bucket_tagging(Bucket="contract-tagged", Tagging={"TagSet": [{"Key": "Owner", "Value": "ana"}]})
    s3.create_bucket(Bucket="contract-plain")
    emulator.client("sqs").create_queue(QueueName="contract")
    emulator.client("sns").create_topic(Name="contract")
    emulator.client("dynamodb").create_table(
        TableName="contract",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    emulator.client("logs").create_log_group(logGroupName="/contract")
    emulator.client("iam").create_user(UserName="contract")


@pytest.fixture(scope="session", params=["moto", "ministack"])
def emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """One emulator with its estate; stopped by its pid at the end."""
    name, port = request.param, free_port()
    process = started(name, port)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        keys = (
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        )
        connection = catalog().provider.connect(Credentials(endpoint=endpoint, environment=keys, account=ACCOUNT[name]))
        made = Emulator(name, endpoint, connection)
        build(made)
        yield made
    finally:
        process.terminate()
        process.wait(timeout=10)

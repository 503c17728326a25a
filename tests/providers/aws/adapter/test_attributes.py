"""What a type's resources can have, from the SDK's model files."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.model.record import Identity, Listing, ResourceType
from providers.aws import PROVIDER
from providers.aws.adapter.attributes import attributes

TOLD = [
    ("ec2", "InstanceId", "string"),
    ("ec2", "LaunchTime", "date"),
    ("ec2", "State", "mapping"),
    ("ec2", "State.Name", "string"),
    ("ec2", "BlockDeviceMappings", "list"),
    ("ec2", "BlockDeviceMappings[].DeviceName", "string"),
    ("ec2", "ReservationId", "string"),
    ("ec2", "Tags[].Key", "string"),
    ("ebs", "Size", "integer"),
    ("ebs", "Encrypted", "boolean"),
    ("lambda", "MemorySize", "integer"),
    ("sqs", "QueueUrl", "string"),
    ("rds", "Endpoint.Port", "integer"),
]


@pytest.mark.parametrize(("word", "path", "kind"), TOLD)
def test_what_is_told(word: str, path: str, kind: str) -> None:
    assert attributes(PROVIDER.type(word)).get(path) == kind


@pytest.mark.parametrize(
    ("word", "path"), [("ec2", "State.Name.X"), ("ec2", "Nope"), ("ec2", "OwnerId"), ("s3", "InstanceId")]
)
def test_what_is_not_there_is_not_told(word: str, path: str) -> None:
    """`OwnerId` stands on the reservation, and the record does not copy it."""
    assert path not in attributes(PROVIDER.type(word))


@pytest.mark.parametrize(
    ("service", "listing"),
    [
        ("nothing", Listing("ListThings", "Things")),
        ("ec2", Listing("ListThings", "Things")),
        ("ec2", Listing("DescribeInstances", "Nope")),
        ("ec2", Listing("DescribeInstances", "Reservations[?x].y | z")),
    ],
)
def test_where_the_models_tell_nothing(service: str, listing: Listing) -> None:
    assert attributes(ResourceType("x", service, "X.", Identity("Id"), listing)) == {}


def test_the_sdk_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from providers.aws import PROVIDER\n"
        "from providers.aws.adapter.attributes import attributes\n"
        "assert attributes(PROVIDER.type('ec2'))\n"
        "print('botocore' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"

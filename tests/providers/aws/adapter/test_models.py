"""The SDK's model files as plain data, without the SDK."""

from __future__ import annotations

import subprocess
import sys

import pytest

from providers.aws.adapter.models import model, operations, shape_of, shapes
from providers.aws.adapter.sdk_model import SdkModel


def test_the_newest_model_is_read() -> None:
    assert model("ec2")["metadata"]["apiVersion"] == "2016-11-15"
    assert "DescribeInstances" in operations("ec2")
    assert shapes("ec2")["String"]["type"] == "string"


def test_a_service_that_is_not_there() -> None:
    assert model("nothing") == {}
    assert (operations("nothing"), shapes("nothing"), shape_of("nothing", "Do", "input")) == ({}, {}, None)


def test_shapes_of_operations() -> None:
    shape = shape_of("sqs", "ListQueues", "output")
    assert shape is not None
    assert "QueueUrls" in shape["members"]
    assert shape_of("sqs", "DeleteQueue", "output") is None
    assert shape_of("sqs", "Nothing", "output") is None


def test_the_sdk_is_not_imported() -> None:
    code = "import sys; from providers.aws.adapter.models import model; model('sqs'); print('botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("name", ["a|" * 300, "../../etc", "", ".", "EC2", "ec2/x"])
def test_what_no_service_is_called_has_no_model(name: str) -> None:
    """A policy may name any text for a service."""
    assert model(name) == {}
    assert SdkModel().service(name) is None

"""What a type's resources can have, from the output shapes of its calls."""

from __future__ import annotations

import pytest

from providers.aws import PROVIDER
from providers.aws.adapter.attributes import OTHERS, attributes


@pytest.mark.parametrize(
    ("word", "path", "kind"),
    [
        ("ec2", "InstanceId", "string"),
        ("ec2", "LaunchTime", "date"),
        ("ec2", "EbsOptimized", "boolean"),
        ("ec2", "State", "mapping"),
        ("ec2", "State.Name", "string"),
        ("ec2", "BlockDeviceMappings[].Ebs", "mapping"),
        ("ec2", "ReservationId", "string"),  # copied from what holds it
        ("ec2", "UserData", "any"),  # a facet that is decoded
        ("ec2", "Tags[].Key", "string"),
        ("s3", "Versioning.Status", "string"),  # a facet under its own name
        ("kms-key", "KeyState", "string"),  # a facet whose members are the resource's
        ("lambda", "Timeout", "integer"),
        ("log-group", "logGroupName", "string"),
        ("hostedzone", "Config.PrivateZone", "boolean"),  # an element with something beside it
        ("hostedzone", "ZoneId", "any"),  # what is computed
        ("xray-rule", "FixedRate", "number"),  # parts of an element put together
        ("xray-rule", "CreatedAt", "date"),
        ("firewall", "FirewallStatus.Status", "string"),  # an answer and a part of it
        ("firewall", "DeleteProtection", "boolean"),
    ],
)
def test_attribute(word: str, path: str, kind: str) -> None:
    assert attributes(PROVIDER.type(word))[path] == kind


@pytest.mark.parametrize(("word", "more"), [("ec2", False), ("sqs", True), ("sns", True), ("kms-key", False)])
def test_where_there_may_be_more(word: str, more: bool) -> None:
    assert (OTHERS in attributes(PROVIDER.type(word))) is more


def test_another_source_has_the_same_or_tells_nothing() -> None:
    type = PROVIDER.type("ec2")
    by_config, by_cloud_control = PROVIDER.sourced(type, "config"), PROVIDER.sourced(type, "cloudcontrol")
    assert by_config is not None
    assert by_cloud_control is not None
    assert attributes(by_config).keys() == attributes(type).keys() - {"ReservationId"} | {"ReservationId"}
    assert attributes(by_cloud_control) == {}

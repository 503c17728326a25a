"""Images, instances, and groups of them, with every option."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import See

ONE, TWO = (
    "Reservations[].Instances[?InstanceType=='m5.large'][] | [0]",
    "Reservations[].Instances[?InstanceType=='t3.micro'][] | [0]",
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{ONE}.Monitoring.State", "enabled"),
        (f"{ONE}.MetadataOptions.HttpTokens", "required"),
        (f"{ONE}.IamInstanceProfile.Arn", "arn:aws:iam::123456789012:instance-profile/server"),
        (f"{ONE}.SecurityGroups[].GroupName", ["web"]),
        (f"{ONE}.NetworkInterfaces[0].Association.PublicIp != null", True),
        (f"{ONE}.Placement.AvailabilityZone", "us-east-1b"),
        (f"sort({ONE}.Tags[].Key)", ["Name", "Team", "maid_status"]),
        (f"{TWO}.Monitoring.State", "disabled"),
        (f"{TWO}.MetadataOptions.HttpTokens", "optional"),
        (f"{TWO}.Placement.AvailabilityZone", "us-east-1c"),
        (f"{TWO}.SecurityGroups[].GroupName", ["bare"]),
        (f"{TWO}.IamInstanceProfile.Arn", "arn:aws:iam::123456789012:instance-profile/server"),
        (f"{TWO}.Tags", None),
    ],
)
def test_instances(path: str, expected: Any, see: See) -> None:
    assert see("ec2", "describe_instances", path) == expected


def test_an_instance_of_an_image_of_ours(see: See) -> None:
    image = see("ec2", "describe_images", "Images[?Name=='golden'].ImageId | [0]", Owners=["self"])
    assert see("ec2", "describe_instances", f"{ONE}.ImageId") == image
    public = see("ec2", "describe_images", "Images[].[Name, Public]", Owners=["self"])
    assert dict(public) == {"golden": True, "plain": False}


def test_protection(see: See, ids: dict[str, str]) -> None:
    asked = {
        name: see(
            "ec2",
            "describe_instance_attribute",
            "DisableApiTermination.Value",
            InstanceId=id,
            Attribute="disableApiTermination",
        )
        for name, id in ids.items()
    }
    assert asked == {"one": True, "two": False}


def test_root_disks(see: See, ids: dict[str, str]) -> None:
    """The disk of a tagged instance is tagged, without the marks that come later."""

    def root(name: str) -> Any:
        path = (
            "Volumes[?Attachments[0].Device=='/dev/sda1'] | [0].[Size, VolumeType, Encrypted, sort(Tags[].Key || `[]`)]"
        )
        return see("ec2", "describe_volumes", path, Filters=[{"Name": "attachment.instance-id", "Values": [ids[name]]}])

    assert root("one") == [8, "gp3", False, ["Name", "Team"]]
    assert root("two") == [30, "gp2", True, []]


def test_a_group_with_its_template(see: See) -> None:
    group = "AutoScalingGroups[0].[AutoScalingGroupName, MinSize, MaxSize, DesiredCapacity, length(Instances), Tags[0].Value]"
    assert see("autoscaling", "describe_auto_scaling_groups", group) == ["pool", 1, 3, 2, 2, "x"]
    data = "LaunchTemplateVersions[0].LaunchTemplateData.[InstanceType, ImageId]"
    image = see("ec2", "describe_images", "Images[?Name=='golden'].ImageId | [0]", Owners=["self"])
    assert see("ec2", "describe_launch_template_versions", data, LaunchTemplateName="pool") == ["t3.small", image]

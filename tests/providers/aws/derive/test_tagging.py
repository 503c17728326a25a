"""Where tags stand, and the calls that read and write them."""

import pytest

from providers.aws.derive.detail import find_detail
from providers.aws.derive.tagging import form_of, tags_of

from .models import TEXT, things, toys


@pytest.mark.parametrize(
    ("member", "form"),
    [
        ([{"Key": TEXT, "Value": TEXT}], "pairs"),
        ([{"key": TEXT, "value": TEXT}], "lower"),
        ([{"TagKey": TEXT, "TagValue": TEXT}], "tag-pairs"),
        ([{"Name": TEXT}], ""),
        ([TEXT], ""),
    ],
)
def test_forms(member: object, form: str) -> None:
    assert form_of(toys(Tag=({"Tags": member}, {})).ops["Tag"].input["Tags"]) == form


@pytest.mark.parametrize(
    ("service", "noun", "tags", "facet"),
    [
        (
            "ec2", "vpc",
            {
                "attribute": "Tags",
                "write": {"call": "CreateTags", "with": {"Resources": ["VpcId"]}, "tags": "Tags", "form": "pairs"},
                "remove": {"call": "DeleteTags", "with": {"Resources": ["VpcId"]}, "tags": "Tags", "form": "key-maps"},
            },
            {},
        ),
        (
            "sagemaker", "endpoint",
            {
                "facet": "tags",
                "write": {"call": "AddTags", "with": {"ResourceArn": "EndpointArn"}, "tags": "Tags", "form": "pairs"},
                "remove": {"call": "DeleteTags", "with": {"ResourceArn": "EndpointArn"}, "tags": "TagKeys", "form": "keys"},
            },
            {"call": "ListTags", "with": {"ResourceArn": "EndpointArn"}, "take": "Tags", "attribute": "Tags", "paged": True},
        ),
        (
            "lambda", "function",
            {
                "facet": "tags", "form": "map",
                "write": {"call": "TagResource", "with": {"Resource": "FunctionArn"}, "tags": "Tags", "form": "map"},
                "remove": {"call": "UntagResource", "with": {"Resource": "FunctionArn"}, "tags": "TagKeys", "form": "keys"},
            },
            {"call": "GetFunction", "with": {"FunctionName": "FunctionName"}, "take": "Tags", "attribute": "Tags"},
        ),
        (
            "iam", "role",
            {
                "attribute": "Tags",
                "write": {"call": "TagRole", "with": {"RoleName": "RoleName"}, "tags": "Tags", "form": "pairs"},
                "remove": {"call": "UntagRole", "with": {"RoleName": "RoleName"}, "tags": "TagKeys", "form": "keys"},
            },
            {},
        ),
        ("autoscaling", "launchconfiguration", {}, {}),
    ],
)  # fmt: skip
def test_tags(service: str, noun: str, tags: dict[str, object], facet: dict[str, object]) -> None:
    thing = things(service)[noun]
    assert tags_of(thing, find_detail(thing)) == (tags, facet)

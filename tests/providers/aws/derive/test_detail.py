"""The call that tells more than the listing."""

import pytest

from providers.aws.derive.detail import find_detail

from .models import things


@pytest.mark.parametrize(
    ("service", "noun", "facet"),
    [
        ("sns", "topic", None),
        (
            "kinesis",
            "stream",
            {"call": "DescribeStream", "with": {"StreamARN": "StreamARN"}, "take": "StreamDescription"},
        ),
        (
            "eks",
            "nodegroup",
            {
                "call": "DescribeNodegroup",
                "with": {"clusterName": "clusterName", "nodegroupName": "nodegroupName"},
                "take": "nodegroup",
            },
        ),
        ("dynamodb", "table", {"call": "DescribeTable", "with": {"TableName": "TableName"}, "take": "Table"}),
        ("sagemaker", "endpoint", {"call": "DescribeEndpoint", "with": {"EndpointName": "EndpointName"}}),
        (
            "ecs",
            "service",
            {
                "call": "DescribeServices",
                "with": {"cluster": "cluster", "services": ["serviceArn"]},
                "batch": {
                    "param": "services",
                    "most": 10,
                    "id": "serviceArn",
                    "items": "services",
                    "key": "serviceArn",
                },
            },
        ),
        ("wafv2", "webacl", {"call": "GetWebACL", "with": {"ARN": "ARN"}, "take": "WebACL"}),  # an Id would want more
        ("ec2", "vpc", None),
    ],
)
def test_detail(service: str, noun: str, facet: dict[str, object] | None) -> None:
    found = find_detail(things(service)[noun])
    assert (dict(found.facet) if found is not None else None) == facet

"""Where the things stand in a list operation's answer."""

import pytest

from providers.aws.derive.api import Api
from providers.aws.derive.listing import is_list_op, read_listing

from .models import CAR, SDK, TEXT, toys


@pytest.mark.parametrize(
    ("service", "operation", "items", "inner", "item"),
    [
        ("ec2", "DescribeInstances", "Reservations", "Instances", ""),
        ("ec2", "DescribeVpcs", "Vpcs", "", ""),
        ("cloudfront", "ListDistributions", "DistributionList.Items", "", ""),
        ("cloudfront", "ListCachePolicies", "CachePolicyList.Items[].CachePolicy", "", ""),
        ("xray", "GetSamplingRules", "SamplingRuleRecords[].SamplingRule", "", ""),
        ("dynamodb", "ListTables", "TableNames", "", "TableName"),
        ("sqs", "ListQueues", "QueueUrls", "", "QueueUrl"),
        ("ecs", "ListServices", "serviceArns", "", "serviceArn"),
        ("glue", "ListWorkflows", "Workflows", "", "Name"),
        ("kinesis", "ListStreams", "StreamSummaries", "", ""),
        ("rds", "DescribeEventSubscriptions", "EventSubscriptionsList", "", ""),
    ],
)
def test_botocore(service: str, operation: str, items: str, inner: str, item: str) -> None:
    api = Api(SDK, service)
    listed = read_listing(api, api.ops[operation])
    assert listed is not None
    assert (listed.items, listed.inner, listed.item) == (items, inner, item)


def test_attributes_of_the_outer_table_that_name_things_go_along() -> None:
    api = Api(SDK, "ec2")
    listed = read_listing(api, api.ops["DescribeInstances"])
    assert listed is not None
    assert listed.copy == ("ReservationId", "OwnerId", "RequesterId")
    assert {"InstanceId", "ReservationId"} <= set(listed.attributes)


def test_lists_that_are_not_the_things() -> None:
    api = toys(ListCars=({}, {"Errors": [CAR], "Tags": [CAR], "Wheels": [TEXT], "Cars": [CAR]}))
    listed = read_listing(api, api.ops["ListCars"])
    assert listed is not None
    assert listed.items == "Cars"
    none = toys(ListCars=({}, {"Errors": [CAR], "Total": "integer"}))
    assert read_listing(none, none.ops["ListCars"]) is None


@pytest.mark.parametrize(
    ("name", "lists"),
    [("GetCars", True), ("GetCar", False), ("ListInventory", True), ("DescribeCar", False), ("PutCars", False)],
)
def test_names_of_list_operations(name: str, lists: bool) -> None:
    api = toys(**{name: ({}, {"Cars": [CAR]})})
    assert is_list_op(api.ops[name]) is lists

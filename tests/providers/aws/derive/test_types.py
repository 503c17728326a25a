"""Which kinds of things a service has, and which stand inside which."""

import pytest

from providers.aws.derive.outside import Joins, own_joins
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, things, toys


@pytest.mark.parametrize(
    ("service", "noun", "parent", "with_"),
    [
        ("ecs", "service", "ecs.cluster", {"cluster": "clusterArn"}),
        ("eks", "nodegroup", "eks.cluster", {"clusterName": "name"}),
        ("apigateway", "stage", "apigateway.rest-api", {"restApiId": "id"}),
        ("glue", "table", "glue.database", {"DatabaseName": "Name"}),
        ("connect", "user", "connect.instance", {"InstanceId": "Id"}),
        ("elbv2", "rule", "elbv2.listener", {"ListenerArn": "ListenerArn"}),
        ("iam", "accesskey", "iam.user", {"UserName": "UserName"}),
        (
            "globalaccelerator",
            "customroutinglistener",
            "globalaccelerator.custom-routing-accelerator",
            {"AcceleratorArn": "AcceleratorArn"},
        ),
    ],
)
def test_parents(service: str, noun: str, parent: str, with_: dict[str, str]) -> None:
    above = things(service)[noun].above
    assert above is not None
    assert (above.thing.word, above.with_) == (parent, with_)


def test_two_parents_give_both() -> None:
    above = things("mediapackagev2")["originendpoint"].above
    assert above is not None
    assert above.with_ == {"ChannelGroupName": "ChannelGroupName", "ChannelName": "ChannelName"}
    assert above.thing.above is not None


@pytest.mark.parametrize(
    ("service", "noun", "operation"),
    [
        ("cloudformation", "stack", "DescribeStacks"),
        ("ecs", "cluster", "ListClusters"),
        ("kafka", "cluster", "ListClustersV2"),
        ("glue", "table", "GetTables"),
        ("kinesis", "stream", "ListStreams"),
    ],
)
def test_the_list_operation(service: str, noun: str, operation: str) -> None:
    assert things(service)[noun].listed.op.name == operation


@pytest.mark.parametrize(
    ("service", "noun", "asked"),
    [
        ("wafv2", "webacl", {"Scope": "'REGIONAL'"}),
        ("quicksight", "dashboard", {"AwsAccountId": "_account"}),
        ("ec2", "image", {"Owners": ["'self'"]}),
        ("iam", "policy", {"Scope": "'Local'"}),
    ],
)
def test_what_a_listing_is_asked(service: str, noun: str, asked: dict[str, object]) -> None:
    assert things(service)[noun].list_with == asked


def test_services_of_data_have_no_types() -> None:
    assert things("bedrock-runtime") == {}


def test_what_is_listed_twice_is_one_type() -> None:
    twice = {
        **CARS,
        "ListCarSummaries": ({}, {"CarSummaries": [{"Name": TEXT, "CarSummaryArn": TEXT}]}),
        "DeleteCarSummary": ({"Name!": TEXT}, {}),
    }
    assert list(things_of(toys(**twice), Joins())) == ["car"]


def test_our_own_tables_are_of_the_service() -> None:
    assert set(own_joins("ecs").implicit) == {"ecs.service", "ecs.task", "ecs.container-instance"}
    assert own_joins("glue").category == "analytics"

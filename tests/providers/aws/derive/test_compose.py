"""From a thing to its record."""

import pytest

from providers.aws.derive.compose import dates_of, record_of, status_of
from providers.aws.derive.outside import Joins, own_joins
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, things, toys


@pytest.mark.parametrize(
    ("members", "dates"),
    [
        ({"CreatedAt": "timestamp", "UpdatedAt": "timestamp"}, {"created": "CreatedAt", "modified": "UpdatedAt"}),
        ({"LaunchTime": "timestamp"}, {"created": "LaunchTime"}),
        ({"CarCreateTime": "timestamp"}, {"created": "CarCreateTime"}),
        ({"ExpiresAt": "timestamp", "LastModifiedDate": "timestamp"}, {"modified": "LastModifiedDate"}),
        ({"CreationDate": TEXT}, {"created": "CreationDate"}),
        ({"creationTime": "long"}, {"created": "creationTime"}),
        ({"CreatedBy": TEXT, "Creator": TEXT}, {}),
    ],
)
def test_dates(members: dict[str, str], dates: dict[str, str]) -> None:
    rules = {**CARS, "ListCars": ({}, {"Cars": [{"Name": TEXT, **members}]})}
    thing = things_of(toys(**rules), Joins())["car"]
    assert dates_of(thing, thing.attributes) == dates


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"Status": TEXT}, "Status"),
        ({"CarState": TEXT}, "CarState"),
        ({"State": {"Name": TEXT, "Code": "integer"}}, "State.Name"),
        ({"EngineStatus": TEXT}, ""),
        ({"Status": TEXT, "State": TEXT}, "Status"),
    ],
)
def test_status(members: dict[str, object], path: str) -> None:
    rules = {**CARS, "ListCars": ({}, {"Cars": [{"Name": TEXT, **members}]})}
    thing = things_of(toys(**rules), Joins())["car"]
    assert status_of(thing, thing.attributes) == path


def test_a_whole_record() -> None:
    made = things("ec2")
    record = record_of(made["vpc"], made, own_joins("ec2"))
    assert record["identity"] == {"id": "VpcId"}
    assert record["list"] == {
        "call": "DescribeVpcs", "items": "Vpcs", "page": {"MaxResults": 1000}, "by_id": {"param": "VpcIds", "most": 100},
    }  # fmt: skip
    assert record["status"] == "State"
    assert "metrics" not in record


def test_a_detail_facet_goes_with_what_the_listing_gives() -> None:
    made = things("eks")
    record = record_of(made["nodegroup"], made, own_joins("eks"))
    assert record["list"]["gives"] == ["clusterName", "nodegroupName"]
    assert record["list"]["parent"] == {
        "type": "eks.cluster", "with": {"clusterName": "name"}, "copy": {"clusterName": "name"},
    }  # fmt: skip
    assert record["dates"] == {"created": "createdAt", "modified": "modifiedAt"}


def test_what_takes_one_id_is_read_by_its_detail_call() -> None:
    made = things("dynamodb")
    look = record_of(made["table"], made, own_joins("dynamodb"))["list"]["by_id"]
    assert look == {
        "param": "TableName",
        "most": 1,
        "call": "DescribeTable",
        "items": "Table",
        "gone": ["ResourceNotFoundException"],
    }


def test_metrics_come_from_the_table() -> None:
    made = things("sqs")
    metrics = record_of(made["queue"], made, own_joins("sqs"))["metrics"]
    assert metrics == {"namespace": "AWS/SQS", "dimensions": {"QueueName": "split('/', QueueUrl)[-1]"}}


@pytest.mark.parametrize(
    ("service", "word", "within"),
    [
        ("logs", "metricfilter", ["logGroupName"]),
        ("sagemaker", "userprofile", ["DomainId"]),
        ("s3control", "accesspoint", None),  # the account of its bucket is nothing that it is in
        ("lambda", "function", None),
    ],
)
def test_a_name_is_unique_inside_what_its_deletion_asks_for_too(service: str, word: str, within: object) -> None:
    made = things(service)
    identity = record_of(made[word], made, own_joins(service))["identity"]
    assert identity.get("within") == within


def test_an_account_is_ones_own_unless_the_thing_tells_of_one_by_that_name() -> None:
    made = things("s3control")
    operations = record_of(made["accesspoint"], made, own_joins("s3control"))["operations"]
    assert operations["delete"]["with"] == {"AccountId": "_account", "Name": "Name"}
    made = things("organizations")
    assert record_of(made["account"], made, own_joins("organizations"))["operations"]["close"]["with"] == {
        "AccountId": "Id"
    }

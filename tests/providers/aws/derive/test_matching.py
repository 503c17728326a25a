"""Which attribute goes into which input."""

import pytest

from providers.aws.derive.matching import best_name, ending, fits, match

from .models import TEXT, toys


def shapes(**members: str) -> dict[str, object]:
    """Members as shapes."""
    return dict(toys(Put=(dict(members), {})).ops["Put"].input)


@pytest.mark.parametrize(
    ("given", "attributes", "noun", "strength", "attribute"),
    [
        ("JobName", ("JobName", "Name"), "job", 10, "JobName"),
        ("Name", ("JobName",), "job", 9, "JobName"),
        ("JobName", ("Name", "Id"), "job", 8, "Name"),
        ("InstanceId", ("DBInstanceId",), "dbinstance", 7, "DBInstanceId"),
        ("clusterIdentifier", ("name", "arn", "id"), "cluster", 6, "id"),
        ("Bucket", ("BucketArn", "Name"), "bucket", 6, "Name"),
        ("SecretId", ("ARN", "Name"), "secret", 3, "ARN"),
        ("UserName", ("PolicyName",), "policy", 0, ""),
        ("Kind", ("Name",), "job", 0, ""),
    ],
)
def test_match(given: str, attributes: tuple[str, ...], noun: str, strength: int, attribute: str) -> None:
    own = shapes(**dict.fromkeys(attributes, TEXT))
    assert match(given, shapes(**{given: TEXT})[given], own, noun) == (strength, attribute)


def test_a_number_is_no_text() -> None:
    assert match("JobId", shapes(JobId="integer")["JobId"], shapes(JobId=TEXT), "job") == (0, "")


def test_parts_of_names() -> None:
    assert ending("dbClusterArn") == ("dbcluster", "arn")
    assert ending("domain") == ("domain", "")
    assert fits("", "job")
    assert fits("instance", "dbinstance")
    assert not fits("user", "policy")


def test_best_name() -> None:
    assert best_name(["Name", "ClusterArn"], "cachecluster", ("arn", "name")) == "ClusterArn"
    assert best_name(["Colour"], "car", ("arn", "name")) == ""

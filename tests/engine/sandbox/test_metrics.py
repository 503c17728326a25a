from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text

from .conftest import Ask, asking

WORLD = """
name: w
days: 3
queues: [{name: a, sent: 5, received: 2}, {name: b, sent: {mean: 9, spread: 3}}]
streams: [{name: a, shards: 1, bytes: 7}]
buckets: [{name: some-bucket, objects: {newest: 1d, size: 50}}]
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with sandbox(read_text(WORLD)) as account:
        yield asking(account)


def query(name: str, metric: str, queue: str, stat: str = "Sum", period: int = 3600) -> dict[str, Any]:
    dimensions = [{"Name": "QueueName", "Value": queue}]
    measured = {"Namespace": "AWS/SQS", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": measured, "Period": period, "Stat": stat}}


def answers(ask: Ask, queries: list[dict[str, Any]]) -> dict[str, list[float]]:
    now = datetime.now(UTC)
    found = ask("cloudwatch").get_metric_data(
        MetricDataQueries=queries, StartTime=now - timedelta(days=7), EndTime=now, ScanBy="TimestampAscending"
    )
    return {each["Id"]: each["Values"] for each in found["MetricDataResults"]}


def test_each_query_gets_its_own_series(ask: Ask) -> None:
    found = answers(
        ask,
        [
            query("sent", "NumberOfMessagesSent", "a"),
            query("received", "NumberOfMessagesReceived", "a"),
            query("other", "NumberOfMessagesSent", "b"),
            query("none", "NumberOfMessagesReceived", "b"),
            query("all", "NumberOfMessagesSent", "a", period=7 * 86400),
        ],
    )
    assert found["sent"] == [5.0] * 72
    assert found["received"] == [2.0] * 72
    assert sum(found["other"]) / 72 == pytest.approx(9)
    assert found["none"] == []
    assert found["all"] == [360.0]


def test_expressions_still_see_the_results_of_the_others(ask: Ask) -> None:
    doubled = {"Id": "doubled", "Expression": "sent + sent", "ReturnData": True}
    found = answers(ask, [query("sent", "NumberOfMessagesSent", "a"), doubled])
    assert found["sent"] == [5.0] * 72
    assert "doubled" in found


def test_lists_each_series_once(ask: Ask) -> None:
    cloudwatch = ask("cloudwatch")
    sqs = cloudwatch.list_metrics(Namespace="AWS/SQS")["Metrics"]
    told = sorted((each["MetricName"], each["Dimensions"][0]["Value"]) for each in sqs)
    assert told == [("NumberOfMessagesReceived", "a"), ("NumberOfMessagesSent", "a"), ("NumberOfMessagesSent", "b")]
    sizes = cloudwatch.list_metrics(Namespace="AWS/S3", MetricName="BucketSizeBytes")["Metrics"]
    assert len(sizes) == 1

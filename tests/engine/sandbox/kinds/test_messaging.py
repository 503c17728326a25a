"""Topics, queues, streams, log groups, alarms with every option."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import See


def test_a_topic_and_who_hears_it(see: See) -> None:
    topic = see("sns", "list_topics", "Topics[0].TopicArn")
    path = "Subscriptions[].Endpoint | sort(@)"
    assert see("sns", "list_subscriptions_by_topic", path, TopicArn=topic) == ["a@example.com", "b@example.com"]
    assert see("sns", "list_tags_for_resource", "Tags", ResourceArn=topic) == [{"Key": "Team", "Value": "x"}]


def test_a_queue(see: See) -> None:
    url = see("sqs", "get_queue_url", "QueueUrl", QueueName="jobs")
    path = "Attributes.[SqsManagedSseEnabled, ApproximateNumberOfMessages]"
    assert see("sqs", "get_queue_attributes", path, QueueUrl=url, AttributeNames=["All"]) == ["false", "1"]
    assert see("sqs", "list_queue_tags", "Tags", QueueUrl=url) == {"Team": "x"}


@pytest.mark.parametrize(("stream", "expected"), [("clicks", ["PROVISIONED", 2, 48]), ("any", ["ON_DEMAND", 4, 24])])
def test_streams(stream: str, expected: list[object], see: See) -> None:
    path = "StreamDescriptionSummary.[StreamModeDetails.StreamMode, OpenShardCount, RetentionPeriodHours]"
    assert see("kinesis", "describe_stream_summary", path, StreamName=stream) == expected


def test_log_groups(see: See) -> None:
    path = "logGroups[].[logGroupName, retentionInDays]"
    assert see("logs", "describe_log_groups", path) == [["app", 30], ["kept-forever", None]]
    assert see("logs", "describe_log_streams", "logStreams[].logStreamName", logGroupName="kept-forever") == ["main"]
    assert see("logs", "describe_log_streams", "logStreams", logGroupName="app") == []


def test_an_alarm(see: See, ids: dict[str, str]) -> None:
    path = (
        "MetricAlarms[0].[AlarmName, Namespace, MetricName, Threshold, StateValue, Dimensions[0].Value, AlarmActions]"
    )
    topic = see("sns", "list_topics", "Topics[0].TopicArn")
    expected = ["hot", "AWS/EC2", "CPUUtilization", 80.0, "ALARM", ids["one"], [topic]]
    assert see("cloudwatch", "describe_alarms", path) == expected


@pytest.mark.parametrize(
    ("namespace", "name", "expected"),
    [
        ("AWS/SQS", "jobs", {"NumberOfMessagesSent", "NumberOfMessagesReceived"}),
        ("AWS/Kinesis", "clicks", {"IncomingBytes", "IncomingRecords"}),
        ("AWS/Kinesis", "any", set()),
        ("AWS/Logs", "app", {"IncomingBytes"}),
    ],
)
def test_histories(namespace: str, name: str, expected: set[str], measured: Callable[[str, str], set[str]]) -> None:
    assert measured(namespace, name) == expected

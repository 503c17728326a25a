"""What carries messages and signals: SNS topics, SQS queues, Kinesis streams, log groups, CloudWatch alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.series import Series
from engine.sandbox.site import Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Kind):
    """An SNS topic with the e-mail addresses that hear it."""

    called: ClassVar[str] = "a topic"

    emails: tuple[str, ...] = ()

    def build(self, site: Site) -> None:
        sns = site.client("sns", self)
        made = sns.create_topic(Name=self.name, Tags=tag_list(self.tags))["TopicArn"]
        site.remember("topics", self.name, made)
        for email in self.emails:
            sns.subscribe(TopicArn=made, Protocol="email", Endpoint=email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Kind):
    """An SQS queue with `messages` waiting in it.

    Units:    sent and received in messages an hour.
    """

    called: ClassVar[str] = "a queue"

    messages: int = 0
    encrypted: bool = True
    sent: Series | None = None
    received: Series | None = None

    def build(self, site: Site) -> None:
        sqs = site.client("sqs", self)
        attributes = {"SqsManagedSseEnabled": str(self.encrypted).lower()}
        url = sqs.create_queue(QueueName=self.name, Attributes=attributes, tags=self.tags)["QueueUrl"]
        for index in range(self.messages):
            sqs.send_message(QueueUrl=url, MessageBody=f"message {index}")
        queue = site.backend("sqs", self).queues[self.name]
        for attribute in ("created_timestamp", "last_modified_timestamp"):
            # Moto keeps these as fractions of a second, and says so; SQS says whole seconds.
            site.overwrite(queue, attribute, int(site.ago(self.age or timedelta()).timestamp()))
        metrics = {"NumberOfMessagesSent": self.sent, "NumberOfMessagesReceived": self.received}
        site.record(self, "AWS/SQS", {"QueueName": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream(Kind):
    """A Kinesis stream: `shards` of them, or on demand when left out.

    Units:    retention in hours; bytes and records in what comes in an hour (Sum).
    """

    called: ClassVar[str] = "a stream"

    shards: int | None = None
    retention: int = 24
    bytes: Series | None = None
    records: Series | None = None

    def build(self, site: Site) -> None:
        kinesis = site.client("kinesis", self)
        if self.shards is None:
            kinesis.create_stream(StreamName=self.name, StreamModeDetails={"StreamMode": "ON_DEMAND"})
        else:
            kinesis.create_stream(StreamName=self.name, ShardCount=self.shards)
        if self.retention > 24:
            kinesis.increase_stream_retention_period(StreamName=self.name, RetentionPeriodHours=self.retention)
        if self.tags:
            kinesis.add_tags_to_stream(StreamName=self.name, Tags=self.tags)
        stream = site.backend("kinesis", self).streams[self.name]
        site.backdate(stream, self.age, "creation_datetime")
        metrics = {"IncomingBytes": self.bytes, "IncomingRecords": self.records}
        site.record(self, "AWS/Kinesis", {"StreamName": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Kind):
    """A log group; `written` is how long ago something was last written to it, never when left out.

    Units:    retention in days; size in bytes stored; incoming in bytes an hour.
    """

    called: ClassVar[str] = "a log group"

    retention: int | None = None
    written: timedelta | None = None
    size: int | None = None
    incoming: Series | None = None

    def build(self, site: Site) -> None:
        logs = site.client("logs", self)
        logs.create_log_group(logGroupName=self.name, tags=self.tags)
        if self.retention is not None:
            logs.put_retention_policy(logGroupName=self.name, retentionInDays=self.retention)
        group = site.backend("logs", self).groups[self.name]
        site.backdate(group, self.age, "creation_time")
        if self.written is not None:
            self._write(site, group, self.written)
        site.record(self, "AWS/Logs", {"LogGroupName": self.name}, {"IncomingBytes": self.incoming})

    def _write(self, site: Site, group: Any, written: timedelta) -> None:
        logs = site.client("logs", self)
        logs.create_log_stream(logGroupName=self.name, logStreamName="main")
        # Written now and moved back: PutLogEvents takes nothing older than 14 days.
        line = {"timestamp": int(site.now.timestamp() * 1000), "message": "a line"}
        logs.put_log_events(logGroupName=self.name, logStreamName="main", logEvents=[line])
        stream = group.streams["main"]
        site.backdate(stream, self.age or written, "creation_time")
        site.backdate(stream, written, "last_ingestion_time")
        for event in stream.events:
            site.backdate(event, written, "timestamp", "ingestion_time")
        if self.size is not None:
            site.overwrite(stream, "stored_bytes", self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Kind):
    """A CloudWatch alarm on one metric, in a state; it tells the topics of `notifies`."""

    called: ClassVar[str] = "an alarm"

    namespace: str = "AWS/EC2"
    metric: str = "CPUUtilization"
    threshold: float = 90.0
    state: Literal["OK", "ALARM", "INSUFFICIENT_DATA"] = "OK"
    state_age: timedelta | None = None
    instance: Annotated[str, Names("instances")] | None = None
    notifies: tuple[Annotated[str, Names("topics")], ...] = ()

    def build(self, site: Site) -> None:
        cloudwatch = site.client("cloudwatch", self)
        dimensions = []
        if self.instance:
            dimensions = [{"Name": "InstanceId", "Value": site.recall("instances", self.instance)}]
        cloudwatch.put_metric_alarm(
            AlarmName=self.name,
            Namespace=self.namespace,
            MetricName=self.metric,
            Dimensions=dimensions,
            Statistic="Average",
            Period=300,
            EvaluationPeriods=3,
            Threshold=self.threshold,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[site.recall("topics", topic) for topic in self.notifies],
            Tags=tag_list(self.tags),
        )
        cloudwatch.set_alarm_state(AlarmName=self.name, StateValue=self.state, StateReason="set by the world")
        alarm = site.backend("cloudwatch", self).alarms[self.name]
        site.backdate(alarm, self.state_age or self.age, "state_updated_timestamp")
        site.backdate(alarm, self.age, "configuration_updated_timestamp")

"""Series: five hundred to a request, at most 100,800 points, over pages, and honest about what CloudWatch could not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.model.call import Call
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import MetricNeed
from providers.aws import PROVIDER
from providers.aws.adapter.gather.metrics import asked_of, metric_of, window_of

from ..doubles import NOW, at, gathered, refused

CPU = MetricNeed("AWS/EC2", "CPUUtilization", "Average", 7, 604800)


def instances(count: int) -> list[dict[str, Json]]:
    return [{"InstanceId": f"i-{i}"} for i in range(count)]


def values(call: Call, value: float = 1.0, **more: Json) -> Json:
    """A point for every query, its value the instance's number."""
    found = []
    for query in call.params["MetricDataQueries"]:
        number = query["MetricStat"]["Metric"]["Dimensions"][0]["Value"].rsplit("-", 1)[1]
        found.append(
            {"Id": query["Id"], "Timestamps": [NOW], "Values": [float(number)], "StatusCode": "Complete", **more}
        )
    return {"MetricDataResults": list(reversed(found))}


def test_five_hundred_to_a_request_and_each_its_own() -> None:
    """1,201 instances take three requests."""
    connection, door = at(values)
    told = gathered(connection, "ec2", instances(1201), CPU)
    assert sorted(len(c.params["MetricDataQueries"]) for c in door.asked) == [201, 500, 500]
    assert [facts[CPU] for facts in told] == [[float(i)] for i in range(1201)]


SIZE = MetricNeed("AWS/S3", "NumberOfObjects", "Average", 3, 86400)


def placed(call: Call) -> Json:
    """A point for each series that is kept in the region that is asked: `b-eu-west-1` in eu-west-1."""
    found = []
    for query in call.params["MetricDataQueries"]:
        name = query["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
        kept = [1.0] if name.endswith(call.scope.region) else []
        found.append({"Id": query["Id"], "Timestamps": [NOW] * len(kept), "Values": kept, "StatusCode": "Complete"})
    return {"MetricDataResults": found}


def test_each_bucket_is_asked_about_in_its_own_region() -> None:
    """Another region has no point of it: a full bucket would pass for an empty one."""
    buckets: list[dict[str, Json]] = [
        {"Name": f"{number}-{region}", "BucketRegion": region}
        for number in range(2)
        for region in ("us-east-1", "eu-west-1")
    ]
    connection, door = at(placed)
    told = gathered(connection, "s3", buckets, SIZE)
    assert [facts[SIZE] for facts in told] == [[1.0]] * 4
    assert sorted(call.scope.region for call in door.asked) == ["eu-west-1", "us-east-1"]


@pytest.mark.parametrize("location", [None, {}])
def test_a_bucket_without_a_known_region_is_not_empty(location: Json) -> None:
    """Points that the run's region has are its own; none there proves nothing."""

    def answer(call: Call) -> Json:
        if call.operation == "GetBucketLocation" and location is None:
            raise refused(call)
        return location if call.operation == "GetBucketLocation" else placed(call)

    connection, _ = at(answer)
    here, elsewhere = gathered(connection, "s3", [{"Name": "us-east-1"}, {"Name": "eu-west-1"}], SIZE)
    assert here[SIZE] == [1.0]
    assert isinstance(elsewhere[SIZE], Failed)
    assert "it has no 'BucketRegion'" in elsewhere[SIZE].cause


@pytest.mark.parametrize(
    ("constraint", "region"), [(None, "us-east-1"), ("EU", "eu-west-1"), ("eu-central-1", "eu-central-1")]
)
def test_the_region_of_a_bucket_is_read_where_its_listing_left_it_out(constraint: str | None, region: str) -> None:
    """GetBucketLocation knows it."""

    def answer(call: Call) -> Json:
        if call.operation == "GetBucketLocation":
            return {"LocationConstraint": constraint}
        return placed(call)

    connection, door = at(answer)
    (told,) = gathered(connection, "s3", [{"Name": f"b-{region}"}], SIZE)
    assert told[SIZE] == [1.0]
    assert door.asked[-1].scope.region == region


def test_metrics_of_global_types_are_in_the_home_region() -> None:
    """Route 53 publishes in us-east-1, whatever the run's region."""
    queries = MetricNeed("AWS/Route53", "DNSQueries", "Sum", 3, 86400)
    connection, door = at(placed)
    (told,) = gathered(connection, "hostedzone", [{"Id": "us-east-1"}], queries, region="eu-west-1")
    assert told[queries] == [1.0]
    assert [call.scope.region for call in door.asked] == ["us-east-1"]


def test_several_metrics_of_one_window_share_requests() -> None:
    """Two metrics of 300 instances are 600 queries, not two times one request each."""
    other = MetricNeed("AWS/EC2", "NetworkIn", "Sum", 7, 604800)
    connection, door = at(values)
    gathered(connection, "ec2", instances(200), CPU, other)
    assert [len(c.params["MetricDataQueries"]) for c in door.asked] == [400]


def test_no_more_points_than_a_request_may_ask_for() -> None:
    """14 days by the minute are 20,160 points: five series to a request."""
    fine = MetricNeed("AWS/EC2", "CPUUtilization", "Average", 14, 60)
    connection, door = at(values)
    gathered(connection, "ec2", instances(12), fine)
    assert sorted(len(c.params["MetricDataQueries"]) for c in door.asked) == [2, 5, 5]


def test_partial_data_over_pages_is_joined_in_time_order() -> None:
    """The second page's points may be older."""
    early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    pages = [
        {"MetricDataResults": [{"Id": "m0", "Timestamps": [late], "Values": [2.0], "StatusCode": "PartialData"}]},
        {"MetricDataResults": [{"Id": "m0", "Timestamps": [early], "Values": [1.0], "StatusCode": "Complete"}]},
    ]
    connection, _ = at(lambda call: pages)
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert told[CPU] == [1.0, 2.0]


@pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
def test_a_series_that_cloudwatch_could_not_read_is_unknown(status: str) -> None:
    """Not "no data"."""
    connection, _ = at(lambda call: values(call, StatusCode=status))
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert isinstance(told[CPU], Failed)
    assert status in told[CPU].cause


def test_an_error_on_one_page_is_not_taken_back_by_the_next() -> None:
    """The points that were lost stay lost."""
    pages = [{"MetricDataResults": [{"Id": "m0", "StatusCode": status}]} for status in ("InternalError", "Complete")]
    connection, _ = at(lambda call: pages)
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert isinstance(told[CPU], Failed)


def test_a_series_that_stays_partial_is_unknown() -> None:
    """The last page says PartialData: points are missing, and none of them may decide anything."""
    connection, _ = at(lambda call: values(call, StatusCode="PartialData"))
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert isinstance(told[CPU], Failed)


def test_no_points_is_an_empty_series() -> None:
    """What has no datapoint is known to have none."""
    connection, _ = at(lambda call: {"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete"}]})
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert told[CPU] == []


def test_a_series_that_the_answer_does_not_name_is_unknown() -> None:
    """Half an answer is no answer."""
    connection, _ = at(lambda call: {"MetricDataResults": []})
    (told,) = gathered(connection, "ec2", instances(1), CPU)
    assert isinstance(told[CPU], Failed)


def test_a_refused_request_is_told_of_all_in_it() -> None:
    """The other batch is known."""

    def answer(call: Call) -> Json:
        if len(call.params["MetricDataQueries"]) == 500:
            raise refused(call)
        return values(call)

    connection, _ = at(answer)
    told = gathered(connection, "ec2", instances(501), CPU)
    assert all(isinstance(facts[CPU], Failed) for facts in told[:500])
    assert told[500][CPU] == [500.0]


def test_a_resource_without_a_dimension_is_unknown() -> None:
    """No request is made for it."""
    need = MetricNeed("AWS/SageMaker", "Invocations", "Sum", 3, 259200)
    connection, door = at(values)
    (told,) = gathered(connection, "sagemaker-endpoint", [{"EndpointName": "e", "EndpointArn": "arn:e"}], need)
    assert isinstance(told[need], Failed)
    assert not door.asked


def test_dimensions_of_the_record_the_metric_and_the_policy() -> None:
    """S3's StorageType comes with the metric unless the policy gives it."""
    type = PROVIDER.type("s3")
    size = MetricNeed("AWS/S3", "BucketSizeBytes", "Average", 3, 86400)
    told = metric_of(size, type, {"Name": "b"})
    assert told is not None
    assert told["Dimensions"] == [
        {"Name": "BucketName", "Value": "b"},
        {"Name": "StorageType", "Value": "StandardStorage"},
    ]
    own = MetricNeed("AWS/S3", "BucketSizeBytes", "Average", 3, 86400, (("StorageType", "GlacierStorage"),))
    told = metric_of(own, type, {"Name": "b"})
    assert told is not None
    assert told["Dimensions"][1:] == [{"Name": "StorageType", "Value": "GlacierStorage"}]


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (0.1, datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)),
        (7, datetime(2026, 11, 21, 9, 1, tzinfo=UTC)),
        (30, datetime(2026, 11, 21, 9, 5, tzinfo=UTC)),
        (90, datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),
    ],
)
def test_windows_end_where_cloudwatch_keeps_points(days: float, end: datetime) -> None:
    """Rounded up, so that the newest point is in."""
    assert window_of(MetricNeed("n", "m", "Sum", days, 60), NOW) == (end - timedelta(days=days), end)


def test_from_midnight_to_midnight() -> None:
    """period-start: start-of-day."""
    need = MetricNeed("n", "m", "Sum", 2, 86400, start_of_day=True)
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    assert window_of(need, NOW) == (midnight - timedelta(days=2), midnight)


def test_a_resource_that_describes_its_own_series() -> None:
    """A quota names the metric of its use; one that names none has no datapoints."""
    of = "Usage && {namespace: Usage.NS, name: Usage.M, dimensions: Usage.D, statistic: 'Sum', period: `300`}"
    need = MetricNeed("", "Usage", "", 1, 0, of=of)
    told = asked_of(need, {"Usage": {"NS": "AWS/Usage", "M": "CallCount", "D": {"b": "2", "a": "1"}}})
    assert told is not None
    assert (told.namespace, told.name, told.statistic, told.period) == ("AWS/Usage", "CallCount", "Sum", 300)
    assert told.dimensions == (("a", "1"), ("b", "2"))
    assert asked_of(need, {}) is None
    assert asked_of(MetricNeed("n", "m", "Sum", 1, 60), {}) == MetricNeed("n", "m", "Sum", 1, 60)


def test_a_series_for_each_of_several_things() -> None:
    """An agent has one for each alias, in one request; none without a model, and unknown where aliases are."""
    need = MetricNeed("AWS/Bedrock/Agents", "InvocationCount", "Sum", 7, 604800)
    arn = "arn:aws:bedrock:us-east-1:1:agent/a"
    aliases = [{"agentAliasId": f"x-{n}"} for n in (1, 2)]
    agent: dict[str, Json] = {"agentId": "a", "agentArn": arn, "foundationModel": "m", "c7n:Aliases": aliases}
    bare = {**agent, "foundationModel": None}
    unread = {**agent, "c7n:Aliases": None}
    connection, door = at(values)
    told, none, unknown = gathered(connection, "bedrock-agent", [agent, bare, unread], need)
    assert (told[need], none[need]) == ([[1.0], [2.0]], [])
    assert isinstance(unknown[need], Failed)
    (call,) = door.asked
    dimensions = call.params["MetricDataQueries"][0]["MetricStat"]["Metric"]["Dimensions"]
    assert {d["Name"]: d["Value"] for d in dimensions} == {
        "AgentAliasArn": "arn:aws:bedrock:us-east-1:1:agent-alias/a/x-1", "ModelId": "m", "Operation": "InvokeAgent",
    }  # fmt: skip

    def refuse(call: Call) -> Json:
        raise refused(call)

    connection, _ = at(refuse)
    (failed,) = gathered(connection, "bedrock-agent", [agent], need)
    assert isinstance(failed[need], Failed)


def test_dimensions_that_are_no_attributes() -> None:
    """The account and the ARN; those of a word stand in place of the type's."""
    found: list[Json] = []

    def note(call: Call) -> Json:
        found.extend(query["MetricStat"]["Metric"]["Dimensions"] for query in call.params["MetricDataQueries"])
        return {"MetricDataResults": []}

    connection, _ = at(note)
    gathered(connection, "elasticsearch", [{"DomainName": "d"}], MetricNeed("AWS/ES", "Nodes", "Sum", 7, 604800))
    gathered(connection, "elb", [{"LoadBalancerName": "b"}], MetricNeed("X", "m", "Sum", 7, 60, own=(("A", "_arn"),)))
    account = connection.account
    assert found == [
        [{"Name": "ClientId", "Value": account}, {"Name": "DomainName", "Value": "d"}],
        [{"Name": "A", "Value": f"arn:aws:elasticloadbalancing:us-east-1:{account}:loadbalancer/b"}],
    ]

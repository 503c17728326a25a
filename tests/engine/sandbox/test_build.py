from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jmespath
import pytest

from engine.sandbox.build import BuildRefused
from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text

from .conftest import Ask, asking

WORLD = """
name: dates
days: 7
roles: [{name: r, age: 300d, trusts: lambda.amazonaws.com, used: 20d}]
users:
  - name: u
    age: 400d
    password_used: 9d
    access_keys: [{age: 200d, used: 5d}, {age: 3d, active: false}]
keys: [{name: k, age: 70d, rotates: true}]
images: [{name: im, age: 200d, tags: {Env: dev}}]
instances:
  - {name: i, age: 40d, cpu: {mean: 2.5, spread: 0.4}, tags: {Env: dev}}
  - {name: young, age: 2d, cpu: 30, image: im}
  - {name: halted, age: 90d, stopped: 60d}
auto_scaling_groups: [{name: g, min: 1, max: 1, desired: 1, age: 50d}]
volumes:
  - {name: v, age: 45d, type: gp2, size: 30}
  - {name: held, age: 20d, attached_to: i}
snapshots: [{name: s, age: 180d}, {name: sv, volume: v, age: 10d}]
nat_gateways: [{name: n, age: 33d, bytes_out: 0}]
load_balancers: [{name: lb, age: 80d, targets: [i], requests: 12}]
buckets:
  - {name: dates-bucket, age: 500d, objects: {count: 4, newest: 90d, oldest: 120d}}
  - {name: dates-eu, region: eu-west-1, age: 1d}
databases: [{name: db, age: 100d, connections: 0}, {name: off, age: 10d, stopped: true}]
database_snapshots: [{name: ds, database: db, age: 95d}]
tables: [{name: t, age: 210d, read: 100, write: 50, reads: 36}]
cache_clusters: [{name: cc, age: 61d, connections: 1}]
warehouses: [{name: wh, age: 62d, connections: 0}]
functions: [{name: f, role: r, age: 63d, invocations: 0}]
endpoints: [{name: e, role: r, age: 64d, invocations: 0}]
task_clusters: [{name: tc, age: 65d, services: [{name: svc, desired: 2}]}]
queues: [{name: q, age: 66d, messages: 2}]
streams: [{name: st, age: 67d, shards: 3, retention: 48}]
log_groups: [{name: lg, age: 300d, written: 200d, size: 12345}, {name: silent, age: 5d}]
alarms: [{name: a, age: 300d, state: INSUFFICIENT_DATA, state_age: 120d}]
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Clients on an account with the world above; tests that open an account of their own come last in this file."""
    with sandbox(read_text(WORLD)) as account:
        yield asking(account)


def days_ago(moment: Any) -> int:
    """How many days before now, to the nearest; takes what AWS gives: a date, seconds, milliseconds or ISO text."""
    if isinstance(moment, str) and not moment.isdigit():
        moment = datetime.fromisoformat(moment)
    elif not isinstance(moment, datetime):
        number = float(moment)
        moment = datetime.fromtimestamp(number / (1000 if number > 1e11 else 1), tz=UTC)
    age: timedelta = datetime.now(UTC) - moment
    return round(age / timedelta(days=1))


def instance(ask: Ask, name: str) -> dict[str, Any]:
    """By position: only tagged instances carry their name."""
    order = ["i", "young", "halted"]
    found = [each for entry in ask("ec2").describe_instances()["Reservations"] for each in entry["Instances"]]
    chosen: dict[str, Any] = found[order.index(name)]
    return chosen


def test_instances_have_their_age(ask: Ask) -> None:
    found = instance(ask, "i")
    assert days_ago(found["LaunchTime"]) == 40
    assert days_ago(found["BlockDeviceMappings"][0]["Ebs"]["AttachTime"]) == 40
    assert days_ago(found["NetworkInterfaces"][0]["Attachment"]["AttachTime"]) == 40
    root = ask("ec2").describe_volumes(VolumeIds=[found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]])["Volumes"][0]
    assert (days_ago(root["CreateTime"]), root["Size"], root["VolumeType"]) == (40, 8, "gp3")
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"Name": "i", "Env": "dev"}
    assert "Tags" not in instance(ask, "young")


def test_an_image_and_its_snapshot_are_tagged(ask: Ask) -> None:
    image = ask("ec2").describe_images(Owners=["self"])["Images"][0]
    snapshot = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    expected = [{"Key": "Name", "Value": "im"}, {"Key": "Env", "Value": "dev"}]
    assert image["Tags"] == expected
    assert ask("ec2").describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["Tags"] == expected


def test_a_stopped_instance_says_since_when(ask: Ask) -> None:
    found = instance(ask, "halted")
    assert found["State"]["Name"] == "stopped"
    day = (datetime.now(UTC) - timedelta(days=60)).strftime("%Y-%m-%d")
    assert found["StateTransitionReason"].startswith(f"User initiated ({day} ")
    assert found["StateTransitionReason"].endswith(" GMT)")


@pytest.mark.parametrize(
    ("service", "operation", "path", "age"),
    [
        ("ec2", "describe_volumes", "Volumes[?Size==`30`].CreateTime", 45),
        ("ec2", "describe_snapshots", "Snapshots[?Description=='s'].StartTime", 180),
        ("ec2", "describe_snapshots", "Snapshots[?Description=='sv'].StartTime", 10),
        ("ec2", "describe_images", "Images[].CreationDate", 200),
        ("ec2", "describe_nat_gateways", "NatGateways[].CreateTime", 33),
        ("s3", "list_buckets", "Buckets[?Name=='dates-bucket'].CreationDate", 500),
        ("s3", "list_buckets", "Buckets[?Name=='dates-eu'].CreationDate", 1),
        ("rds", "describe_db_instances", "DBInstances[?DBInstanceIdentifier=='db'].InstanceCreateTime", 100),
        ("rds", "describe_db_snapshots", "DBSnapshots[?SnapshotType=='manual'].SnapshotCreateTime", 95),
        ("elbv2", "describe_load_balancers", "LoadBalancers[].CreatedTime", 80),
        ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups[].CreatedTime", 50),
        ("elasticache", "describe_cache_clusters", "CacheClusters[].CacheClusterCreateTime", 61),
        ("redshift", "describe_clusters", "Clusters[].ClusterCreateTime", 62),
        ("lambda", "list_functions", "Functions[].LastModified", 63),
        ("sagemaker", "list_endpoints", "Endpoints[].CreationTime", 64),
        ("sagemaker", "list_endpoint_configs", "EndpointConfigs[].CreationTime", 64),
        ("logs", "describe_log_groups", "logGroups[?logGroupName=='lg'].creationTime", 300),
        ("cloudwatch", "describe_alarms", "MetricAlarms[].StateUpdatedTimestamp", 120),
        ("iam", "list_users", "Users[].CreateDate", 400),
        ("iam", "list_users", "Users[].PasswordLastUsed", 9),
        ("iam", "list_roles", "Roles[?RoleName=='r'].CreateDate", 300),
    ],
)
def test_dates_are_as_old_as_the_world_says(ask: Ask, service: str, operation: str, path: str, age: int) -> None:
    own = {"describe_images": {"Owners": ["self"]}, "describe_snapshots": {"OwnerIds": ["self"]}}
    answer = getattr(ask(service), operation)(**own.get(operation, {}))
    found = jmespath.search(path, answer)
    assert [days_ago(each) for each in found] == [age]


@pytest.mark.parametrize(
    ("service", "operation", "given", "path", "age"),
    [
        ("dynamodb", "describe_table", {"TableName": "t"}, "Table.CreationDateTime", 210),
        (
            "kinesis",
            "describe_stream_summary",
            {"StreamName": "st"},
            "StreamDescriptionSummary.StreamCreationTimestamp",
            67,
        ),
        ("iam", "get_role", {"RoleName": "r"}, "Role.RoleLastUsed.LastUsedDate", 20),
        ("kms", "describe_key", {"KeyId": "alias/k"}, "KeyMetadata.CreationDate", 70),
        ("logs", "describe_log_streams", {"logGroupName": "lg"}, "logStreams[0].lastEventTimestamp", 200),
        ("logs", "describe_log_streams", {"logGroupName": "lg"}, "logStreams[0].lastIngestionTime", 200),
        (
            "ecs",
            "describe_services",
            {"cluster": "tc", "services": ["svc"]},
            "services[0].deployments[0].createdAt",
            65,
        ),
    ],
)
def test_dates_asked_for_one_by_one(
    ask: Ask, service: str, operation: str, given: dict[str, Any], path: str, age: int
) -> None:
    assert days_ago(jmespath.search(path, getattr(ask(service), operation)(**given))) == age


def test_access_keys_have_their_age_and_last_use(ask: Ask) -> None:
    iam = ask("iam")
    old, new = iam.list_access_keys(UserName="u")["AccessKeyMetadata"]
    assert (days_ago(old["CreateDate"]), old["Status"]) == (200, "Active")
    assert (days_ago(new["CreateDate"]), new["Status"]) == (3, "Inactive")
    used = iam.get_access_key_last_used(AccessKeyId=old["AccessKeyId"])["AccessKeyLastUsed"]
    assert days_ago(used["LastUsedDate"]) == 5
    assert "LastUsedDate" not in iam.get_access_key_last_used(AccessKeyId=new["AccessKeyId"])["AccessKeyLastUsed"]


def test_objects_spread_between_the_newest_and_the_oldest(ask: Ask) -> None:
    objects = ask("s3").list_objects_v2(Bucket="dates-bucket")["Contents"]
    assert [days_ago(each["LastModified"]) for each in objects] == [90, 100, 110, 120]


def test_a_queue_has_its_age_and_its_messages(ask: Ask) -> None:
    sqs = ask("sqs")
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (days_ago(found["CreatedTimestamp"]), found["ApproximateNumberOfMessages"]) == (66, "2")


def test_services_run_what_they_should(ask: Ask) -> None:
    service = ask("ecs").describe_services(cluster="tc", services=["svc"])["services"][0]
    assert (service["desiredCount"], service["runningCount"], service["pendingCount"]) == (2, 2, 0)


@pytest.mark.parametrize(
    ("namespace", "metric", "dimensions", "count", "mean"),
    [
        ("AWS/RDS", "DatabaseConnections", {"DBInstanceIdentifier": "db"}, 168, 0.0),
        ("AWS/RDS", "DatabaseConnections", {"DBInstanceIdentifier": "off"}, 0, None),
        ("AWS/DynamoDB", "ConsumedReadCapacityUnits", {"TableName": "t"}, 168, 36.0),
        ("AWS/Lambda", "Invocations", {"FunctionName": "f"}, 168, 0.0),
        ("AWS/SageMaker", "Invocations", {"EndpointName": "e", "VariantName": "AllTraffic"}, 168, 0.0),
    ],
)
def test_metrics_are_there(
    ask: Ask, namespace: str, metric: str, dimensions: dict[str, str], count: int, mean: float | None
) -> None:
    assert history(ask, namespace, metric, dimensions) == (count, mean)


def test_metrics_of_instances_reach_back_to_their_launch(ask: Ask) -> None:
    def cpu(name: str) -> tuple[int, float | None]:
        return history(ask, "AWS/EC2", "CPUUtilization", {"InstanceId": instance(ask, name)["InstanceId"]})

    count, mean = cpu("i")
    assert count == 168
    assert mean == pytest.approx(2.5, abs=0.01)
    assert cpu("young") == (48, 30.0)
    assert cpu("halted") == (0, None)


def history(ask: Ask, namespace: str, metric: str, dimensions: dict[str, str]) -> tuple[int, float | None]:
    """How many hours of the last week have a point, and their mean."""
    now = datetime.now(UTC)
    points = ask("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(days=7),
        EndTime=now,
        Period=3600,
        Statistics=["Average"],
    )["Datapoints"]
    values = [point["Average"] for point in points]
    return len(values), sum(values) / len(values) if values else None


def test_regions_are_apart(ask: Ask) -> None:
    assert ask("s3").get_bucket_location(Bucket="dates-eu")["LocationConstraint"] == "eu-west-1"
    assert ask("ec2", "eu-west-1").describe_instances()["Reservations"] == []


def test_the_same_world_has_the_same_ids_every_time() -> None:
    world = "{name: w, seed: 5, instances: [{name: a}], volumes: [{name: v}]}"

    def ids(seed: str) -> list[str]:
        with sandbox(read_text(world.replace("5", seed))) as account:
            ec2 = asking(account)("ec2")
            return [volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"]]

    assert ids("5") == ids("5")
    assert ids("5") != ids("6")


@pytest.mark.parametrize(
    ("world", "message"),
    [
        (
            "{name: w, buckets: [{name: no}]}",
            "a bucket named 'no' cannot be built: An error occurred (InvalidBucketName)",
        ),
        (
            "{name: w, instances: [{name: i}], volumes: [{name: v, region: eu-west-1, attached_to: i}]}",
            "a volume named 'v' cannot be built: An error occurred (InvalidInstanceID.NotFound)",
        ),
    ],
)
def test_what_the_api_refuses_is_named(world: str, message: str) -> None:
    with pytest.raises(BuildRefused) as caught, sandbox(read_text(world)):
        pass
    assert str(caught.value).startswith(message)


def test_the_callers_own_settings_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with sandbox(read_text("{name: w, queues: [{name: q}]}")) as account:
        assert len(asking(account)("sqs").list_queues()["QueueUrls"]) == 1

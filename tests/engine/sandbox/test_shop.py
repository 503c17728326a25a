"""What the default world promises: each shipped kind of policy finds something in it, and leaves something alone.

A test is a question to the account, and the names it must find among all; the names it must leave are the rest.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .conftest import Ask


def tags(thing: dict[str, Any], key: str = "Tags") -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing.get(key, [])}


def name(thing: dict[str, Any]) -> str:
    return tags(thing).get("Name", "")


def age(moment: datetime) -> float:
    """In days."""
    return (datetime.now(UTC) - moment) / timedelta(days=1)


def instances(shop: Ask, region: str = "us-east-1") -> list[dict[str, Any]]:
    found = shop("ec2", region).describe_instances()["Reservations"]
    return [each for reservation in found for each in reservation["Instances"]]


def mean(shop: Ask, namespace: str, metric: str, dimensions: dict[str, str], region: str = "us-east-1") -> float | None:
    """Over the last seven days; None without a point."""
    now = datetime.now(UTC)
    found = shop("cloudwatch", region).get_metric_statistics(
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - timedelta(days=7),
        EndTime=now,
        Period=7 * 86400,
        Statistics=["Average"],
    )["Datapoints"]
    return found[0]["Average"] if found else None


def idle(shop: Ask, region: str) -> dict[str, dict[str, str]]:
    """Name ▸ tags of the running instances below five percent."""
    found = {}
    for each in instances(shop, region):
        cpu = mean(shop, "AWS/EC2", "CPUUtilization", {"InstanceId": each["InstanceId"]}, region)
        if each["State"]["Name"] == "running" and cpu is not None and cpu < 5:
            found[name(each)] = tags(each)
    return found


def test_idle_instances(shop: Ask) -> None:
    home = idle(shop, "us-east-1")
    assert set(home) == {"batch-1", "dev-1", "dev-2"}
    assert {each for each, held in home.items() if held.get("AllowStop") == "true"} == {"dev-1", "dev-2"}
    assert (home["batch-1"]["Env"], home["dev-1"]["Env"]) == ("prod", "dev")
    assert set(idle(shop, "eu-west-1")) == {"staging-eu"}
    assert set(idle(shop, "us-west-2")) == {"gpu-west"}


def test_stopped_instances(shop: Ask) -> None:
    stopped = {name(each): each for each in instances(shop) if each["State"]["Name"] == "stopped"}
    since = {}
    for key, each in stopped.items():
        found = re.search(r"\((.*) GMT\)", each["StateTransitionReason"])
        assert found is not None
        since[key] = age(datetime.strptime(found[1] + " +0000", "%Y-%m-%d %H:%M:%S %z"))
    assert (round(since["stopped-long-ago"]), round(since["stopped-yesterday"])) == (60, 1)


def test_tags_of_instances(shop: Ask) -> None:
    held = {name(each): tags(each) for each in instances(shop) if tags(each)}
    without = {key for key, found in held.items() if "CostCenter" not in found}
    assert "marked-due" in without
    assert "web-1" not in without
    assert held["office-1"]["maid_offhours"] == "off=(M-F,19);on=(M-F,7);tz=utc"
    assert held["office-2"]["maid_offhours"] == "off"
    assert held["marked-due"]["maid_status"] == "Resource does not meet policy: stop@2026/11/01"
    assert held["marked-later"]["maid_status"] == "Resource does not meet policy: stop@2099/01/01"
    assert len([each for each in instances(shop) if not tags(each)]) == 1


def test_volumes(shop: Ask) -> None:
    found = shop("ec2").describe_volumes()["Volumes"]
    free = {name(each): round(age(each["CreateTime"])) for each in found if not each["Attachments"]}
    assert free == {"orphan-gp2": 120, "orphan-io1": 45, "fresh-unattached": 3}
    assert {"gp2", "gp3"} <= {each["VolumeType"] for each in found if each["Attachments"]}
    assert {True, False} == {each["Encrypted"] for each in found}


def test_snapshots_and_images(shop: Ask) -> None:
    ec2 = shop("ec2")
    snapshots = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    images = ec2.describe_images(Owners=["self"])["Images"]
    held = {mapping["Ebs"]["SnapshotId"] for image in images for mapping in image["BlockDeviceMappings"]}
    loose = {each["Description"]: age(each["StartTime"]) > 90 for each in snapshots if each["SnapshotId"] not in held}
    assert {key for key, old in loose.items() if old} == {
        "batch-before-upgrade",
        "from-a-gone-disk",
        "shared-with-the-world",
    }
    assert loose["web-last-week"] is False
    used = {each["ImageId"] for each in instances(shop)}
    unused = {
        each["Name"]: age(datetime.fromisoformat(each["CreationDate"])) > 90
        for each in images
        if each["ImageId"] not in used
    }
    assert unused == {"web-2023": True, "trial": False}


def test_network(shop: Ask) -> None:
    ec2 = shop("ec2")
    addresses = ec2.describe_addresses()["Addresses"]
    assert "unused" in {name(each) for each in addresses if "AssociationId" not in each}
    assert "web" in {name(each) for each in addresses if "AssociationId" in each}
    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {each["Description"] for each in interfaces if each["Status"] == "available"} == {"spare"}
    used = {group["GroupId"] for each in interfaces for group in each["Groups"]}
    groups = ec2.describe_security_groups()["SecurityGroups"]
    assert "leftover" in {each["GroupName"] for each in groups if each["GroupId"] not in used}
    open_ssh = {
        each["GroupName"]
        for each in groups
        for rule in each["IpPermissions"]
        if rule.get("FromPort") == 22 and {"CidrIp": "0.0.0.0/0"} in rule["IpRanges"]
    }
    assert open_ssh == {"ssh-anywhere"}


def test_buckets(shop: Ask) -> None:
    s3 = shop("s3")
    newest: dict[str, int | None] = {}
    for bucket in s3.list_buckets()["Buckets"]:
        objects = s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
        newest[bucket["Name"]] = round(age(max(each["LastModified"] for each in objects))) if objects else None
    assert newest == {
        "shop-empty": None,
        "shop-empty-new": None,
        "shop-archive": 90,
        "shop-orders": 0,
        "shop-logs": 0,
        "shop-website": 10,
        "shop-reports-eu": 45,
    }
    assert s3.get_bucket_versioning(Bucket="shop-orders")["Status"] == "Enabled"
    assert s3.get_bucket_lifecycle_configuration(Bucket="shop-orders")["Rules"][0]["Expiration"] == {"Days": 365}
    assert s3.get_bucket_logging(Bucket="shop-orders")["LoggingEnabled"]["TargetBucket"] == "shop-logs"
    assert s3.get_public_access_block(Bucket="shop-orders")["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    grants = s3.get_bucket_acl(Bucket="shop-website")["Grants"]
    assert "http://acs.amazonaws.com/groups/global/AllUsers" in {grant["Grantee"].get("URI") for grant in grants}


QUIET = [
    ("AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", {"trial": True, "orders": False}),
    ("AWS/ElastiCache", "CurrConnections", "CacheClusterId", {"forgotten": True, "sessions": False}),
    ("AWS/Redshift", "DatabaseConnections", "ClusterIdentifier", {"pilot": True, "sales": False}),
    ("AWS/Lambda", "Invocations", "FunctionName", {"spring-campaign": True, "checkout": False, "never-called": None}),
    ("AWS/Kinesis", "IncomingBytes", "StreamName", {"clicks-trial": True, "clicks": False, "audit": False}),
    ("AWS/SQS", "NumberOfMessagesSent", "QueueName", {"import-2024": True, "orders": False}),
    ("AWS/Logs", "IncomingBytes", "LogGroupName", {"/shop/old-importer": True, "/shop/web": False}),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", {"experiment": True, "orders": False}),
]


@pytest.mark.parametrize(("namespace", "metric", "dimension", "expected"), QUIET)
def test_quiet_and_busy(
    shop: Ask, namespace: str, metric: str, dimension: str, expected: dict[str, bool | None]
) -> None:
    means = {key: mean(shop, namespace, metric, {dimension: key}) for key in expected}
    assert {key: None if value is None else value == 0 for key, value in means.items()} == expected


def test_endpoints(shop: Ask) -> None:
    def invocations(endpoint: str) -> float | None:
        return mean(shop, "AWS/SageMaker", "Invocations", {"EndpointName": endpoint, "VariantName": "AllTraffic"})

    assert {each["EndpointName"] for each in shop("sagemaker").list_endpoints()["Endpoints"]} == {
        "recommender",
        "churn-pilot",
    }
    assert invocations("churn-pilot") == 0
    assert invocations("recommender") == pytest.approx(900, rel=0.05)


def test_tables_ask_for_more_than_they_use(shop: Ask) -> None:
    dynamodb = shop("dynamodb")

    def use(table: str) -> float | None:
        found = dynamodb.describe_table(TableName=table)["Table"]
        units = found["ProvisionedThroughput"]["ReadCapacityUnits"]
        consumed = mean(shop, "AWS/DynamoDB", "ConsumedReadCapacityUnits", {"TableName": table})
        return consumed / 3600 / units if units and consumed is not None else None

    assert {key: round(use(key) or 0, 2) for key in ("carts", "orders")} == {"carts": 0.0, "orders": 0.72}
    billing = dynamodb.describe_table(TableName="sessions")["Table"]["BillingModeSummary"]["BillingMode"]
    assert (billing, use("sessions")) == ("PAY_PER_REQUEST", None)


def test_load_balancers(shop: Ask) -> None:
    elb = shop("elbv2")
    found = {}
    for balancer in elb.describe_load_balancers()["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        groups = elb.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
        targets = [
            each
            for group in groups
            for each in elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        ]
        dimension = {"LoadBalancer": arn.split(":loadbalancer/")[1]}
        requests = mean(shop, "AWS/ApplicationELB", "RequestCount", dimension)
        found[balancer["LoadBalancerName"]] = (len(targets), requests if requests is None else requests > 0)
    assert found == {
        "shop-web": (2, True),
        "shop-old": (0, None),
        "shop-quiet": (1, False),
        "shop-tcp": (1, None),
    }


def test_databases(shop: Ask) -> None:
    rds = shop("rds")
    status = {
        each["DBInstanceIdentifier"]: each["DBInstanceStatus"] for each in rds.describe_db_instances()["DBInstances"]
    }
    assert status == {"orders": "available", "trial": "available", "newborn": "available", "resting": "stopped"}
    manual = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    old = {each["DBSnapshotIdentifier"]: age(each["SnapshotCreateTime"]) > 90 for each in manual}
    assert old == {"orders-before-v2": True, "trial-final": True, "orders-this-week": False}


def test_identities(shop: Ask) -> None:
    iam = shop("iam")
    old = set()
    for user in iam.list_users()["Users"]:
        keys = iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]
        if any(key["Status"] == "Active" and age(key["CreateDate"]) > 90 for key in keys):
            old.add(user["UserName"])
    assert old == {"ci-old", "intern-2025"}
    names = [each["RoleName"] for each in iam.list_roles()["Roles"]]
    used = {each: "LastUsedDate" in iam.get_role(RoleName=each)["Role"].get("RoleLastUsed", {}) for each in names}
    assert used == {"app-server": True, "functions": True, "models": True, "migration-2024": True, "never-used": False}
    kms = shop("kms")
    keys = {}
    for alias in kms.list_aliases()["Aliases"]:
        if "TargetKeyId" in alias and not alias["AliasName"].startswith("alias/aws/"):
            state = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]["KeyState"]
            rotates = (
                state == "Enabled" and kms.get_key_rotation_status(KeyId=alias["TargetKeyId"])["KeyRotationEnabled"]
            )
            keys[alias["AliasName"]] = (state, rotates)
    assert keys == {
        "alias/shop-data": ("Enabled", True),
        "alias/shop-legacy": ("Enabled", False),
        "alias/shop-disabled": ("Disabled", False),
        "alias/shop-leaving": ("PendingDeletion", False),
    }


def test_the_rest_in_pairs(shop: Ask) -> None:
    groups = shop("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert {each["AutoScalingGroupName"]: each["MaxSize"] for each in groups} == {"workers": 3, "workers-old": 0}
    retention = {
        each["logGroupName"]: each.get("retentionInDays") for each in shop("logs").describe_log_groups()["logGroups"]
    }
    assert (retention["/aws/lambda/checkout"], retention["/shop/web"]) == (30, None)
    alarms = {
        each["AlarmName"]: (each["StateValue"], bool(each["AlarmActions"]))
        for each in shop("cloudwatch").describe_alarms()["MetricAlarms"]
    }
    assert alarms == {"web-cpu": ("OK", True), "orphaned": ("INSUFFICIENT_DATA", False), "quiet": ("ALARM", False)}
    runtimes = {each["FunctionName"]: each["Runtime"] for each in shop("lambda").list_functions()["Functions"]}
    assert (runtimes["thumbnails-old"], runtimes["checkout"]) == ("nodejs14.x", "python3.13")
    heard = {each["TopicArn"].rsplit(":", 1)[1] for each in shop("sns").list_subscriptions()["Subscriptions"]}
    assert heard == {"alerts"}
    assert len(shop("sns").list_topics()["Topics"]) == 2
    ecs = shop("ecs")
    services = {
        arn.rsplit("/", 1)[1]: len(ecs.list_services(cluster=arn)["serviceArns"])
        for arn in ecs.list_clusters()["clusterArns"]
    }
    assert services == {"shop": 2, "empty": 0}
    waiting = {}
    for url in shop("sqs").list_queues()["QueueUrls"]:
        held = shop("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])[
            "Attributes"
        ]
        waiting[url.rsplit("/", 1)[1]] = held["ApproximateNumberOfMessages"]
    assert waiting == {"orders": "4", "import-2024": "0", "orders-dead-letters": "0"}

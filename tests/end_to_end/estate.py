"""What the default world lacks for the table of cases: built through the API, as its owner would."""

from __future__ import annotations

import json
from typing import Any

from botocore import xform_name

from tests.end_to_end.at_work import AtWork
from tests.end_to_end.furniture import CALLS

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


def furnish(at: AtWork) -> None:
    """Everything that some case needs and the shop does not have."""
    _identities(at.client("iam"))
    _databases(at)
    _buckets(at.client("s3"))
    _groups(at)
    _others(at)
    _beside(at)
    _names(at.client("route53"))
    _desks(at)
    _hosts(at)


def _beside(at: AtWork) -> None:
    clients: dict[str, Any] = {}
    for service, operation, params in CALLS:
        if service not in clients:
            clients[service] = at.client(service)
        getattr(clients[service], xform_name(operation))(**params)


def _identities(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="limits", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.create_group(GroupName="auditors")
    iam.add_user_to_group(GroupName="auditors", UserName="rotated")
    iam.attach_user_policy(UserName="rotated", PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName="models", PermissionsBoundary=arn)
    iam.attach_role_policy(RoleName="models", PolicyArn=arn)


def _databases(at: AtWork) -> None:
    rds = at.client("rds")
    for name in ("awake", "asleep"):
        rds.create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="root", MasterUserPassword="only-here"
        )
    rds.stop_db_cluster(DBClusterIdentifier="asleep")
    redshift = at.client("redshift")
    redshift.enable_logging(ClusterIdentifier="pilot", BucketName="shop-logs", S3KeyPrefix="pilot/")
    redshift.pause_cluster(ClusterIdentifier="pilot")
    at.client("elasticache").create_replication_group(
        ReplicationGroupId="group", ReplicationGroupDescription="two nodes", CacheNodeType="cache.t3.micro"
    )
    at.client("dynamodb").create_table(
        TableName="streamed",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )


def _buckets(s3: Any) -> None:
    s3.put_bucket_website(Bucket="shop-website", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    s3.create_bucket(Bucket="shop-suspended")
    s3.put_bucket_acl(Bucket="shop-suspended", ACL="public-read")
    s3.put_bucket_versioning(Bucket="shop-suspended", VersioningConfiguration={"Status": "Suspended"})
    copies = {
        "ID": "copies",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "Destination": {"Bucket": "arn:aws:s3:::shop-logs"},
    }
    rule = {**copies, "Status": "Enabled", "DeleteMarkerReplication": {"Status": "Disabled"}}
    role = "arn:aws:iam::123456789012:role/copier"
    s3.put_bucket_replication(Bucket="shop-orders", ReplicationConfiguration={"Role": role, "Rules": [rule]})


def _groups(at: AtWork) -> None:
    scaling = at.client("autoscaling")
    template = {"LaunchTemplateName": "workers", "Version": "$Latest"}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="suspended", LaunchTemplate=template, MinSize=1, MaxSize=2, DesiredCapacity=1,
        AvailabilityZones=["us-east-1a"],
    )  # fmt: skip
    scaling.suspend_processes(AutoScalingGroupName="suspended")


def _others(at: AtWork) -> None:
    kms = at.client("kms")
    key = kms.list_keys()["Keys"][0]["KeyId"]
    kms.create_alias(AliasName="alias/shop", TargetKeyId=key)
    sns = at.client("sns")
    topic = sns.create_topic(Name="secret")["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/shop")
    sqs = at.client("sqs")
    sqs.create_queue(QueueName="secret", Attributes={"KmsMasterKeyId": "alias/shop"})
    functions = at.client("lambda")
    functions.put_function_concurrency(FunctionName="failing", ReservedConcurrentExecutions=3)
    functions.update_function_configuration(FunctionName="failing", TracingConfig={"Mode": "Active"})
    at.client("cloudwatch").disable_alarm_actions(AlarmNames=["quiet"])
    balancers = at.client("elbv2")
    # moto's balancers have no value where AWS's have these
    unlogged = {"access_logs.s3.enabled": "false", "idle_timeout.timeout_seconds": "60"}
    logged = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "shop-logs"}
    for name, attributes in (("shop-web", unlogged), ("shop-quiet", logged)):
        arn = balancers.describe_load_balancers(Names=[name])["LoadBalancers"][0]["LoadBalancerArn"]
        pairs = [{"Key": key, "Value": value} for key, value in attributes.items()]
        balancers.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=pairs)


def _names(route53: Any) -> None:
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    record = {"Name": "www.shop.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.7"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def _desks(at: AtWork) -> None:
    ec2 = at.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    directory = at.client("ds").create_directory(
        Name="desks.example.com", Password="Only-here-1", Size="Small", VpcSettings={"VpcId": vpc, "SubnetIds": subnets}
    )["DirectoryId"]
    at.client("workspaces").register_workspace_directory(DirectoryId=directory, SubnetIds=subnets)


def _hosts(at: AtWork) -> None:
    machine = at.client("ec2").describe_instances()["Reservations"][0]["Instances"][0]["InstanceId"]
    ecs = at.client("ecs")
    ecs.create_cluster(clusterName="hosts")
    ecs.register_container_instance(cluster="hosts", instanceIdentityDocument=json.dumps({"instanceId": machine}))

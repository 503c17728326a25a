"""What is there to be taken back: each reversible operation of each type, the options to ask for it with, and on what.

A case without `where` takes the first resource that the operation has something to do on. `moto` says why the sandbox
cannot make it or cannot show it; a test holds that this is still so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.json import Json

ACCOUNT = "123456789012"
LIMITS = f"arn:aws:iam::{ACCOUNT}:policy/limits"
KEY = "alias/shop"
STREAM = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/clicks"
HOST = "the SDK puts the account's id before the host's name, and loopback has no such name"
BOUNDARY = "moto does not implement PutUserPermissionsBoundary"
TRACING = "moto's UpdateFunctionConfiguration leaves TracingConfig aside"
RULE: Json = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 30}}
FIREHOSE = "moto's StartDeliveryStreamEncryption fails where no key is named, which AWS takes for its own"
LACKS = "moto does not implement {}"
EMR = "moto's GetBlockPublicAccessConfiguration answers in names of its own"
SHARED: Json = {"type": "set-permissions", "add": ["210987654321"]}
SHARING = "moto's ModifySnapshotAttribute leaves CreateVolumePermission aside"
NONE = "the shop has none, or none that can be changed so"
ATTACHED = "moto shows an attached interface in its instance's groups besides its own"
EXPIRE: Json = {
    "rulePriority": 1, "action": {"type": "expire"},
    "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
}  # fmt: skip
NEW_RULE: Json = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "CidrIp": "10.9.0.0/16"}
GIVEN: Json = {"type": "tag", "key": "Crew", "value": "night", "propagate": True}
LOGGED: Json = {
    "type": "set-flow-log",
    "LogDestination": "arn:aws:s3:::shop-logs",
    "LogDestinationType": "s3",
    "TrafficType": "ALL",
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/functions"


@dataclass(frozen=True)
class Case:
    """An action on one resource of a type: `options` beside its word, `where` as value filters.

    `first`: an action made before, and not taken back. `leaves`: globs of what AWS has no way back from.
    """

    type: str
    word: str
    options: dict[str, Json] = field(default_factory=dict)
    where: dict[str, Json] = field(default_factory=dict)
    moto: str = ""
    first: dict[str, Json] = field(default_factory=dict)
    leaves: tuple[str, ...] = ()

    @property
    def action(self) -> dict[str, Json]:
        """As a policy writes it."""
        return {"type": self.word, **self.options}

    @property
    def filters(self) -> list[Json]:
        """As a policy writes them."""
        return [{"type": "value", "key": key, "value": value} for key, value in self.where.items()]

    @property
    def id(self) -> str:
        """For pytest: `rds stop`, `s3 toggle-versioning enabled=False`."""
        told = ", ".join(f"{k} {v}" for k, v in self.options.items() if isinstance(v, str | int | None))
        return f"{self.type} {self.word} {told}".strip()[:70]


OPERATIONS = [
    Case("account", "set-ebs-encryption"),
    Case("account", "set-ebs-encryption", {"state": False}, first={"type": "set-ebs-encryption"}),
    Case("account", "set-s3-public-block", moto=HOST),
    Case("account", "set-s3-public-block", {"BlockPublicAcls": True}, moto=HOST),
    Case("alarm", "set-actions", {"state": False}, {"AlarmName": "web-cpu"}),
    Case("alarm", "set-actions", {"state": True}, {"AlarmName": "quiet"}),
    Case("ami", "set-deprecation", {"date": "2030-01-01T00:00:00.000Z"}, moto=LACKS.format("EnableImageDeprecation")),
    Case(
        "app-elb", "modify-attributes", {"attributes": {"idle_timeout.timeout_seconds": 120}},
        {"LoadBalancerName": "shop-web"},
    ),
    Case("app-elb", "set-s3-logging", {"state": "enabled", "bucket": "shop-logs"}, {"LoadBalancerName": "shop-web"}),
    Case("app-elb", "set-s3-logging", {"state": "disabled"}, {"LoadBalancerName": "shop-quiet"}),
    Case("app-elb-target-group", "modify-attributes", {"attributes": {"deregistration_delay.timeout_seconds": 60}}),
    Case("asg", "suspend", {}, {"AutoScalingGroupName": "workers"}),
    Case("asg", "suspend", {}, {"AutoScalingGroupName": "workers-old"}),
    Case("asg", "resume", {"delay": 0}, {"AutoScalingGroupName": "suspended"}),
    Case("asg", "resize", {"min-size": 0, "max-size": 5}, {"AutoScalingGroupName": "workers"}),
    Case(
        "asg", "resize", {"min-size": 0, "max-size": 6, "save-options-tag": "Before"},
        {"AutoScalingGroupName": "workers"},
    ),
    Case("asg", "update", {"new-instances-protected-from-scale-in": True}),
    Case("asg", "update", {"default-cooldown": 120}, moto="moto's UpdateAutoScalingGroup leaves DefaultCooldown aside"),
    Case("dynamodb-table", "update", {"BillingMode": "PAY_PER_REQUEST"}, {"TableName": "carts"}),
    Case("dynamodb-table", "update", {"DeletionProtectionEnabled": False}, {"TableName": "orders"}),
    Case(
        "dynamodb-table", "update", {"ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 7}},
        {"TableName": "carts"},
    ),
    Case("dynamodb-table", "set-continuous-backup", {"state": True}, {"TableName": "carts"}),
    Case("dynamodb-table", "set-continuous-backup", {"state": False}, {"TableName": "orders"}),
    Case("dynamodb-table", "set-stream", {"state": True, "stream_view_type": "NEW_IMAGE"}, {"TableName": "carts"}),
    Case("dynamodb-table", "set-stream", {"state": False}, {"TableName": "streamed"}, moto="it enables none again"),
    Case("ebs", "detach", {}, {"tag:Name": "batch-data"}),
    Case("ebs", "modify", {"volume-type": "gp3"}, {"tag:Name": "orphan-gp2"}),
    Case("ebs", "modify", {"iops": 4000}, {"tag:Name": "orphan-io1"}),
    Case("ebs", "modify", {"volume-type": "io2", "iops-percent": 200}, {"tag:Name": "orphan-io1"}),
    Case("ec2", "start", {}, {"tag:Name": "stopped-yesterday"}),
    Case("ec2", "stop", {}, {"tag:Name": "dev-1"}),
    Case("ec2", "resize", {"default": "t3.nano"}, {"tag:Name": "stopped-yesterday"}),
    Case("ec2", "set-monitoring", {"state": "enable"}, {"tag:Name": "dev-1"}, moto=LACKS.format("MonitorInstances")),
    Case("ec2", "set-monitoring", {"state": "disable"}, {"tag:Name": "web-1"}, moto=LACKS.format("UnmonitorInstances")),
    Case(
        "ec2", "set-metadata-access", {"tokens": "required", "hop-limit": 2}, {"tag:Name": "dev-1"},
        moto="moto's ModifyInstanceMetadataOptions forgets the options that are not given",
    ),
    Case(
        "ec2", "set-metadata-access",
        {"endpoint": "enabled", "tokens": "required", "metadata-tags": "enabled", "hop-limit": 2},
        {"tag:Name": "dev-1"}, leaves=("MetadataOptions.HttpProtocolIpv6",),
    ),
    Case("ec2", "set-instance-profile", {}, {"tag:Name": "web-1"}),
    Case("ecs-service", "resize", {"desired": 1}),
    Case("elastic-ip", "disassociate", leaves=("InstanceId",)),  # moto tells the interface, not whose it is
    Case("eni", "detach"),
    Case("iam-role", "set-boundary", {"policy": "limits"}, {"RoleName": "app-server"}),
    Case("iam-role", "set-boundary", {"state": "absent"}, {"RoleName": "models"}),
    Case("iam-role", "set-policy", {"state": "attached", "arn": LIMITS}, {"RoleName": "app-server"}),
    Case("iam-role", "set-policy", {"state": "detached", "arn": "limits"}, {"RoleName": "models"}),
    Case("iam-user", "set-groups", {"state": "add", "group": "auditors"}, {"UserName": "ana"}),
    Case("iam-user", "set-groups", {"state": "remove", "group": "auditors"}, {"UserName": "rotated"}),
    Case("iam-user", "set-boundary", {"policy": LIMITS}, {"UserName": "ana"}, moto=BOUNDARY),
    Case("iam-user", "set-boundary", {"state": "absent"}, {"UserName": "rotated"}, moto=BOUNDARY),
    Case("iam-user", "set-policy", {"state": "attached", "arn": "limits"}, {"UserName": "ana"}),
    Case("iam-user", "set-policy", {"state": "detached", "arn": LIMITS}, {"UserName": "rotated"}),
    Case("kinesis", "encrypt", {"key": KEY}, {"StreamName": "audit"}),
    Case("kinesis", "retention", {"hours": 48}, {"StreamName": "audit"}),
    Case("kinesis", "update-shards", {"count": 4}, {"StreamName": "audit"}),
    Case("kms-key", "schedule-deletion", {"days": 7}),
    Case("kms-key", "set-rotation", {"state": True}),
    Case("kms-key", "set-rotation", {"state": False}),
    Case("lambda", "set-concurrency", {"value": 5}, {"FunctionName": "checkout"}),
    Case("lambda", "set-concurrency", {"value": None}, {"FunctionName": "failing"}),
    Case("lambda", "set-xray-tracing", {"state": True}, {"FunctionName": "checkout"}, moto=TRACING),
    Case("lambda", "set-xray-tracing", {"state": False}, {"FunctionName": "failing"}, moto=TRACING),
    Case("log-group", "retention", {"days": 90}, {"logGroupName": "/shop/web"}),
    Case("log-group", "retention", {"days": 90}, {"logGroupName": "/aws/lambda/checkout"}),
    Case(
        "log-group", "put-subscription-filter",
        {"filter_name": "all", "destination_arn": STREAM, "role_arn": ROLE}, {"logGroupName": "/shop/web"},
    ),
    Case("rds", "start", {}, {"DBInstanceIdentifier": "resting"}),
    Case("rds", "stop", {}, {"DBInstanceIdentifier": "trial"}),
    Case("rds", "retention", {"days": 21}, {"DBInstanceIdentifier": "trial"}),
    Case("rds", "retention", {"days": 7, "enforce": "max"}, {"DBInstanceIdentifier": "orders"}),
    Case("rds", "set-public-access", {"state": False}, {"DBInstanceIdentifier": "trial"}),
    Case("rds", "set-public-access", {"state": True}, {"DBInstanceIdentifier": "orders"}),
    Case("rds", "set-snapshot-copy-tags", {"enable": True}),
    Case("rds", "auto-patch", {"minor": False, "window": "sun:03:00-sun:05:00"}),
    Case("rds-cluster", "start", {}, {"DBClusterIdentifier": "asleep"}),
    Case("rds-cluster", "stop", {}, {"DBClusterIdentifier": "awake"}),
    Case("rds-cluster", "retention", {"days": 14}),
    Case("redshift", "pause", {}, {"ClusterIdentifier": "sales"}),
    Case("redshift", "resume", {}, {"ClusterIdentifier": "pilot"}),
    Case("redshift", "retention", {"days": 14}),
    Case("redshift", "enable-vpc-routing"),
    Case("redshift", "set-public-access", {"state": True}),
    Case(
        "redshift", "set-logging", {"state": "enabled", "bucket": "shop-logs"}, {"ClusterIdentifier": "sales"},
        leaves=("facet logging.BucketName", "facet logging.S3KeyPrefix", "facet logging.Log[DE]*"),
    ),
    Case("redshift", "set-logging", {"state": "disabled"}, {"ClusterIdentifier": "pilot"}),
    Case("s3", "toggle-versioning", {}, {"Name": "shop-empty-new"}, leaves=("facet versioning*",)),
    Case("s3", "toggle-versioning", {}, {"Name": "shop-suspended"}),
    Case("s3", "toggle-versioning", {"enabled": False}, {"Name": "shop-orders"}),
    Case("s3", "set-bucket-encryption", {"crypto": "aws:kms", "key": KEY}, {"Name": "shop-logs"}),
    Case("s3", "set-bucket-encryption", {"enabled": False}, {"Name": "shop-orders"}),
    Case("s3", "set-public-block", {}, {"Name": "shop-suspended"}, leaves=("facet public-block*",)),
    Case("s3", "set-public-block", {"state": False}, {"Name": "shop-orders"}),
    Case("s3", "set-public-block", {"BlockPublicAcls": False}, {"Name": "shop-orders"}),
    Case("s3", "toggle-logging", {"target_bucket": "shop-logs"}, {"Name": "shop-website"}),
    Case("s3", "toggle-logging", {"enabled": False}, {"Name": "shop-orders"}),
    Case("s3", "remove-website-hosting"),
    Case("log-group", "set-encryption", {"kms-key": KEY}, moto=LACKS.format("AssociateKmsKey")),
    Case("glue-job", "toggle-metrics", {"enabled": True}, moto=LACKS.format("UpdateJob")),
    Case("ssm-document", "set-sharing", {"add": ["210987654321"]}, moto=NONE),
    Case("iam-profile", "set-policy", {"state": "attached", "arn": LIMITS}),
    Case("iam-user", "remove-keys", {"disable": True}),
    Case("iam-user", "delete-ssh-keys", {"disable": True}, {"UserName": "ana"}),
    Case("s3", "encryption-policy", {}, {"Name": "shop-logs"}),
    Case("s3", "delete-global-grants"),
    Case("s3", "set-replication", {"state": "disable"}, {"Name": "shop-orders"}),
    Case("s3", "set-replication", {"state": "remove"}, {"Name": "shop-orders"}),
    Case("s3", "set-inventory", {"name": "all", "destination": "shop-logs"}, moto="moto tells fields and versions of its own"),
    Case(
        "s3",
        "set-intelligent-tiering",
        {"Id": "cold", "IntelligentTieringConfiguration": {"Id": "cold", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}},
        moto="moto leaves PutBucketIntelligentTieringConfiguration aside",
    ),
    Case("sagemaker-endpoint", "delete"),
    Case("sns", "set-encryption", {"key": KEY}, {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"}),
    Case("sns", "set-encryption", {"enabled": False}, {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:secret"}),
    Case("sqs", "set-retention-period", {"period": 1209600}),
    Case("sqs", "set-encryption", {"key": KEY}),
    Case("sqs", "set-encryption", {"enabled": False}),
    Case("subnet", "modify", {"MapPublicIpOnLaunch": False}),
    Case("subnet", "modify", {"AssignIpv6AddressOnCreation": True, "MapPublicIpOnLaunch": False}),
    Case("ami", "set-permissions", {"add": ["210987654321"]}),
    Case("ami", "remove-launch-permissions", {"accounts": ["210987654321", "111111111111"]}, first=SHARED),
    Case("ami", "remove-launch-permissions", first=SHARED, moto=LACKS.format("ResetImageAttribute")),
    Case("ebs-snapshot", "set-permissions", {"add": ["210987654321"]}, moto=SHARING),
    Case("rds-cluster-snapshot", "set-permissions", {"add": ["210987654321"]}, moto=NONE),
    Case("rds-snapshot", "set-permissions", {"add": ["210987654321"]}),
    Case("s3", "configure-lifecycle", {"rules": [RULE]}, {"Name": "shop-logs"}),
    Case("s3", "configure-lifecycle", {"rules": [{**RULE, "ID": "other"}]}, {"Name": "shop-suspended"}),
]  # fmt: skip

STATEMENT: Json = {
    "Sid": "New", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip
# Actions that are made of a record's hidden operations, on each type that has them.
GENERIC = [
    Case("rds", "modify-security-groups", {"add": ["web"]}, moto="the shop's databases name no VPC"),
    *(
        Case(type, "modify-security-groups", {"remove": "all", "isolation-group": "default"}, moto=moto)
        for type, moto in (
            ("app-elb", NONE), ("cache-cluster", NONE), ("dax", NONE), ("ec2", ATTACHED), ("elb", ""),
            ("eni", ATTACHED), ("lambda", NONE), ("redshift", NONE),
        )
    ),
    *(
        Case(type, "set-statements", {"statements": [STATEMENT]}, moto=moto)
        for type, moto in (
            ("dynamodb-table", ""), ("ecr", ""), ("efs", NONE), ("glacier", NONE), ("kinesis", ""), ("kms", ""),
            ("kms-key", ""), ("s3", ""), ("secrets-manager", ""), ("sns", ""), ("sqs", ""),
        )
    ),
    Case("security-group", "set-permissions", {"add-ingress": [NEW_RULE], "remove-egress": "all"}),
    Case("security-group", "remove-permissions", {"ingress": "all"}, {"GroupName": "web"}),
    Case("lambda", "remove-statements", {"statement_ids": "*"}, moto=NONE),
    Case("lambda-layer", "remove-statements", {"statement_ids": "*"}, moto=NONE),
    *(
        Case(type, word, {"web-acl": "edge"}, moto="the shop has no web ACL")
        for type in ("app-elb", "rest-stage") for word in ("set-waf", "set-wafv2")
    ),
    Case("graphql-api", "set-wafv2", {"web-acl": "edge"}, moto="the shop has no web ACL"),
    Case("distribution", "set-wafv2", {"web-acl": "front"}),
]  # fmt: skip

# What the calls of `furniture` have made, and types by their derived words.
BESIDE = [
    Case("account", "set-emr-block-public-access", {"config": {"BlockPublicSecurityGroupRules": False, "PermittedPublicSecurityGroupRuleRanges": [{"MinRange": 22, "MaxRange": 22}]}}, moto=EMR),
    Case("account", "set-bedrock-model-invocation-logging", {"loggingConfig": {"s3Config": {"bucketName": "shop-logs"}, "textDataDeliveryEnabled": True}}),
    Case("account", "enable-cloudtrail", {"trail": "silent", "bucket": "shop-logs", "file-digest": True}),
    Case("account", "enable-cloudtrail", {"trail": "fresh", "bucket": "shop-logs"}),
    Case("account", "enable-data-events", {"data-trail": {"name": "all"}}),
    Case("account", "enable-data-events", {"data-trail": {"name": "objects", "create": True, "s3-bucket": "shop-logs"}}),
    Case("org-account", "set-policy", {"policy-type": "SERVICE_CONTROL_POLICY", "name": "soup"}),
    Case("ami", "disable"),
    Case("account", "set-ec2-metadata-defaults", {"HttpTokens": "required"}, moto=LACKS.format("GetInstanceMetadataDefaults")),
    Case("batch-compute", "update-environment", {"state": "DISABLED"}),
    Case("dax", "update-cluster", {"Description": "carts"}, moto=LACKS.format("UpdateCluster")),
    Case("ecs-container-instance", "set-state", {"state": "DRAINING"}),
    Case("distribution", "disable"),
    Case("distribution", "set-attributes", {"attributes": {"Comment": "on the way out"}}),
    Case("distribution", "set-protocols", {"ViewerProtocolPolicy": "https-only"}),
    Case("s3", "delete-bucket-notification", {"statement_ids": ["told"]}),
    Case("config-recorder", "start", leaves=("facet status.last*",)),
    Case("config-recorder", "toggle-recording", {"enabled": False}, first={"type": "start"}, leaves=("facet status.last*",)),
    Case("efs", "configure-lifecycle-policy", {"state": "enable", "rules": [{"TransitionToIA": "AFTER_7_DAYS"}]}),
    Case("glue-catalog", "set-encryption", {"attributes": {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": KEY}}}),
    Case("firewall", "update-logging-config", {"LoggingConfiguration": {"LogDestinationConfigs": [{"LogType": "ALERT", "LogDestinationType": "S3", "LogDestination": {"bucketName": "shop-logs"}}]}}, leaves=("facet logging",)),
    Case("rrset", "delete", {}, {"Type": "A"}),
    Case("wafv2", "set-logging", {"destination": "arn:aws:s3:::aws-waf-logs-shop"}),
    Case("wafv2-cloudfront", "set-logging", {"destination": "arn:aws:s3:::aws-waf-logs-shop"}, moto="moto tells of no logging of ACLs for CloudFront"),
    Case("workspaces-directory", "modify-client-properties", {"attributes": {"ClientProperties": {"ReconnectEnabled": "DISABLED"}}}),
    Case("iam-profile", "set-role", {"role": "models"}),
    Case("secrets-manager", "set-encryption", {"key": KEY}, {"Name": "database"}, leaves=("*KmsKeyId", "*LastChangedDate")),  # AWS names its own key otherwise
    Case("asg", "propagate-tags", {"trim": True}, {"AutoScalingGroupName": "workers"}, first=GIVEN),
    Case("vpc", "set-flow-log", {"state": False}, first=LOGGED, leaves=("*FlowLogId", "*CreationTime")),
    Case("subnet", "set-flow-log", {"state": False}, first=LOGGED, leaves=("*FlowLogId", "*CreationTime")),
    Case("eni", "set-flow-log", {"state": False}, first=LOGGED, leaves=("*FlowLogId", "*CreationTime")),
    Case("transit-gateway", "set-flow-log", {"state": False}, first=LOGGED, leaves=("*FlowLogId", "*CreationTime")),
    Case("transit-attachment", "set-flow-log", {"state": False}, first=LOGGED, moto=NONE),
    Case("cloudtrail", "set-logging", {}, {"Name": "silent"}),
    Case("cloudtrail", "set-logging", {"enabled": False}, {"Name": "all"}),
    Case(
        "dynamodb-table", "update-time-to-live", {"attribute": "expires"}, {"TableName": "carts"},
        leaves=("facet time-to-live.AttributeName",),
    ),
    Case("ebs", "copy-instance-tags"),
    Case("ec2", "autorecover-alarm", {}, {"tag:Name": "dev-1"}),
    Case("ec2-spot-fleet-request", "resize", {"desired": 1}, moto=NONE),
    Case("ec2", "set-termination-protection", {}, {"tag:Name": "dev-1"}),
    Case("ec2", "set-source-dest-check", {"state": False}, {"tag:Name": "dev-1"}),
    Case("ecr", "set-immutability", {}, {"repositoryName": "web"}),
    Case("ecr", "set-immutability", {"state": False}, {"repositoryName": "base"}),
    Case("ecr", "set-lifecycle", {"rules": [EXPIRE]}, {"repositoryName": "web"}),
    Case(
        "ecr", "set-lifecycle", {"state": False}, {"repositoryName": "web"},
        first={"type": "set-lifecycle", "rules": [EXPIRE]},
    ),
    Case("ecr", "set-scanning", {}, {"repositoryName": "web"}),
    Case("elb", "enable-s3-logging", {"bucket": "shop-logs", "emit_interval": 5}),
    Case("elb", "disable-s3-logging", first={"type": "enable-s3-logging", "bucket": "shop-logs"}),
    Case("emr", "set-termination-protection"),
    Case("emr-serverless-app", "stop"),
    Case("emr-serverless-app", "start", first={"type": "stop"}),
    Case("event-rule", "disable", {}, {"Name": "nightly", "EventBusName": "default"}),
    Case("event-rule", "disable", {}, {"Name": "nightly", "EventBusName": "orders"}),
    Case("event-rule", "enable", {}, {"Name": "resting"}),
    Case("event-rule", "set-rule-state", {"enabled": True}, {"Name": "resting"}),
    Case("event-rule", "set-rule-state", {"enabled": False}, {"Name": "nightly"}),
    Case("eventbridge-pipes", "start", {}, {"Name": "away"}, first={"type": "stop"}, leaves=("CurrentState",)),
    Case("eventbridge-pipes", "stop", {}, {"Name": "orders"}),
    Case("firehose", "stop-encryption", moto=FIREHOSE),
    Case("firehose", "start-encryption", first={"type": "stop-encryption"}, moto=FIREHOSE),
    Case("glue-crawler", "start", moto="its crawls are over at once"),
    Case("glue-crawler", "stop", first={"type": "start"}, moto="its crawls are over at once"),
    Case("glue-trigger", "start", {}, {"Name": "nightly"}, leaves=("State",)),
    Case("glue-trigger", "stop", {}, {"Name": "running"}),
    Case("iam-group", "set-policy", {"state": "attached", "arn": LIMITS}),
    Case(
        "iam-group", "set-policy", {"state": "detached", "arn": "limits"},
        first={"type": "set-policy", "state": "attached", "arn": LIMITS},
    ),
    Case("insight-rule", "disable"),
    Case("insight-rule", "enable", first={"type": "disable"}),
    Case("iot-certificate", "set-inactive"),
    Case("kms-key", "disable"),
    Case("kms-key", "enable", first={"type": "disable"}),
    Case("opensearch-ingestion", "stop"),
    Case("opensearch-ingestion", "start", first={"type": "stop"}),
    Case("sagemaker-notebook", "start", {}, {"NotebookInstanceName": "away"}),
    Case("sagemaker-notebook", "stop", {}, {"NotebookInstanceName": "lab"}),
    Case("vpc", "modify", {"dnshostnames": True, "addressusage": True}),
    Case("vpc", "modify", {"dnssupport": False}),
    Case("ec2.image", "disable"),
    Case("ec2.instance", "start", {}, {"tag:Name": "stopped-yesterday"}),
    Case("ec2.instance", "stop", {}, {"tag:Name": "dev-1"}),
    Case("iot.topic-rule", "disable", {}, {"ruleName": "readings"}),
    Case("iot.topic-rule", "enable", {}, {"ruleName": "paused"}),
    Case("mediaconnect.flow", "start"),
    Case("mediaconnect.flow", "stop", first={"type": "start"}),
    Case("neptune.db-cluster", "stop", {}, {"DBClusterIdentifier": "friends"}),
    Case("rds.db-cluster", "start", {}, {"DBClusterIdentifier": "asleep"}),
    Case("rds.db-cluster", "stop", {}, {"DBClusterIdentifier": "awake"}),
    Case("rds.db-instance", "start", {}, {"DBInstanceIdentifier": "resting"}),
    Case("rds.db-instance", "stop", {}, {"DBInstanceIdentifier": "trial"}),
    Case("redshift.cluster", "pause", {}, {"ClusterIdentifier": "sales"}),
    Case("redshift.cluster", "resume", {}, {"ClusterIdentifier": "pilot"}),
]  # fmt: skip

# What a type's resources change by themselves, or with every call to them.
VOLATILE = {
    "cloudtrail": ("facet status.*Time*", "facet status.LatestDelivery*"),
    "dax": ("ClusterDiscoveryEndpoint*", "Nodes*", "Status"),
    "dynamodb-table": ("facet detail.LatestStream*", "*DecreasesToday"),
    "ec2": (
        "StateTransitionReason", "StateReason*", "*PublicIp*", "*PublicDnsName", "IamInstanceProfile.Id",
        "facet console-output.Timestamp",
        "*AssociationId",
    ),
    "elb": ("facet attribute*.AdditionalAttributes*",),  # moto adds one each time it is asked
    "elastic-ip": ("AssociationId",),
    "eni": ("Attachment.AttachmentId",),
    "kinesis": ("Shards*", "facet detail.Shards*"),
    "ec2.instance": ("StateTransitionReason", "StateReason*", "*PublicIp*", "*PublicDnsName", "*AssociationId"),
    "sqs": ("facet detail.LastModifiedTimestamp",),
}  # fmt: skip
# Types with reversible operations of which the sandbox can make or change nothing, and why.
UNTRIED = {
    "airflow": "moto has no MWAA",
    "ami protection": LACKS.format("DisableImageDeregistrationProtection"),
    "ami fast-launch": LACKS.format("EnableFastLaunch"),
    "apigw-domain-name": LACKS.format("UpdateDomainName"),
    "app-flow": "moto has no AppFlow",
    "cfn": LACKS.format("UpdateTerminationProtection"),
    "ec2 application-status": LACKS.format("EnableApplicationStatusCheckSuppression"),
    "ec2 spot-tags": NONE,
    "ec2 sql-ha": LACKS.format("EnableInstanceSqlHaStandbyDetections"),
    "appstream-fleet": "moto has no AppStream",
    "cloud-directory": LACKS.format("DisableDirectory"),
    "cloudwatch-synthetics": LACKS.format("StartCanary"),
    "connect-campaign": "moto starts and pauses campaigns, and tells the state of none",
    "connect-instance": LACKS.format("StartContactMediaProcessing"),
    "datapipeline": LACKS.format("DeactivatePipeline"),
    "directconnect-virtual-interface": LACKS.format("StartBgpFailoverTest"),
    "app-elb listener": "it is for what a `listener` filter found, and cases have value filters alone",
    "elb ssl": NONE,
    "elb listener-policies": NONE,
    "directory": LACKS.format("EnableDirectoryDataAccess"),
    "elasticsearch": LACKS.format("UpdateElasticsearchDomainConfig"),
    "glue-crawler schedule": LACKS.format("StartCrawlerSchedule"),
    "glue-table": LACKS.format("StartColumnStatisticsTaskRunSchedule"),
    "guardduty-finding": LACKS.format("ArchiveFindings"),
    "hostedzone": LACKS.format("EnableHostedZoneDNSSEC"),
    "org-unit": "a unit is made below a root, whose id moto makes up; accounts have the case",
    "kinesis-analyticsv2": LACKS.format("StartApplication"),
    "lightsail-db": "moto has no Lightsail",
    "lightsail-instance": "moto has no Lightsail",
    "payment-cryptography-key": "moto's listing keeps the former state for a while",
    "qbusiness-data-source": "moto has no Q Business",
    "composite-alarm": LACKS.format("PutCompositeAlarm"),
    "firewall protection": LACKS.format("UpdateFirewallDeleteProtection"),
    "redshift-snapshot": LACKS.format("AuthorizeSnapshotAccess"),
    "cloudsearch": "moto has no CloudSearch",
    "kafka": LACKS.format("UpdateMonitoring"),
    "ses-configuration-set": LACKS.format("PutConfigurationSetDeliveryOptions"),
    "streaming-distribution": LACKS.format("UpdateStreamingDistribution"),
    "r53domain": LACKS.format("EnableDomainAutoRenew"),
    "transfer-server": LACKS.format("StartServer"),
}

# Types that can be tagged and of which the shop, with what is furnished, has at least one.
TAGGED = (
    "acm-certificate", "alarm", "ami", "apigwv2", "app-elb", "app-elb-target-group", "asg", "athena-work-group",
    "backup-vault", "batch-definition", "cache-cluster", "customer-gateway", "dax", "dynamodb-table", "ebs",
    "ebs-snapshot", "ec2", "ecr", "ecs", "ecs-service", "ecs-task-definition", "efs", "eks", "elastic-ip",
    "elasticache-group", "elasticache-user", "emr", "emr-serverless-app", "eni", "event-bus", "event-rule",
    "eventbridge-pipes", "firehose", "fsx", "glue-crawler", "glue-database", "glue-job", "glue-trigger",
    "graphql-api", "iam-policy", "iam-profile", "iam-role", "iam-user", "identity-pool", "insight-rule",
    "internet-gateway", "iot-certificate", "kafka", "key-pair", "kinesis", "kms-key", "lambda", "log-group",
    "memorydb", "memorydb-subnet-group", "memorydb-user", "message-config", "nat-gateway", "network-acl",
    "opensearch-ingestion", "payment-cryptography-key", "prefix-list", "rds", "rds-cluster", "rds-cluster-snapshot",
    "rds-param-group", "rds-snapshot", "redshift", "redshift-snapshot", "rest-api", "route-table",
    "s3", "sagemaker-endpoint", "sagemaker-endpoint-config", "sagemaker-model", "sagemaker-notebook",
    "secrets-manager", "security-group", "sns", "sqs", "step-machine", "subnet",
    "transfer-server", "transit-gateway", "user-pool", "vpc", "vpn-gateway",
)  # fmt: skip

# Types that moto cannot tag by the call that the record names.
UNTAGGABLE = {
    "composite-alarm": LACKS.format("PutCompositeAlarm"),
    "firewall protection": LACKS.format("UpdateFirewallDeleteProtection"),
    "elasticache-user": "moto's tagging API knows no users",
    "emr-serverless-app": LACKS.format("TagResource"),
    "event-rule": "moto's tagging API knows no rules",
    "iam-policy": "moto's tagging API knows no policies",
    "identity-pool": LACKS.format("TagResource"),
    "insight-rule": "moto's TagResource knows alarms alone",
    "iot-certificate": LACKS.format("TagResource"),
    "kinesis": "moto's tagging API knows no streams",
    "memorydb": "moto's tagging API knows no MemoryDB",
    "memorydb-subnet-group": "moto's tagging API knows no MemoryDB",
    "message-config": "moto's ListConfigurations leaves Tags out",
    "rds-param-group": "moto's tagging API knows no parameter groups",
    "redshift-snapshot": "moto takes `rs`, where the snapshot's name begins, for the whole name",
    "rest-api": LACKS.format("TagResource"),
    "sqs": "moto's tagging API knows no queues",
    "transfer-server": LACKS.format("TagResource"),
    "user-pool": LACKS.format("TagResource"),
}
# Types that moto gives a second tag of the same key, instead of another value; what writes new keys alone is well.
TAGGED_TWICE = ("sagemaker-endpoint-config", "sagemaker-model", "sagemaker-notebook")

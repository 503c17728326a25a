"""What services beside the shop's hold, as calls in order: (service, operation, parameters)."""

from __future__ import annotations

from engine.model.json import Json

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/functions"
NODES = {"MasterInstanceType": "m5.large", "SlaveInstanceType": "m5.large", "InstanceCount": 1}
TARGET = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::shop-logs"}
RULE = {"RuleState": "ENABLED", "RuleDefinition": "{}"}
CRAWLER = {"Role": ROLE, "DatabaseName": "lake", "Targets": {"S3Targets": [{"Path": "s3://shop-logs/"}]}}
PIPE = {
    "Source": f"arn:aws:sqs:us-east-1:{ACCOUNT}:secret", "Target": f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", "RoleArn": ROLE,
}  # fmt: skip
SIGNING = {
    "KeyUsage": "TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE", "KeyClass": "PRIVATE_KEY", "KeyAlgorithm": "RSA_2048",
    "KeyModesOfUse": {"Sign": True},
}  # fmt: skip
ACTIONS = {
    "sql": "SELECT * FROM 'a'",
    "actions": [{"lambda": {"functionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:checkout"}}],
}
SEEN = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "edge"}
SOURCE = {"Name": "camera", "Protocol": "rtp", "WhitelistCidr": "10.0.0.0/8", "IngestPort": 5000}
FRONT = {
    "CallerReference": "front", "Comment": "shop", "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{
        "Id": "o", "DomainName": "shop.example.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer"},
    }]},
    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
}  # fmt: skip
TOLD = {"QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", "Events": ["s3:ObjectCreated:*"]}

CALLS: tuple[tuple[str, str, dict[str, Json]], ...] = (
    ("cloudfront", "CreateDistribution", {"DistributionConfig": FRONT}),
    ("s3", "PutBucketNotificationConfiguration", {
        "Bucket": "shop-logs", "NotificationConfiguration": {"QueueConfigurations": [{**TOLD, "Id": "told"}, {**TOLD, "Id": "kept"}]},
    }),
    ("events", "CreateEventBus", {"Name": "orders"}),
    ("events", "PutRule", {"Name": "nightly", "ScheduleExpression": "rate(1 day)"}),
    ("events", "PutRule", {"Name": "nightly", "EventBusName": "orders", "EventPattern": '{"source": ["shop"]}'}),
    ("events", "PutRule", {"Name": "resting", "ScheduleExpression": "rate(1 day)", "State": "DISABLED"}),
    ("cloudtrail", "CreateTrail", {"Name": "all", "S3BucketName": "shop-logs"}),
    ("cloudtrail", "CreateTrail", {"Name": "silent", "S3BucketName": "shop-logs"}),
    ("cloudtrail", "StartLogging", {"Name": "all"}),
    ("cloudtrail", "PutEventSelectors", {"TrailName": "all", "EventSelectors": [{"ReadWriteType": "All"}]}),
    ("organizations", "CreateOrganization", {"FeatureSet": "ALL"}),
    ("organizations", "CreatePolicy", {"Name": "soup", "Description": "none", "Type": "SERVICE_CONTROL_POLICY", "Content": "{}"}),
    ("ecr", "CreateRepository", {"repositoryName": "web"}),
    ("ecr", "CreateRepository", {"repositoryName": "base", "imageTagMutability": "IMMUTABLE"}),
    ("emr", "RunJobFlow", {"Name": "nightly", "Instances": {**NODES, "KeepJobFlowAliveWhenNoSteps": True}}),
    ("iam", "UploadSSHPublicKey", {"UserName": "ana", "SSHPublicKeyBody": "ssh-rsa AAAA"}),
    ("iot", "CreateKeysAndCertificate", {"setAsActive": True}),
    ("iot", "CreateTopicRule", {"ruleName": "readings", "topicRulePayload": ACTIONS}),
    ("iot", "CreateTopicRule", {"ruleName": "paused", "topicRulePayload": {**ACTIONS, "ruleDisabled": True}}),
    ("elb", "CreateLoadBalancer", {
        "LoadBalancerName": "classic", "AvailabilityZones": ["us-east-1a"],
        "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
    }),
    ("glue", "CreateDatabase", {"DatabaseInput": {"Name": "lake"}}),
    ("glue", "CreateCrawler", {"Name": "nightly", **CRAWLER, "Schedule": "cron(0 1 * * ? *)"}),
    ("glue", "CreateTrigger", {"Name": "nightly", "Type": "SCHEDULED", "Schedule": "cron(0 1 * * ? *)", "Actions": []}),
    ("glue", "CreateTrigger", {
        "Name": "running", "Type": "SCHEDULED", "Schedule": "cron(0 1 * * ? *)", "Actions": [], "StartOnCreation": True,
    }),
    ("glue", "CreateJob", {"Name": "nightly", "Role": ROLE, "Command": {"Name": "glueetl"}}),
    ("firehose", "CreateDeliveryStream", {
        "DeliveryStreamName": "clicks", "S3DestinationConfiguration": TARGET,
        "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"},
    }),
    ("cloudwatch", "PutInsightRule", {"RuleName": "talkers", **RULE}),
    ("sagemaker", "CreateNotebookInstance", {"NotebookInstanceName": "lab", "InstanceType": "ml.t3.medium", "RoleArn": ROLE}),
    ("sagemaker", "CreateNotebookInstance", {"NotebookInstanceName": "away", "InstanceType": "ml.t3.medium", "RoleArn": ROLE}),
    ("sagemaker", "StopNotebookInstance", {"NotebookInstanceName": "away"}),
    ("emr-serverless", "CreateApplication", {"name": "reports", "releaseLabel": "emr-6.6.0", "type": "SPARK"}),
    ("pipes", "CreatePipe", {"Name": "orders", **PIPE}),
    ("pipes", "CreatePipe", {"Name": "away", **PIPE, "DesiredState": "STOPPED"}),
    ("osis", "CreatePipeline", {"PipelineName": "logs", "MinUnits": 1, "MaxUnits": 2, "PipelineConfigurationBody": "version: '2'"}),
    ("payment-cryptography", "CreateKey", {"KeyAttributes": SIGNING, "Exportable": True}),
    ("config", "PutConfigurationRecorder", {"ConfigurationRecorder": {"name": "default", "roleARN": ROLE}}),
    ("config", "PutDeliveryChannel", {"DeliveryChannel": {"name": "default", "s3BucketName": "shop-logs"}}),
    ("mediaconnect", "CreateFlow", {"Name": "live", "Source": SOURCE}),
    ("kms", "CreateKey", {"Description": "retired"}),
    ("neptune", "CreateDBCluster", {"DBClusterIdentifier": "friends", "Engine": "neptune"}),
    ("stepfunctions", "CreateStateMachine", {"name": "orders", "definition": '{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}', "roleArn": ROLE}),
    ("secretsmanager", "CreateSecret", {"Name": "database", "SecretString": "only here"}),
    ("efs", "CreateFileSystem", {"CreationToken": "shared"}),
    ("codecommit", "CreateRepository", {"repositoryName": "shop"}),
    ("transfer", "CreateServer", {}),
    ("backup", "CreateBackupVault", {"BackupVaultName": "daily"}),
    ("athena", "CreateWorkGroup", {"Name": "analysts"}),
    ("dax", "CreateCluster", {"ClusterName": "cache", "NodeType": "dax.t3.small", "ReplicationFactor": 1, "IamRoleArn": ROLE}),
    ("guardduty", "CreateDetector", {"Enable": True}),
    ("cognito-idp", "CreateUserPool", {"PoolName": "customers"}),
    ("cognito-identity", "CreateIdentityPool", {"IdentityPoolName": "customers", "AllowUnauthenticatedIdentities": False}),
    ("apigateway", "CreateRestApi", {"name": "shop"}),
    ("apigatewayv2", "CreateApi", {"Name": "shop", "ProtocolType": "HTTP"}),
    ("appsync", "CreateGraphqlApi", {"name": "shop", "authenticationType": "API_KEY"}),
    ("route53", "CreateHostedZone", {"Name": "shop.example.com", "CallerReference": "1"}),
    ("route53", "CreateHealthCheck", {"CallerReference": "2", "HealthCheckConfig": {"Type": "TCP", "IPAddress": "10.0.0.1", "Port": 80}}),
    ("ec2", "CreateTransitGateway", {"Description": "hub"}),
    ("ec2", "CreateCustomerGateway", {"Type": "ipsec.1", "PublicIp": "203.0.113.9", "BgpAsn": 65000}),
    ("ec2", "CreateVpnGateway", {"Type": "ipsec.1"}),
    ("ec2", "CreateKeyPair", {"KeyName": "ops"}),
    ("eks", "CreateCluster", {"name": "shop", "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": []}}),
    ("batch", "CreateComputeEnvironment", {"computeEnvironmentName": "nightly", "type": "UNMANAGED", "state": "ENABLED", "serviceRole": ROLE}),
    ("batch", "RegisterJobDefinition", {"jobDefinitionName": "nightly", "type": "container", "containerProperties": {"image": "busybox", "vcpus": 1, "memory": 128}}),
    ("acm", "RequestCertificate", {"DomainName": "shop.example.com"}),
    ("fsx", "CreateFileSystem", {"FileSystemType": "LUSTRE", "StorageCapacity": 1200, "SubnetIds": ["subnet-0123456789abcdef0"]}),
    ("memorydb", "CreateCluster", {"ClusterName": "carts", "NodeType": "db.t4g.small", "ACLName": "open-access"}),
    ("mq", "CreateConfiguration", {"Name": "orders", "EngineType": "ACTIVEMQ", "EngineVersion": "5.15.10"}),
    ("kafka", "CreateCluster", {
        "ClusterName": "clicks", "KafkaVersion": "3.6.0", "NumberOfBrokerNodes": 2,
        "BrokerNodeGroupInfo": {"InstanceType": "kafka.t3.small", "ClientSubnets": ["subnet-1", "subnet-2"]},
    }),
    ("network-firewall", "CreateFirewall", {"FirewallName": "edge", "FirewallPolicyArn": f"arn:aws:network-firewall:us-east-1:{ACCOUNT}:firewall-policy/edge"}),
    ("wafv2", "CreateWebACL", {"Name": "edge", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": SEEN}),
    ("wafv2", "CreateWebACL", {"Name": "front", "Scope": "CLOUDFRONT", "DefaultAction": {"Allow": {}}, "VisibilityConfig": SEEN}),
)  # fmt: skip

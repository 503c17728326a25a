"""What records make of changes to settings that AWS takes as a whole, and their way back."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.json import Json
from engine.plugin.paths import getter
from tests.actions.table import calls, change, inverse, item, skip

MACHINE: dict[str, Json] = {"Id": "f", "LambdaFunctionArn": "fn"}
TOPIC: dict[str, Json] = {"Id": "t", "TopicArn": "sns"}
NOTIFIED: dict[str, Json] = {
    "LambdaFunctionConfigurations": [MACHINE], "TopicConfigurations": [TOPIC], "EventBridgeConfiguration": {},
}  # fmt: skip


def notified() -> Any:
    return item("s3", {}, Notification=NOTIFIED)


def test_delete_bucket_notification() -> None:
    made = change({"type": "delete-bucket-notification", "statement_ids": ["t", "x"]}, notified())
    [(name, params)] = calls(made)
    assert name == "s3:PutBucketNotificationConfiguration"
    kept = {k: v for k, v in params["NotificationConfiguration"].items() if v != []}
    assert kept == {"LambdaFunctionConfigurations": [MACHINE], "EventBridgeConfiguration": {}}
    assert made.calls[0].scope.region == "eu-west-1"
    assert inverse(made)[0][1]["NotificationConfiguration"] == NOTIFIED
    assert skip({"type": "delete-bucket-notification", "statement_ids": ["x"]}, notified()).startswith("has none")


DISTRIBUTION: dict[str, Json] = {
    "Comment": "shop",
    "Logging": {"Enabled": False, "Bucket": "", "Prefix": "p"},
    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    "CacheBehaviors": {"Quantity": 0},
    "Origins": {
        "Quantity": 2,
        "Items": [
            {"Id": "s", "S3OriginConfig": {"OriginAccessIdentity": ""}},
            {
                "Id": "o",
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "OriginProtocolPolicy": "match-viewer",
                    "OriginSslProtocols": {"Quantity": 2, "Items": ["SSLv3", "TLSv1.2"]},
                },
            },
        ],
    },
}


def distribution(word: str = "distribution", **more: Json) -> Any:
    name = "StreamingDistributionConfig" if word.startswith("streaming") else "DistributionConfig"
    return item(word, {}, Id="D", Config={"ETag": "E1", name: {**DISTRIBUTION, **more}})


@pytest.mark.parametrize(("word", "kind"), [("distribution", ""), ("streaming-distribution", "Streaming")])
def test_set_attributes(word: str, kind: str) -> None:
    """The way back looks up the version that there is by then, and writes only what was changed."""
    told: Json = {"Comment": "", "Logging": {"Enabled": True, "Bucket": "b"}}
    made = change({"type": "set-attributes", "attributes": told}, distribution(word))
    [(name, params)] = calls(made)
    assert name == f"cloudfront:Update{kind}Distribution"
    logging = {"Enabled": True, "Bucket": "b", "Prefix": "p"}
    assert params == {
        "Id": "D",
        "IfMatch": "E1",
        f"{kind}DistributionConfig": {**DISTRIBUTION, "Comment": "", "Logging": logging},
    }
    [back] = made.inverse
    assert back.params == {"Id": "D"}
    assert back.sweep is not None
    assert back.sweep.call.operation == f"Get{kind}DistributionConfig"
    now = {"ETag": "E2", f"{kind}DistributionConfig": {**params[f"{kind}DistributionConfig"], "Enabled": True}}
    restored = {"IfMatch": "E2", f"{kind}DistributionConfig": {**DISTRIBUTION, "Enabled": True}}
    assert getter(back.sweep.items)(now) == [restored]
    again = {"type": "set-attributes", "attributes": {"Logging": {"Prefix": "p"}}}
    assert skip(again, distribution(word)) == "is so already"
    new = change({"type": "set-attributes", "attributes": {"HttpVersion": "http3"}}, distribution(word))
    assert not new.reversible


def test_set_protocols() -> None:
    action = {"type": "set-protocols", "ViewerProtocolPolicy": "https-only", "OriginSslProtocols": ["TLSv1.2"]}
    made = change(action, distribution())
    written = calls(made)[0][1]["DistributionConfig"]
    assert written["DefaultCacheBehavior"] == {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"}
    assert written["CacheBehaviors"] == {"Quantity": 0}
    s3, custom = written["Origins"]["Items"]
    assert s3 == DISTRIBUTION["Origins"]["Items"][0]  # type: ignore[call-overload,index]
    assert custom["CustomOriginConfig"] == {
        "HTTPPort": 80,
        "OriginProtocolPolicy": "match-viewer",
        "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
    }
    assert {key: written[key] for key in ("Comment", "Logging")} == {
        "Comment": "shop",
        "Logging": DISTRIBUTION["Logging"],
    }
    assert made.reversible
    behaviors: Json = {"Quantity": 1, "Items": [{"PathPattern": "x", "ViewerProtocolPolicy": "allow-all"}]}
    both = change(
        {"type": "set-protocols", "ViewerProtocolPolicy": "https-only"}, distribution(CacheBehaviors=behaviors)
    )
    assert calls(both)[0][1]["DistributionConfig"]["CacheBehaviors"]["Items"][0]["ViewerProtocolPolicy"] == "https-only"
    for nothing in ({}, {"ViewerProtocolPolicy": "allow-all"}, {"OriginProtocolPolicy": "match-viewer"}):
        assert skip({"type": "set-protocols", **nothing}, distribution()) == "is so already"


def test_set_monitoring() -> None:
    """Only what was changed is written back, to the version that there is by then."""
    logs = {"BrokerLogs": {"S3": {"Enabled": False}}}
    kafka = item(
        "kafka", {}, ClusterArn="c", CurrentVersion="K1", State="ACTIVE",
        Provisioned={"EnhancedMonitoring": "DEFAULT", "LoggingInfo": logs},
    )  # fmt: skip
    made = change({"type": "set-monitoring", "config": {"EnhancedMonitoring": "PER_BROKER"}}, kafka)
    told = {"ClusterArn": "c", "CurrentVersion": "K1", "EnhancedMonitoring": "PER_BROKER"}
    assert calls(made) == [("kafka:UpdateMonitoring", told)]
    assert inverse(made) == [("kafka:UpdateMonitoring", {"ClusterArn": "c", "EnhancedMonitoring": "DEFAULT"})]
    assert made.inverse[0].sweep is not None
    assert getter(made.inverse[0].sweep.items)({"ClusterInfo": {"CurrentVersion": "K2"}}) == [{"CurrentVersion": "K2"}]
    resting = item("kafka", {}, ClusterArn="c", State="UPDATING")
    assert skip({"type": "set-monitoring", "config": {"EnhancedMonitoring": "DEFAULT"}}, resting) == "is not active"


def test_enable_https() -> None:
    action = {"type": "enable-https"}
    old = {"EnforceHTTPS": False, "TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}
    new = {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}
    made = change(action, item("cloudsearch", {}, DomainName="d", EndpointOption={"Options": old}))
    name = "cloudsearch:UpdateDomainEndpointOptions"
    assert calls(made) == [(name, {"DomainName": "d", "DomainEndpointOptions": new})]
    assert inverse(made) == [(name, {"DomainName": "d", "DomainEndpointOptions": old})]
    assert skip(action, item("cloudsearch", {}, DomainName="d", EndpointOption={"Options": new})) == "it is so already"


def test_set_delivery_options() -> None:
    action = {"type": "set-delivery-options", "tls-policy": "Require"}
    made = change(action, item("ses-configuration-set", {}, Name="s"))
    name = "ses:PutConfigurationSetDeliveryOptions"
    assert calls(made) == [(name, {"ConfigurationSetName": "s", "DeliveryOptions": {"TlsPolicy": "Require"}})]
    assert inverse(made) == [(name, {"ConfigurationSetName": "s", "DeliveryOptions": {"TlsPolicy": "Optional"}})]


@pytest.mark.parametrize(
    ("options", "region", "expected"),
    [
        ({}, "us-east-1", {"Name": "n", "Description": "d", "Encrypted": False}),
        ({"name": "m", "region": "eu-west-1", "encrypt": True, "key-id": "k"}, "eu-west-1",
         {"Name": "m", "Description": "d", "Encrypted": True, "KmsKeyId": "k"}),
    ],
)  # fmt: skip
def test_copy_image(options: dict[str, Json], region: str, expected: dict[str, Json]) -> None:
    made = change({"type": "copy", **options}, item("ami", {}, ImageId="ami-1", Name="n", Description="d"))
    assert calls(made) == [("ec2:CopyImage", {"SourceImageId": "ami-1", "SourceRegion": "us-east-1", **expected})]
    assert made.calls[0].scope.region == region


@pytest.mark.parametrize("word", ["waf", "waf-regional"])
def test_delete_web_acl(word: str) -> None:
    """Each change has a token of its own; nothing is taken off that is not there."""
    rule = {"RuleId": "r", "Priority": 1}
    full = item(
        word, {}, WebACLId="w", Rules=[rule], DefaultAction={"Type": "ALLOW"}, LoadBalancers=["arn:lb"], ApiStages=[]
    )
    made = change({"type": "delete"}, full)
    names = [name.rpartition(":")[2] for name, _ in calls(made)]
    assert names[-2:] == ["UpdateWebACL", "DeleteWebACL"]
    assert names[:-2] == (["DisassociateWebACL"] if word == "waf-regional" else [])
    for call in made.calls[-2:]:
        assert call.sweep is not None
        assert call.sweep.call.operation == "GetChangeToken"
        assert getter(call.sweep.items)({"ChangeToken": "t"}) == [{"ChangeToken": "t"}]
    assert made.calls[-2].params["Updates"] == [{"Action": "DELETE", "ActivatedRule": rule}]
    assert made.destructive
    empty = item(word, {}, WebACLId="w", Rules=[], LoadBalancers=[], ApiStages=[])
    assert [name.rpartition(":")[2] for name, _ in calls(change({"type": "delete"}, empty))] == ["DeleteWebACL"]


def test_delete_data_lake() -> None:
    made = change({"type": "delete"}, item("security-lake", {}, dataLakeArn="a", region="eu-west-1"))
    assert calls(made) == [("securitylake:DeleteDataLake", {"regions": ["eu-west-1"]})]


@pytest.mark.parametrize("word", ["distribution", "streaming-distribution"])
def test_disable(word: str) -> None:
    """It is taken back by the version that there is by then."""
    kind = "Streaming" if word.startswith("streaming") else ""
    config = {"ETag": "E1", f"{kind}DistributionConfig": {**DISTRIBUTION, "Enabled": True}}
    made = change({"type": "disable"}, item(word, {}, Id="D", Enabled=True, Config=config))
    [back] = made.inverse
    assert back.sweep is not None
    now = {"ETag": "E2", f"{kind}DistributionConfig": {"Comment": "new", "Enabled": False}}
    restored = {"IfMatch": "E2", f"{kind}DistributionConfig": {"Comment": "new", "Enabled": True}}
    assert getter(back.sweep.items)(now) == [restored]

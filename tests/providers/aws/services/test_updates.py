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

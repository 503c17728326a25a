"""Which resources does an event name? A policy's mode and an event to ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.json import Json
from engine.plugin.paths import getter


@dataclass(frozen=True, slots=True)
class Trigger:
    """A CloudTrail event: its source, its name, and where in `detail` the ids stand (JMESPath)."""

    source: str
    event: str
    ids: str


# Source: the AWS API references (members of each request and response), as CloudTrail spells them; the names are
# those of c7n 0.9.53, language reference section 9.
SHORTCUTS: Mapping[str, Trigger] = {
    t.event: t
    for t in (
        Trigger("signin.amazonaws.com", "ConsoleLogin", "userIdentity.arn"),
        Trigger("autoscaling.amazonaws.com", "CreateAutoScalingGroup", "requestParameters.autoScalingGroupName"),
        Trigger("autoscaling.amazonaws.com", "UpdateAutoScalingGroup", "requestParameters.autoScalingGroupName"),
        Trigger("s3.amazonaws.com", "CreateBucket", "requestParameters.bucketName"),
        Trigger("redshift.amazonaws.com", "CreateCluster", "requestParameters.clusterIdentifier"),
        Trigger("elasticloadbalancing.amazonaws.com", "CreateLoadBalancer", "requestParameters.loadBalancerName"),
        Trigger("elasticloadbalancing.amazonaws.com", "CreateLoadBalancerPolicy", "requestParameters.loadBalancerName"),
        Trigger("rds.amazonaws.com", "CreateDBInstance", "requestParameters.dBInstanceIdentifier"),
        Trigger("ec2.amazonaws.com", "CreateVolume", "responseElements.volumeId"),
        Trigger(
            "elasticloadbalancing.amazonaws.com",
            "SetLoadBalancerPoliciesOfListener",
            "requestParameters.loadBalancerName",
        ),
        Trigger("es.amazonaws.com", "CreateElasticsearchDomain", "requestParameters.domainName"),
        Trigger("dynamodb.amazonaws.com", "CreateTable", "requestParameters.tableName"),
        Trigger("lambda.amazonaws.com", "CreateFunction", "requestParameters.functionName"),
        Trigger("ec2.amazonaws.com", "RunInstances", "responseElements.instancesSet.items[].instanceId"),
    )
}

_STATES = {
    "ec2-instance-state": '"instance-id"',
    "asg-instance-state": "AutoScalingGroupName",
}
"""Modes whose events carry one id. Source: Amazon EventBridge events of EC2 and EC2 Auto Scaling."""


def ids_of(mode: Mapping[str, Json], event: Json) -> tuple[str, ...] | None:
    """The ids that an event names, each once; none for a failed API call or another event; None for "everything".

    `event` is an EventBridge event. Modes that run on a schedule look at everything.
    """
    kind = mode.get("type", "pull")
    if kind in ("pull", "periodic", "schedule", "config-poll-rule"):
        return None
    detail = event.get("detail") if isinstance(event, Mapping) else None
    if not isinstance(detail, Mapping) or detail.get("errorCode"):
        return ()
    if kind in _STATES:
        return _flat(getter(_STATES[kind])(detail))
    if kind == "cloudtrail":
        for each in mode.get("events", ()):
            trigger = SHORTCUTS.get(each) if isinstance(each, str) else Trigger(**each)
            if trigger is not None and _is(trigger, detail):
                return _flat(getter(trigger.ids.removeprefix("detail."))(detail))
    return ()


def _is(trigger: Trigger, detail: Mapping[str, Json]) -> bool:
    return detail.get("eventName") == trigger.event and detail.get("eventSource", trigger.source) == trigger.source


def _flat(value: Json) -> tuple[str, ...]:
    found: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, list):
            found += _flat(each)
        elif each is not None:
            found.append(str(each))
    return tuple(dict.fromkeys(found))

"""Which resources does an event name? A policy's mode and an event to what the event calls them.

What is given are ids, ARNs or names, as the event has them: `engine.executor.named` finds the resources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
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

_API_VERSION = re.compile(r"\d{8}(v\d+)?\Z")
"""What Lambda appends to its operations' names in CloudTrail (`CreateFunction20150331`).
Source: AWS Lambda Developer Guide, Logging AWS Lambda API calls using AWS CloudTrail."""

_SCHEDULED = ("pull", "periodic", "schedule", "config-poll-rule")

_ASG = {
    "EC2 Instance Launch Successful": "launch-success",
    "EC2 Instance Launch Unsuccessful": "launch-failure",
    "EC2 Instance Terminate Successful": "terminate-success",
    "EC2 Instance Terminate Unsuccessful": "terminate-failure",
}
"""Detail type → the policy's word. Source: Amazon EC2 Auto Scaling User Guide, EventBridge event reference."""

_GUARDED = {
    "account": "accountId",
    "ec2": "resource.instanceDetails.instanceId",
    "iam-user": "resource.accessKeyDetails.userName",
}
"""Type → where a GuardDuty finding names its resource. Source: Amazon GuardDuty API, Finding, Resource."""

_GONE = ("ResourceDeleted", "ResourceNotRecorded", "ResourceDeletedNotRecorded")
"""AWS Config API, ConfigurationItem: statuses of what is no more, or no longer looked at."""


def ids_of(mode: Mapping[str, Json], event: Json, type: str = "") -> tuple[str, ...] | None:
    """What an event calls the resources it is about, each once, for a policy over `type` (its word).

    None stands for "everything": modes that run on a schedule. None at all (an empty tuple) for a failed API call,
    for an event that the mode does not listen for, and for what is no event.
    """
    kind = mode.get("type", "pull")
    if kind in _SCHEDULED:
        return None
    if not isinstance(event, Mapping):
        return ()
    if kind == "config-rule":
        return _configured(event)
    detail = event.get("detail")
    if not isinstance(detail, Mapping) or detail.get("errorCode"):
        return ()
    read = _READERS.get(str(kind))
    return tuple(dict.fromkeys(read(mode, event, detail, type))) if read is not None else ()


def _api_call(mode: Mapping[str, Json], event: Json, detail: Mapping[str, Json], _: str) -> Iterator[str]:
    """CloudTrail: the first of the mode's events that is this one and names something here."""
    for each in mode.get("events", ()):
        trigger = SHORTCUTS.get(each) if isinstance(each, str) else Trigger(**each)
        if trigger is None or not _is(trigger, detail):
            continue
        whole = trigger.ids.startswith("detail.")
        found = list(_flat(getter(trigger.ids)(event if whole else detail)))
        if found:
            yield from found
            return


def _instance(mode: Mapping[str, Json], _: Json, detail: Mapping[str, Json], __: str) -> Iterator[str]:
    """EC2's state change. Source: Amazon EC2 User Guide, state change events."""
    if detail.get("state", "") in ("", *mode.get("events", ())):
        yield from _flat(detail.get("instance-id"))


def _group(mode: Mapping[str, Json], event: Json, detail: Mapping[str, Json], _: str) -> Iterator[str]:
    """EC2 Auto Scaling: the group, not the instance."""
    told = event.get("detail-type", "")
    if not told or _ASG.get(told) in mode.get("events", ()):
        yield from _flat(detail.get("AutoScalingGroupName"))


def _guarded(_: Mapping[str, Json], __: Json, detail: Mapping[str, Json], type: str) -> Iterator[str]:
    """GuardDuty, for the three types that its findings name."""
    path = _GUARDED.get(type)
    yield from _flat(getter(path)(detail)) if path else ()


def _affected(mode: Mapping[str, Json], _: Json, detail: Mapping[str, Json], __: str) -> Iterator[str]:
    """AWS Health. Source: AWS Health User Guide, EventBridge event schema: `affectedEntities[].entityValue`."""
    asked = (("events", "eventTypeCode"), ("categories", "eventTypeCategory"), ("statuses", "statusCode"))
    if all(not mode.get(key) or detail.get(name) in (None, *mode[key]) for key, name in asked):
        yield from _flat(getter("affectedEntities[].entityValue")(detail))


def _found(_: Mapping[str, Json], __: Json, detail: Mapping[str, Json], ___: str) -> Iterator[str]:
    """Security Hub: ARNs of findings, or of an insight's results, whose table has the value as its key.

    An account stands there as `AWS::::Account:123456789012`.
    Source: AWS Security Hub User Guide, event formats for EventBridge; AWS Security Finding Format, Resources.
    """
    named = list(_flat(getter("findings[].Resources[].Id")(detail)))
    if detail.get("resultType") == "ResourceId":
        named += [key for result in detail.get("insightResults") or () for key in result]
    for each in named:
        if each.startswith("arn:"):
            yield each
        elif each.startswith("AWS::::Account:"):
            yield f"arn:aws:iam::{each.rpartition(':')[2]}:root"


def _configured(event: Mapping[str, Json]) -> tuple[str, ...]:
    """AWS Config's own event: the item's id, and its ARN where the id is one that only Config knows.

    Source: AWS Config Developer Guide, example events for AWS Config rules (among them that of oversized items).
    """
    try:
        told = json.loads(event.get("invokingEvent") or "null")
    except (ValueError, TypeError):
        return ()
    told = told if isinstance(told, Mapping) else {}
    item = told.get("configurationItem") or told.get("configurationItemSummary")  # the summary of one that is too large
    if not isinstance(item, Mapping) or item.get("configurationItemStatus") in _GONE or event.get("eventLeftScope"):
        return ()
    return tuple(dict.fromkeys(_flat([item.get("ARN")]) or _flat([item.get("resourceId")])))


_READERS: Mapping[str, Callable[[Mapping[str, Json], Json, Mapping[str, Json], str], Iterator[str]]] = {
    "cloudtrail": _api_call,
    "ec2-instance-state": _instance,
    "asg-instance-state": _group,
    "guard-duty": _guarded,
    "phd": _affected,
    "hub-finding": _found,
    "hub-action": _found,
}


def _is(trigger: Trigger, detail: Mapping[str, Json]) -> bool:
    name = str(detail.get("eventName"))
    same = name == trigger.event or (
        name.startswith(trigger.event) and _API_VERSION.match(name[len(trigger.event) :]) is not None
    )
    return same and detail.get("eventSource", trigger.source) == trigger.source


def _flat(value: Json) -> tuple[str, ...]:
    found: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, list):
            found += _flat(each)
        elif each is not None:
            found.append(str(each))
    return tuple(found)

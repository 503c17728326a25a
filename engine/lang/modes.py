"""What may stand under `mode`: parsed and checked even where it is not executed yet.

Source: c7n 0.9.53, language reference section 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from engine.model.json import Json
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True)
class Pull:
    """Run where the command runs."""


@dataclass(frozen=True, slots=True)
class _Lambda:
    """What every mode but pull may say of its function."""

    role: Annotated[str | None, Says("role of the function: an ARN, or a name in the account")] = None
    runtime: Annotated[str, Says("the function's runtime")] = "python3.11"
    memory: Annotated[float, Says("memory of the function", unit="MiB")] = 512
    timeout: Annotated[float, Says("longest run of the function", unit="seconds")] = 900
    concurrency: Annotated[int | None, Says("reserved concurrent runs")] = None
    layers: Annotated[tuple[str, ...] | None, Says("ARNs of layers")] = None
    environment: Annotated[dict[str, Json] | None, Says("Lambda's Environment: {Variables: {NAME: value}}")] = None
    tags: Annotated[dict[str, Json] | None, Says("tags of the function")] = None
    subnets: Annotated[tuple[str, ...] | None, Says("ids of the subnets it runs in")] = None
    security_groups: Annotated[tuple[str, ...] | None, Says("ids of its security groups")] = None
    dead_letter_config: Annotated[dict[str, Json] | None, Says("Lambda's DeadLetterConfig: {TargetArn: ARN}")] = None
    kms_key_arn: Annotated[str | None, Says("key that encrypts its environment")] = None
    tracing_config: Annotated[dict[str, Json] | None, Says("Lambda's TracingConfig: {Mode: Active}")] = None
    packages: Annotated[tuple[str, ...] | None, Says("more Python packages to put into it")] = None
    handler: Annotated[str | None, Says("entry point of the function")] = None
    function_prefix: Annotated[str, Says("prefix of the function's name", key="function-prefix")] = "custodian-"
    execution_options: Annotated[
        dict[str, Json] | None, Says("options of the run, as its command takes them", key="execution-options")
    ] = None
    member_role: Annotated[str | None, Says("role to assume in the event's account", key="member-role")] = None
    pattern: Annotated[dict[str, Json] | None, Says("more that the event must match, as an EventBridge pattern")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic(_Lambda):
    """On a schedule, by an EventBridge rule."""

    schedule: Annotated[str | None, Says("rate(…) or cron(…)")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(_Lambda):
    """On a schedule, by EventBridge Scheduler."""

    schedule: Annotated[str, Says("rate(…), cron(…) or at(…)")]
    timezone: Annotated[str, Says("IANA zone of the schedule")] = "Etc/UTC"
    scheduler_role: Annotated[
        str | None, Says("role with which the scheduler calls the function", key="scheduler-role")
    ] = None
    group_name: Annotated[str, Says("schedule group", key="group-name")] = "default"
    start_date: Annotated[str | None, Says("when the schedule begins, in UTC", key="start-date")] = None
    end_date: Annotated[str | None, Says("when the schedule ends, in UTC", key="end-date")] = None


@dataclass(frozen=True, slots=True)
class ApiEvent:
    """One CloudTrail event to listen for."""

    source: Annotated[str, Says("the service, as ec2.amazonaws.com")]
    event: Annotated[str, Says("the API call, as RunInstances")]
    ids: Annotated[str, Says("JMESPath in the event to the ids of its resources")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloudtrail(_Lambda):
    """On an API call, through CloudTrail."""

    events: Annotated[tuple[str | ApiEvent, ...], Says("names of known events, or {source, event, ids}")]
    delay: Annotated[int, Says("seconds to wait before acting")] = 0


_Ec2State = Literal["pending", "running", "shutting-down", "stopped", "stopping", "terminated"]
_AsgState = Literal["launch-success", "launch-failure", "terminate-success", "terminate-failure"]
_Poll = Literal["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2State(_Lambda):
    """When an instance changes state."""

    events: Annotated[tuple[_Ec2State, ...], Says("the states it changes to")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsgState(_Lambda):
    """When an Auto Scaling group launches or terminates an instance."""

    events: Annotated[tuple[_AsgState, ...], Says("what happened to an instance of the group")]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDuty(_Lambda):
    """On a GuardDuty finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRule(_Lambda):
    """As an AWS Config rule, on a configuration change."""

    match_compliant: Annotated[bool, Says("a match is compliant, not the reverse", key="match-compliant")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPollRule(_Lambda):
    """As an AWS Config rule, on a schedule."""

    schedule: Annotated[_Poll, Says("how often Config asks")]
    ignore_support_check: Annotated[
        bool, Says("use it where Config supports the type too", key="ignore-support-check")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phd(_Lambda):
    """On a Health event."""

    events: Annotated[tuple[str, ...] | None, Says("codes of Health events")] = None
    categories: Annotated[
        tuple[Literal["issue", "accountNotification", "scheduledChange"], ...] | None,
        Says("categories of Health events"),
    ] = None
    statuses: Annotated[tuple[Literal["open", "upcoming", "closed"], ...] | None, Says("their statuses")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub(_Lambda):
    """On a Security Hub import or custom action."""


MODES: Mapping[str, type] = {
    "pull": Pull,
    "periodic": Periodic,
    "schedule": Schedule,
    "cloudtrail": Cloudtrail,
    "ec2-instance-state": Ec2State,
    "asg-instance-state": AsgState,
    "guard-duty": GuardDuty,
    "config-rule": ConfigRule,
    "config-poll-rule": ConfigPollRule,
    "phd": Phd,
    "hub-finding": Hub,
    "hub-action": Hub,
}

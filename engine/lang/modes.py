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

    role: str | None = None
    runtime: str = "python3.11"
    memory: Annotated[float, Says("memory in MiB")] = 512
    timeout: Annotated[float, Says("timeout in seconds")] = 900
    concurrency: int | None = None
    layers: tuple[str, ...] | None = None
    environment: dict[str, Json] | None = None
    tags: dict[str, Json] | None = None
    subnets: tuple[str, ...] | None = None
    security_groups: tuple[str, ...] | None = None
    dead_letter_config: dict[str, Json] | None = None
    kms_key_arn: str | None = None
    tracing_config: dict[str, Json] | None = None
    packages: tuple[str, ...] | None = None
    handler: str | None = None
    function_prefix: Annotated[str, Says("prefix of the function's name", key="function-prefix")] = "custodian-"
    execution_options: Annotated[dict[str, Json] | None, Says("", key="execution-options")] = None
    member_role: Annotated[str | None, Says("role to assume in the event's account", key="member-role")] = None
    pattern: dict[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic(_Lambda):
    """On a schedule, by an EventBridge rule."""

    schedule: Annotated[str | None, Says("rate(…) or cron(…)")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(_Lambda):
    """On a schedule, by EventBridge Scheduler."""

    schedule: Annotated[str, Says("rate(…), cron(…) or at(…)")]
    timezone: str = "Etc/UTC"
    scheduler_role: Annotated[str | None, Says("", key="scheduler-role")] = None
    group_name: Annotated[str, Says("", key="group-name")] = "default"
    start_date: Annotated[str | None, Says("", key="start-date")] = None
    end_date: Annotated[str | None, Says("", key="end-date")] = None


@dataclass(frozen=True, slots=True)
class ApiEvent:
    """One CloudTrail event to listen for."""

    source: str
    event: str
    ids: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloudtrail(_Lambda):
    """On an API call, through CloudTrail."""

    events: tuple[str | ApiEvent, ...]
    delay: Annotated[int, Says("seconds to wait before acting")] = 0


_Ec2State = Literal["pending", "running", "shutting-down", "stopped", "stopping", "terminated"]
_AsgState = Literal["launch-success", "launch-failure", "terminate-success", "terminate-failure"]
_Poll = Literal["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2State(_Lambda):
    """When an instance changes state."""

    events: tuple[_Ec2State, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsgState(_Lambda):
    """When an Auto Scaling group launches or terminates an instance."""

    events: tuple[_AsgState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardDuty(_Lambda):
    """On a GuardDuty finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRule(_Lambda):
    """As an AWS Config rule, on a configuration change."""

    match_compliant: Annotated[bool, Says("", key="match-compliant")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPollRule(_Lambda):
    """As an AWS Config rule, on a schedule."""

    schedule: _Poll
    ignore_support_check: Annotated[bool, Says("", key="ignore-support-check")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phd(_Lambda):
    """On a Health event."""

    events: tuple[str, ...] | None = None
    categories: tuple[Literal["issue", "accountNotification", "scheduledChange"], ...] | None = None
    statuses: tuple[Literal["open", "upcoming", "closed"], ...] | None = None


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

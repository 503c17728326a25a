"""Modes: what is said, word for word."""

from __future__ import annotations

import pytest

from engine.lang.modes import MODES
from engine.plugin.params import parameters

from .told import Told, cases, of

MODE = cases("""
mode: {type: periodic, schedule: rate(1 day), role: x, tags: {a: b}, memory: 256}

mode: {type: cloudtrail, events: [RunInstances, {source: ec2.amazonaws.com, event: X, ids: y}]}

mode: {type: cloudtrail}
    C211 mode 'cloudtrail' needs 'events'
         names of known events, or {source, event, ids}

mode: {type: cloudtrail, events: [{source: x}]}
    C211 'events[0]' of mode 'cloudtrail' needs 'event'
         the API call, as RunInstances
    C211 'events[0]' of mode 'cloudtrail' needs 'ids'
         JMESPath in the event to the ids of its resources

mode: {type: ec2-instance-state, events: [runing]}
    C213 'events[0]' of mode 'ec2-instance-state' cannot be the string 'runing'
         did you mean 'running'?

mode: {type: config-poll-rule, schedule: Daily}
    C213 'schedule' of mode 'config-poll-rule' cannot be the string 'Daily'
         expected one of: One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours

mode: {type: config-poll-rule, schedule: Three_Hours}
    C229 AWS Config records ec2 itself, nothing need be polled
         use 'mode: {type: config-rule}', or 'ignore-support-check: true'

mode: {type: config-poll-rule, schedule: Three_Hours, ignore-support-check: true}

mode: {type: config-rule}

mode: {type: schedule}
    C211 mode 'schedule' needs 'schedule'
         rate(…), cron(…) or at(…)

mode: {type: pull, role: x}
    C210 unknown option 'role' of mode 'pull'
         it has none

mode: {type: phd, categories: [issue, other]}
    C213 'categories[1]' of mode 'phd' cannot be the string 'other'
         expected one of: issue, accountNotification, scheduledChange

mode: {type: periodic, memory: lots, layers: x}
    C212 'memory' of mode 'periodic' is the string 'lots', not a number
         memory of the function
    C212 'layers' of mode 'periodic' is the string 'x', not a list or null
         ARNs of layers
""")


@pytest.mark.parametrize(("given", "expected"), MODE)
def test_mode(given: str, expected: list[Told]) -> None:
    assert of(given) == expected


def test_every_mode_says_what_it_is() -> None:
    assert all(cls.__doc__ for cls in MODES.values())


@pytest.mark.parametrize("word", MODES)
def test_every_option_says_what_it_is(word: str) -> None:
    assert [p.key for p in parameters(MODES[word]) if not p.says.text] == []


@pytest.mark.parametrize("mode", ["config-rule", "config-poll-rule, schedule: One_Hour"])
def test_what_config_does_not_know(mode: str) -> None:
    (told,) = of(f"mode: {{type: {mode}}}", "ebs-snapshot")
    assert told[:2] == ("C228", "AWS Config has no ebs-snapshot")


EVENT = "{source: x.amazonaws.com, event: X, ids: "

NAMED = [
    ("ec2", "responseElements.instanceId", ""),
    ("rest-resource", "requestParameters.resourceId", "join('/', [<path to restApiId>, requestParameters.resourceId])"),
    ("rest-resource", "\"join('/', [requestParameters.restApiId, requestParameters.resourceId])\"", ""),
    ("eks-nodegroup", "requestParameters.nodegroupName", "join('/', [<path to clusterName>, requestParameters.nodegroupName])"),
    ("rest-stage", "requestParameters.resourceArn", ""),
    ("rest-stage", "'requestParameters.resourceArns[0]'", ""),
    ("rest-stage", "'requestParameters.stages[].name'", "join('/', [<path to restApiId>, requestParameters.stages[].name])"),
    ("rest-stage", "responseElements.deploymentId", ""),
    ("efs-mount-target", "requestParameters.mountTargetId", ""),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "ids", "hint"), NAMED)
def test_an_event_tells_which_parent_s(resource: str, ids: str, hint: str) -> None:
    """A stage's name alone would mean the stages of that name of every API."""
    found = of(f"mode: {{type: cloudtrail, events: [{EVENT}{ids}}}]}}", resource)
    assert [(code, hint in said) for code, _, said in found] == ([("C234", True)] if hint else [])

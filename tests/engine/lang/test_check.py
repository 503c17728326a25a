"""The policy as a whole: what is said, word for word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.lang.check import Environment, check
from engine.lang.load import policy_from
from engine.plugin.discover import catalog

from .told import Told, cases, of, of_actions, told

POLICIES = cases("""
mode: periodic
    C205 'mode' is the string 'periodic', not a mapping with 'type'
         as in 'mode: {type: periodic, schedule: rate(1 day)}'; all modes: engine schema mode

mode: {}
    C205 'mode' is a mapping without 'type', not a mapping with 'type'
         as in 'mode: {type: periodic, schedule: rate(1 day)}'; all modes: engine schema mode

mode: {type: 5}
    C205 'mode' is 5, not a mapping with 'type'
         as in 'mode: {type: periodic, schedule: rate(1 day)}'; all modes: engine schema mode

mode: {type: perodic}
    C207 unknown mode 'perodic'
         did you mean 'periodic'?

query: 5
    C205 'query' is 5, not a list of mappings
         as in 'query: [{instance-state-name: running}]'

query: [5]
    C205 'query' is a list that holds 5, not a list of mappings
         as in 'query: [{instance-state-name: running}]'

query:

filters: [{type: event, key: a, value: 1}]
    C208 an 'event' filter needs a 'mode' that has events

mode: {type: cloudtrail, events: [x]}
filters: [{type: event, key: a, value: 1}]

conditions: [{region: us-east-1}]
guard: [ephemral]
    C201 unknown filter 'ephemral' for ec2
         did you mean 'ephemeral'?

actions: stop
    C205 'actions' is the string 'stop', not a list
         begin each action with '- '

actions:
""")

ACTIONS = cases("""
5
    C204 an action is a word or a mapping with 'type', not 5
         as in '- stop' or '- type: tag'

{}
    C204 an action is a word or a mapping with 'type', not a mapping without it
         as in '- stop' or '- type: tag'

{stop: x}
    C204 an action is a word or a mapping with 'type', not a mapping without it
         did you mean 'stop'?

{type: 5}
    C204 an action is a word or a mapping with 'type', not 5
         as in '- stop' or '- type: tag'

stopp
    C202 unknown action 'stopp' for ec2
         did you mean 'stop'?

{type: stop, forc: true}
    C210 unknown option 'forc' of action 'stop'
         did you mean 'force'?

{type: reboot, x: 1}
    C217 action 'reboot' takes no options

{type: stop, force: x}
    C212 'force' of action 'stop' is the string 'x', not true or false
         do not wait for the operating system

set-monitoring
    C211 action 'set-monitoring' needs 'state'

{type: set-metadata-access, tokens: some}
    C213 'tokens' of action 'set-metadata-access' cannot be the string 'some'
         expected one of: required, optional

{type: set-metadata-access, hop-limit: 99}
    C214 'hop-limit' of action 'set-metadata-access' is 99, not from 1 to 64

{type: mark-for-op, op: stop}
    C215 action 'mark-for-op': there is no delay
         give 'days' or 'hours': c7n would mark for today

{type: mark, key: A, value: b}

stop
""")

FILES = cases("""
policies: [{name: a, resource: aws.hsm}]
    C227 resource type 'aws.hsm' is no more
         AWS has shut CloudHSM Classic down; AWS CloudHSM took its place: `cloudhsm-cluster`.

policies: [{name: a, resource: ec3, actions: [x], tags: x}]
    C203 unknown resource type 'ec3'
         did you mean 'ecs'?
    C205 'tags' is the string 'x', not a list of strings
         as in 'tags: [cost, team:web]'

policies: [{name: a, resource: aws.ec2, filters: [metric], actions: [stopp], tag: x}]
    C201 unknown filter 'metric' for ec2
         did you mean 'metrics'?
    C202 unknown action 'stopp' for ec2
         did you mean 'stop'?
    C200 unknown key 'tag' in a policy
         did you mean 'tags'?

policies: [{name: a, resource: ec2, filters: [{a: .inf}, {b: .nan}, {c: 99999999999999999999}]}]
    C218 inf is no number that a policy can work with
         numbers go up to 9,223,372,036,854,775,807
    C218 nan is no number that a policy can work with
         numbers go up to 9,223,372,036,854,775,807
    C218 99999999999999999999 is no number that a policy can work with
         numbers go up to 9,223,372,036,854,775,807
""")


@pytest.mark.parametrize(("given", "expected"), POLICIES)
def test_policy(given: str, expected: list[Told]) -> None:
    assert of(given) == expected


@pytest.mark.parametrize(("given", "expected"), ACTIONS)
def test_action(given: str, expected: list[Told]) -> None:
    assert of_actions(given) == expected


@pytest.mark.parametrize(("given", "expected"), FILES)
def test_file(given: str, expected: list[Told]) -> None:
    assert told(given) == expected


def test_hidden_operation_is_no_action() -> None:
    assert [code for code, _, _ in of_actions("allow-stop")] == ["C202"]


def test_checked() -> None:
    data = {"name": "p", "resource": "ec2", "filters": [{"a": "{x}"}], "vars": {"x": 5}, "actions": ["stop"]}
    policy, problems = policy_from(data)
    assert policy is not None
    assert not problems
    checked, problems = check(policy, catalog(), Environment(variables={"x": 6}))
    assert checked is not None
    assert not problems
    assert checked.policy.node.get("filters").data() == [{"a": 6}]  # type: ignore[union-attr]
    assert checked.written is policy.node
    assert [act.word for act in checked.actions] == ["stop"]
    assert (checked.mode, checked.on_unknown, checked.source, checked.limits) == ("pull", "report", "describe", None)


def test_every_diagnostic_has_a_place_and_the_policy() -> None:
    policy, _ = policy_from({"name": "p", "resource": "ec2", "filters": ["x"], "colour": 5})
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [(d.policy, d.span.file) for d in problems] == [("p", "<policy>")] * 2


def test_actions_can_be_written_by_another_clock_than_filters_are_judged_by() -> None:
    now, then = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
    written = {
        "name": "p",
        "resource": "ec2",
        "filters": [{"tag:At": "{now:%d}"}],
        "actions": [{"type": "tag", "key": "At", "value": "{now:%d} {region}"}],
    }
    policy, _ = policy_from(written)
    assert policy is not None
    for environment, day in ((Environment(now=now), "22"), (Environment(now=now, written=then), "21")):
        found, problems = check(policy, catalog(), environment)
        assert found is not None, problems
        data = found.policy.node.data()
        assert (data["filters"], data["actions"][0]["value"]) == ([{"tag:At": "22"}], f"{day} us-east-1")
        assert found.as_written.node.data() == written

"""What the parts of a policy mean together."""

from __future__ import annotations

import pytest

from tests.engine.lang.told import Told, cases, of

TRAPS = cases("""
max-resources-percent: 100
    W314 a limit of 100 percent never stops anything
         give less than 100, or leave it out

max-resources: {amount: 5, percent: 100, op: and}
    W314 a limit of 100 percent never stops anything
         give less than 100, or leave it out

max-resources: {amount: 5}
max-resources-percent: 10
    W318 'max-resources-percent' has no effect where 'max-resources' is a mapping
         put it into the mapping as 'percent'

query: [{instance-state-name: running, instance-type: m5.large}]
    W319 all 2 keys of this query item count; c7n uses 'instance-state-name' alone
         if c7n runs this policy too, write each as an item of its own

actions: [terminate, {type: tag, key: A, value: b}]
    W321 'tag' comes after 'terminate', when the resource is gone
         put it before 'terminate'

filters: [{type: reduce, limit-percent: 10}]
    W325 limit-percent 10 keeps nothing of a group of fewer than 10
         use 'limit' where groups can be so small

mode: {type: periodic, schedule: rate(1 day), role: x}
filters: [offhour]
    W326 'offhour' matches in one hour only, and 'rate(1 day)' does not run in each
         write 'schedule: rate(1 hour)', or give the filter 'catch-up' in hours

mode: {type: periodic, schedule: cron(0 19 * * ? *), role: x}
filters: [{type: onhour, onhour: 7}]
    W326 'onhour' matches in one hour only, and 'cron(0 19 * * ? *)' does not run in each
         write 'schedule: rate(1 hour)', or give the filter 'catch-up' in hours

region: us-east-1
    W330 'region' is an old key
         write 'conditions: [{region: us-east-1}]'

start: '2026-11-21'
    W330 'start' is an old key
         write 'conditions: [{type: value, key: now, op: ge, value_type: date, value: '2026-11-21'}]'

end: '2026-11-21'
    W330 'end' is an old key
         write 'conditions: [{type: value, key: now, op: le, value_type: date, value: '2026-11-21'}]'

tz: Europe/Berlin
    W332 'tz' of a policy has no effect
         leave it out: dates without a zone are UTC
""")

FINE = cases("""
max-resources-percent: 10

query: [{instance-state-name: running}, {Name: x, Values: [y]}]

actions: [{type: tag, key: A, value: b}, terminate]

filters: [{type: reduce, limit-percent: 80}]

filters: [{type: reduce, limit: 1}]

mode: {type: periodic, schedule: rate(1 hour), role: x}
filters: [offhour]

mode: {type: periodic, schedule: rate(30 minutes), role: x}
filters: [offhour]

mode: {type: periodic, schedule: cron(0 * * * ? *), role: x}
filters: [offhour]

mode: {type: periodic, schedule: rate(1 day), role: x}
filters: [{type: offhour, catch-up: 2}]

filters: [offhour]
""")


@pytest.mark.parametrize(("given", "expected"), TRAPS)
def test_trap(given: str, expected: list[Told]) -> None:
    assert expected
    assert of(given) == expected


@pytest.mark.parametrize(("given", "expected"), FINE)
def test_fine(given: str, expected: list[Told]) -> None:
    assert of(given) == expected == []


def test_it_says_which_filters_would() -> None:
    assert of("actions: [delete-integration]", "aws.rest-resource") == [
        ("W348", "'delete-integration' does nothing: no filter of the policy finds integrations",
         "add a filter that does, not under 'not': rest-integration"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "filters", "action", "found"),
    [
        ("aws.rest-resource", "{path: x}", "delete-integration", True),
        ("aws.rest-resource", "{type: rest-integration, key: type, value: AWS}", "delete-integration", False),
        ("aws.rest-resource", "{type: rest-method, key: httpMethod, value: GET}", "delete-integration", True),
        ("aws.resource-share-self", "{name: x}", "{type: disassociate, principals: matched}", True),
        ("aws.resource-share-self", "{name: x}", "{type: disassociate, principals: all}", False),
        ("aws.resource-share-self", "external-share", "{type: disassociate, principals: matched}", False),
    ],
)
def test_what_an_operation_takes_up(type: str, filters: str, action: str, found: bool) -> None:
    """Operations of records, too, do nothing without it."""
    codes = [code for code, _, _ in of(f"filters: [{filters}]\nactions: [{action}]", type)]
    assert codes == ["W348"] * found

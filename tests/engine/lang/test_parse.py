"""The frame of a policy file: what is said, word for word."""

from __future__ import annotations

import pytest

from engine.lang.parse import parse, policy_of, same_names
from engine.lang.source import loads

from .told import Told, cases, told

FRAMES = cases("""
<nothing>
    P110 the file is empty
         expected 'policies:' with a list of policies

~
    P110 the file is empty
         expected 'policies:' with a list of policies

- a
    P111 a policy file is a mapping with the key 'policies', not a list
         expected 'policies:' with a list of policies

5
    P111 a policy file is a mapping with the key 'policies', not 5
         expected 'policies:' with a list of policies

polices: []
    P112 unknown key 'polices' in a policy file
         did you mean 'policies'?

vars: 5
policies: []
    P114 'vars' is 5, not a mapping
         as in 'vars: {owner: finance}', then {owner} in a policy

policies: 5
    P114 'policies' is 5, not a list
         begin each policy with '- name:'

vars: {}
    P113 a policy file needs the key 'policies'
         expected 'policies:' with a list of policies

policies: {}
    P114 'policies' is a mapping, not a list
         begin each policy with '- name:'

policies: []

policies:
    P114 'policies' is null, not a list
         begin each policy with '- name:'

policies: [5]
    P115 a policy is a mapping, not 5
         a policy begins with '- name:'

policies: [[]]
    P115 a policy is a mapping, not a list
         a policy begins with '- name:'

policies: [{}]
    P116 a policy needs 'name'
         as in 'name: idle-ec2'
    P116 a policy needs 'resource'
         as in 'resource: aws.ec2'; all types: engine schema

policies: [{name: a b, resource: [ec2, s3]}]
    P117 'a b' cannot be a policy's name
         a letter, then letters and digits in groups joined by single hyphens
    P119 'resource' is a list, not the name of one type
         write a policy for each type

policies: [{name: 5, resource: 5}]
    P117 '5' cannot be a policy's name
         a letter, then letters and digits in groups joined by single hyphens
    P119 'resource' is 5, not the name of one type
         as in 'resource: aws.ec2'

policies: [{name: a--b, resource: ec2}]
    P117 'a--b' cannot be a policy's name
         a letter, then letters and digits in groups joined by single hyphens

policies: [{name: my_policy, resource: ec2}]

policies:
- {name: a, resource: ec2}
- {name: a, resource: ec2}
    P118 another policy is called 'a'
         first at f.yml:2:10

name: a
resource: ec2
    P112 unknown key 'name' in a policy file
         this is a policy alone: put it into a list under 'policies:'
    P112 unknown key 'resource' in a policy file
         this is a policy alone: put it into a list under 'policies:'

vars: {region: x, event: y, unused: 1}
policies: []
    W316 'region' under 'vars' has no effect: {region} is always the run's own
         give it another name, such as my_region
    W316 'event' under 'vars' has no effect: {event} is always filled by the action that knows it
         give it another name, such as my_event
    W317 'unused' under 'vars' is used nowhere in this file
         {unused} in a policy takes its value; an anchor (&unused) is taken with *unused

vars: {used: &used [1]}
policies: [{name: a, resource: ec2, filters: [{a: *used}]}]
    W341 'a' is compared with the whole list at once
         to find any of them: {type: value, key: 'a', op: in, value: [1]}

vars: {used: x}
policies: [{name: a, resource: ec2, filters: [{a: '{used}'}]}]
""")


@pytest.mark.parametrize(("given", "expected"), FRAMES)
def test_frame(given: str, expected: list[Told]) -> None:
    assert told(given) == expected


def test_a_broken_policy_is_checked_all_the_same() -> None:
    node, _, _ = loads(b"policies: [{name: a b, resource: ec2}, {name: b}]", "f.yml")
    policies, problems = parse(node, "f.yml")
    assert [(p.name, p.resource) for p in policies] == [("", "ec2"), ("b", "")]
    assert [d.policy for d in problems] == ["", "b"]


def test_one_policy_alone() -> None:
    node, _, _ = loads(b"{name: a, resource: ec2}", "f.yml")
    assert node is not None
    policy, problems = policy_of(node, {})
    assert policy is not None
    assert (policy.name, problems) == ("a", [])
    assert len(same_names([policy, policy])) == 1

"""The keys of a policy: what is said, word for word."""

from __future__ import annotations

import pytest

from .told import Told, cases, of

KEYS = cases("""
filter: []
    C200 unknown key 'filter' in a policy
         did you mean 'filters'?

description: 5
    C205 'description' is 5, not a string
         put it in quotes

description:
    C205 'description' is null, not a string
         write a text, or leave the key out

title: x

comments: x

tags: x
    C205 'tags' is the string 'x', not a list of strings
         as in 'tags: [cost, team:web]'

tags: [1]
    C205 'tags' is a list, not a list of strings
         as in 'tags: [cost, team:web]'

tags: [cost, 'team:web']

metadata: 5
    C205 'metadata' is 5, not a mapping
         as in 'metadata: {owner: finance}'

vars: [x]
    C205 'vars' is a list, not a mapping
         as in 'vars: {owner: finance}'

start: soon
    C209 'start' cannot be 'soon'
         expected a date such as 2026-11-21

start: '2026-11-21'
    W330 'start' is an old key
         write 'conditions: [{type: value, key: now, op: ge, value_type: date, value: '2026-11-21'}]'

end: 2026-11-21
    C205 'end' is the date 2026-11-21, not a string
         put it in quotes

tz: Mars
    C209 'tz' cannot be 'Mars'
         expected an IANA time zone such as Europe/Berlin

tz: 5
    C205 'tz' is 5, not a string
         put it in quotes

on-unknown: fial
    C209 'on-unknown' cannot be 'fial'
         did you mean 'fail'?

on-unknown: fail

source: x
    C209 'source' cannot be 'x'
         expected one of: cloudcontrol, config, describe, describe-trust-advisor, resource-explorer

source: config

source: resource-explorer
    C225 source 'resource-explorer' does not know ec2
         leave 'source' out to ask the service itself

query: [{instance-state-name: running}]
source: config
    C226 'query' cannot be asked: it takes 'clause' or 'expr' with a text, not 'instance-state-name'
         as in 'query: [{clause: "resourceName like 'a%'"}]'

region: [a]
    C205 'region' is a list, not a string
         write a text, or leave the key out
""")


@pytest.mark.parametrize(("given", "expected"), KEYS)
def test_key(given: str, expected: list[Told]) -> None:
    assert of(given) == expected
